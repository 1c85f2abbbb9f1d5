package newsroom

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// block is one paragraph of a body, or a heading, a set-off quotation, an item.
type block struct {
	tag   string // p, h2, blockquote or li
	words string // with the marks of the quotes: {2:these words}
}

// mark encloses words of the quote whose number it bears.
var mark = regexp.MustCompile(`\{(\d+):([^{}]*)\}`)

// text is the block as a reader sees it.
func (b block) text() string { return mark.ReplaceAllString(b.words, "$2") }

// parseBlocks splits a body at blank lines. "## " opens a heading, "> " a
// quotation set off, "- " an item of a list.
func parseBlocks(body string) []block {
	var blocks []block
	for part := range strings.SplitSeq(body, "\n\n") {
		part = strings.Join(strings.Fields(part), " ")
		if part == "" {
			continue
		}
		b := block{"p", part}
		for prefix, tag := range map[string]string{"## ": "h2", "> ": "blockquote", "- ": "li"} {
			if rest, ok := strings.CutPrefix(part, prefix); ok {
				b = block{tag, rest}
			}
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// text is the whole body, paragraphs separated by a blank line.
func (a *article) text() string {
	var parts []string
	for _, b := range a.blocks {
		parts = append(parts, b.text())
	}
	return strings.Join(parts, "\n\n")
}

// render is HTML of blocks; lists of items are enclosed.
func render(blocks []block) template.HTML {
	var b strings.Builder
	for i, bl := range blocks {
		item := bl.tag == "li"
		if item && (i == 0 || blocks[i-1].tag != "li") {
			b.WriteString("<ul>\n")
		}
		words := html.EscapeString(bl.text())
		if bl.tag == "blockquote" {
			words = "<p>" + words + "</p>"
		}
		fmt.Fprintf(&b, "<%s>%s</%s>\n", bl.tag, words, bl.tag)
		if item && (i == len(blocks)-1 || blocks[i+1].tag != "li") {
			b.WriteString("</ul>\n")
		}
	}
	return template.HTML(b.String())
}

// quote is what a reader should find: declared in the header, its segments
// marked in the body.
type quote struct {
	number   int
	retells  int // the number of the same utterance in the article retold; 0 for none
	who      person
	speaker  string // the fullest name that the body gives
	firm     string // as the body writes it; empty when it does not
	role     string
	stance   string
	subject  string
	kind     string
	themes   []string
	segments []string
	optional bool // good readers differ
	disputed bool // a rewrite that turned the meaning round
}

// parseQuote reads "3 vanterpool bullish small-caps direct rates earnings". The
// number may be "3~1", for words that retell quote 1 of the article retold;
// name=, firm= and role= (an underscore for a space) set what the body writes
// otherwise than people.txt; "optional" and "disputed" are flags.
func (c *content) parseQuote(f []string) (q quote, err error) {
	if len(f) < 5 {
		return q, fmt.Errorf("want number, speaker, stance, subject, kind and themes")
	}
	number, retells, _ := strings.Cut(f[0], "~")
	if q.number, err = strconv.Atoi(number); err != nil {
		return q, err
	}
	if retells != "" {
		if q.retells, err = strconv.Atoi(retells); err != nil {
			return q, err
		}
	}
	who, ok := c.people[f[1]]
	if !ok {
		return q, fmt.Errorf("nobody in people.txt is %q", f[1])
	}
	q.who, q.stance, q.subject, q.kind = who, f[2], f[3], f[4]
	for _, word := range f[5:] {
		key, value, _ := strings.Cut(word, "=")
		value = strings.ReplaceAll(value, "_", " ")
		switch key {
		case "name":
			q.speaker = value
		case "firm":
			q.firm = value
		case "role":
			q.role = value
		case "optional":
			q.optional = true
		case "disputed":
			q.disputed = true
		default:
			q.themes = append(q.themes, word)
		}
	}
	return q, nil
}

// fillQuotes collects the marked segments, and takes name, firm and role as far
// as the body gives them. A quote that a copy left out is dropped.
func (a *article) fillQuotes() error {
	segments := map[int][]string{}
	for _, b := range a.blocks {
		for _, m := range mark.FindAllStringSubmatch(b.words, -1) {
			n, _ := strconv.Atoi(m[1])
			segments[n] = append(segments[n], m[2])
		}
	}
	text := a.text()
	var kept []quote
	for _, q := range a.quotes {
		q.segments = segments[q.number]
		delete(segments, q.number)
		if len(q.segments) == 0 {
			if a.copyOf != "" {
				continue
			}
			return fmt.Errorf("quote %d is not marked in the body", q.number)
		}
		q.takeNames(text)
		if !strings.Contains(text, q.speaker) {
			return fmt.Errorf("quote %d: the body never names %s", q.number, q.speaker)
		}
		kept = append(kept, q)
	}
	if len(segments) > 0 {
		return fmt.Errorf("the body marks quotes that the header does not declare: %v", segments)
	}
	a.quotes = slices.Clip(kept)
	return nil
}

func (q *quote) takeNames(text string) {
	if q.speaker == "" {
		q.speaker = q.who.name
		if !strings.Contains(text, q.speaker) {
			q.speaker = q.who.name[strings.LastIndexByte(q.who.name, ' ')+1:]
		}
	}
	if q.firm == "" && strings.Contains(text, q.who.firm) {
		q.firm = q.who.firm
	}
	if q.role == "" && strings.Contains(strings.ToLower(text), strings.ToLower(q.who.role)) {
		q.role = q.who.role
	}
}
