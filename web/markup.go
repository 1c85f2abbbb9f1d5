package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"tenor"
)

// What a page repeats hundreds of times is written here: in a template each value takes a
// microsecond, and the consensus page of a million quotes has ten thousand of them.
// Whatever is not written below as it stands goes through text.

// markup is HTML being written.
type markup struct{ strings.Builder }

// text writes what may have come from a page, as text or between the quotes of an attribute.
func (m *markup) text(s string) {
	if !strings.ContainsAny(s, "&<>\"'\x00") {
		m.WriteString(s)
		return
	}
	template.HTMLEscape(m, []byte(s))
}

func (m *markup) html() template.HTML { return template.HTML(m.String()) }

// between writes a text inside constant parts.
func (m *markup) between(before, s, after string) {
	m.WriteString(before)
	m.text(s)
	m.WriteString(after)
}

// stanceMarks are what stanceMark makes of the stances that there are.
var stanceMarks = func() map[string]template.HTML {
	marks := map[string]template.HTML{}
	for _, s := range tenor.Stances() {
		marks[string(s)] = newStanceMark(string(s))
	}
	return marks
}()

// stanceMark is a stance as shape, word and colour.
func stanceMark(s any) template.HTML {
	word := fmt.Sprint(s)
	if mark, ok := stanceMarks[word]; ok {
		return mark
	}
	return newStanceMark(word)
}

func newStanceMark(word string) template.HTML {
	var m markup
	m.between(`<span class="stance `, word, `"><span aria-hidden="true">`+shape(word)+`</span> `)
	m.between(``, word, `</span>`)
	return m.html()
}

// speakerMark is a speaker with the firm, each a link; an institution is its firm.
func speakerMark(as tenor.SpeakerType, speaker, firm string) template.HTML {
	var m markup
	if as == tenor.Institution {
		m.between(`<a class="name" href="`, firmPath(speaker), `">`)
		m.between(``, speaker, `</a>`)
		return m.html()
	}
	m.between(`<a class="name" href="`, personPath(speaker), `">`)
	m.between(``, speaker, `</a>`)
	if firm != "" {
		m.between(` <span class="of">· <a href="`, firmPath(firm), `">`)
		m.between(``, firm, `</a></span>`)
	}
	return m.html()
}

// run writes a piece of text under what decided a label.
func (m *markup) run(p *piece) {
	switch {
	case p.Evidence:
		m.between(`<em class="why">`, p.Text, `</em>`)
	case p.Topic:
		m.between(`<em class="why topic">`, p.Text, `</em>`)
	default:
		m.text(p.Text)
	}
}

// pieces writes runs of text, no white space added.
func (m *markup) pieces(list []piece) {
	for i := range list {
		p := &list[i]
		if p.Match {
			m.WriteString(`<mark class="match">`)
		}
		m.run(p)
		if p.Match {
			m.WriteString(`</mark>`)
		}
	}
}

func piecesMark(list []piece) template.HTML {
	var m markup
	m.pieces(list)
	return m.html()
}

// wordsMark are the segments of a quote.
func wordsMark(segments [][]piece) template.HTML {
	var m markup
	for i, list := range segments {
		if i > 0 {
			m.WriteString(` <span class="cut" aria-label="words left out">[…]</span> `)
		}
		m.pieces(list)
	}
	return m.html()
}

// dayMark is a day.
func dayMark(d tenor.Day) template.HTML {
	s := d.String()
	return template.HTML(`<time datetime="` + s + `">` + s + `</time>`)
}

// dateMark is a publication date, no more exact than it is known.
func dateMark(d tenor.Date) template.HTML {
	if !d.Known() {
		return `<span class="vague">undated</span>`
	}
	var m markup
	when := d.String()
	m.between(`<time datetime="`, when, `" title="`)
	m.between(``, when, `: known to the `+string(d.Precision))
	if d.Source != "" {
		m.between(`, from `, d.Source, ``)
	}
	m.between(`">`, dateText(d), `</time>`)
	if d.Precision == tenor.PrecisionMonth || d.Precision == tenor.PrecisionYear {
		m.WriteString(` <span class="vague">(` + string(d.Precision) + ` only)</span>`)
	}
	return m.html()
}

