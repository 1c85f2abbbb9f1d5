package store

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tenor"
)

// paper is an invented decade of market news, the same in every run: people speak as
// often as in life (few all the time, most now and then), words come as in English (a
// word's rank times its frequency is about constant), a quote in twelve is a copy.
type paper struct {
	r       *rand.Rand
	words   []string // commonest first
	people  []said   // with speaker, firm and capacity
	byWord  *rand.Zipf
	byName  *rand.Zipf
	copied  []said
	outlets int
}

// newPaper invents 6,000 people at 240 firms for a million quotes, and fewer for less.
func newPaper(quotes int) *paper {
	p := &paper{r: rand.New(rand.NewPCG(7, 11)), words: words, outlets: 60}
	syllables := strings.Fields("ba con der el fin gra hol im jun kar lo men nor op pre qui ra sol ter un vor wes xe yar zin")
	for len(p.words) < 12_000 {
		var b strings.Builder
		for range 2 + p.r.IntN(3) {
			b.WriteString(syllables[p.r.IntN(len(syllables))])
		}
		p.words = append(p.words, b.String())
	}
	count := max(60, quotes*6/1000)
	for i := range count {
		q := said{
			speaker: fmt.Sprintf("%s %s%s", forenames[i%len(forenames)], surnames[i/len(forenames)%len(surnames)], []string{"", "son", "berg", "vale", "mann", "wick", "stad", "holm", "by", "ley"}[i/600%10]),
			firm:    fmt.Sprintf("%s %s", surnames[i%len(surnames)], []string{"Capital", "Research", "Partners", "Bank", "Advisers", "Securities", "Markets", "Wealth", "Asset Management", "Analytics", "Street", "Trust"}[i/20%12]),
		}
		if i%4 == 3 {
			q.as = tenor.Official
		}
		p.people = append(p.people, q)
	}
	p.byWord = rand.NewZipf(p.r, 1.15, 4, uint64(len(p.words)-1))
	p.byName = rand.NewZipf(p.r, 1.1, float64(count)/10, uint64(count-1)) // a larger store has more people, not busier ones
	return p
}

// ofQuotes yields the articles that hold so many quotes, by day.
func (p *paper) ofQuotes(t testing.TB, quotes int, yield func(*tenor.Article, []tenor.Quote) bool) {
	articles := quotes * 12 / 100
	stances, subjects, themes := tenor.Stances(), tenor.Subjects(), tenor.Themes()
	for i := range articles {
		day := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i*3652/articles)
		var list []said
		for n := (i+1)*quotes/articles - i*quotes/articles; len(list) < n; {
			if len(p.copied) > 20 && p.r.IntN(12) == 0 {
				list = append(list, p.copied[len(p.copied)-1-p.r.IntN(20)])
				continue
			}
			q := p.people[p.byName.Uint64()]
			text := make([]string, 20+p.r.IntN(20))
			for w := range text {
				text[w] = p.words[p.byWord.Uint64()]
			}
			q.words = strings.Join(text, " ")
			q.stance = stances[p.r.IntN(len(stances))]
			q.subject = subjects[p.r.IntN(1+p.r.IntN(len(subjects)))]
			for range p.r.IntN(3) {
				if theme := string(themes[p.r.IntN(1+p.r.IntN(len(themes)))]); !strings.Contains(q.themes, theme) {
					q.themes = strings.TrimPrefix(q.themes+"|"+theme, "|")
				}
			}
			list, p.copied = append(list, q), append(p.copied[max(0, len(p.copied)-40):], q)
		}
		a, found := newArticle(t, fmt.Sprintf("https://o%d.example/%d", i%p.outlets, i), fmt.Sprintf("Outlet %d", i%p.outlets),
			"Invented news, number "+fmt.Sprint(i), day.Format(time.DateOnly), list...)
		a.KnownAt = day.Add(20 * time.Hour)
		for j := range found { // a few words for each label, as the tagger gives
			q := &found[j]
			q.Evidence = nil
			for k, tag := range append([]string{"stance:" + string(q.Stance), "subject:" + string(q.Subject)}, plain(q.Themes)...) {
				from := q.Spans[0].Start() + 20*k
				q.Evidence = append(q.Evidence, tenor.Evidence{Tag: tag, Span: tenor.Span{from, from + 15}})
			}
		}
		if !yield(a, found) {
			return
		}
	}
}
