package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/nlp/score"
	"tenor/store"
)

func newLabels(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "labels",
		Short: "Write what people corrected as labelled articles, and read it back",
		Long: `Labels are what people say of quotes: corrections made on the pages of tenor serve.
They win over the tagger, outlive retag and crawl, and can be undone there.`,
		Example: `  tenor labels export --out corrected.jsonl
  tenor eval corrected.jsonl --errors
  tenor labels import corrected.jsonl --db other.db`,
		Args: unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newLabelsExport(a), newLabelsImport(a))
	return c
}

func newLabelsExport(a *app) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the articles in which people corrected quotes, in the format of tenor eval",
		Long: `Export writes one article a line, each in which a person corrected or confirmed a
quote, as tenor eval reads it. Quotes that a person judged are labelled; the others of
the article are marked optional, so that it costs nothing to miss or to find them; what
a person said is no quote is left out, and costs whoever finds it. Fields of a judged
quote that nobody corrected are as the tagger gave them: "corrections" says which were
judged, by whom, when and why.`,
		Example: `  tenor labels export > corrected.jsonl
  tenor labels export --out corrected.jsonl
  tenor eval corrected.jsonl`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return a.exportLabels(c.Context(), a.stdout)
			}
			return writeWhole(out, func(w io.Writer) error { return a.exportLabels(c.Context(), w) })
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "file to write; standard output where none is named")
	return c
}

func newLabelsImport(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE…",
		Short: "Read the corrections that labels export wrote, into this store",
		Long: `Import adds corrections that were made in another store, with the names and times
they were made under. It takes those of quotes that this store has; running it again
adds nothing.`,
		Example: `  tenor labels import corrected.jsonl
  tenor labels import corrected.jsonl --db other.db`,
		Args: atLeastOne("file that labels export wrote"),
		RunE: func(c *cobra.Command, files []string) error { return a.importLabels(c.Context(), files) },
	}
}

// labelledQuote is a quote as tenor eval reads it, and what people said of it.
type labelledQuote struct {
	ID string `json:"id"`
	score.Quote
	Corrections []tenor.Correction `json:"corrections,omitempty"`
}

// labelledArticle is a line of a file of labels.
type labelledArticle struct {
	File      string          `json:"file"`
	URL       string          `json:"url,omitempty"`
	Title     string          `json:"title"`
	Publisher string          `json:"publisher"`
	Published string          `json:"published"`
	Text      string          `json:"text"`
	Quotes    []labelledQuote `json:"quotes"`
	NotQuotes []labelledQuote `json:"not_quotes,omitempty"`
}

func (a *app) exportLabels(ctx context.Context, out io.Writer) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	w := bufio.NewWriter(out)
	lines := json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	judged, articles := 0, 0
	ids, err := s.LabelledArticles(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		line, n, err := labelled(ctx, s, id)
		if errors.Is(err, tenor.ErrNotFound) {
			continue // it was taken down meanwhile
		}
		if err != nil {
			return err
		}
		if err := lines.Encode(line); err != nil {
			return fmt.Errorf("write labels: %w", err)
		}
		judged, articles = judged+n, articles+1
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write labels: %w", err)
	}
	if articles == 0 {
		a.warn("Nobody corrected anything yet: the pages of tenor serve are for that, /review first.")
		return nil
	}
	a.warn("%s that people judged, in %s.", plural(judged, "quote"), plural(articles, "article"))
	return nil
}

// labelled is an article with its quotes, and how many of them people judged.
func labelled(ctx context.Context, s *store.Store, id int64) (line labelledArticle, judged int, err error) {
	article, records, err := s.Article(ctx, id)
	if err != nil {
		return line, 0, err
	}
	line = labelledArticle{
		File: article.File, URL: article.URL, Title: article.Title, Publisher: article.Outlet, Published: article.Published.String(), Text: article.Text,
		Quotes: []labelledQuote{},
	}
	if line.File = path.Base(line.File); article.File == "" {
		line.File = fmt.Sprintf("article-%d.txt", id)
	}
	one := func(r *tenor.Record) (labelledQuote, error) {
		q := labelledQuote{ID: r.ID, Quote: score.Quote{
			Segments: r.Segments, Kind: r.Kind, Speaker: r.Speaker, SpeakerType: r.SpeakerType, Firm: r.Firm, Role: r.Role,
			Stance: r.Stance, Themes: append([]tenor.Theme{}, r.Themes...), ThemesMaybe: []tenor.Theme{}, Subject: r.Subject,
		}}
		list, err := s.Corrections(ctx, r.ID)
		q.Corrections = slices.DeleteFunc(list, func(c tenor.Correction) bool { return c.Undone() })
		slices.Reverse(q.Corrections) // as they were made
		if q.Optional = len(q.Corrections) == 0; !q.Optional {
			judged++
		}
		return q, err
	}
	for i := range records {
		q, err := one(&records[i])
		if err != nil {
			return line, 0, err
		}
		line.Quotes = append(line.Quotes, q)
	}
	removed, err := s.RemovedFrom(ctx, id)
	if err != nil {
		return line, 0, err
	}
	for i := range removed {
		q, err := one(&removed[i])
		if err != nil {
			return line, 0, err
		}
		line.NotQuotes = append(line.NotQuotes, q)
	}
	return line, judged, nil
}

// maxLabelLine bounds a line of a file of labels: an article with its quotes.
const maxLabelLine = 16 << 20

func (a *app) importLabels(ctx context.Context, files []string) error {
	var list []tenor.Correction
	for _, file := range files {
		corrections, err := readLabels(file)
		if err != nil {
			return err
		}
		list = append(list, corrections...)
	}
	if len(list) == 0 {
		return errors.New("there are no corrections in it; tenor labels export writes them")
	}
	s, err := store.Open(ctx, a.db, store.Options{Now: a.now, Upgrading: a.upgrading, OnFull: a.full, Check: store.CheckAlways}) // never makes one
	if err != nil {
		return err
	}
	defer s.Close()
	added, unknown, err := s.ImportCorrections(ctx, list)
	if err != nil {
		return err
	}
	a.warn("%s new, %d here already.", plural(added, "correction"), len(list)-added-unknown)
	if unknown > 0 {
		a.warn("%s of quotes that this store does not have: import or crawl their articles, then run this again.", plural(unknown, "correction"))
	}
	return nil
}

func readLabels(file string) (list []tenor.Correction, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLabelLine)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var line labelledArticle
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("read labels: %s: line %d is not a labelled article: %w", file, n, err)
		}
		for _, q := range slices.Concat(line.Quotes, line.NotQuotes) {
			for _, c := range q.Corrections {
				c.QuoteID = q.ID
				list = append(list, c)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read labels: %s: %w", file, err)
	}
	return list, nil
}
