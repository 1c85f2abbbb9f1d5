package main

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
)

func newSourcesTest(a *app) *cobra.Command {
	var f sourceFlags
	var o crawlOptions
	var limit int
	c := &cobra.Command{
		Use:   "test NAME or URL",
		Short: "Show what a source would give, without any store",
		Long: `Test asks for a source's address, politely as a crawl does, and shows what it leads to:
of a feed, sitemap or listing which links would be taken, which left out, and why, and
what the first of them gives; of a page the title, date with its precision and where it
was read, authors, first paragraph and number of quotes, or why it is no article. Flags
override what tenor.toml says, so that a rule can be tried before it is written. Nothing
is stored. The exit status is 1 when nothing would be collected.`,
		Example: `  tenor sources test ledger
  tenor sources test https://harbor.example/markets/ --links '/markets/\d{4}/'
  tenor sources test https://pinecone.example/news/1 --kind page --keep div.story --date .stamp`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("name one source or address to test")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if limit < 0 {
				return usage("--limit must not be below 0")
			}
			path, named := a.configPath()
			cfg, chosen, err := o.sources(path, named, args)
			if err != nil {
				return err
			}
			s := chosen[0]
			if s.IsFolder() {
				return usage("%s is a folder; tenor extract %s shows what its files give", oneLine(s.Name), shellWord(s.Path))
			}
			if err := f.apply(c, &s); err != nil {
				return err
			}
			if s, err = crawler.NewSource(s); err != nil {
				return err
			}
			return a.testSource(c.Context(), cfg, s, limit)
		},
	}
	f.bind(c)
	c.Flags().IntVar(&limit, "limit", 10, "most links to show, of those taken and of those left out; 0 for all")
	c.Flags().StringArrayVar(&o.allowPrivate, "allow-private", nil, "private address that may be fetched, like 127.0.0.1:8000 (repeat)")
	return c
}

func (a *app) testSource(ctx context.Context, cfg crawler.Config, s crawler.Source, limit int) error {
	// Of the other sources nothing is asked, but a host's pause may be theirs.
	c, err := crawler.New(cfg, nil, nil, a.logger(a.stderr))
	if err != nil {
		return err
	}
	defer c.Close()
	for _, exception := range c.Exceptions([]crawler.Source{s}) {
		a.warn("%s", oneLine(exception))
	}
	p, err := c.Probe(ctx, s)
	if err != nil {
		return err
	}
	where := s.URL
	if p.URL != s.URL {
		where += " → " + p.URL
	}
	a.print("%s  %s\n", oneLine(s.Name), oneLine(where))
	if p.Note != "" {
		a.print("note: %s\n", oneLine(p.Note))
	}
	if p.Kind == tenor.FetchPage {
		a.print("\na single page:\n")
		return a.showExtracted(s, p)
	}
	first := a.showLinks(p, limit)
	for range 2 { // an index leads to its sitemaps, a page of links to its feed
		list, kind := p.Feed, "feed"
		if list == "" && len(p.Links) > 0 && p.Links[0].List {
			list, kind = p.Links[0].URL, string(p.Kind)
		}
		if first != "" || list == "" {
			break
		}
		further := s
		further.URL, further.Kind = list, kind
		if p, err = c.Probe(ctx, further); err != nil {
			return err
		}
		a.print("\n%s\n", oneLine(list))
		first = a.showLinks(p, limit)
	}
	if first == "" {
		return fmt.Errorf("source %s: no link would be taken", oneLine(s.Name))
	}
	a.print("\nthe first that would be taken:\n")
	return a.showExtracted(s, c.ProbePage(ctx, s, first))
}

// showLinks lists what a list leads to and returns the first page that would be taken.
func (a *app) showLinks(p *crawler.Probe, limit int) (first string) {
	taken, left, lists := 0, 0, 0
	for _, l := range p.Links {
		switch {
		case l.List:
			lists++
		case l.LeftOut != "":
			left++
		default:
			if taken++; taken == 1 {
				first = l.URL
			}
		}
	}
	a.print("a %s: %s would be taken, %d left out.\n", p.Kind, plural(taken, "link"), left)
	if lists > 0 {
		a.print("%s would be read too.\n", plural(lists, "further list"))
	}
	if p.Next != "" {
		a.print("the next page: %s\n", oneLine(p.Next))
	}
	if p.Feed != "" {
		a.print("its feed, read too: %s\n", oneLine(p.Feed))
	}
	shownTaken, shownLeft := 0, 0
	for _, l := range p.Links {
		shown, word := &shownTaken, "take"
		if l.LeftOut != "" {
			shown, word = &shownLeft, "leave"
		}
		if l.List {
			word = "list"
		}
		if *shown++; limit > 0 && *shown > limit {
			continue
		}
		about := l.LeftOut
		if about == "" {
			about = strings.Join(strings.Fields(l.Published.String()+" "+l.Title), " ")
		}
		if about != "" {
			about = "  (" + oneLine(about) + ")"
		}
		a.print("  %-5s  %s%s\n", word, oneLine(l.URL), about)
	}
	if more := max(shownTaken-limit, 0) + max(shownLeft-limit, 0); limit > 0 && more > 0 {
		a.print("  … and %d more; --limit 0 shows all\n", more)
	}
	return first
}

// showExtracted prints what a page gives, or why it gives nothing.
func (a *app) showExtracted(s crawler.Source, p *crawler.Probe) error {
	article, err := &p.Article, p.Err
	line := func(name, value string) {
		if value != "" {
			a.print("  %-9s %s\n", name, oneLine(value))
		}
	}
	if s.Outlet != "" {
		article.Outlet = s.Outlet
	}
	line("address", article.URL)
	line("type", string(article.PageType))
	line("title", article.Title)
	date := "unknown"
	if d := article.Published; d.Known() {
		date = fmt.Sprintf("%s (to the %s, from %s)", d, d.Precision, d.Source)
	}
	line("date", date)
	line("authors", strings.Join(article.Authors, ", "))
	line("outlet", article.Outlet)
	line("language", article.Language)
	if len(p.Idle) > 0 {
		line("note", "nothing on the page matches "+strings.Join(p.Idle, " or "))
	}
	if err != nil {
		return fmt.Errorf("nothing would be taken: %w", err)
	}
	paragraphs := strings.Split(article.Text, "\n\n")
	opening := []rune(paragraphs[0])
	if len(opening) > 300 {
		opening = append(opening[:300], '…')
	}
	line("text", fmt.Sprintf("%s, %s", plural(len(paragraphs), "paragraph"), plural(utf8.RuneCountInString(article.Text), "letter")))
	line("begins", string(opening))
	tagger, err := a.tagger()
	if err != nil {
		return err
	}
	quotes, err := tagArticle(tagger, article)
	switch {
	case untagged(err):
		line("quotes", "none: kept, and not tagged: "+err.Error())
		return nil
	case err != nil:
		return err
	}
	speakers := map[string]bool{}
	for _, q := range quotes {
		speakers[q.Speaker] = true
	}
	line("quotes", fmt.Sprintf("%d, of %s", len(quotes), plural(len(speakers), "speaker")))
	return nil
}

// print writes data to standard output.
func (a *app) print(format string, args ...any) { fmt.Fprintf(a.stdout, format, args...) }
