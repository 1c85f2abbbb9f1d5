package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/store"
)

func newHistory(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "history ADDRESS, FILE or ARTICLE-ID",
		Short: "Show what an article said before, and which quotes changed",
		Long: `History lists the versions of an article: one each time a later visit or import
found other words, white space aside. Between two versions it prints the title and
the paragraphs that changed, [-what went-]{+what came+}, and the quotes that are gone,
new or reworded. A quote that is gone counts no longer, save as of a day (--asof) on
which it still stood. The number of an article stands in its address in the web view.`,
		Example: `  tenor history https://ledger.example/markets/1
  tenor history saved/story.html
  tenor history 17 --db markets.db`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("name one article by its address, file or number")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.history(c.Context(), args[0]) },
	}
}

func (a *app) history(ctx context.Context, name string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	id, err := s.FindArticle(ctx, storedName(ctx, s, name))
	if err != nil {
		return err
	}
	versions, err := s.Versions(ctx, id)
	if err != nil {
		return err
	}
	article, _, err := s.Article(ctx, id)
	if err != nil {
		return err
	}
	width := a.width()
	if width <= 0 {
		width = defaultWidth
	}
	return writeHistory(a.stdout, &article, versions, min(max(width, 40), 140))
}

// storedName is how the store calls the article that a user names. Files in a folder that is
// a source are called by their whole paths, wherever the user stands.
func storedName(ctx context.Context, s *store.Store, name string) string {
	if _, err := s.FindArticle(ctx, name); !errors.Is(err, tenor.ErrNotFound) {
		return name
	}
	whole, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if _, err := s.FindArticle(ctx, whole); err != nil {
		return name
	}
	return whole
}

func writeHistory(w io.Writer, a *tenor.Article, versions []tenor.Version, width int) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", cmp.Or(oneLine(a.Title), "Untitled article"), oneLine(nameOf(a)))
	block := func(indent int, text string) {
		for _, line := range wrap(oneLine(text), width-indent) {
			fmt.Fprintf(&b, "%*s%s\n", indent, "", line)
		}
	}
	quotes := func(heading string, v *tenor.Version, list []tenor.Quote) {
		for i := range list {
			q := &list[i]
			fmt.Fprintf(&b, "  quote %s: %s %s  %s\n", heading, stanceSign(q.Stance), q.Stance, who(q.Speaker, q.Firm, ""))
			block(4, strings.Join(q.Segments(v.Text), " … "))
		}
	}
	for i := range versions {
		v := &versions[i]
		collected := "collected"
		if v.Archived() {
			collected = "in an archive of"
		}
		fmt.Fprintf(&b, "\nversion %d, %s %s: %s", v.Number, collected, v.Seen().UTC().Format("2006-01-02 15:04 UTC"), plural(len(v.Quotes), "quote"))
		if v.Published.Known() {
			fmt.Fprintf(&b, ", dated %s", v.Published)
		}
		if v.Until.After(v.KnownAt) {
			fmt.Fprintf(&b, ", replaced %s", v.Until.UTC().Format(time.DateOnly))
		}
		b.WriteByte('\n')
		if i == 0 {
			continue
		}
		before := &versions[i-1]
		c := tenor.Compare(before, v)
		if c.Title != nil {
			fmt.Fprintf(&b, "  title\n")
			block(4, wordDiff(c.Title))
		}
		for _, p := range c.Paragraphs {
			fmt.Fprintf(&b, "  paragraph %d\n", p.Number)
			block(4, wordDiff(p.Edits))
		}
		for _, pair := range c.Reworded {
			fmt.Fprintf(&b, "  quote reworded: %s", who(pair[1].Speaker, pair[1].Firm, ""))
			if pair[0].Stance != pair[1].Stance {
				fmt.Fprintf(&b, ", %s %s before, %s %s now", stanceSign(pair[0].Stance), pair[0].Stance, stanceSign(pair[1].Stance), pair[1].Stance)
			}
			b.WriteByte('\n')
			block(4, "before: "+strings.Join(pair[0].Segments(before.Text), " … "))
			block(4, "now: "+strings.Join(pair[1].Segments(v.Text), " … "))
		}
		quotes("gone", before, c.Gone)
		quotes("new", v, c.New)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wordDiff writes edits as git diff --word-diff does.
func wordDiff(edits []tenor.Edit) string {
	words := make([]string, len(edits))
	for i, e := range edits {
		switch words[i] = e.Text; e.Op {
		case tenor.Deleted:
			words[i] = "[-" + e.Text + "-]"
		case tenor.Inserted:
			words[i] = "{+" + e.Text + "+}"
		}
	}
	return strings.Join(words, " ")
}
