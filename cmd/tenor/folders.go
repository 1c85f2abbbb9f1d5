package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/store"
)

// folderSource is a [[source]] that is a folder: what lies there and was not read yet, or
// has changed since, is imported.
type folderSource struct {
	crawler.Source
	in *importRun
	// read holds a stamp of each file that was read, by its path.
	read map[string]string
	// progress shows how far the files are read.
	progress bool
}

// partFolders takes the folders out of sources.
func partFolders(sources []crawler.Source) (folders, others []crawler.Source) {
	for _, s := range sources {
		if s.IsFolder() {
			folders = append(folders, s)
		} else {
			others = append(others, s)
		}
	}
	return folders, others
}

func (a *app) openFolder(ctx context.Context, s *store.Store, tagger *nlp.Tagger, source crawler.Source) (*folderSource, error) {
	read, err := s.FilesRead(ctx, source.Name)
	if err != nil {
		return nil, err
	}
	in := &importRun{app: a, in: newIntake(s, tagger, a.now), source: source.Name, outlet: source.Outlet}
	return &folderSource{Source: source, in: in, read: read}, nil
}

func (f *folderSource) watch() folderWatch {
	return folderWatch{
		folders: []string{f.Path}, take: f.take,
		say:   func(format string, args ...any) { f.in.warn("%s", printable(fmt.Sprintf(format, args...))) },
		known: func(path string, info fs.FileInfo) bool { return f.read[path] == stamp(info) },
	}
}

// stamp tells one state of a file from another.
func stamp(info fs.FileInfo) string {
	return fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
}

// fileRead is the address of the row that says how a file was when it was read. That of
// what the file holds is another: the articles' own.
const fileRead = "read:"

// take imports files, and notes of each that it was read only then, so that nothing is
// lost when the work is broken off.
func (f *folderSource) take(ctx context.Context, files []string) error {
	r := f.in
	articles, quotes, failed, skipped := r.in.articles.Load(), r.in.quotes.Load(), r.failed, r.skipped
	report := &crawler.ImportReport{}
	log := r.stderr
	stop := func() {}
	if f.progress {
		shown := newProgress(r.stderr)
		r.notices, log, stop = shown, shown, shown.stop
		shown.start(func() string {
			return fmt.Sprintf("%s: %s%s, %s found", oneLine(f.Name), share(report),
				plural(int(r.in.articles.Load()), "article"), plural(int(r.in.quotes.Load()), "quote"))
		})
	}
	done, err := f.readFiles(ctx, files, report, log)
	stop()
	if err != nil {
		return err
	}
	leftOut := report.LeftOut()
	for _, c := range leftOut {
		r.skipped += c.Count
	}
	r.warn("%s: %s with %s from %s; %d skipped, %d failed.", oneLine(f.Name), plural(int(r.in.articles.Load()-articles), "article"),
		plural(int(r.in.quotes.Load()-quotes), "quote"), plural(done, "file"), r.skipped-skipped, r.failed-failed)
	r.in.warnAhead(r.warn)
	r.tellLeftOut(report)
	if ctx.Err() != nil {
		return nil
	}
	return r.in.store.LeftOut(ctx, f.Name, leftOut, done == 0)
}

func (f *folderSource) readFiles(ctx context.Context, files []string, report *crawler.ImportReport, log io.Writer) (done int, err error) {
	for _, path := range files {
		info, err := os.Stat(path) // before it is read: what comes meanwhile is read again
		if err != nil {
			continue // gone
		}
		if err := f.in.read(ctx, []string{path}, report, log); err != nil || ctx.Err() != nil {
			return done, err
		}
		note := tenor.Fetch{URL: fileRead + path, Source: f.Name, Kind: tenor.FetchFile, Depth: 1, State: tenor.Done,
			FetchedAt: f.in.now(), Validators: tenor.Validators{ETag: stamp(info)}}
		if err := f.in.in.store.Finish(ctx, note); err != nil {
			return done, err
		}
		f.read[path] = stamp(info)
		done++
	}
	return done, nil
}

// there looks whether the folder can be read, and notes it as how the source fares.
func (f *folderSource) there(ctx context.Context) error {
	note := tenor.Fetch{URL: "file:" + f.Path, Source: f.Name, Kind: tenor.FetchFolder, Entry: true, State: tenor.Done, FetchedAt: f.in.now()}
	_, err := os.ReadDir(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = errors.New("the folder is not there")
	case err != nil:
		err = fmt.Errorf("the folder cannot be read: %w", plainPathError(err))
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", f.Path, err)
		note.State, note.Reason = tenor.Failed, oneLine(err.Error())
	}
	return errors.Join(err, f.in.in.store.Finish(ctx, note))
}

// readFolders imports once what is new in folders and keeps its size for the time settle. A
// folder that cannot be read is told of, and the others go on.
func (a *app) readFolders(ctx context.Context, s *store.Store, folders []crawler.Source, settle time.Duration) error {
	if len(folders) == 0 {
		return nil
	}
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	var failed []string
	for _, source := range folders {
		f, err := a.openFolder(ctx, s, tagger, source)
		if err != nil {
			return err
		}
		f.progress = true
		if err := f.there(ctx); err != nil {
			a.warn("source %s: %s", oneLine(source.Name), oneLine(err.Error()))
			failed = append(failed, oneLine(source.Name))
			continue
		}
		w := f.watch()
		w.settle = settle
		l := newLookout(w)
		ready := l.look(time.Now())
		if len(l.waiting) > 0 {
			select {
			case <-ctx.Done():
			case <-time.After(settle):
			}
			ready = append(ready, l.look(time.Now())...)
		}
		if n := len(l.waiting); n > 0 && ctx.Err() == nil {
			a.warn("%s: %s still being written, left for the next crawl.", oneLine(source.Name), pluralIs(n, "file"))
		}
		if err := f.take(ctx, ready); err != nil || ctx.Err() != nil {
			return errors.Join(ctx.Err(), err)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("not read: %s", strings.Join(failed, ", "))
	}
	return nil
}

// folderWatches are the folders that a scheduler watches.
type folderWatches struct {
	sources []crawler.Source
	stop    func() // ends the watches, and waits for them
}

// set watches these folders, and no others.
func (w *folderWatches) set(ctx context.Context, folders []crawler.Source, watch func(context.Context, crawler.Source)) {
	same := func(a, b crawler.Source) bool { return a.Name == b.Name && a.Path == b.Path && a.Outlet == b.Outlet }
	if slices.EqualFunc(w.sources, folders, same) {
		return
	}
	w.end()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{}, len(folders))
	for _, source := range folders {
		go func() {
			watch(ctx, source)
			ended <- struct{}{}
		}()
	}
	w.sources, w.stop = folders, func() {
		cancel()
		for range folders {
			<-ended
		}
	}
}

func (w *folderWatches) end() {
	if w.stop != nil {
		w.stop()
	}
	w.sources, w.stop = nil, nil
}

// watchFolder imports what is in a folder and what comes, until ctx is done. A folder that
// is not there, and any other trouble, is told of once and waited for.
func (w *scheduler) watchFolder(ctx context.Context, source crawler.Source) {
	said := ""
	for ctx.Err() == nil {
		f, err := w.app.openFolder(ctx, w.store, w.tagger, source)
		if err == nil {
			err = f.there(ctx)
		}
		if err == nil {
			said = ""
			err = watchFolders(ctx, f.watch())
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			w.warn(&said, fmt.Sprintf("source %s: %s; it is tried again", source.Name, err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(w.look):
		}
	}
}
