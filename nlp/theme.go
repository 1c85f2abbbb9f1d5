package nlp

import (
	"slices"

	"tenor"
)

// themeAt is how much the phrases of a theme must weigh together.
const themeAt = 1

var allThemes = tenor.Themes()

// themesOf gives a quote every theme that it argues from. A phrase counts once
// however often it stands there.
func themesOf(p *passage, q *tenor.Quote) {
	scores := growTo(&p.scores, len(allThemes))
	p.spare = p.spare[:0]
	for _, m := range p.found {
		e := p.entryOf(m)
		if e.family != familyTheme || slices.ContainsFunc(p.spare, func(o match) bool { return o.entry == m.entry }) {
			continue
		}
		p.spare = append(p.spare, m)
		scores[e.class] += e.weight
	}
	q.Themes = nil
	for i, score := range scores {
		if score < themeAt {
			continue
		}
		q.Themes = append(q.Themes, allThemes[i])
		for _, m := range p.spare {
			if p.entryOf(m).class == i {
				q.Evidence = append(q.Evidence, tenor.Evidence{Tag: "theme:" + string(allThemes[i]), Span: p.span(m)})
			}
		}
	}
}

// growTo is *s with n zeros.
func growTo(s *[]float64, n int) []float64 {
	if cap(*s) < n {
		*s = make([]float64, n)
	}
	*s = (*s)[:n]
	clear(*s)
	return *s
}
