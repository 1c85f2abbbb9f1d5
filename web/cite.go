package web

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tenor"
)

// citation is a quote with its source in one of the forms that writers need.
type citation struct {
	Name string // of the form
	ID   string // of the element that holds it
	Text string
	Code bool // it is for a program, set in its lines
}

// citations are a quote with its source: as a sentence, for BibTeX, and for Zotero and its
// like (CSL-JSON).
func citations(a *tenor.Article, r *tenor.Record, seen time.Time) []citation {
	return []citation{
		{"Text", "cite-text", cite(a, r), false},
		{"BibTeX", "cite-bibtex", bibTeX(a, r, seen), true},
		{"CSL-JSON", "cite-csl", cslJSON(a, r, seen), true},
	}
}

// cite is a quote as plain text with its source. Words that are a report of what was
// said get no quotation marks.
func cite(a *tenor.Article, r *tenor.Record) string {
	source := slices.Clone(a.Authors)
	if a.Title != "" {
		source = append(source, "“"+a.Title+"”")
	}
	if a.Outlet != "" {
		source = append(source, a.Outlet)
	}
	source = append(source, dateText(a.Published))
	if u := sourceURL(a.URL); u != "" {
		source = append(source, u)
	}
	return strings.Join(strings.Fields(said(r)+" In: "+strings.Join(source, ", ")), " ") + "."
}

// said is who said what, without the source.
func said(r *tenor.Record) string {
	var b strings.Builder
	b.WriteString(r.Speaker)
	if r.Role != "" {
		b.WriteString(", " + r.Role)
	}
	if r.Firm != "" && r.SpeakerType != tenor.Institution {
		b.WriteString(", " + r.Firm)
	}
	words := strings.TrimRight(strings.Join(r.Segments, " […] "), ",; \n")
	end := "."
	if strings.HasSuffix(words, ".") || strings.HasSuffix(words, "!") || strings.HasSuffix(words, "?") {
		end = ""
	}
	switch r.Kind {
	case tenor.Indirect:
		b.WriteString(", as reported: " + words + end)
	case tenor.Mixed:
		b.WriteString(", as reported, in part verbatim: " + words + end)
	default:
		b.WriteString(": “" + words + "”" + end)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// teX are the characters that mean something to TeX.
var teX = strings.NewReplacer(
	`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `%`, `\%`, `&`, `\&`, `$`, `\$`, `#`, `\#`, `_`, `\_`, `~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`,
)

// bibTeX is the source as an entry of BibTeX, with what was said as its note.
func bibTeX(a *tenor.Article, r *tenor.Record, seen time.Time) string {
	var b strings.Builder
	b.WriteString("@misc{tenor-" + r.ID)
	field := func(name, value string) {
		if value = strings.Join(strings.Fields(value), " "); value != "" {
			b.WriteString(",\n  " + name + " = {" + value + "}")
		}
	}
	authors := make([]string, len(a.Authors))
	for i, name := range a.Authors {
		authors[i] = "{" + teX.Replace(name) + "}" // as a whole: "and" in a name joins nobody
	}
	field("author", strings.Join(authors, " and "))
	if a.Title != "" {
		field("title", "{"+teX.Replace(a.Title)+"}")
	}
	field("howpublished", teX.Replace(a.Outlet))
	if day := dateText(a.Published); a.Published.Known() {
		field("year", day[:4])
		field("date", day)
	}
	if u := sourceURL(a.URL); u != "" {
		field("url", strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C").Replace(u))
	}
	if !seen.IsZero() {
		field("urldate", seen.UTC().Format(time.DateOnly))
	}
	field("note", teX.Replace(said(r)))
	return b.String() + "\n}"
}

// cslJSON is the source as Zotero, pandoc and other programs that speak CSL read it.
func cslJSON(a *tenor.Article, r *tenor.Record, seen time.Time) string {
	type name struct {
		Literal string `json:"literal"`
	}
	type date struct {
		Parts [][]int `json:"date-parts"`
	}
	type source struct {
		ID        string `json:"id"`
		Type      string `json:"type"`
		Title     string `json:"title,omitempty"`
		Author    []name `json:"author,omitempty"`
		Container string `json:"container-title,omitempty"`
		Issued    *date  `json:"issued,omitempty"`
		Accessed  *date  `json:"accessed,omitempty"`
		URL       string `json:"URL,omitempty"`
		Note      string `json:"note"`
	}
	parts := func(text string) *date {
		var list []int
		for part := range strings.SplitSeq(text, "-") {
			if n, err := strconv.Atoi(part); err == nil {
				list = append(list, n)
			}
		}
		return &date{[][]int{list}}
	}
	s := source{ID: "tenor-" + r.ID, Type: "article-newspaper", Title: a.Title, Container: a.Outlet, URL: sourceURL(a.URL), Note: said(r)}
	for _, author := range a.Authors {
		s.Author = append(s.Author, name{author})
	}
	if a.Published.Known() {
		s.Issued = parts(dateText(a.Published))
	}
	if !seen.IsZero() {
		s.Accessed = parts(seen.UTC().Format(time.DateOnly))
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the page escapes it
	e.SetIndent("", "  ")
	e.Encode([]source{s}) // strings and numbers always marshal
	return strings.TrimSpace(b.String())
}
