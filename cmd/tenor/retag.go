package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/nlp"
	"tenor/store"
)

func newRetag(a *app) *cobra.Command {
	var preview bool
	c := &cobra.Command{
		Use:   "retag",
		Short: "Tag stored articles again with today's tagger",
		Long: `Retag tags every stored article again and replaces its quotes. Labels given by
people stay. --preview changes nothing: it lists each quote that would come, go or
have other labels, and says by how much the consensus would move.`,
		Example: `  tenor retag --preview
  tenor retag --preview | grep bullish
  tenor retag`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.retag(c.Context(), preview) },
	}
	c.Flags().BoolVar(&preview, "preview", false, "show what would change, and change nothing")
	return c
}

func (a *app) retag(ctx context.Context, preview bool) error {
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, a.db, store.Options{Now: a.now, Upgrading: a.upgrading, OnFull: a.full, Check: store.CheckAlways}) // never makes one
	if err != nil {
		return err
	}
	defer s.Close()
	c := changes{tagger: tagger.Version()}
	if preview {
		c.list = a.stdout
	}
	totals, err := s.Totals(ctx)
	if err != nil {
		return fmt.Errorf("retag: %w", err)
	}
	var seen atomic.Int64
	p := newProgress(a.stderr)
	stop := sync.OnceFunc(p.stop)
	defer stop()
	if !preview || !isTerminal(a.stdout) { // there the list itself shows how far it is
		p.start(func() string {
			return fmt.Sprintf("tagging again: %d of %s", seen.Load(), plural(totals.Articles, "article"))
		})
	}
	articles := 0
	again := func(article tenor.Article, err error) retagged {
		return retagOne(ctx, s, tagger, article, err, !preview)
	}
	for r := range inOrder(ctx, retagAtOnce, s.Articles(ctx), again) {
		seen.Add(1)
		switch {
		case r.err != nil:
			return r.err
		case r.untagged != nil:
			if !untagged(r.untagged) {
				fmt.Fprintln(p, explained(&r.article, r.untagged))
			}
			c.keep(r.before)
			continue
		}
		c.rejected = r.rejected
		if err := c.compare(&r.article, r.before, r.quotes); err != nil {
			return err
		}
		articles++
	}
	if err := ctx.Err(); err != nil { // what was tagged again stays so
		return err
	}
	stop()
	verb := "Tagged"
	if preview {
		verb = "Would tag"
	}
	a.warn("%s %s again: %d quotes new, %d gone, %d with another stance, %d with other labels, %d unchanged.",
		verb, plural(articles, "article"), c.added, c.removed, c.stance, c.labels, c.same)
	if !preview {
		return nil
	}
	today, err := s.Timeline(ctx, tenor.Filter{})
	if err != nil {
		return err
	}
	known, err := s.Decided(ctx)
	if err != nil {
		return err
	}
	tenor.JoinVoices(c.after, known)
	tenor.FoldCopies(c.after)
	then := tenor.Consensus(c.after, tenor.Filter{})
	then.Until(tenor.DayOf(a.now().In(tenor.Market)))
	a.warn("%s", moved(today, then))
	return nil
}

// retagAtOnce is how many articles are tagged again at a time: many more than there are
// cores, so that many share a transaction.
const retagAtOnce = 64

// retagged is an article as it was tagged before and is tagged now.
type retagged struct {
	article  tenor.Article
	before   []tenor.Record
	rejected []tenor.Record // of these people said that they are no quotes
	quotes   []tenor.Quote
	untagged error // why it has no quotes
	err      error
}

// retagOne tags an article anew, and puts the quotes in the place of the old ones where
// asked to.
func retagOne(ctx context.Context, s *store.Store, tagger *nlp.Tagger, article tenor.Article, err error, replace bool) retagged {
	if err != nil { // there is no article
		return retagged{err: fmt.Errorf("retag: %w", err)}
	}
	r := retagged{article: article}
	_, r.before, r.err = s.Article(ctx, article.ID)
	if r.err == nil {
		r.rejected, r.err = s.RemovedFrom(ctx, article.ID)
	}
	if r.err == nil {
		if r.quotes, r.untagged = tagArticle(tagger, &article); r.untagged == nil && replace {
			r.err = s.ReplaceQuotes(ctx, article.ID, r.quotes, tagger.Version())
		}
	}
	if r.err != nil {
		r.err = fmt.Errorf("retag %s: %w", article.Key(), r.err)
	}
	return r
}

