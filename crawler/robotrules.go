package crawler

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The library at hand (temoto/robotstxt) matches patterns anywhere in a path, takes
// the first of two equal rules, lets a group "Ten" speak for Tenor, and throws the
// whole file away over one bad line. Hence these rules, after RFC 9309.

// robotRules are the rules that apply to Tenor. The zero value allows everything.
type robotRules struct {
	rules []robotRule
	delay time.Duration
}

type robotRule struct {
	pattern string // escapes made plain, as in canonical addresses
	allow   bool
}

// parseRobots reads the groups for Tenor, joined, or else those for everybody.
// Lines that make no sense are passed over.
func parseRobots(body []byte) *robotRules {
	if len(body) > robotsSize {
		body = body[:robotsSize]
		body = body[:bytes.LastIndexByte(body, '\n')+1] // no half rule
	}
	var ours, everybodys robotRules
	var named bool
	var forUs, forAll, inRules bool
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(body), "\ufeff"))
	for line := range strings.SplitSeq(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		key, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if key == "user-agent" {
			if inRules {
				forUs, forAll, inRules = false, false, false
			}
			switch agent := productToken(value); {
			case agent == robotName:
				forUs, named = true, true
			case value == "*":
				forAll = true
			}
			continue
		}
		switch key {
		case "allow", "disallow":
			inRules = true
			if value == "" {
				continue
			}
			if value[0] != '/' && value[0] != '*' {
				value = "/" + value
			}
			rule := robotRule{plainEscapes(escapeRaw(value)), key == "allow"}
			if forUs {
				ours.rules = append(ours.rules, rule)
			}
			if forAll {
				everybodys.rules = append(everybodys.rules, rule)
			}
		case "crawl-delay":
			inRules = true
			seconds, err := strconv.ParseFloat(value, 64)
			if err != nil || !(seconds > 0) {
				continue
			}
			delay := time.Duration(min(seconds, maxCrawlDelay.Seconds()) * float64(time.Second))
			if forUs {
				ours.delay = delay
			}
			if forAll {
				everybodys.delay = delay
			}
		}
	}
	if named {
		return &ours
	}
	return &everybodys
}

// productToken is the name in "Tenor/1.0 (x)": letters, - and _, lower case.
func productToken(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-' || r == '_')
	})
	if end >= 0 {
		s = s[:end]
	}
	return strings.ToLower(s)
}

// allow decides by the longest pattern that matches; of two equally long ones
// the one that allows.
func (r *robotRules) allow(u *url.URL) bool {
	path := plainEscapes(escapeRaw(u.EscapedPath()))
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + plainEscapes(escapeRaw(u.RawQuery))
	}
	best, allowed := -1, true
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > best || n == best && rule.allow) && robotMatch(rule.pattern, path) {
			best, allowed = n, rule.allow
		}
	}
	return allowed
}

// robotMatch reports whether a pattern with * for anything and $ for the end
// matches the beginning of path. It takes time in proportion to path for each *.
func robotMatch(pattern, path string) bool {
	pattern, toEnd := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	if len(parts) == 1 {
		return !toEnd || path == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	if toEnd {
		return strings.HasSuffix(path, last)
	}
	return strings.Contains(path, last)
}

// escapeRaw writes bytes beyond ASCII as %XX, as addresses have them.
func escapeRaw(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if s[i] < 0x80 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}
