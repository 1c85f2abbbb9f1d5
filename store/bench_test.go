package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"tenor"
)

// words of invented quotes: common ones first, as in real text.
var words = strings.Fields(`the market small caps rates earnings will we see rally growth credit tariffs
	inflation dollar valuation investors stocks breadth rotation yields profits margins quarter year
	recession landing soft hard cheap rich crowded positioning leverage refinancing banks energy
	consumer housing spending labor payrolls momentum volatility dispersion liquidity buyback dividend
	merger guidance backlog inventory freight semiconductor software utility pipeline refinery`)

var (
	surnames  = strings.Fields("Okafor Rehn Voss Brandt Lund Haldane Pereira Novak Castellan Ibarra Quill Sorensen Takeda Umarov Whitlock Yoon Zeller Adeyemi Bexley Carrow")
	forenames = strings.Fields("Ines Tomas Ada Lena Kofi Marta Jonas Priya Bram Cleo Dario Elsa Faye Goran Hana Ivo Jude Kira Leif Mona Nils Olga Piet Rosa Sven Tara Uma Vera Wim Yara")
)

// newsroomOf yields invented articles of about eight quotes each: 600 people at
// 40 firms, ten years, every twelfth quote a copy of one in an earlier article.
func newsroomOf(t testing.TB, articles int, yield func(*tenor.Article, []tenor.Quote)) {
	r := rand.New(rand.NewPCG(1, 2))
	stances, subjects, themes := tenor.Stances(), tenor.Subjects(), tenor.Themes()
	var copied []said
	for i := range articles {
		day := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i*3650/articles)
		var quotes []said
		for range 5 + r.IntN(7) {
			if len(copied) > 20 && r.IntN(12) == 0 {
				quotes = append(quotes, copied[len(copied)-1-r.IntN(20)])
				continue
			}
			text := make([]string, 30)
			for w := range text {
				text[w] = words[int(float64(len(words))*r.Float64()*r.Float64())]
			}
			person := r.IntN(len(surnames) * len(forenames))
			q := said{
				speaker: forenames[person%len(forenames)] + " " + surnames[person/len(forenames)],
				firm:    fmt.Sprintf("%s Capital", surnames[person%len(surnames)]),
				words:   fmt.Sprintf("%s %d", strings.Join(text, " "), i),
				stance:  stances[r.IntN(len(stances))], subject: subjects[r.IntN(1+r.IntN(len(subjects)))],
				themes: string(themes[r.IntN(len(themes))]),
			}
			if r.IntN(3) == 0 {
				q.as = tenor.Official
			}
			quotes, copied = append(quotes, q), append(copied, q)
		}
		yield(newArticle(t, fmt.Sprintf("https://o%d.example/%d", i%25, i), fmt.Sprintf("Outlet %d", i%25), "Invented news of the day "+fmt.Sprint(i), day.Format(time.DateOnly), quotes...))
	}
}

