package crawler

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	"tenor"
)

// Ranges that are no public web servers, from the IANA special-purpose address
// registries, and two cloud metadata services outside of them.
var notPublic = prefixes(`
	0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
	192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15
	198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
	168.63.129.16/32
	2001::/23 2001:db8::/32 2002::/16 3fff::/20`)

// Of IPv6 only 2000::/3 is given out to networks; 64:ff9b::/96 wraps an IPv4 address.
var (
	publicV6 = netip.MustParsePrefix("2000::/3")
	nat64    = netip.MustParsePrefix("64:ff9b::/96")
)

// What "all" allows: the machine itself and the networks people run at home and
// at work. Link-local addresses, where clouds hand out credentials, must be named.
var homeNetworks = prefixes("127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7")

// addressRule says to which addresses a connection may be made.
type addressRule struct {
	ranges []netip.Prefix   // any port
	exact  []netip.AddrPort // one port
}

// newAddressRule reads what is allowed beyond the public web: addresses (127.0.0.1),
// addresses with a port (127.0.0.1:8080), ranges (10.0.0.0/8), or "all".
func newAddressRule(allowed []string) (addressRule, error) {
	var rule addressRule
	for _, text := range allowed {
		text = strings.TrimSpace(text)
		if text == "all" {
			rule.ranges = append(rule.ranges, homeNetworks...)
		} else if a, err := netip.ParseAddrPort(text); err == nil {
			rule.exact = append(rule.exact, netip.AddrPortFrom(a.Addr().Unmap(), a.Port()))
		} else if p, err := netip.ParsePrefix(text); err == nil {
			rule.ranges = append(rule.ranges, p.Masked())
		} else if a, err := netip.ParseAddr(text); err == nil {
			a = a.Unmap()
			rule.ranges = append(rule.ranges, netip.PrefixFrom(a, a.BitLen()))
		} else {
			return rule, fmt.Errorf("%w: allow_private holds %q; give an address (127.0.0.1), an address with a port (127.0.0.1:8080), a range (10.0.0.0/8) or \"all\"", tenor.ErrUsage, text)
		}
	}
	return rule, nil
}

// check refuses an address that is not on the public web, unless it is allowed.
func (r addressRule) check(a netip.AddrPort) error {
	addr := a.Addr().Unmap().WithZone("")
	if nat64.Contains(addr) {
		b := addr.As16()
		addr = netip.AddrFrom4([4]byte(b[12:]))
	}
	if isPublic(addr) || slices.Contains(r.exact, netip.AddrPortFrom(addr, a.Port())) ||
		slices.ContainsFunc(r.ranges, func(p netip.Prefix) bool { return p.Contains(addr) }) {
		return nil
	}
	return &problem{state: tenor.Skipped,
		reason: fmt.Sprintf("refused: %s is a private address; allow it with --allow-private %s", addr, netip.AddrPortFrom(addr, a.Port()))}
}

func isPublic(a netip.Addr) bool {
	if !a.IsValid() || a.Is6() && !publicV6.Contains(a) {
		return false
	}
	return !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(a) })
}

// dialer connects to allowed addresses only. The check sits in Control, after
// names are resolved and before a packet leaves, so that a name which answers
// differently the second time gains nothing.
func (r addressRule) dialer() *net.Dialer {
	return &net.Dialer{
		Timeout: 10 * time.Second,
		Control: func(network, address string, _ syscall.RawConn) error {
			a, err := netip.ParseAddrPort(address)
			if err != nil || !strings.HasPrefix(network, "tcp") {
				return &problem{state: tenor.Skipped, reason: fmt.Sprintf("refused: %s is not an address to crawl", address)}
			}
			return r.check(a)
		},
	}
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

func prefixes(list string) []netip.Prefix {
	var out []netip.Prefix
	for p := range strings.FieldsSeq(list) {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}
