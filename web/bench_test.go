package web

import "testing"

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
