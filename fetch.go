package tenor

import (
	"net/http"
	"time"
)

// Fetch is an address to collect, or one that was. Together they are the
// frontier: what a crawl has done and has still to do, kept in the store so that
// a crawl can stop anywhere and go on.
type Fetch struct {
	URL    string // canonical
	Source string // name of the source that led to it
	Kind   FetchKind
	Depth  int  // links followed from the source's own address
	Entry  bool // a source's own address, collected anew in every crawl

	State  FetchState
	Reason string // why it failed or was skipped, in one sentence for people
	Status int    // HTTP status of the last hop; 0 when none was reached
	Bytes  int64  // decoded

	// What a feed or sitemap said of the page; the page's own words win.
	Title     string
	Published Date

	// Validators are of the version that was read last.
	Validators Validators

	FetchedAt time.Time
}

// Validators are what a server says of a version of a page, so that it can be
// asked for a newer one only. The zero value: nothing is known.
type Validators struct {
	ETag         string // as sent
	LastModified string // as sent
	URL          string // of the hop that said so: another server's word counts for nothing
	ReadAs       string // what the version was taken for; another reading needs it again
}

// FetchKind says what is expected behind an address.
type FetchKind string

const (
	FetchFeed    FetchKind = "feed"
	FetchSitemap FetchKind = "sitemap"
	FetchListing FetchKind = "listing"
	FetchPage    FetchKind = "page"
	FetchFolder  FetchKind = "folder" // on this machine, whose files are imported
	// FetchFile is a saved file, or an article in one, that was imported.
	FetchFile FetchKind = "file"
)

// RefusedByRobots is how the Reason begins of a fetch that robots.txt forbids.
const RefusedByRobots = "refused by robots.txt of "

// FetchState is how far a fetch has come.
type FetchState string

const (
	Queued  FetchState = "queued"
	Leased  FetchState = "leased" // being fetched; queued again when the crawl restarts
	Done    FetchState = "done"
	Skipped FetchState = "skipped" // refused by a rule: robots, address check, page type
	Failed  FetchState = "failed"  // tried, without success
)

// Page is what came back for an address, after redirects and decompression.
type Page struct {
	URL       string // of the last hop
	Status    int
	Header    http.Header
	Body      []byte // as served, decompressed, in the server's charset
	Truncated bool   // cut at the size limit
	FetchedAt time.Time
}

// Capture is a stored page without its bytes.
type Capture struct {
	URL       string // of the last hop; empty for a file that names none
	Status    int    // 0: imported from a file
	FetchedAt time.Time
	SHA256    string // of the body, hex
	Size      int64  // of the body, bytes
	Truncated bool
}
