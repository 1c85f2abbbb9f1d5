package crawler

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"tenor"
)

// Imported is one saved article, and the bytes it was read from.
type Imported struct {
	Article tenor.Article
	Page    *tenor.Page // what to keep beside the article; its URL is empty when the file names none
}

// standardInput is what messages call the path "-".
const standardInput = "standard input"

// maxImportBytes bounds a file and, in JSON Lines, a line, after decompression.
const maxImportBytes = 10 << 20

// Import reads saved articles from paths: .txt and .md, .html, .htm and
// .html.gz, .jsonl with {"url","title","published","text"} a line, .warc and
// .warc.gz, folders of them (all levels, in order of name) and "-" for standard
// input, whose form is recognised. known is stamped as KnownAt and bounds every
// date; pages of a WARC file are bounded by the day of their own visit. What cannot
// be read yields an article that holds only its File, with the reason, and the rest
// goes on. The order depends on the names alone. report may be nil.
func Import(ctx context.Context, paths []string, stdin io.Reader, known time.Time, report *ImportReport) iter.Seq2[Imported, error] {
	return importer{ctx: ctx, known: known.UTC(), report: report}.all(paths, stdin)
}

// ImportPages is Import for what is still to be extracted: JSON Lines in folders,
// which hold articles already, are passed over.
func ImportPages(ctx context.Context, paths []string, stdin io.Reader, known time.Time, report *ImportReport) iter.Seq2[Imported, error] {
	return importer{ctx: ctx, known: known.UTC(), report: report, pagesOnly: true}.all(paths, stdin)
}

func (im importer) all(paths []string, stdin io.Reader) iter.Seq2[Imported, error] {
	return func(yield func(Imported, error) bool) {
		im := im // a sequence can be walked more than once
		im.yield = yield
		if im.report != nil {
			im.report.Total.Add(importSize(paths))
		}
		for _, path := range paths {
			if path == "-" {
				im.stream(standardInput, stdin)
			} else {
				im.path(path)
			}
			if im.stopped {
				return
			}
		}
	}
}

type importer struct {
	ctx       context.Context
	known     time.Time
	pagesOnly bool
	report    *ImportReport
	yield     func(Imported, error) bool
	stopped   bool
}

func (im *importer) emit(item Imported, err error) {
	if !im.stopped && !im.yield(item, err) {
		im.stopped = true
	}
}

func (im *importer) fail(file string, err error) {
	im.emit(Imported{Article: tenor.Article{File: file, KnownAt: im.known}}, err)
}

func (im *importer) path(path string) {
	info, err := os.Stat(path)
	if err != nil {
		im.fail(path, fmt.Errorf("%s: %w", path, plainPathError(err)))
		return
	}
	if !info.IsDir() {
		im.file(path)
		return
	}
	found := false
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case im.stopped:
			return filepath.SkipAll
		case err != nil:
			im.fail(file, fmt.Errorf("%s: %w", file, plainPathError(err)))
			return nil
		case entry.IsDir():
			if name := entry.Name(); file != path && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			return nil
		case importForm(file) == "" || strings.HasPrefix(entry.Name(), "."), im.pagesOnly && importForm(file) == "jsonl":
			return nil
		}
		found = true
		im.file(file)
		return nil
	})
	if err != nil {
		im.fail(path, fmt.Errorf("%s: %w", path, err))
	} else if !found && !im.stopped {
		im.fail(path, fmt.Errorf("%s: the folder holds no .txt, .md, .html, .jsonl or .warc file", path))
	}
}

// Importable reports whether Import reads files of this name.
func Importable(path string) bool { return importForm(path) != "" }

// importForm is how a file is read, by its name: "text", "html", "jsonl",
// "warc", or "" for what is not imported.
func importForm(path string) string {
	name := strings.ToLower(filepath.Base(path))
	name = strings.TrimSuffix(name, ".gz")
	switch filepath.Ext(name) {
	case ".txt", ".md", ".markdown", ".text":
		return "text"
	case ".html", ".htm", ".xhtml":
		return "html"
	case ".jsonl", ".ndjson":
		return "jsonl"
	case ".warc":
		return "warc"
	}
	return ""
}

