// Package web serves what Tenor has found: the consensus as a chart, the quotes
// behind every point, the articles with their quotes marked, and all of it as
// CSV and JSON under the same filters. Pages are rendered on the server and work
// without JavaScript; the chart alone is drawn in the browser.
//
//	server.go     the routes, one a line; what is asked of the store
//	guard.go      what holds for every request: headers, host, time, panics
//	turns.go      how many pages are worked on at once
//	token.go      who may ask, and where the server may listen
//	errors.go     handlers return errors; one place makes answers of them
//	query.go      an address's query, read and written
//	pages.go      templates, and what all pages share
//	assets.go     stylesheet and scripts, embedded under hashed names
//	consensus.go  /, the chart and the figures of a day
//	voices.go     the voices behind a day, listed and as CSV
//	moved.go      who moved the net between two days
//	overlay.go    a price and events from the user's own CSV; look.go: zoom, series, scale
//	chartdata.go  /timeline.json, what the chart draws; overlaydata.go: beside it
//	picture.go    /timeline.svg; draw.go and drawcurve.go draw it
//	controls.go   the form and switches above the chart
//	quotes.go     /quotes with its facets and chips; profile.go reuses it,
//	              outlook.go draws who thinks what over time
//	article.go    /articles/{id}; marks.go cuts the text at its quotes
//	versions.go   what an article said before
//	archived.go   the pages as they were fetched, never as HTML
//	quote.go      /quotes/{id}, a quote in its context; cite.go: to be cited; why.go: what speaks for labels;
//	              chain.go: how its words travelled
//	correct.go    what corrects a quote; corrected.go: history, undo and what was removed;
//	              review.go: /review
//	export.go     CSV, JSON Lines and the store itself; parquet.go: Parquet;
//	              dictionary.go: what their columns hold
//	feed.go       any filter as Atom and JSON Feed; searches.go: filters that have a name
//	openapi.go    /api/v1/: its routes, described; api.go and apilists.go answer them
//	info.go       /sources and /about; accuracy.go: how good the tagger is
//	chart/        the chart's source (TypeScript), bundled into dist/ by build/
package web

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"tenor"
)

// Store is what the pages need to know; *store.Store has it.
type Store interface {
	Article(ctx context.Context, id int64) (tenor.Article, []tenor.Record, error)
	Versions(ctx context.Context, articleID int64) ([]tenor.Version, error)
	Search(ctx context.Context, f tenor.Filter, cursor string, limit int) (tenor.Results, error)
	Records(ctx context.Context, f tenor.Filter) iter.Seq2[tenor.Record, error]
	// Timeline may leave out of the quotes of its views what is only shown: Fill adds it.
	Timeline(ctx context.Context, f tenor.Filter) (*tenor.Timeline, error)
	Fill(ctx context.Context, views []tenor.View) error
	Words(ctx context.Context, quotes []string) (map[string]string, error)
	// Outlook may leave out the same.
	Outlook(ctx context.Context, f tenor.Filter) (tenor.Outlook, error)
	Record(ctx context.Context, quoteID string) (tenor.Record, error)
	// Page is the page of an article as it was fetched; Capture says what there is of it.
	Page(ctx context.Context, articleID int64) (*tenor.Page, error)
	Capture(ctx context.Context, articleID int64) (tenor.Capture, error)
	Copying(ctx context.Context, outlet string) (tenor.Copying, error)
	Reach(ctx context.Context, clusters []string) (map[string]int, error)
	Chain(ctx context.Context, quoteID string, limit int) (tenor.Chain, error)
	Reprints(ctx context.Context, articleID int64) ([]tenor.Reprint, error)
	Accuracy(ctx context.Context) ([]tenor.Accuracy, error)
	Judged(ctx context.Context) ([]tenor.Judged, error)
	Corrections(ctx context.Context, quoteID string) ([]tenor.Correction, error)
	LatestCorrections(ctx context.Context, removed bool, limit int) ([]tenor.Correction, error)
	Removed(ctx context.Context, quoteID string) (tenor.Record, error)
	Review(ctx context.Context) (tenor.Review, error)
	Sources(ctx context.Context) ([]tenor.SourceHealth, error)
	Totals(ctx context.Context) (tenor.Totals, error)
	Values(ctx context.Context, name string, limit int) ([]string, error)
	Person(ctx context.Context, name string) (tenor.Person, error)
	Latest(ctx context.Context, f tenor.Filter, limit int) ([]tenor.Record, error)
	Searches(ctx context.Context) ([]tenor.SavedSearch, error)
	SavedSearch(ctx context.Context, name string) (tenor.SavedSearch, error)
	// Snapshot is a copy of all of it, its size, gone when closed.
	Snapshot(ctx context.Context) (copy io.ReadCloser, size int64, err error)
	// Unknown says in sentences why nothing can match a filter, as far as it is known.
	Unknown(ctx context.Context, f tenor.Filter) ([]string, error)
}

