// Package score compares quotes found in articles with quotes that people
// labelled, and says how many were found, how many were invented, and how often
// the labels agree.
//
//	gold.go   labelled articles, one JSON object a line
//	match.go  when two names, firms or passages are the same
//	score.go  the figures
package score

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tenor"
)

// Article is a labelled article.
type Article struct {
	File      string  `json:"file"`
	Text      string  `json:"text"`
	Title     string  `json:"title"`
	Publisher string  `json:"publisher"`
	Published string  `json:"published"`
	Quotes    []Quote `json:"quotes"`

	apart bool // the line has no text: it stands in a file
}

// Quote is a labelled quote. Segments are verbatim words of the article, in order.
type Quote struct {
	Segments    []string          `json:"segments"`
	Kind        tenor.Kind        `json:"kind"`
	Speaker     string            `json:"speaker"`
	SpeakerType tenor.SpeakerType `json:"speaker_type"`
	Firm        string            `json:"firm"`
	Role        string            `json:"role"`
	Stance      tenor.Stance      `json:"stance"`
	Themes      []tenor.Theme     `json:"themes"`
	// ThemesMaybe are themes on which good readers differ: neither demanded nor
	// counted as false.
	ThemesMaybe []tenor.Theme `json:"themes_maybe"`
	Subject     tenor.Subject `json:"subject"`
	// Optional quotes are those on which good readers differ: it costs nothing to
	// miss one and nothing to find it.
	Optional bool `json:"optional"`
}

// maxLine bounds a line of a labelled file: an article with its quotes.
const maxLine = 16 << 20

// ReadFile reads labelled articles, one JSON object a line. An article without a
// text of its own is read from the folder texts, or, when that is empty, from
// beside the file or from a folder there that is named as the file is
// ("reuters/" for "reuters.jsonl").
func ReadFile(path, texts string) ([]Article, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read labelled articles: %w", err)
	}
	defer f.Close()
	articles, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("read labelled articles in %s: %w", path, err)
	}
	folders := []string{texts}
	if texts == "" {
		beside := filepath.Dir(path)
		named := filepath.Base(path[:len(path)-len(filepath.Ext(path))])
		folders = []string{beside, filepath.Join(beside, named), filepath.Join(beside, "..", named)}
	}
	for i := range articles {
		if !articles[i].apart {
			continue
		}
		text, err := readText(folders, articles[i].File)
		if err != nil {
			return nil, fmt.Errorf("read the text of %s, labelled in %s (name its folder with --texts): %w", articles[i].File, path, err)
		}
		articles[i].Text = text
	}
	return articles, nil
}

func readText(folders []string, file string) (string, error) {
	var firstErr error
	for _, folder := range folders {
		text, err := os.ReadFile(filepath.Join(folder, file))
		if err == nil {
			return string(text), nil
		}
		if firstErr == nil {
			firstErr = err
		}
	}
	return "", firstErr
}

// Read reads labelled articles, one JSON object a line.
func Read(r io.Reader) ([]Article, error) {
	var articles []Article
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var line struct {
			Article
			Text *string `json:"text"` // may be empty, which is not the same as absent
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("line %d is not a labelled article: %w", n, err)
		}
		a := line.Article
		if a.apart = line.Text == nil; !a.apart {
			a.Text = *line.Text
		}
		if a.File == "" {
			return nil, fmt.Errorf(`line %d names no "file"`, n)
		}
		articles = append(articles, a)
	}
	return articles, lines.Err()
}