func (im *importer) file(path string) {
	if err := im.ctx.Err(); err != nil {
		im.fail(path, fmt.Errorf("%s: %w", path, err))
		im.stopped = true
		return
	}
	form := importForm(path)
	switch form {
	case "":
		im.fail(path, fmt.Errorf("%s: only .txt, .md, .html, .htm, .jsonl and .warc files (also with .gz) and folders of them can be read", path))
		return
	}
	f, err := os.Open(path)
	if err != nil {
		im.fail(path, fmt.Errorf("%s: %w", path, plainPathError(err)))
		return
	}
	r := im.report.counted(f)
	if form == "warc" { // it unpacks its own members
		im.archive(path, readCloser{r, f})
		return
	}
	defer f.Close()
	if strings.HasSuffix(strings.ToLower(path), ".gz") {
		zr, err := gzip.NewReader(r)
		if err != nil {
			im.fail(path, fmt.Errorf("%s: it is not a gzip file: %w", path, err))
			return
		}
		defer zr.Close()
		r = zr
	}
	if form == "jsonl" {
		im.lines(path, r)
		return
	}
	body, err := readBounded(r)
	if err != nil {
		im.fail(path, fmt.Errorf("%s: %w", path, err))
		return
	}
	im.document(path, form, body)
}

// stream reads standard input: JSON Lines when it begins with an object, HTML
// when it begins with a tag, WARC when it begins with a record, packed or not,
// text otherwise.
func (im *importer) stream(name string, r io.Reader) {
	if r == nil {
		im.fail(name, errors.New("standard input: there is none"))
		return
	}
	head := make([]byte, 4096)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		im.fail(name, fmt.Errorf("standard input: %w", err))
		return
	}
	rest := im.report.counted(io.MultiReader(bytes.NewReader(head[:n]), r))
	form := sniffForm(head[:n])
	switch form {
	case "jsonl":
		im.lines(name, rest)
		return
	case "warc":
		im.archive(name, io.NopCloser(rest))
		return
	}
	body, err := readBounded(rest)
	if err != nil {
		im.fail(name, fmt.Errorf("standard input: %w", err))
		return
	}
	im.document(name, form, body)
}

func sniffForm(head []byte) string {
	head = bytes.TrimLeftFunc(bytes.TrimPrefix(head, []byte("\ufeff")), unicode.IsSpace)
	lower := bytes.ToLower(head[:min(len(head), 1024)])
	switch {
	case isWARCVersion(head[:min(len(head), 8)]), beginsRecord(head):
		return "warc"
	case bytes.HasPrefix(head, []byte("{")):
		return "jsonl"
	case bytes.HasPrefix(lower, []byte("<!doctype")), bytes.HasPrefix(lower, []byte("<html")), bytes.HasPrefix(lower, []byte("<?xml")),
		bytes.HasPrefix(lower, []byte("<!--")), bytes.HasPrefix(lower, []byte("<")) && bytes.Contains(lower, []byte("<body")),
		bytes.HasPrefix(lower, []byte("<")) && bytes.Contains(lower, []byte("<p")):
		return "html"
	}
	return "text"
}

func (im *importer) document(path, form string, body []byte) {
	page := &tenor.Page{Body: body, FetchedAt: im.known}
	var a tenor.Article
	var err error
	if form == "html" {
		a, err = Extract(page)
	} else {
		a, err = extractText(body, im.known, true)
	}
	a.File, a.KnownAt, page.URL = path, im.known, a.URL
	if path == standardInput {
		a.File = ""
	}
	if err != nil {
		im.emit(Imported{Article: a, Page: page}, fmt.Errorf("%s: %w", path, err))
		return
	}
	im.emit(Imported{Article: a, Page: page}, nil)
}

