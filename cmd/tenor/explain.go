package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tenor"
)

func newExplain(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "explain QUOTE-ID",
		Short: "Show why a quote has its labels",
		Long: `Explain tags the article of a stored quote again and shows, for its speaker and each
label, the words that decided, what they weigh (in log odds, for the label and against
the runner-up) and the runner-up. The identifier of a quote stands at the end of its
card in tenor search, in its address in the web view, and in every export.`,
		Example: `  tenor explain 9f86d081884c7d65
  tenor search "soft landing" --limit 1    ends in such an identifier`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("name one quote by its identifier, as tenor search shows it")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.explain(c.Context(), args[0]) },
	}
}

func (a *app) explain(ctx context.Context, id string) error {
	s, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	record, err := s.Record(ctx, id)
	if err != nil {
		return err
	}
	article, _, err := s.Article(ctx, record.ArticleID)
	if err != nil {
		return err
	}
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	e, err := tagger.Explain(&article, id)
	if err != nil {
		return fmt.Errorf("%w; tenor retag brings the store up to date", err)
	}
	return writeExplanation(a.stdout, &article, &record, &e)
}

// writeExplanation prints an explanation, a label a paragraph.
func writeExplanation(w io.Writer, a *tenor.Article, stored *tenor.Record, e *tenor.Explanation) error {
	var b strings.Builder
	q := &e.Quote
	fmt.Fprintf(&b, "%s\n", who(q.Speaker, q.Firm, q.SpeakerType))
	for _, line := range wrap(oneLine(strings.Join(q.Segments(a.Text), " … ")), defaultWidth-2) {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	fmt.Fprintf(&b, "\n%-8s %.2f  known by %s", "speaker", q.Attribution, q.Resolved)
	for _, ev := range q.Evidence {
		if ev.Tag == "cue" || ev.Tag == "speaker" {
			fmt.Fprintf(&b, ", %s %q", ev.Tag, oneLine(ev.Span.In(a.Text)))
		}
	}
	b.WriteByte('\n')
	for i := range e.Labels {
		writeReasons(&b, a, e, &e.Labels[i])
	}
	if stored.LabelSource == tenor.LabelHuman {
		fmt.Fprintf(&b, "\nA person has labelled this quote %s, %s, which stands.\n", stored.Stance, stored.Subject)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeReasons(b *strings.Builder, a *tenor.Article, e *tenor.Explanation, l *tenor.LabelReasons) {
	fmt.Fprintf(b, "\n%-8s %.2f  %s", l.Label, l.Share, l.Value)
	switch {
	case l.Rule != "" && l.RunnerUp != "":
		fmt.Fprintf(b, ", in place of %s", l.RunnerUp)
	case l.RunnerUp != "":
		fmt.Fprintf(b, ", before %s %.2f", l.RunnerUp, l.Second)
	}
	b.WriteByte('\n')
	for _, ev := range e.Shown(l) {
		fmt.Fprintf(b, "         shown for it: %s\n", oneLine(ev.Span.In(a.Text)))
	}
	if l.Rule != "" {
		fmt.Fprintf(b, "         %s\n", l.Rule)
		return
	}
	for _, r := range l.Reasons {
		fmt.Fprintf(b, "  %+.2f  %s\n", r.Weight, oneLine(r.Span.In(a.Text)))
	}
	fmt.Fprintf(b, "  %+.2f  all else: what the phrase lists find, the article, other words\n", l.Rest)
	if l.HeldBack() {
		fmt.Fprintf(b, "         %s was held back: no words can be shown for it, or the view turns with time\n", l.RunnerUp)
	}
}

// who names a speaker with the firm.
func who(speaker, firm string, kind tenor.SpeakerType) string {
	name := oneLine(speaker)
	if firm != "" && kind != tenor.Institution {
		name += ", " + oneLine(firm)
	}
	return name
}