// Options are the server's settings; the zero value serves loopback without a token.
type Options struct {
	Log    *slog.Logger     // nil means slog.Default
	Token  string           // when set, nothing is served without it
	Topics tenor.Topics     // the themes and subjects that may be asked for
	Now    func() time.Time // nil means time.Now
	// QueryTime bounds the work behind one page; 0 means a second.
	QueryTime time.Duration
	// Explainer weighs what speaks for the labels; nil: pages show what the store keeps.
	Explainer Explainer
	// Tagger is the version of the tagger at hand, Accuracy what was measured when it was made.
	Tagger   string
	Accuracy []tenor.Accuracy
	// Archiver writes stored pages as web archives; nil: they are offered as they came only.
	Archiver Archiver
	// Corrector writes corrections; nil: pages show and nobody can correct.
	Corrector Corrector
	// Overlay is what users draw beside the consensus; nil: nothing.
	Overlay Overlay
	// Keeper saves searches; nil: pages show them and nobody can save one.
	Keeper Keeper
	Who    string // who corrects where a browser says no name; empty means "reader"
}

// New is the web view of a store. It fails when a template or an embedded file
// is broken, so that a bad build never starts.
func New(s Store, o Options) (http.Handler, error) {
	v, err := newView(s, o)
	if err != nil {
		return nil, err
	}
	var h http.Handler = gzhttp.GzipHandler(v.routes())
	h = v.requireToken(o.Token, h)
	h = ownOrigin(h)
	h = v.requireLocalHost(o.Token, h)
	return v.guard(h), nil
}

func newView(s Store, o Options) (*view, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Who == "" {
		o.Who = "reader"
	}
	if o.QueryTime == 0 {
		o.QueryTime = time.Second
	}
	assets, err := loadAssets()
	if err != nil {
		return nil, err
	}
	pictures, hash, err := pictureStyle(string(assets.files[assets.hashed["style.css"]].body))
	if err != nil {
		return nil, err
	}
	pages, err := parsePages(assets)
	if err != nil {
		return nil, err
	}
	return &view{
		store: s, log: o.Log, now: o.Now, queryTime: o.QueryTime, topics: o.Topics, pages: pages, assets: assets,
		turns: newTurns(), explainer: o.Explainer, archiver: o.Archiver, tagger: o.Tagger, shipped: o.Accuracy, corrector: o.Corrector, keeper: o.Keeper, defaultWho: o.Who,
		overlaid: o.Overlay, pictureStyle: pictures, pictureHash: hash,
	}, nil
}

// mux is a ServeMux that knows what it serves, so that the tests of every address find
// the new ones.
type mux struct {
	http.ServeMux
	patterns []string
}

func (m *mux) Handle(pattern string, h http.Handler) {
	m.patterns = append(m.patterns, pattern)
	m.ServeMux.Handle(pattern, h)
}

