package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"tenor"
)

// A feed has the utterances that match and became known last, each once: ordered by when
// Tenor came to know them, so that what is found late stands where a reader looks. The day
// on which the article was published is in the title.
type feed struct {
	ID    string
	Title string
	Self  string // absolute addresses of the feed and of its page
	Page  string
	Items []feedItem
}

type feedItem struct {
	ID       string // urn:tenor:quote:…
	URL      string // of the quote here
	External string // of the article at its publisher; empty where it has none
	Title    string
	Text     string
	Author   string
	Tags     []string
	Known    time.Time
}

// feedKind writes a feed in one format.
type feedKind struct {
	suffix, mediaType string
	write             func(*feed) ([]byte, error)
}

const atomType = "application/atom+xml"

var (
	atomFeed = feedKind{".atom", atomType, (*feed).atom}
	jsonFeed = feedKind{".json", "application/feed+json", (*feed).json}
)

// feedLink is a feed as a page names it.
type feedLink struct{ Type, Title, Href string }

// feedsOf are the feeds beside a path, for a filter that this title names.
func feedsOf(path, title string, values url.Values) []feedLink {
	var links []feedLink
	for _, kind := range []feedKind{atomFeed, jsonFeed} {
		links = append(links, feedLink{kind.mediaType, title, address(path+kind.suffix, values)})
	}
	return links
}

// titleOf says which quotes a filter takes.
func titleOf(f tenor.Filter) string {
	if words := f.Words(); words != "" {
		return "Quotes: " + words
	}
	return "Quotes"
}

// quotesFeed is /quotes.atom and /quotes.json: a feed of any filter.
func (v *view) quotesFeed(kind feedKind) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		req, err := v.parse(r, "limit")
		if err != nil {
			return err
		}
		values := req.Filter.Values()
		if limit := r.URL.Query().Get("limit"); limit != "" {
			values.Set("limit", limit)
		}
		sum := sha256.Sum256([]byte(req.Filter.Values().Encode()))
		return v.sendFeed(w, r, kind, req, feed{
			ID:    "urn:tenor:quotes:" + hex.EncodeToString(sum[:8]),
			Title: "Tenor: " + titleOf(req.Filter), Self: address("/quotes"+kind.suffix, values),
			Page: address("/quotes", req.Filter.Values()),
		})
	}
}

// sendFeed fills the feed and answers with it, or says that it is as it was.
func (v *view) sendFeed(w http.ResponseWriter, r *http.Request, kind feedKind, req request, f feed) error {
	records, err := v.store.Latest(r.Context(), req.Filter, req.limit())
	if err != nil {
		return err
	}
	here := origin(r)
	f.Self, f.Page = here+f.Self, here+f.Page
	var changed time.Time
	for i := range records {
		f.Items = append(f.Items, newFeedItem(here, &records[i]))
		if at := records[i].KnownAt; at.After(changed) {
			changed = at
		}
	}
	body, err := kind.write(&f)
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	// Weak, for the answer may be compressed on its way.
	sum := sha256.Sum256(body)
	w.Header().Set("ETag", `W/"`+hex.EncodeToString(sum[:12])+`"`)
	w.Header().Set("Content-Type", kind.mediaType+"; charset=utf-8")
	if v.now().Sub(changed) < 2*time.Second {
		changed = time.Time{} // more may become known in this second
	}
	http.ServeContent(w, r, "", changed, bytes.NewReader(body))
	return nil
}

func newFeedItem(here string, q *tenor.Record) feedItem {
	who := q.Speaker
	if q.Firm != "" && q.SpeakerType != tenor.Institution {
		who += ", " + q.Firm
	}
	title := who + ": " + shape(q.Stance) + " " + string(q.Stance)
	if q.Subject != "" {
		title += " on " + human(q.Subject)
	}
	title += " (" + dateText(q.Published)
	if q.Outlet != "" {
		title += ", " + q.Outlet
	}
	item := feedItem{
		ID: "urn:tenor:quote:" + q.ID, URL: here + "/quotes/" + url.PathEscape(q.ID), External: sourceURL(q.URL),
		Title: title + ")", Text: q.Text(), Author: q.Speaker, Known: q.KnownAt,
		Tags: []string{string(q.Stance)},
	}
	if q.Subject != "" {
		item.Tags = append(item.Tags, string(q.Subject))
	}
	item.Tags = append(item.Tags, plainNames(q.Themes)...)
	return item
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Author     string         `xml:"author>name,omitempty"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Content    atomText       `xml:"content"`
}

// atom is the feed as RFC 4287 has it. Text from strangers is text: nothing is markup, and
// what XML cannot hold is replaced.
func (f *feed) atom() ([]byte, error) {
	updated := time.Unix(0, 0).UTC()
	var entries []atomEntry
	for _, item := range f.Items {
		if item.Known.After(updated) {
			updated = item.Known
		}
		e := atomEntry{
			ID: item.ID, Title: item.Title, Updated: item.Known.UTC().Format(time.RFC3339), Author: item.Author,
			Links: []atomLink{{"alternate", "text/html", item.URL}}, Content: atomText{"text", item.Text},
		}
		if item.External != "" {
			e.Links = append(e.Links, atomLink{Rel: "via", Href: item.External})
		}
		for _, tag := range item.Tags {
			e.Categories = append(e.Categories, atomCategory{tag})
		}
		entries = append(entries, e)
	}
	body, err := xml.MarshalIndent(struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}{
		ID: f.ID, Title: f.Title, Updated: updated.Format(time.RFC3339), Author: "Tenor",
		Links: []atomLink{{"self", atomType, f.Self}, {"alternate", "text/html", f.Page}}, Entries: entries,
	}, "", " ")
	return append([]byte(xml.Header), append(body, '\n')...), err
}

// json is the feed as JSON Feed 1.1 has it.
func (f *feed) json() ([]byte, error) {
	type author struct {
		Name string `json:"name"`
	}
	type entry struct {
		ID        string   `json:"id"`
		URL       string   `json:"url"`
		External  string   `json:"external_url,omitempty"`
		Title     string   `json:"title"`
		Text      string   `json:"content_text"`
		Published string   `json:"date_published"`
		Authors   []author `json:"authors,omitempty"`
		Tags      []string `json:"tags"`
	}
	items := []entry{}
	for _, item := range f.Items {
		e := entry{
			ID: item.ID, URL: item.URL, External: item.External, Title: item.Title, Text: item.Text,
			Published: item.Known.UTC().Format(time.RFC3339), Tags: item.Tags,
		}
		if item.Author != "" {
			e.Authors = []author{{item.Author}}
		}
		items = append(items, e)
	}
	body, err := json.MarshalIndent(struct {
		Version string  `json:"version"`
		Title   string  `json:"title"`
		Page    string  `json:"home_page_url"`
		Self    string  `json:"feed_url"`
		Items   []entry `json:"items"`
	}{"https://jsonfeed.org/version/1.1", f.Title, f.Page, f.Self, items}, "", " ")
	return append(body, '\n'), err
}
