package crawler

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"

	"tenor"
)

// A sitemap may list 50,000 pages, and an index as many sitemaps, by
// sitemaps.org; of an index the newest hundred are enough.
const (
	maxSitemapURLs = 50_000
	maxSitemaps    = 100
)

// sitemap is what a sitemap, or an index of sitemaps, lists: newest first, so that
// a limit on pages drops the old ones.
type sitemap struct {
	pages    []entry
	sitemaps []entry
	// note says why the list is not whole; empty when it is.
	note string
}

// readSitemap reads XML sitemaps, indexes of them, and plain lists of addresses.
// Pages of other sites are left out: a sitemap speaks for its own. An error is a
// sentence; a file broken in the middle gives what came before, with a note.
func readSitemap(p *tenor.Page) (*sitemap, error) {
	base, err := url.Parse(p.URL)
	if err != nil {
		return nil, err
	}
	s := &sitemap{}
	if p.Truncated {
		s.note = "cut at " + sizeName(int64(len(p.Body)))
	}
	if body := bytes.TrimLeft(bytes.TrimPrefix(p.Body, []byte("\ufeff")), " \t\r\n"); bytes.HasPrefix(body, []byte("<")) {
		err = s.readXML(base, p)
	} else {
		err = s.readLines(base, p)
	}
	switch {
	case err != nil && len(s.pages)+len(s.sitemaps) == 0:
		return nil, err
	case err != nil && s.note == "":
		s.note = err.Error()
	}
	newestFirst := func(a, b entry) int { return b.published.Time.Compare(a.published.Time) }
	slices.SortStableFunc(s.pages, newestFirst)
	slices.SortStableFunc(s.sitemaps, newestFirst)
	if len(s.sitemaps) > maxSitemaps {
		s.sitemaps = s.sitemaps[:maxSitemaps]
		s.note = "the newest 100 of its sitemaps are read"
	}
	return s, nil
}

// sitemapItem is a <url> or a <sitemap>.
type sitemapItem struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
	News    struct {
		Published string `xml:"publication_date"`
		Title     string `xml:"title"`
	} `xml:"news"`
}

func (s *sitemap) readXML(base *url.URL, p *tenor.Page) error {
	if err := checkXML(p.Body); err != nil {
		return err
	}
	d := xml.NewDecoder(bytes.NewReader(p.Body))
	d.CharsetReader = charset.NewReaderLabel
	root := ""
	for count := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if root == "" {
				return failed("the sitemap is empty")
			}
			return nil
		}
		if err != nil {
			return broken(err)
		}
		start, ok := token.(xml.StartElement)
		switch {
		case !ok:
			continue
		case root == "":
			root = start.Name.Local
			if root != "urlset" && root != "sitemapindex" {
				if looksLikeHTML(p.Body) {
					return failed("not a sitemap but an HTML page; give the address of the sitemap, or kind = \"listing\"")
				}
				return failed("not a sitemap: it begins with <%s>", sentence(root))
			}
			continue
		case start.Name.Local != "url" && start.Name.Local != "sitemap":
			if err := d.Skip(); err != nil {
				return broken(err)
			}
			continue
		}
		if count++; count > maxSitemapURLs {
			return failed("it lists more than %d addresses; the first %d are read", maxSitemapURLs, maxSitemapURLs)
		}
		var item sitemapItem
		if err := d.DecodeElement(&item, &start); err != nil {
			return broken(err)
		}
		e := entry{title: sentence(item.News.Title)}
		if e.published = readDate(item.News.Published, "sitemap"); !e.published.Known() {
			e.published = readDate(item.LastMod, "sitemap")
		}
		e.published = notFuture(e.published, p.FetchedAt)
		s.add(base, item.Loc, e, start.Name.Local == "sitemap")
	}
}

func broken(err error) error {
	return failed("the sitemap is broken XML (%s)", sentence(strings.TrimPrefix(err.Error(), "XML syntax error ")))
}

func (s *sitemap) readLines(base *url.URL, p *tenor.Page) error {
	lines := bufio.NewScanner(bytes.NewReader(p.Body))
	lines.Buffer(nil, 64<<10)
	for lines.Scan() && len(s.pages) < maxSitemapURLs {
		if line := strings.TrimSpace(lines.Text()); strings.HasPrefix(line, "http") {
			s.add(base, line, entry{}, false)
		}
	}
	if len(s.pages) == 0 {
		return failed("not a sitemap: neither XML nor a list of addresses")
	}
	return nil
}

func (s *sitemap) add(base *url.URL, loc string, e entry, index bool) {
	u, err := canonical(base, loc)
	if err != nil || !sameSite(base, u) {
		return
	}
	e.url = u.String()
	if index {
		s.sitemaps = append(s.sitemaps, e)
	} else {
		s.pages = append(s.pages, e)
	}
}