// changes counts what tagging again does to the quotes. With a list it names each,
// and keeps the quotes as they would be, for the consensus of them.
type changes struct {
	tagger                               string // its version
	added, removed, stance, labels, same int
	list                                 io.Writer
	after                                []tenor.Record
	rejected                             []tenor.Record // of the article at hand: people said these are no quotes
}

// keep takes over quotes as they are.
func (c *changes) keep(records []tenor.Record) {
	if c.list == nil {
		return
	}
	for _, r := range records {
		r.Evidence = nil // not needed, and the most of a record
		r.Voice = ""     // the new ones are not stored, so names must do for all
		c.after = append(c.after, r)
	}
}

func (c *changes) compare(a *tenor.Article, before []tenor.Record, after []tenor.Quote) error {
	old := map[string]*tenor.Record{}
	for i := range before {
		old[before[i].ID] = &before[i]
	}
	for _, q := range after {
		if slices.ContainsFunc(c.rejected, func(r tenor.Record) bool { return r.ID == q.ID }) {
			c.same++ // it stays away
			continue
		}
		now := tenor.NewRecord(a, q, c.tagger)
		r := old[q.ID]
		delete(old, q.ID)
		change := ""
		switch {
		case r == nil:
			c.added++
			change = "new: " + labelsOf(&now)
		case r.LabelSource == tenor.LabelHuman:
			c.same++
			now = *r
		case r.Stance != q.Stance:
			c.stance++
			change = labelsOf(r) + " → " + labelsOf(&now)
		case labelsOf(r) != labelsOf(&now):
			c.labels++
			change = labelsOf(r) + " → " + labelsOf(&now)
		default:
			c.same++
		}
		c.keep([]tenor.Record{now})
		if err := c.print(&now, change); err != nil {
			return err
		}
	}
	c.removed += len(old)
	for i := range before { // in the order of the article
		if r := &before[i]; old[r.ID] != nil {
			if err := c.print(r, "gone: "+labelsOf(r)); err != nil {
				return err
			}
		}
	}
	return nil
}

// labelsOf are the labels of a quote on one line.
func labelsOf(r *tenor.Record) string {
	parts := []string{string(r.Stance), string(r.Subject), strings.Join(themeNames(r.Themes), ",")}
	if r.Horizon != tenor.HorizonNone {
		parts = append(parts, string(r.Horizon))
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// shownWords is how many letters of a quote a line of the preview has.
const shownWords = 60

func (c *changes) print(r *tenor.Record, change string) error {
	if c.list == nil || change == "" {
		return nil
	}
	words := []rune(oneLine(r.Text()))
	if len(words) > shownWords {
		words = append(words[:shownWords], '…')
	}
	_, err := fmt.Fprintf(c.list, "%s  %s  %s  “%s”\n", r.ID, change, oneLine(r.Speaker), string(words))
	return err
}

// moved says by how much one series of the consensus differs from another.
func moved(before, after *tenor.Timeline) string {
	days, differ := map[tenor.Day]bool{}, 0
	for _, t := range []*tenor.Timeline{before, after} {
		for _, p := range t.Points {
			days[p.Day] = true
		}
	}
	var worst tenor.Day
	most := 0.0
	for d := range days {
		b, n := before.At(d), after.At(d)
		if b.Tally == n.Tally {
			continue
		}
		differ++
		if by := math.Abs(n.Tally.Net() - b.Tally.Net()); by > most || by == most && (worst == 0 || d < worst) {
			most, worst = by, d
		}
	}
	if differ == 0 {
		return "The consensus would not move."
	}
	return fmt.Sprintf("The consensus would differ on %d of %s, most on %s: %+.1f of %s instead of %+.1f of %s.",
		differ, plural(len(days), "day"), worst,
		after.At(worst).Tally.Net(), plural(after.At(worst).N(), "voice"), before.At(worst).Tally.Net(), plural(before.At(worst).N(), "voice"))
}
