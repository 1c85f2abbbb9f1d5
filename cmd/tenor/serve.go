package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/crawler"
	"tenor/nlp"
	"tenor/nlp/score"
	"tenor/store"
	"tenor/web"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	addr  string
	token string
	crawl bool
	who   string // corrects where a browser says no name
	// readOnly: nobody can correct.
	readOnly bool
	// series and events are CSV files that are drawn beside the consensus; none: those of
	// tenor.toml.
	series, events []string
	// overlay is drawn instead; nil: the files.
	overlay web.Overlay
	file    string // whose sources are shown with those of the store; empty: none
	// sources says what is collected, with crawl.
	sources crawlOptions
}

func newServe(a *app) *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "Show the consensus, the quotes and the articles in the browser",
		Long: `Serve opens the web view of a store and prints its address. It listens on this
machine only; to be reached from others it needs --addr and a token, which a
browser gives once as ?token=… and a script as "Authorization: Bearer …".

Quotes are corrected on their own page and, the doubtful ones one after the other, on
/review: one key each. A correction is signed with the name that the browser gives, or
--who. With --read-only, and where the store cannot be written to, the pages only show.

With --crawl it also visits the sources of tenor.toml whenever they are due, as tenor
crawl --every does, and watches those that are folders; the page /sources shows how each
fares and when it is visited next.

--series draws a price, or any figure by day, on an axis of its own beside the
consensus, and --events marks days: CSV with date,value[,name] and date,label[,url].
[chart] in tenor.toml names them for good (series = ["prices.csv"], events =
["events.csv"]). The files are read again when they change.`,
		Example: `  tenor serve
  tenor serve --db markets.db --addr 127.0.0.1:9000
  tenor serve --crawl --every 30m
  tenor serve --read-only
  tenor serve --who "Ada Quill"
  tenor serve --series prices.csv --events events.csv
  TENOR_TOKEN=… tenor serve --addr 0.0.0.0:8080`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			o.file, _ = a.configPath()
			switch {
			case o.crawl && o.readOnly:
				return usage("--crawl writes to the store, and --read-only forbids it; give one of them")
			case o.crawl:
				return a.serveAndCrawl(c.Context(), o)
			case c.Flags().Changed("every"):
				return usage("--every says how often --crawl visits a source; give both, or neither")
			}
			s, err := a.servedStore(c.Context(), &o)
			if err != nil {
				return err
			}
			defer s.Close()
			return a.serve(c.Context(), s, o)
		},
	}
	c.Flags().StringVar(&o.addr, "addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	c.Flags().StringVar(&o.token, "token", os.Getenv("TENOR_TOKEN"), "secret that every request must show (or $TENOR_TOKEN)")
	c.Flags().Lookup("token").DefValue = "" // help must not print the secret
	c.Flags().BoolVar(&o.readOnly, "read-only", false, "only show: nobody corrects anything")
	c.Flags().StringVar(&o.who, "who", os.Getenv("USER"), "name of whoever corrects, where the browser says no other (or $USER)")
	c.Flags().StringArrayVar(&o.series, "series", nil, "CSV of date,value[,name] to draw beside the consensus; may be given again")
	c.Flags().StringArrayVar(&o.events, "events", nil, "CSV of date,label[,url] to mark; may be given again")
	c.Flags().BoolVar(&o.crawl, "crawl", false, "also visit the sources of tenor.toml, for as long as it serves")
	c.Flags().DurationVar(&o.sources.every, "every", 15*time.Minute, "with --crawl: visit a source this often at most")
	return c
}

// servedStore opens the store so that it can be corrected or, where it cannot be written
// to, only shown; o says which. While the disk is full a correction fails at once: somebody
// waits for the page.
func (a *app) servedStore(ctx context.Context, o *serveOptions) (*store.Store, error) {
	reading := store.Options{ReadOnly: true, Resident: true, Now: a.now}
	if o.readOnly {
		return store.Open(ctx, a.db, reading)
	}
	f, err := os.OpenFile(a.db, os.O_RDWR, 0) // SQLite itself would say so at the first correction
	if err == nil {
		f.Close()
		var s *store.Store
		if s, err = store.Open(ctx, a.db, store.Options{Resident: true, Now: a.now, Upgrading: a.upgrading}); err == nil {
			return s, nil
		}
	}
	o.readOnly = true
	s, readErr := store.Open(ctx, a.db, reading)
	if readErr != nil {
		return nil, readErr
	}
	a.warn("Nothing can be corrected, for the store cannot be written to: %s.", err)
	return s, nil
}

