package newsroom

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed articles/*.md people.txt templates/*.html prices.csv events.csv
var files embed.FS

// person is somebody who may be quoted, from people.txt. An institution is one
// whose name is its firm.
type person struct {
	id, name, kind, firm, role string
}

// article is one file of articles/, or the part of another that it copies.
type article struct {
	key       string // file name without .md; begins with the date
	outlet    *outlet
	title     string
	deck      string
	authors   []string
	published time.Time
	section   string
	lang      string
	copyOf    string // key of the article that it repeats word for word
	rewriteOf string // key of the article that it retells
	drop      []int  // blocks of the original that the copy leaves out, from 1
	blocks    []block
	quotes    []quote
}

// slug is the key without its date.
func (a *article) slug() string { return a.key[len("2006-01-02-"):] }

// original is the key of the article that this one copies or retells, if any.
func (a *article) original() string { return a.copyOf + a.rewriteOf }

// content is everything that the newsroom has written, oldest first.
type content struct {
	articles []*article
	byKey    map[string]*article
	people   map[string]person
}

// load reads the embedded files once.
var load = sync.OnceValues(func() (*content, error) { return readContent(files) })

func readContent(fsys fs.FS) (*content, error) {
	c := &content{byKey: map[string]*article{}, people: map[string]person{}}
	if err := c.readPeople(fsys); err != nil {
		return nil, err
	}
	names, err := fs.Glob(fsys, "articles/*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		a, err := c.parseArticle(strings.TrimSuffix(path.Base(name), ".md"), string(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.articles = append(c.articles, a)
		c.byKey[a.key] = a
	}
	slices.SortStableFunc(c.articles, func(a, b *article) int { return a.published.Compare(b.published) })
	for _, a := range c.articles { // an original is older than its copies
		if err := c.resolve(a); err != nil {
			return nil, fmt.Errorf("articles/%s.md: %w", a.key, err)
		}
	}
	return c, nil
}

func (c *content) readPeople(fsys fs.FS) error {
	data, err := fs.ReadFile(fsys, "people.txt")
	if err != nil {
		return err
	}
	for n, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "|")
		if len(f) != 5 {
			return fmt.Errorf("people.txt line %d: %d fields, want id | name | type | firm | role", n+1, len(f))
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		c.people[f[0]] = person{f[0], f[1], f[2], f[3], f[4]}
	}
	return nil
}

// parseArticle reads a file: header lines "name: value", quotes as indented
// lines under "quotes:", a line "---", and the body.
func (c *content) parseArticle(key, text string) (*article, error) {
	head, body, ok := strings.Cut(text, "\n---\n")
	if !ok {
		return nil, fmt.Errorf("no line --- between header and body")
	}
	a := &article{key: key, lang: "en", section: "Markets"}
	for line := range strings.SplitSeq(head, "\n") {
		if strings.HasPrefix(line, "  ") {
			q, err := c.parseQuote(strings.Fields(line))
			if err != nil {
				return nil, fmt.Errorf("quote %q: %w", strings.TrimSpace(line), err)
			}
			a.quotes = append(a.quotes, q)
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		if err := a.setHeader(name, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	a.blocks = parseBlocks(body)
	switch {
	case a.outlet == nil || a.title == "" || a.published.IsZero():
		return nil, fmt.Errorf("outlet, title and published are needed")
	case strings.ContainsAny(a.text(), "{}"):
		return nil, fmt.Errorf("a mark of a quote is not closed, or stands inside another")
	case !strings.HasPrefix(key, a.published.Format(time.DateOnly)+"-"):
		return nil, fmt.Errorf("published on %s, which the file's name denies", a.published.Format(time.DateOnly))
	}
	return a, nil
}

func (a *article) setHeader(name, value string) (err error) {
	switch name {
	case "outlet":
		if a.outlet = outlets[value]; a.outlet == nil {
			return fmt.Errorf("no outlet %q", value)
		}
	case "title":
		a.title = value
	case "deck":
		a.deck = value
	case "author":
		a.authors = append(a.authors, value)
	case "published":
		a.published, err = time.Parse(time.RFC3339, value)
	case "section":
		a.section = value
	case "language":
		a.lang = value
	case "copies":
		a.copyOf = value
	case "rewrites":
		a.rewriteOf = value
	case "drop":
		for f := range strings.FieldsSeq(value) {
			n, err := strconv.Atoi(f)
			if err != nil {
				return err
			}
			a.drop = append(a.drop, n)
		}
	case "quotes":
	default:
		return fmt.Errorf("unknown header")
	}
	return err
}

// resolve gives a copy the words of its original, and each quote its segments.
func (c *content) resolve(a *article) error {
	if key := a.original(); key != "" && c.byKey[key] == nil {
		return fmt.Errorf("no original %q", key)
	}
	if a.copyOf != "" {
		original := c.byKey[a.copyOf]
		for i, b := range original.blocks {
			if !slices.Contains(a.drop, i+1) {
				a.blocks = append(a.blocks, b)
			}
		}
		a.quotes = slices.Clone(original.quotes)
	}
	return a.fillQuotes()
}
