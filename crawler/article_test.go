package crawler

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor"
)

// pageTruth is what a page of testdata should become, in the order and under the
// names of `tenor extract`; "no_article" is the reason where it holds none.
type pageTruth struct {
	PageType    string   `json:"page_type"`
	Title       string   `json:"title"`
	Authors     []string `json:"authors"`
	Outlet      string   `json:"outlet"`
	Published   string   `json:"published"`
	Precision   string   `json:"published_precision"`
	Source      string   `json:"published_source"`
	Modified    string   `json:"modified,omitempty"`
	DateNote    string   `json:"date_note,omitempty"`
	Language    string   `json:"language"`
	Forwarded   string   `json:"forwarded"`
	Translation string   `json:"translation"`
	NoArticle   string   `json:"no_article"`
	Text        string   `json:"text"`
}

// Each page names its trap in a comment. A new one is a pair of files.
func TestExtract(t *testing.T) {
	pages, err := filepath.Glob("testdata/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal("no pages in testdata", err)
	}
	for _, path := range pages {
		name := strings.TrimSuffix(path, ".html")
		t.Run(filepath.Base(name), func(t *testing.T) {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(name + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var want pageTruth
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			got := truthOf(Extract(&tenor.Page{Body: body, FetchedAt: time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)}))
			g, _ := json.MarshalIndent(got, "", "  ")
			w, _ := json.MarshalIndent(want, "", "  ")
			if string(g) != string(w) {
				t.Errorf("got\n%s\nwant\n%s", g, w)
			}
		})
	}
}

func truthOf(a tenor.Article, err error) pageTruth {
	truth := pageTruth{
		PageType: string(a.PageType), Title: a.Title, Authors: a.Authors, Outlet: a.Outlet,
		Published: a.Published.String(), Precision: string(a.Published.Precision), Source: a.Published.Source,
		Modified: a.Modified.String(), DateNote: a.DateNote, Language: a.Language, Forwarded: a.Forwarded, Translation: string(a.Translation), Text: a.Text,
	}
	if err != nil {
		truth.NoArticle = err.Error()
		truth.Text = ""
		if !errors.Is(err, tenor.ErrNoArticle) {
			truth.NoArticle = "not tenor.ErrNoArticle: " + err.Error()
		}
	}
	return truth
}
