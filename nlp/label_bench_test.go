package nlp

import (
	"testing"

	"tenor"
)

// BenchmarkLabel labels the quotes of real stories, each found exactly, on one core.
func BenchmarkLabel(b *testing.B) {
	l, err := newLabeller()
	if err != nil {
		b.Fatal(err)
	}
	benchmarkLabel(b, l)
}

// BenchmarkLabelOwnTopics does so with a user's themes and subjects beside.
func BenchmarkLabelOwnTopics(b *testing.B) {
	benchmarkLabel(b, withTopics(b, []tenor.Topic{buybacks}, []tenor.Topic{regional}).labels)
}

func benchmarkLabel(b *testing.B, l *labeller) {
	type work struct {
		a      tenor.Article
		quotes []tenor.Quote
	}
	var all []work
	n := 0
	for _, ga := range readGold(b, "reuters.jsonl", "reuters") {
		w := work{a: tenor.Article{Title: ga.Title, Text: ga.Text}}
		for _, g := range ga.Quotes {
			if spans := place(ga.Text, g.Segments); len(spans) > 0 {
				w.quotes = append(w.quotes, tenor.Quote{Spans: spans})
			}
		}
		n += len(w.quotes)
		all = append(all, w)
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range all {
			for j := range all[i].quotes {
				all[i].quotes[j].Evidence = all[i].quotes[j].Evidence[:0]
			}
			l.Label(&all[i].a, all[i].quotes)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "quotes/s")
}
