package crawler

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"tenor"
)

// maxOPML bounds a list of sources. The largest lists that feed readers export
// hold some thousand feeds in a megabyte.
const maxOPML = 10 << 20

// opmlSpace names the attributes that OPML has none for: what kind a source is of,
// which links are articles, the outlet's name. Other programs pass over them.
const opmlSpace = "urn:tenor:opml"

// opmlAnyKind is the kind of a source that has none: it is seen from the answer. A feed
// reader's entry without a kind is a feed.
const opmlAnyKind = "any"

// ParseOPML reads the feeds of an OPML file, versions 1 and 2, as feed readers
// export them, groups within groups. Each is a source of kind "feed", named by its
// title, or of the kind that WriteOPML noted. problems says, in a sentence each,
// which entries were left out and why. The error is that of a file that is no OPML;
// a file that breaks off gives what came before, and the break is a problem.
func ParseOPML(r io.Reader) (sources []Source, problems []string, err error) {
	body, err := io.ReadAll(io.LimitReader(r, maxOPML+1))
	switch {
	case err != nil:
		return nil, nil, err
	case len(body) > maxOPML:
		return nil, nil, fmt.Errorf("the list is larger than %d MiB", maxOPML>>20)
	case len(bytes.TrimSpace(body)) == 0:
		return nil, nil, errors.New("the list is empty")
	}
	if err := checkXML(body); err != nil {
		return nil, nil, err
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = charset.NewReaderLabel
	// Many programs write a bare & in addresses.
	d.Strict, d.Entity = false, xml.HTMLEntity
	list := opmlList{byURL: map[string]bool{}, byName: map[string]bool{}}
	for root := ""; ; {
		token, err := d.Token()
		switch {
		case err == io.EOF && root == "":
			return nil, nil, errors.New("not an OPML file: it holds no XML")
		case err == io.EOF:
			return list.sources, list.problems, nil
		case err != nil && root == "":
			return nil, nil, errors.New("not an OPML file: it is not XML")
		case err != nil:
			list.problem("the file is broken from line %d on, and what follows was not read", lineOf(body, d.InputOffset()))
			return list.sources, list.problems, nil
		}
		start, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case root == "":
			if root = start.Name.Local; !strings.EqualFold(root, "opml") {
				return nil, nil, fmt.Errorf("not an OPML file: it begins with <%s>", sentence(root))
			}
		case strings.EqualFold(start.Name.Local, "outline"):
			list.outline(start.Attr)
		}
	}
}

func lineOf(body []byte, offset int64) int {
	return bytes.Count(body[:min(int64(len(body)), offset)], []byte("\n")) + 1
}

type opmlList struct {
	sources       []Source
	problems      []string
	byURL, byName map[string]bool
}

func (l *opmlList) problem(format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

// outline takes an entry. One without an address is a group, whose name says
// nothing that a source could keep.
func (l *opmlList) outline(attrs []xml.Attr) {
	get := func(space, name string) string {
		for _, a := range attrs {
			if a.Name.Space == space && strings.EqualFold(a.Name.Local, name) {
				return strings.TrimSpace(a.Value)
			}
		}
		return ""
	}
	name := sentence(firstOf(get("", "title"), get("", "text")))
	kind := get(opmlSpace, "kind")
	address := get("", "xmlUrl")
	if address == "" {
		address = get("", "url")
		switch typ := strings.ToLower(get("", "type")); {
		case address == "" && typ == "rss":
			l.problem("%s: it has no address (xmlUrl)", quotedName(name))
			return
		case address == "":
			return
		case typ == "include":
			l.problem("%s: it stands for another list, which is not fetched: %s", quotedName(name), clip(address))
			return
		case kind == "":
			l.problem("%s: it is a link and no feed; add the page as a source by its address: %s", quotedName(name), clip(address))
			return
		}
	}
	// Some readers write feed://host/… or feed:https://host/….
	if rest, ok := strings.CutPrefix(address, "feed:"); ok {
		if address = rest; strings.HasPrefix(rest, "//") {
			address = "https:" + rest
		}
	}
	switch kind {
	case "":
		kind = "feed"
	case opmlAnyKind:
		kind = ""
	}
	s := Source{Name: name, URL: address, Kind: kind, Links: get(opmlSpace, "links"), Outlet: sentence(get(opmlSpace, "outlet"))}
	if err := s.complete(); err != nil {
		l.problem("%s: %s", quotedName(name), sentence(strings.TrimPrefix(err.Error(), tenor.ErrUsage.Error()+": ")))
		return
	}
	if l.byURL[s.URL] {
		l.problem("%s: %s is in the list twice", quotedName(name), clip(s.URL))
		return
	}
	// A name is the key of a source, and readers give several feeds of one paper its name.
	for base, n := s.Name, 2; l.byName[s.Name]; n++ {
		s.Name = fmt.Sprintf("%s (%d)", base, n)
	}
	l.byURL[s.URL], l.byName[s.Name] = true, true
	l.sources = append(l.sources, s)
}

func quotedName(name string) string {
	if name == "" {
		return "an entry without a name"
	}
	return fmt.Sprintf("%q", name)
}

// WriteOPML writes sources as OPML 2.0. Feeds are entries that every feed reader
// takes; sources of other kinds are links, which readers pass over and ParseOPML
// reads. Folders, pacing and other settings of the crawl are not in it.
func WriteOPML(w io.Writer, sources []Source) error {
	type outline struct {
		Text   string `xml:"text,attr"`
		Title  string `xml:"title,attr"`
		Type   string `xml:"type,attr"`
		XMLURL string `xml:"xmlUrl,attr,omitempty"`
		URL    string `xml:"url,attr,omitempty"`
		Kind   string `xml:"tenor:kind,attr,omitempty"`
		Links  string `xml:"tenor:links,attr,omitempty"`
		Outlet string `xml:"tenor:outlet,attr,omitempty"`
	}
	var doc struct {
		XMLName xml.Name  `xml:"opml"`
		Version string    `xml:"version,attr"`
		Space   string    `xml:"xmlns:tenor,attr"`
		Title   string    `xml:"head>title"`
		List    []outline `xml:"body>outline"`
	}
	doc.Version, doc.Space, doc.Title = "2.0", opmlSpace, "Sources of Tenor"
	for _, s := range sources {
		if s.IsFolder() {
			continue
		}
		o := outline{Text: s.Name, Title: s.Name, Type: "rss", XMLURL: s.URL, Links: s.Links, Outlet: s.Outlet}
		switch s.Kind {
		case "feed":
		case "":
			o.Kind = opmlAnyKind
		default:
			o.Type, o.XMLURL, o.URL, o.Kind = "link", "", s.URL, s.Kind
		}
		doc.List = append(doc.List, o)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
