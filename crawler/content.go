package crawler

import (
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/markusmobius/go-htmldate"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tenor"
)

// noDate keeps go-trafilatura from looking for a date: pageDate does.
var noDate = htmldate.Result{DateTime: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}

// pageText is the text of a page, and what its blocks say of the kind of page.
type pageText struct {
	paragraphs []string // the article's, with site furniture: who forwarded it stands there
	prose      int      // blocks of running text among them
	teasers    int      // of which stand right below a headline that is a link
	headlines  int      // links of four words or more outside of menus, each once
	linked     int      // bytes of them
	prompt     bool     // the page asks readers to pay or to sign in to read on
	film       bool     // it shows a film
}

// readText chooses the text of the article among the page's blocks. JSON-LD's
// articleBody helps where a script would have shown the text.
func readText(doc *goquery.Document, meta metadata, a *tenor.Article) (t pageText, err error) {
	p, err := readBlocks(doc.Get(0), a.URL, meta.body)
	if err != nil {
		return t, err
	}
	t.paragraphs = joinItems(p.choose(a, meta.summary))
	if sizeOf(t.paragraphs)*2 < len(meta.body) {
		t.paragraphs = bodyLines(meta.body)
	}
	t.survey(p, doc)
	return t, nil
}

// choose marks the blocks that are the article's text by their vote and lists them.
func (p *pageBlocks) choose(a *tenor.Article, summary string) []block {
	first, all := p.describe(a, summary)
	for i := range p.list {
		p.list[i].vote = false
	}
	for i := range all {
		b, odds := &p.list[first+i], 0.0
		for k, v := range all[i] {
			odds += v * weights[k]
		}
		b.vote = odds > 0 && b.traits&inCaption == 0 && b.held*10 < len(b.text)*9
	}
	p.dropPullQuotes()
	var kept []block
	for _, b := range p.list {
		if b.vote {
			kept = append(kept, b.block)
		}
	}
	return kept
}

// maxBoxes bounds how many boxes are looked for in the whole text.
const maxBoxes = 50

// dropPullQuotes drops boxes that repeat a sentence of the article in large
// letters: what is said once must not be counted twice.
func (p *pageBlocks) dropPullQuotes() {
	var whole string
	boxes := 0
	for i := range p.list {
		b := &p.list[i]
		if !b.vote || b.traits&(tagQuote|tagAside|tagFigure|inBox|inEmbed) == 0 || len(b.text) > 600 {
			continue
		}
		if boxes++; boxes > maxBoxes {
			return
		}
		if whole == "" {
			var text strings.Builder
			for _, b := range p.list {
				if b.vote {
					text.WriteString(squash(b.text))
					text.WriteByte('\n')
				}
			}
			whole = text.String()
		}
		if flat := squash(b.text); len(flat) > 25 && strings.Count(whole, flat) > 1 {
			b.vote = false
			whole = strings.Replace(whole, flat, "", 1)
		}
	}
}

// joinItems makes one paragraph of a list, an item a line.
func joinItems(blocks []block) []string {
	var list []string
	for i := 0; i < len(blocks); {
		lines := []string{blocks[i].text}
		parent := blocks[i].node.Parent
		for i++; i < len(blocks) && blocks[i].node.DataAtom == atom.Li && blocks[i].node.Parent == parent && blocks[i-1].node.DataAtom == atom.Li; i++ {
			lines = append(lines, blocks[i].text)
		}
		list = append(list, strings.Join(lines, "\n"))
	}
	return list
}

// survey counts what tells a list of pages, a stub or a film from an article.
func (t *pageText) survey(p *pageBlocks, doc *goquery.Document) {
	seen := map[string]bool{}
	for i, b := range p.list {
		link := b.linked*10 > len(b.text)*9
		menu := p.traits.within(b.node)&(tagNav|inFrame) != 0
		switch {
		case link && !menu && len(b.text) > 20 && !seen[b.text] && strings.Count(b.text, " ") >= 3:
			seen[b.text] = true
			t.headlines++
			t.linked += len(b.text)
		case b.vote && b.prose > 0:
			if t.prose++; i > 0 {
				if h := p.list[i-1]; h.linked*10 > len(h.text)*9 && len(h.text) > 20 {
					t.teasers++
				}
			}
		}
		if len(b.text) < maxFurniture && !menu && !t.prompt {
			t.prompt = payPrompts.in(strings.ToLower(b.text))
		}
	}
	t.film = doc.Find(`video, meta[property="og:video"], meta[property="og:video:url"], [itemtype$="/VideoObject"]`).Length() > 0
}

// bodyLines splits an articleBody, which may be HTML or text, into paragraphs.
func bodyLines(s string) []string {
	if strings.Contains(s, "</p>") || strings.Contains(s, "<br") {
		if root, err := html.Parse(strings.NewReader(s)); err == nil {
			return paragraphs(root)
		}
	}
	var list []string
	for line := range strings.Lines(s) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func sizeOf(list []string) int {
	n := 0
	for _, p := range list {
		n += len(p)
	}
	return n
}
