package crawler

import (
	"bytes"
	"cmp"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"tenor"
)

const (
	maxItems = 5000 // of a feed
	maxDepth = 200  // of elements within elements; beyond it a parser that recurses is at risk
)

// entry is an address that a feed, a sitemap or a listing names, with what it
// says about it.
type entry struct {
	url       string // canonical
	title     string
	published tenor.Date
	hash      uint64 // of the address, where it is known
}

// feedEntries reads an RSS, Atom or JSON feed. The error is a sentence.
func feedEntries(p *tenor.Page) ([]entry, error) {
	if p.Truncated {
		return nil, failed("the feed is larger than %s", sizeName(int64(len(p.Body))))
	}
	if err := checkXML(p.Body); err != nil {
		return nil, err
	}
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(p.Body))
	switch {
	case err != nil && looksLikeHTML(p.Body):
		return nil, failed("not a feed but an HTML page; give the address of the feed, or kind = \"listing\"")
	case err != nil:
		return nil, failed("not a feed that can be read (%s)", sentence(err.Error()))
	}
	base, err := url.Parse(p.URL)
	if err != nil {
		return nil, err
	}
	var out []entry
	seen := map[string]bool{}
	for _, item := range feed.Items {
		u, ok := itemURL(base, item)
		if !ok || seen[u] {
			continue
		}
		seen[u] = true
		out = append(out, entry{url: u, title: sentence(item.Title), published: itemDate(item, p.FetchedAt)})
	}
	if len(feed.Items) > 0 && len(out) == 0 {
		return nil, failed("none of the %d items of the feed has an address", len(feed.Items))
	}
	return out, nil
}

// itemURL is the item's link, or its id where that is an address (RSS feeds with
// <guid isPermaLink="true"> alone).
func itemURL(base *url.URL, item *gofeed.Item) (string, bool) {
	for _, link := range append([]string{item.Link}, item.Links...) {
		if strings.TrimSpace(link) == "" {
			continue
		}
		if u, err := canonical(base, link); err == nil {
			return u.String(), true
		}
	}
	if strings.HasPrefix(item.GUID, "http") {
		if u, err := canonical(base, item.GUID); err == nil {
			return u.String(), true
		}
	}
	return "", false
}

func itemDate(item *gofeed.Item, now time.Time) tenor.Date {
	d := readDate(cmp.Or(item.Published, item.Updated), "feed")
	if !d.Known() { // a form that only gofeed knows; it gives UTC
		if t := cmp.Or(item.PublishedParsed, item.UpdatedParsed); t != nil {
			d = tenor.Date{Time: *t, Precision: tenor.PrecisionTime, Source: "feed"}
		}
	}
	return notFuture(d, now)
}

// readDate reads the date forms of feeds and sitemaps, each with the offset and
// the precision that it has.
func readDate(s, source string) tenor.Date {
	s = strings.TrimSpace(s)
	for _, form := range []struct {
		layout    string
		precision tenor.Precision
	}{
		{time.RFC3339, tenor.PrecisionTime},
		{"2006-01-02T15:04Z07:00", tenor.PrecisionTime},
		{time.RFC1123Z, tenor.PrecisionTime},
		{"Mon, 2 Jan 2006 15:04:05 -0700", tenor.PrecisionTime},
		{"2 Jan 2006 15:04:05 -0700", tenor.PrecisionTime},
		{time.DateOnly, tenor.PrecisionDay},
		{"2006-01", tenor.PrecisionMonth},
		{"2006", tenor.PrecisionYear},
	} {
		if t, err := time.Parse(form.layout, s); err == nil {
			return tenor.Date{Time: t, Precision: form.precision, Source: source}
		}
	}
	return tenor.Date{}
}

// notFuture drops a date later than tomorrow: a clock is wrong, and no date is
// better than that one.
func notFuture(d tenor.Date, now time.Time) tenor.Date {
	if d.Known() && (d.Time.After(now.Add(24*time.Hour)) || d.Time.Year() < 1990) {
		return tenor.Date{}
	}
	return d
}

// checkXML refuses, without parsing, what is written to exhaust a parser: entity
// declarations, elements nested hundreds deep, items without end.
func checkXML(body []byte) error {
	if !bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n"), []byte("<")) {
		return nil
	}
	depth, items := 0, 0
	for i := bytes.IndexByte(body, '<'); i >= 0 && i < len(body); {
		rest := body[i:]
		skip := 1
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			skip = through(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			skip = through(rest, "]]>")
		case bytes.HasPrefix(rest, []byte("<!ENTITY")):
			return failed("the file declares XML entities, which Tenor does not read")
		case bytes.HasPrefix(rest, []byte("<!")):
		case bytes.HasPrefix(rest, []byte("<?")):
			skip = through(rest, "?>")
		case bytes.HasPrefix(rest, []byte("</")):
			depth--
		default:
			if skip = through(rest, ">"); skip < 2 || rest[skip-2] != '/' {
				depth++
			}
			if bytes.HasPrefix(rest, []byte("<item>")) || bytes.HasPrefix(rest, []byte("<item ")) ||
				bytes.HasPrefix(rest, []byte("<entry>")) || bytes.HasPrefix(rest, []byte("<entry ")) {
				items++
			}
		}
		if depth > maxDepth {
			return failed("the file nests its elements more than %d deep", maxDepth)
		}
		if items > maxItems {
			return failed("the feed holds more than %d items", maxItems)
		}
		next := bytes.IndexByte(body[i+skip:], '<')
		if next < 0 {
			break
		}
		i += skip + next
	}
	return nil
}

func through(b []byte, end string) int {
	if i := bytes.Index(b, []byte(end)); i >= 0 {
		return i + len(end)
	}
	return len(b)
}

func looksLikeHTML(body []byte) bool {
	head := bytes.ToLower(body[:min(len(body), 1024)])
	return bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html"))
}