// Figures are the rows of the table under the chart.
func (p *consensusPage) Figures() template.HTML {
	var m markup
	m.Grow(300 * len(p.Rows))
	cell := func(s string) { m.between(`<td class="n">`, s, `</td>`) }
	number := func(known bool, s string) {
		if !known {
			s = ""
		}
		cell(s)
	}
	for i := range p.Rows {
		r := &p.Rows[i]
		m.WriteString(`<tr`)
		if r.Hollow {
			m.WriteString(` class="few"`)
		}
		m.between(`><th scope="row"><a href="`, r.Href, `">`)
		m.between(``, r.Day.String(), `</a></th>`)
		m.between(`<td>`, r.Last.String(), `</td>`)
		number(r.Number, signed(r.Net))
		number(r.Number, signed(r.Low))
		number(r.Number, signed(r.High))
		number(r.Number, fixed(r.Agreement))
		for _, n := range [...]int{r.N(), r.Bullish, r.Neutral, r.Fragile, r.Disputed, r.Quotes, r.Articles} {
			cell(strconv.Itoa(n))
		}
		if p.Overlay.Curve != nil {
			cell(p.Overlay.Figure(*r))
		}
		m.WriteString("</tr>\n      ")
	}
	return m.html()
}

// Rows are the lines of a panel, as rows of a table.
func (p *panel) Rows() template.HTML {
	var m markup
	for i := range p.Lines {
		m.line(&p.Lines[i])
	}
	return m.html()
}

func (m *markup) line(l *line) {
	m.between(`<tr><th scope="row"><a class="name" href="`, l.Href, `">`)
	m.between(``, l.Name, `</a>`)
	if l.House {
		m.WriteString(` <span class="tag">the firm itself</span>`)
	}
	m.WriteString("</th>\n<td>")
	if now := l.Now; now != nil {
		m.between(`<a href="/quotes/`, now.Quote.ID, `">`)
		m.WriteString(string(stanceMark(now.Stance)) + `</a>`)
		if now.Split {
			m.WriteString(` <span class="tag">split</span>`)
		}
		if now.Disputed {
			m.WriteString(` <span class="tag">disputed</span>`)
		}
		m.WriteString(` <span class="meta">since ` + string(dayMark(now.Published)) + `</span>`)
	} else {
		m.WriteString(`<span class="meta">none stands</span>`)
	}
	m.between("</td>\n"+`<td><svg class="strip" viewBox="0 0 1000 12" preserveAspectRatio="none" role="img" aria-label="`, l.Told, `"><path class="zero" d="M0 6H1000"/>`)
	for i := range l.Bars {
		m.bar(&l.Bars[i])
	}
	m.between("</svg></td>\n"+`<td><a href="/quotes/`, l.Latest.Quote.ID, `" dir="auto">`)
	m.between(``, l.Opened, `</a> <span class="meta">`+string(dayMark(l.Latest.Published)))
	if outlet := l.Latest.Quote.Outlet; outlet != "" {
		m.between(` · <bdi>`, outlet, `</bdi>`)
	}
	m.WriteString("</span></td></tr>\n")
}

func (m *markup) bar(b *bar) {
	m.between(`<rect class="`, string(b.Stance), ``)
	if b.Open {
		m.WriteString(` open`)
	}
	for _, at := range [...]struct {
		name string
		n    int
	}{{`" x="`, b.X}, {`" y="`, b.Y}, {`" width="`, b.W}, {`" height="`, b.H}} {
		m.WriteString(at.name)
		m.WriteString(strconv.Itoa(at.n))
	}
	m.WriteString(`"/>`)
}
