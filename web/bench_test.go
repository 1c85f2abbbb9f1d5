package web

import (
	"fmt"
	"testing"
)

func BenchmarkPages(b *testing.B) {
	h := handlerOf(b, seeded(b), Options{})
	for _, address := range []string{"/", "/quotes", "/quotes?q=small&stance=bullish", "/articles/1", "/api/v1/timeline", "/quotes.csv"} {
		b.Run(address, func(b *testing.B) {
			for b.Loop() {
				if w := ask(b, h, address); w.Code != 200 {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

// BenchmarkReasons is what the weights add to the page of an article, of three quotes
// and of the most that are weighed at once.
func BenchmarkReasons(b *testing.B) {
	g := newTagged(b)
	long := g.addLong(b, mostExplained)
	for name, o := range map[string]Options{"without": {}, "with": {Explainer: tagger()}} {
		h := handlerOf(b, g, o)
		for _, id := range []int64{1, long} {
			b.Run(fmt.Sprintf("%s/%d", name, id), func(b *testing.B) {
				for b.Loop() {
					if w := ask(b, h, fmt.Sprintf("/articles/%d", id)); w.Code != 200 {
						b.Fatal(w.Code)
					}
				}
			})
		}
	}
}