// routes are the addresses that are answered, one a line.
func (v *view) routes() *mux {
	mux := new(mux)
	mux.Handle("GET /{$}", v.page(v.consensus))
	mux.Handle("GET /quotes", v.page(v.quotes))
	mux.Handle("GET /quotes.atom", v.api(v.quotesFeed(atomFeed)))
	mux.Handle("GET /quotes.json", v.api(v.quotesFeed(jsonFeed)))
	mux.Handle("GET /quotes/{id}", v.page(only(v.quote)))
	mux.Handle("GET /searches", v.page(v.searches))
	mux.Handle("GET /searches/{name}", v.page(v.search))
	if v.keeper != nil {
		mux.Handle("POST /searches", v.page(v.saveSearch))
		mux.Handle("POST /searches/{name}/remove", v.page(v.removeSearch))
	}
	mux.Handle("GET /review", v.page(v.review))
	if v.corrector != nil {
		mux.Handle("POST /quotes/{id}/corrections", v.page(v.correct))
		mux.Handle("POST /corrections/{act}/undo", v.page(v.undo))
	}
	mux.Handle("GET /quotes.csv", v.export(v.quotesCSV))
	mux.Handle("GET /quotes.jsonl", v.export(v.quotesJSONL))
	mux.Handle("GET /quotes.parquet", v.export(v.quotesParquet))
	mux.Handle("GET /store.db", v.export(v.storeFile))
	mux.Handle("GET /timeline.csv", v.export(v.timelineCSV))
	mux.Handle("GET /timeline.json", v.api(v.timelineJSON))
	mux.Handle("GET /overlay.json", v.api(only(v.overlayJSON, "series")))
	mux.Handle("GET /timeline.svg", v.page(v.timelineSVG))
	mux.Handle("GET /voices.csv", v.export(v.voicesCSV))
	mux.Handle("GET /dictionary.csv", v.api(v.dictionaryCSV))
	mux.Handle("GET /dictionary.json", v.api(v.dictionaryJSON))
	mux.Handle("GET /datapackage.json", v.api(v.dataPackage))
	mux.Handle("GET /articles/{id}", v.page(only(v.article, "version")))
	mux.Handle("GET /articles/{id}/page", v.page(only(v.pageSource)))
	mux.Handle("GET /articles/{id}/page.html.txt", v.export(only(v.pageBytes)))
	if v.archiver != nil {
		mux.Handle("GET /articles/{id}/page.warc.gz", v.export(only(v.pageWARC)))
	}
	mux.Handle("GET /analysts/{name}", v.page(v.analyst))
	mux.Handle("GET /firms/{name}", v.page(v.firm))
	mux.Handle("GET /outlets/{name}", v.page(v.outlet))
	mux.Handle("GET /sources", v.page(only(v.sources)))
	mux.Handle("GET /about", v.page(only(v.about)))
	for _, route := range v.apiRoutes() {
		mux.Handle("GET /api/v1"+route.path, v.api(route.handler))
	}
	mux.Handle("/api/", v.api(v.nothingHere))
	mux.Handle("GET /static/{name}", v.assets)
	mux.Handle("GET /healthz", http.HandlerFunc(v.healthz))
	mux.Handle("/", v.page(v.nothingHere))
	return mux
}

// NewServer is an HTTP server for the handler with limits on how long and how
// much a client may take. Its address is the caller's.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// view holds what the handlers share.
type view struct {
	store     Store
	log       *slog.Logger
	now       func() time.Time
	queryTime time.Duration
	topics    tenor.Topics
	pages     pageSet
	assets    *assetSet
	exports   busyClients
	copying   sync.Mutex // of the store, for /store.db
	turns     turns
	explainer Explainer
	archiver  Archiver
	tagger    string
	shipped   []tenor.Accuracy

	corrector  Corrector
	keeper     Keeper
	defaultWho string

	overlaid                  Overlay
	pictureStyle, pictureHash string
}

// today is the day in the market's zone.
func (v *view) today() tenor.Day { return tenor.DayOf(v.now().In(tenor.Market)) }