// lazyTagger loads the tagger once, so that serving starts at once: in the background (warm),
// and whoever asks before that is done waits for it.
type lazyTagger func() (*nlp.Tagger, error)

// warm loads all that a page needs. What goes wrong is said to the first who asks.
func (load lazyTagger) warm() {
	if t, err := load(); err == nil {
		t.Warm()
	}
}

func (load lazyTagger) ExplainAll(article *tenor.Article) ([]tenor.Explanation, error) {
	t, err := load()
	if err != nil {
		return nil, err
	}
	return t.ExplainAll(article)
}

// warcArchiver writes single pages as tenor archive export writes all.
type warcArchiver struct{}

func (warcArchiver) WritePage(out io.Writer, p *tenor.Page, article *tenor.Article) error {
	file, err := crawler.NewWARCWriter(out, "tenor-"+strconv.FormatInt(article.ID, 10)+".warc.gz", p.FetchedAt)
	if err != nil {
		return err
	}
	return file.Page(p, article)
}

// serveAndCrawl shows the store and fills it until the context ends. That the crawl meets
// an error never ends the showing.
func (a *app) serveAndCrawl(ctx context.Context, o serveOptions) error {
	s, err := store.Open(ctx, a.db, store.Options{Create: true, Resident: true, Now: a.now, Upgrading: a.upgrading, OnFull: a.full, Check: store.CheckAlways})
	if err != nil {
		return err
	}
	defer s.Close()
	w, err := a.newScheduler(ctx, s, &o.sources, nil)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	crawled := make(chan struct{})
	go func() {
		defer close(crawled)
		w.run(ctx)
	}()
	defer func() { // what it has in hand goes into the store before that is closed
		stop()
		<-crawled
	}()
	return a.serve(ctx, s, o)
}

// drain is how long a stop waits for answers that are being sent.
const drain = 3 * time.Second

// serve shows the store until the context ends, which is no error.
func (a *app) serve(ctx context.Context, s *store.Store, o serveOptions) error {
	topics, err := a.topics()
	if err != nil {
		return err
	}
	if err := web.CheckBind(o.addr, o.token); err != nil {
		return err
	}
	if o.who != "" {
		if err := tenor.CheckSigned(o.who, ""); err != nil {
			return fmt.Errorf("--%w", err)
		}
	}
	shipped, err := score.Shipped()
	if err != nil {
		return fmt.Errorf("read what was measured of the tagger: %w", err)
	}
	tagger := lazyTagger(sync.OnceValues(a.tagger))
	options := web.Options{
		Log: a.logger(a.stderr), Token: o.token, Now: a.now, Topics: topics, Explainer: tagger, Archiver: warcArchiver{}, Tagger: nlp.Version, Accuracy: shipped, Who: o.who,
	}
	if !o.readOnly {
		options.Corrector, options.Keeper = s, s
	}
	if options.Overlay = o.overlay; o.overlay == nil {
		files := &overlayFiles{series: o.series, events: o.events, now: a.now}
		files.config, files.named = a.configPath()
		if _, err := files.overlay(); err != nil { // what is wrong from the start is mended first
			return err
		}
		options.Overlay = files.overlay
	}
	handler, err := web.New(healthStore{s, o.file}, options)
	if err != nil {
		return fmt.Errorf("start the web view: %w", err)
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		var op *net.OpError // its words name the address once more
		if errors.As(err, &op) {
			err = op.Err
		}
		return fmt.Errorf("listen on %s: %w; choose another with --addr", o.addr, err)
	}
	go tagger.warm()
	server := web.NewServer(handler)
	fmt.Fprintf(a.stdout, "http://%s/\n", listener.Addr())
	if !web.HasChart() {
		a.warn("The chart is not built in, so its data is shown as a table; make build adds it.")
	}
	a.warn("Ctrl-C stops it.")
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		// The requests' own contexts end with the server; this one must outlive ctx.
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		stopped <- server.Shutdown(wait)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	}
	if err := <-stopped; err != nil {
		return server.Close()
	}
	return nil
}