// savedArticle is a line of JSON Lines. Only text is needed.
type savedArticle struct {
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Published string   `json:"published"`
	Text      string   `json:"text"`
	Outlet    string   `json:"outlet"`
	Publisher string   `json:"publisher"`
	Authors   []string `json:"authors"`
	Language  string   `json:"language"`
	File      string   `json:"file"`
}

// lines reads one article a line, however long the file is. A line's File is its
// own "file", or the path and the number of the line.
func (im *importer) lines(path string, r io.Reader) {
	reader := newLineReader(r, maxImportBytes)
	for number := 1; !im.stopped; number++ {
		if err := im.ctx.Err(); err != nil {
			im.fail(path, fmt.Errorf("%s: %w", path, err))
			im.stopped = true
			return
		}
		line, err := reader.next()
		if errors.Is(err, io.EOF) {
			return
		}
		where := fmt.Sprintf("%s:%d", path, number)
		if err != nil {
			im.fail(where, fmt.Errorf("%s: %w", where, err))
			if !errors.Is(err, errLongLine) {
				return
			}
			continue
		}
		if number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		a, err := readSaved(line, where, im.known)
		page := &tenor.Page{URL: a.URL, Body: bytes.Clone(line), FetchedAt: im.known}
		if err != nil {
			err = fmt.Errorf("%s: %w", where, err)
		}
		im.emit(Imported{Article: a, Page: page}, err)
	}
}

// readSaved turns one JSON line into an article; what the line leaves out is
// read off its text.
func readSaved(line []byte, where string, known time.Time) (tenor.Article, error) {
	var s savedArticle
	if err := json.Unmarshal(line, &s); err != nil {
		return tenor.Article{File: where, KnownAt: known}, notSaved(err)
	}
	a, err := extractText([]byte(s.Text), known, s.Published == "")
	a.URL, a.File, a.KnownAt = pageAddress(s.URL), s.File, known
	if a.URL == "" && a.File == "" {
		a.File = where
	}
	a.Title = firstOf(plainText(s.Title), a.Title)
	a.Outlet = firstOf(plainText(s.Outlet), plainText(s.Publisher), a.Outlet)
	a.Language = firstOf(strings.ToLower(s.Language), a.Language)
	if len(s.Authors) > 0 {
		a.Authors = s.Authors
	}
	if s.Published != "" {
		d := parseStamp(s.Published, "record")
		if year, e := tenor.ParseDate(s.Published, "record"); e == nil && !d.Known() {
			d = year
		}
		switch {
		case !d.Known():
			return a, fmt.Errorf("%q is not a date like 2025-09-18", s.Published)
		case d.Time.After(latestDate(known)):
			return a, fmt.Errorf("its date %s lies in the future", d)
		}
		a.Published = d
	}
	return a, err
}

// notSaved says in a user's words why a line is no saved article.
func notSaved(err error) error {
	const want = `a line is an object like {"url": "…", "title": "…", "published": "2025-09-18", "text": "…"}`
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%q is a %s, which is not what it should be; %s", kind.Field, kind.Value, want)
	case errors.As(err, &kind):
		return fmt.Errorf("it is a JSON %s; %s", kind.Value, want)
	}
	return fmt.Errorf("it is not JSON (%w); %s", err, want)
}

type readCloser struct {
	io.Reader
	io.Closer
}

// importSize is the size of the files that an import of paths will read.
func importSize(paths []string) (total int64) {
	for _, path := range paths {
		filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && (file == path || importForm(file) != "") {
				if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
					total += info.Size()
				}
			}
			return nil
		})
	}
	return total
}

// readBounded reads all of r, or fails when that is more than an article can be.
func readBounded(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxImportBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxImportBytes {
		return nil, fmt.Errorf("it is larger than %d MiB", maxImportBytes>>20)
	}
	return body, nil
}

// plainPathError is the system's reason without the path, which callers name themselves.
func plainPathError(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
