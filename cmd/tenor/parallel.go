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
	"sync"

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
	return inOrder(ctx, runtime.GOMAXPROCS(0), articles, func(in crawler.Imported, err error) tagged {
		if err != nil {
			return tagged{Imported: in, Err: err}
		}
		quotes, err := tagArticle(tagger, &in.Article)
		return tagged{in, quotes, err}
	})
}

// inOrder works on so many items at a time and yields what comes of them in the order of
// the items. It has ended when no work is going on any longer, stopped early or not.
func inOrder[T, R any](ctx context.Context, atOnce int, items iter.Seq2[T, error], work func(T, error) R) iter.Seq[R] {
	return func(yield func(R) bool) {
		var workers sync.WaitGroup
		defer workers.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		waiting := make(chan chan R, atOnce)
		workers.Go(func() {
			defer close(waiting)
			for item, err := range items {
				done := make(chan R, 1)
				select {
				case waiting <- done:
				case <-ctx.Done():
					return
				}
				workers.Go(func() { done <- work(item, err) })
			}
		})
		for done := range waiting {
			if !yield(<-done) {
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
