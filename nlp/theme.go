package nlp

import (
	"slices"

	"tenor"
)

// themeAt is how much the phrases of a theme must weigh together.
const themeAt = 1

var allThemes = tenor.Themes()

// themesOf gives a quote every theme that its phrases name, by the rules. A phrase
// counts once however often it stands there. The model of topics has the last word.
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
		if score >= themeAt {
			q.Themes = append(q.Themes, allThemes[i])
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