// benchStore holds about 50,000 quotes.
func benchStore(b *testing.B) *Store {
	s := newStore(b)
	newsroomOf(b, 6250, func(a *tenor.Article, quotes []tenor.Quote) { save(b, s, a, quotes) })
	if _, err := s.write.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkSaveArticle(b *testing.B) {
	type story struct {
		a      *tenor.Article
		quotes []tenor.Quote
	}
	var stories []story
	newsroomOf(b, 2500, func(a *tenor.Article, quotes []tenor.Quote) { stories = append(stories, story{a, quotes}) })
	n := 0
	for b.Loop() {
		b.StopTimer()
		s := newStore(b)
		b.StartTimer()
		stored := 0
		for _, st := range stories {
			save(b, s, st.a, st.quotes)
			stored += len(st.quotes)
		}
		n += stored
		b.StopTimer()
		s.Close()
		if info, err := os.Stat(s.path); err == nil {
			b.ReportMetric(float64(info.Size())/float64(stored), "B/quote")
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "quotes/s")
}

// BenchmarkFold finds the copies of an article's quotes in stores of a thousand and
// a hundred thousand: it must cost the same in both.
func BenchmarkFold(b *testing.B) {
	for _, articles := range []int{125, 12_500} {
		s := newStore(b)
		stored, n := 0, 0
		newsroomOf(b, articles, func(a *tenor.Article, quotes []tenor.Quote) {
			// As many a day in both: a larger store has more years, not busier people.
			a.Published.Time = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n*3650/12_500)
			save(b, s, a, quotes)
			stored += len(quotes)
			n++
		})
		b.Run(fmt.Sprintf("of-%d-quotes", stored), func(b *testing.B) {
			id := int64(0)
			for b.Loop() {
				id = id*31%int64(articles) + 1
				err := s.tx(b.Context(), func(ctx context.Context, tx *sql.Tx) error {
					rows, err := tx.QueryContext(ctx, `SELECT person_id, text, seq, cluster_id FROM quotes WHERE article_id = ?`, id)
					touched, err := collect(rows, err, scanTouched)
					if err != nil {
						return err
					}
					return refold(ctx, tx, touched)
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSearch(b *testing.B) {
	s := benchStore(b)
	day := tenor.DayOf(time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC))
	for _, test := range []struct {
		name string
		f    tenor.Filter
	}{
		{"everything", tenor.Filter{}},
		{"common-word", tenor.Filter{Query: "market"}},
		{"rare-word", tenor.Filter{Query: "refinery pipeline"}},
		{"word+two-filters", tenor.Filter{Query: "market", Stances: []tenor.Stance{tenor.Fragile}, Themes: []tenor.Theme{"rates"}}},
		{"analyst", tenor.Filter{Analysts: []string{"Ines Okafor"}}},
		{"theme+from", tenor.Filter{Themes: []tenor.Theme{"credit"}, From: &day}},
	} {
		b.Run(test.name, func(b *testing.B) {
			total := 0
			for b.Loop() {
				res, err := s.Search(b.Context(), test.f, "", 50)
				if err != nil {
					b.Fatal(err)
				}
				total = res.Total
			}
			b.ReportMetric(float64(total), "matches")
		})
	}
}

func BenchmarkRecords(b *testing.B) {
	s := benchStore(b)
	rows := 0
	for b.Loop() {
		n, err := tenor.WriteCSV(io.Discard, s.Records(b.Context(), tenor.Filter{}), tenor.DialectRaw)
		if err != nil {
			b.Fatal(err)
		}
		rows += n
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkTimeline(b *testing.B) {
	s := benchStore(b)
	for _, test := range []struct {
		name string
		f    tenor.Filter
	}{
		{"everything", tenor.Filter{}},
		{"subject+theme", tenor.Filter{Subjects: []tenor.Subject{"small-caps"}, Themes: []tenor.Theme{"rates"}}},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Timeline(b.Context(), test.f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNewSpelling joins a new spelling of a known person's name, in stores of a
// thousand and of eight thousand quotes: it must cost the same in both.
func BenchmarkNewSpelling(b *testing.B) {
	for _, articles := range []int{125, 1000} {
		s := newStore(b)
		stored := 0
		newsroomOf(b, articles, func(a *tenor.Article, quotes []tenor.Quote) {
			for i := range quotes { // as many namesakes in both: a larger store has more people
				forename, surname, _ := strings.Cut(quotes[i].Speaker, " ")
				quotes[i].Speaker = forename + " " + strings.Repeat(string(rune('A'+stored/1000)), 3) + surname
				quotes[i].ID = tenor.QuoteID(a.Key(), quotes[i].Speaker, quotes[i].Segments(a.Text))
			}
			save(b, s, a, quotes)
			stored += len(quotes)
		})
		b.Run(fmt.Sprintf("of-%d-quotes", stored), func(b *testing.B) {
			n := 0
			for b.Loop() {
				n++
				a, quotes := newArticle(b, fmt.Sprint("https://new.example/", n), "Outlet", "News", "2024-01-02",
					said{speaker: "I. AAAOkafor", firm: "Okafor Capital", words: fmt.Sprint("we like them, part ", n)})
				id := save(b, s, a, quotes)
				if err := s.ReplaceQuotes(b.Context(), id, nil, "test-1"); err != nil { // the spelling is new again
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReview(b *testing.B) {
	s := benchStore(b)
	for b.Loop() {
		if _, err := s.Review(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
