package newsroom

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"
)

// page is what the server answers at one path.
type page struct {
	mime, etag string
	body       []byte
	redirect   string
}

// site is every page of the newsroom at one base address.
type site struct {
	base  string
	all   *content
	pages map[string]page // by path, with ?page=N where the path has it
}

// item is one line of a front page, a list, a feed or a box of related stories.
type item struct {
	Title, URL, Deck string
	Published        time.Time
	article          *article
}

// view is what a template sees.
type view struct {
	Base, URL            string
	Outlet               *outlet
	Title, Deck, Section string
	Authors              []string
	Lang                 string
	Published            time.Time
	Top, Rest            template.HTML // the body before and after the furniture in its midst
	Source               string        // the outlet that ran the story first
	Related, Items       []item
	Prev, Next           string
	LD                   any
}

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"join": strings.Join, "upper": strings.ToUpper,
}).ParseFS(files, "templates/*.html"))

// newSite makes every page. It panics on a mistake in the embedded files, which
// the tests of this package find first.
func newSite(base string) *site {
	all, err := load()
	if err != nil {
		panic("newsroom: " + err.Error())
	}
	s := &site{base: base, all: all, pages: map[string]page{}}
	for _, a := range all.articles {
		s.addArticle(a)
	}
	names := slices.Sorted(maps.Keys(outlets))
	for _, name := range names {
		s.addLists(outlets[name])
	}
	s.addIndex(names)
	s.addFeeds()
	s.addTraps()
	return s
}

func (s *site) add(path, mime string, body []byte) {
	h := fnv.New64a()
	h.Write(body)
	s.pages[path] = page{mime: mime, body: body, etag: fmt.Sprintf(`"%x"`, h.Sum64())}
}

func (s *site) addHTML(path, name string, v view) {
	var b bytes.Buffer
	v.Base = s.base
	if err := templates.ExecuteTemplate(&b, name, v); err != nil {
		panic("newsroom: " + err.Error())
	}
	s.add(path, "text/html; charset=utf-8", b.Bytes())
}

func (s *site) addArticle(a *article) {
	o := a.outlet
	v := view{
		URL: s.base + o.path(a), Outlet: o, Title: a.title, Deck: a.deck, Section: a.section,
		Authors: a.authors, Lang: a.lang, Published: a.published, Related: s.related(a), LD: s.linkedData(a),
	}
	if key := a.original(); key != "" {
		v.Source = s.all.byKey[key].outlet.Name
	}
	cut := min(3, len(a.blocks))
	for cut > 0 && cut < len(a.blocks) && a.blocks[cut].tag != "p" {
		cut-- // never between a "wrote:" and the words that follow it
	}
	v.Top, v.Rest = render(a.blocks[:cut]), render(a.blocks[cut:])
	s.addHTML(o.path(a), o.Slug, v)
}

// linkedData is the JSON-LD of an article, for the outlets that print it.
func (s *site) linkedData(a *article) any {
	var authors []map[string]string
	for _, name := range a.authors {
		authors = append(authors, map[string]string{"@type": "Person", "name": name})
	}
	publisher := map[string]string{"@type": "NewsMediaOrganization", "name": a.outlet.Name}
	news := map[string]any{
		"@type": "NewsArticle", "headline": a.title, "description": a.deck, "author": authors,
		"datePublished": a.published.Format(time.RFC3339), "articleSection": a.section,
		"dateModified": a.published.Add(47 * time.Minute).Format(time.RFC3339),
		"inLanguage":   a.lang, "publisher": publisher, "mainEntityOfPage": s.base + a.outlet.path(a),
	}
	if a.outlet.Slug == "ashgrove-post" { // one object in a graph, as many plug-ins write it
		news["mainEntityOfPage"] = map[string]string{"@id": s.base + a.outlet.path(a)}
		return map[string]any{"@context": "https://schema.org", "@graph": []any{
			map[string]any{"@type": "WebSite", "name": a.outlet.Name, "url": s.base + a.outlet.Home()}, news,
		}}
	}
	news["@context"] = "https://schema.org"
	return news
}

// items are the stories of an outlet, newest first.
func (s *site) items(o *outlet) []item {
	var list []item
	for _, a := range slices.Backward(s.all.articles) {
		if a.outlet == o {
			list = append(list, item{a.title, s.base + o.path(a), a.deck, a.published, a})
		}
	}
	return list
}

// related are up to three other stories of the outlet, those printed before it
// or, for the first ones, after it.
func (s *site) related(a *article) []item {
	list := s.items(a.outlet)
	at := slices.IndexFunc(list, func(i item) bool { return i.article == a })
	list = slices.Concat(list[at+1:], list[:at])
	return list[:min(3, len(list))]
}

// addLists makes the front page, and the list of stories page by page.
func (s *site) addLists(o *outlet) {
	all := s.items(o)
	front := view{Outlet: o, URL: s.base + o.Home(), Title: o.Name, Lang: "en", Items: all[:min(9, len(all))]}
	s.addHTML(o.Home(), "list-"+o.Slug, front)
	if o.listing == "" {
		return
	}
	number := 0
	for chunk := range slices.Chunk(all, o.perPage) {
		number++
		path := func(n int) string {
			if n == 1 {
				return o.listing
			}
			return fmt.Sprintf(o.page2, n)
		}
		v := view{
			Outlet: o, URL: s.base + path(number), Title: fmt.Sprintf("Latest stories, page %d", number),
			Lang: "en", Items: chunk,
		}
		if number > 1 {
			v.Prev = path(number - 1)
		}
		if number*o.perPage < len(all) {
			v.Next = path(number + 1)
		}
		s.addHTML(path(number), "list-"+o.Slug, v)
	}
}

// addIndex makes the page at "/", for people who look around.
func (s *site) addIndex(names []string) {
	v := view{URL: s.base + "/", Title: "The invented newsroom", Lang: "en"}
	for _, name := range names {
		o := outlets[name]
		v.Items = append(v.Items, item{Title: o.Name, URL: s.base + o.Home(), Deck: o.Tagline})
	}
	s.addHTML("/", "index", v)
}
