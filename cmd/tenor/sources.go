package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tenor"
)

func newSources(a *app) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "sources",
		Short: "List the sources and how each fares; add, remove, pause and test them",
		Long: `Sources lists where articles come from: when each source last answered and is visited
next, how many visits failed in a row, the articles and quotes a day over four weeks,
its state, and, for everything that was skipped or failed, how often and for what reason.

States: ok; new (not visited yet); paused; failing (the last visit failed, and it is
tried again, at least once a day for ever); silent (it answers, and far less comes than
it is used to give: nothing for longer than twice its longest pause, or a tenth of its
usual week).

The sources stand in tenor.toml. add, remove, pause and resume edit that file and leave
every other line of it as it is.`,
		Example: `  tenor sources
  tenor sources --format json
  tenor sources add https://ledger.example/feed.xml --name ledger
  tenor sources test ledger
  tenor sources pause ledger`,
		Args: unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error {
			if _, err := formatOf(format, "table", "json", "csv"); err != nil {
				return err
			}
			list, err := a.health(c.Context())
			if err != nil {
				return fmt.Errorf("list sources: %w", err)
			}
			switch format {
			case "json":
				return sourcesJSON(a.stdout, list, a.now())
			case "csv":
				return sourcesCSV(a.stdout, list, a.now())
			}
			if len(list) == 0 {
				a.warn("No source yet: add one with tenor sources add URL, or read files with tenor import PATH.")
				return nil
			}
			return sourcesTable(a.stdout, list, a.now())
		},
	}
	c.Flags().StringVar(&format, "format", "table", "table, json or csv")
	c.AddCommand(newSourcesAdd(a), newSourcesRemove(a), newSourcesPause(a),
		newSourcesResume(a), newSourcesTest(a), newSourcesImport(a), newSourcesExport(a))
	return c
}

// moment is a time as tables show it, or a word for none.
func moment(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// nextVisit is when a source is due, in words.
func nextVisit(h *tenor.SourceHealth, now time.Time) string {
	switch next, due := h.NextVisit(now); {
	case h.Paused:
		return "paused"
	case due:
		return "now due"
	default:
		return moment(next, "-") // in no schedule, or a page that was read
	}
}

func sourcesTable(out io.Writer, list []tenor.SourceHealth, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "source\tkind\tstate\tlast success\tnext visit\terrors\tarticles/day\tquotes/day\tarticles\tquotes\tqueued\tskipped\tfailed")
	for _, h := range list {
		state, _ := h.State()
		kind := h.Kind
		if kind == "" {
			kind = "-"
		}
		articles, quotes := h.Rates(now)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\t%d\t%d\t%d\t%d\t%d\n", oneLine(h.Name), kind, state,
			moment(h.LastSuccess, "never"), nextVisit(&h, now), h.ErrorStreak, rate(articles), rate(quotes),
			h.Articles, h.Quotes, h.Queued, h.Skipped, h.Failed)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var b strings.Builder
	for _, h := range list {
		var lines []string
		if state, why := h.State(); h.Untold() != "" && (state == tenor.SourceSilent || state == tenor.SourceFailing) {
			lines = append(lines, fmt.Sprintf("  %s: %s", state, oneLine(why)))
		}
		if h.RobotsIgnore {
			lines = append(lines, `  robots.txt of its site is not asked (robots = "ignore")`)
		}
		for _, r := range h.Reasons {
			lines = append(lines, reasonLine(r))
		}
		if len(lines) > 0 {
			fmt.Fprintf(&b, "\n%s\n%s\n", oneLine(h.Name), strings.Join(lines, "\n"))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func rate(perDay float64) string { return strconv.FormatFloat(perDay, 'f', 1, 64) }

// sourceRecords are the sources as JSON and CSV have them.
func sourceRecords(list []tenor.SourceHealth, now time.Time) []tenor.SourceJSON {
	records := make([]tenor.SourceJSON, 0, len(list))
	for i := range list {
		records = append(records, list[i].JSON(now))
	}
	return records
}

func sourcesJSON(w io.Writer, list []tenor.SourceHealth, now time.Time) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sourceRecords(list, now))
}

func sourcesCSV(out io.Writer, list []tenor.SourceHealth, now time.Time) error {
	w := csv.NewWriter(out)
	w.Write([]string{"name", "url", "kind", "state", "why", "last_success", "last_visit", "next_visit", "error_streak", "last_error",
		"articles_per_day", "quotes_per_day", "articles", "quotes", "queued", "done", "skipped", "failed", "robots"})
	for _, r := range sourceRecords(list, now) {
		w.Write([]string{r.Name, r.URL, r.Kind, string(r.State), r.Why, r.LastSuccess, r.LastVisit, r.NextVisit, strconv.Itoa(r.ErrorStreak), r.LastError,
			strconv.FormatFloat(r.ArticlesADay, 'f', 3, 64), strconv.FormatFloat(r.QuotesADay, 'f', 3, 64), strconv.Itoa(r.Articles), strconv.Itoa(r.Quotes),
			strconv.Itoa(r.Queued), strconv.Itoa(r.Done), strconv.Itoa(r.Skipped), strconv.Itoa(r.Failed), r.Robots})
	}
	w.Flush()
	return w.Error()
}
