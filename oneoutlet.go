package tenor

import (
	"net/url"
	"slices"
	"strings"
)

// OutletAt is that an outlet's name was read on a host.
type OutletAt struct{ Key, Host string }

// HostOf is the host of an address as far as it tells outlets apart: without "www." and
// what else only says in which form a page comes; empty where it is no address.
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for {
		first, rest, ok := strings.Cut(host, ".")
		if !ok || !hostForms[first] || !strings.Contains(rest, ".") {
			return host
		}
		host = rest
	}
}

var (
	hostForms = wordSet("www www2 m mobile amp")
	// outletTails are words at the end of an outlet's name that writers leave out.
	outletTails = wordSet("news online digital magazine daily agency wire newswire newspaper media us uk")
)

// OutletRoot is an outlet's key without what may be missing of its name.
func OutletRoot(key string) string {
	words := strings.Fields(key)
	for len(words) > 1 && outletTails[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// OutletTies are what speaks for it that names are one outlet's: they were read on one
// host and differ in words that writers leave out, or one is no more than the name of
// the host, and only one other was read there.
func OutletTies(seen []OutletAt) []Tie {
	byHost := map[string][]string{}
	for _, s := range seen {
		if s.Host != "" && s.Key != "" && !slices.Contains(byHost[s.Host], s.Key) {
			byHost[s.Host] = append(byHost[s.Host], s.Key)
		}
	}
	var ties []Tie
	for host, keys := range byHost {
		slices.Sort(keys)
		for i, a := range keys {
			for _, b := range keys[i+1:] {
				if OutletRoot(a) == OutletRoot(b) || len(keys) == 2 && (a == OutletKey(host) || b == OutletKey(host)) {
					ties = append(ties, Tie{A: a, B: b, For: 1})
				}
			}
		}
	}
	return ties
}
