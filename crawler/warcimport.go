package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"tenor"
)

// ImportReport is filled while an import runs: how far it is, and what it passed
// over. It may be read at any time.
type ImportReport struct {
	Read  atomic.Int64 // bytes, as they lie on disk
	Total atomic.Int64 // bytes of the files found so far; standard input is not counted

	mu      sync.Mutex
	leftOut map[string]*tenor.ReasonCount
}

// maxLeftOut bounds the reasons that are told apart, since a file can make up any
// number of media types.
const maxLeftOut = 40

// LeftOut counts the records of WARC files that hold no page, most frequent first.
func (r *ImportReport) LeftOut() []tenor.ReasonCount {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []tenor.ReasonCount
	for _, c := range r.leftOut {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b tenor.ReasonCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return list
}

func (r *ImportReport) leave(reason, example string) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.leftOut[reason]
	if c == nil {
		if len(r.leftOut) >= maxLeftOut {
			reason = "another reason"
			c = r.leftOut[reason]
		}
		if c == nil {
			c = &tenor.ReasonCount{State: tenor.Skipped, Reason: reason, Example: sentence(example)}
			if r.leftOut == nil {
				r.leftOut = map[string]*tenor.ReasonCount{}
			}
			r.leftOut[reason] = c
		}
	}
	c.Count++
}

// counted counts what is read of a file.
func (r *ImportReport) counted(from io.Reader) io.Reader {
	if r == nil {
		return from
	}
	return &countingReader{from, &r.Read}
}

type countingReader struct {
	io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// maxDamage is how many damaged places of one file are told one by one.
const maxDamage = 20

// extracted is a page on its way to being an article.
type extracted struct {
	Imported
	err error
}

// archive reads the pages of a WARC file and extracts them on all cores, in the
// order of the file, a few at a time. It closes r when it has read it.
func (im *importer) archive(path string, r io.ReadCloser) {
	ctx, cancel := context.WithCancel(im.ctx)
	defer cancel()
	inOrder := make(chan chan extracted, runtime.GOMAXPROCS(0))
	go func() {
		defer r.Close()
		defer close(inOrder)
		im.records(ctx, path, r, func(page *archived, err error) bool {
			done := make(chan extracted, 1)
			select {
			case inOrder <- done:
			case <-ctx.Done():
				return false
			}
			if err != nil {
				done <- extracted{Imported{Article: tenor.Article{File: path, KnownAt: im.known}}, err}
				return true
			}
			go func() { done <- im.extracted(page) }()
			return true
		})
	}()
	for {
		// Standard input may be silent for ever, so nobody waits for it after Ctrl-C.
		select {
		case done, more := <-inOrder:
			if !more {
				if err := im.ctx.Err(); err != nil {
					im.cancelled(path, err)
				}
				return
			}
			item := <-done
			if im.emit(item.Imported, item.err); im.stopped {
				return
			}
		case <-im.ctx.Done():
			im.cancelled(path, im.ctx.Err())
			return
		}
	}
}

func (im *importer) cancelled(path string, err error) {
	im.fail(path, fmt.Errorf("%s: %w", path, err))
	im.stopped = true
}

// extracted makes an article of an archived page, as the page, or the file, was made
// one when it was first read.
func (im *importer) extracted(p *archived) extracted {
	var a tenor.Article
	var err error
	switch p.form {
	case "text":
		a, err = extractText(p.Body, p.FetchedAt, true)
	case "jsonl":
		a, err = readSaved(p.Body, p.file, p.FetchedAt)
	default:
		a, err = Extract(p.Page)
	}
	a.File, a.KnownAt, a.Truncated, p.URL = p.file, im.known, p.Truncated, a.URL
	a.Outlet = firstOf(p.outlet, a.Outlet)
	a.Title = firstOf(a.Title, p.title)
	if !a.Published.Known() {
		a.Published = p.published
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", firstOf(a.File, a.URL), err)
	}
	return extracted{Imported{Article: a, Page: p.Page}, err}
}

// records hands on each page of a WARC file, and each error, until take says no.
func (im *importer) records(ctx context.Context, path string, r io.Reader, take func(*archived, error) bool) {
	warc, err := newWARCReader(r)
	if err != nil {
		take(nil, fmt.Errorf("%s: %w", path, plainPathError(err)))
		return
	}
	pages := pageReader{warcReader: warc}
	for damaged := 0; ctx.Err() == nil; {
		h, err := warc.next()
		var d *warcDamage
		switch {
		case err == nil:
			page, reason := pages.page(h, im.known)
			switch {
			case page != nil && warc.whole():
				if !take(page, nil) {
					return
				}
			case reason != "" && warc.fault == nil:
				im.report.leave(reason, h.target)
			}
		case err == io.EOF:
			if warc.records == 0 && damaged == 0 {
				take(nil, fmt.Errorf("%s: it is empty", path))
			}
			return
		case errors.As(err, &d) && warc.records == 0 && damaged == 0 && d.offset == 0 && !warc.packed:
			take(nil, fmt.Errorf("%s: it is not a WARC file", path))
			return
		case errors.As(err, &d):
			if damaged++; damaged > maxDamage {
				im.report.leave("a damaged place in the file", path)
			} else if !take(nil, fmt.Errorf("%s: %w", path, d)) {
				return
			}
		default:
			take(nil, fmt.Errorf("%s: %w", path, plainPathError(err)))
			return
		}
	}
}
