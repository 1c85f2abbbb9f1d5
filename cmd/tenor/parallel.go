package main

import (
	"context"
	"errors"
	"iter"
	"runtime"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
)

// tagged is an article with its quotes. Err says why it has none, and may come
// with the article.
type tagged struct {
	crawler.Imported
	Quotes []tenor.Quote
	Err    error
}

// tagAll tags articles on all cores and yields them in the order in which they
// came. No more than a few are held at a time.
func tagAll(ctx context.Context, tagger *nlp.Tagger, articles iter.Seq2[crawler.Imported, error]) iter.Seq[tagged] {
	return func(yield func(tagged) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		inOrder := make(chan chan tagged, runtime.GOMAXPROCS(0))
		go func() {
			defer close(inOrder)
			for in, err := range articles {
				done := make(chan tagged, 1)
				select {
				case inOrder <- done:
				case <-ctx.Done():
					return
				}
				if err != nil {
					done <- tagged{Imported: in, Err: err}
					continue
				}
				go func() {
					quotes, err := tagger.Tag(&in.Article)
					done <- tagged{in, quotes, err}
				}()
			}
		}()
		for done := range inOrder {
			if t := <-done; !yield(t) {
				return
			}
		}
	}
}

// untagged reports whether an article was read well but is of a kind that is kept
// without quotes.
func untagged(err error) bool {
	return errors.Is(err, tenor.ErrNotEnglish) || errors.Is(err, tenor.ErrTruncated)
}
