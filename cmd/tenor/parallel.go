package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"

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
					quotes, err := tagArticle(tagger, &in.Article)
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

// tagArticle tags an article and keeps each quote once: the same words of the same
// speaker twice on a page are one quote, with one identifier, wherever it goes.
func tagArticle(tagger *nlp.Tagger, a *tenor.Article) ([]tenor.Quote, error) {
	quotes, err := tagger.Tag(a)
	seen := map[string]bool{}
	quotes = slices.DeleteFunc(quotes, func(q tenor.Quote) bool {
		known := seen[q.ID]
		seen[q.ID] = true
		return known
	})
	return quotes, err
}

// explained says which article could not be taken, and why. What the reader of files
// says begins with the file, and the line in it.
func explained(a *tenor.Article, err error) string {
	if untagged(err) {
		return oneLine(nameOf(a) + ": " + reasonOf(a, err))
	}
	return oneLine(err.Error())
}

func nameOf(a *tenor.Article) string { return cmp.Or(a.File, a.URL, "standard input") }

// reasonOf is why an article could not be taken, without its name.
func reasonOf(a *tenor.Article, err error) string {
	switch {
	case errors.Is(err, tenor.ErrNotEnglish) && a.Language != "":
		return fmt.Sprintf("%s (it is written in %q)", tenor.ErrNotEnglish, a.Language)
	case untagged(err):
		return tenor.ErrTruncated.Error()
	case errors.Is(err, tenor.ErrForgotten):
		return tenor.ErrForgotten.Error()
	}
	return strings.TrimPrefix(err.Error(), nameOf(a)+": ")
}

// untagged reports whether an article was read well but is of a kind that is kept
// without quotes.
func untagged(err error) bool {
	return errors.Is(err, tenor.ErrNotEnglish) || errors.Is(err, tenor.ErrTruncated)
}
