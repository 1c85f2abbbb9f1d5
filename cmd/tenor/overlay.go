package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tenor"
	"tenor/crawler/tomlfile"
)

// chartFile is what of a tenor.toml says what is drawn beside the consensus.
type chartFile struct {
	Chart struct {
		Series []string `toml:"series"`
		Events []string `toml:"events"`
	} `toml:"chart"`
}

var chartKeys = tomlfile.Keys{
	Known: map[string][]string{"chart": {"series", "events"}},
	Forms: map[string]string{
		"chart":        "a table, under [chart]",
		"chart.series": `a list of files like ["prices.csv"]`,
		"chart.events": `a list of files like ["events.csv"]`,
	},
}

// overlayLook is how often the files are looked at while pages are asked for.
const overlayLook = time.Second

// overlayFiles reads the CSV files that flags or [chart] of tenor.toml name, and again
// when they change. A file that is broken later is told of, and what was read before stays.
type overlayFiles struct {
	series, events []string // of the flags; both empty: tenor.toml names them
	config         string
	named          bool // the configuration was asked for, so that it must be there
	now            func() time.Time

	mu     sync.Mutex
	looked time.Time
	marks  []fileMark // of the files as last read, well or not
	last   tenor.Overlay
	err    error
}

// fileMark tells whether a file is as it was.
type fileMark struct {
	path  string
	size  int64
	mtime time.Time
	gone  bool
}

func markOf(path string) fileMark {
	info, err := os.Stat(path)
	if err != nil {
		return fileMark{path: path, gone: true}
	}
	return fileMark{path: path, size: info.Size(), mtime: info.ModTime()}
}

// overlay is what is drawn now. With an error it is what was last read well.
func (o *overlayFiles) overlay() (tenor.Overlay, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.now()
	if o.marks != nil && now.Sub(o.looked) < overlayLook && !now.Before(o.looked) {
		return o.last, o.err
	}
	o.looked = now
	if o.marks != nil && !slices.ContainsFunc(o.marks, func(m fileMark) bool { return markOf(m.path) != m }) {
		return o.last, o.err
	}
	read, marks, err := o.read()
	if o.marks, o.err = marks, err; err == nil {
		o.last = read
	}
	return o.last, o.err
}

// read reads all files, and notes how each was before.
func (o *overlayFiles) read() (all tenor.Overlay, marks []fileMark, err error) {
	series, events := o.series, o.events
	marks = []fileMark{}
	if len(series)+len(events) == 0 {
		marks = append(marks, markOf(o.config))
		if series, events, err = o.configured(); err != nil {
			return all, marks, err
		}
	}
	for _, path := range series {
		marks = append(marks, markOf(path))
		data, err := readBounded(path)
		if err != nil {
			return all, marks, err
		}
		base := filepath.Base(path)
		curves, err := tenor.ParseCurves(base, strings.TrimSuffix(base, filepath.Ext(base)), data)
		if err != nil {
			return all, marks, err
		}
		for _, c := range curves {
			if all.Curve(c.Name) != nil {
				return all, marks, usage("%s: another file has the series %q already", base, c.Name)
			}
			all.Curves = append(all.Curves, c)
		}
	}
	for _, path := range events {
		marks = append(marks, markOf(path))
		data, err := readBounded(path)
		if err != nil {
			return all, marks, err
		}
		list, err := tenor.ParseEvents(filepath.Base(path), data)
		if err != nil {
			return all, marks, err
		}
		all.Events = append(all.Events, list...)
	}
	slices.SortStableFunc(all.Events, func(a, b tenor.Event) int { return int(a.Day - b.Day) })
	return all, marks, nil
}

// configured are the files that tenor.toml names, which stand beside it.
func (o *overlayFiles) configured() (series, events []string, err error) {
	data, err := os.ReadFile(o.config)
	switch {
	case err != nil && !o.named && errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("read the configuration: %w", err)
	}
	var f chartFile
	if _, err := tomlfile.Decode(o.config, data, &f, chartKeys); err != nil {
		return nil, nil, err
	}
	beside := func(paths []string) []string {
		list := make([]string, len(paths))
		for i, path := range paths {
			if list[i] = path; !filepath.IsAbs(path) {
				list[i] = filepath.Join(filepath.Dir(o.config), path)
			}
		}
		return list
	}
	return beside(f.Chart.Series), beside(f.Chart.Events), nil
}

// readBounded reads a file of at most one byte more than may be drawn.
func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read what is drawn beside the chart: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, tenor.MaxOverlayBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return data, nil
}
