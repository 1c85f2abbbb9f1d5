package crawler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"
	"github.com/mmcdole/gofeed"

	"tenor"
)

// visitor fetches pages, one at a time, with a collector of its own: a
// collector's context belongs to all its visits.
type visitor struct {
	collector *colly.Collector
	page      *tenor.Page
	last      hopRecord
}

func (c *Crawler) newVisitor() *visitor {
	// Not colly.NewCollector, which lets the environment change its settings
	// (COLLY_IGNORE_ROBOTSTXT, COLLY_MAX_BODY_SIZE and others).
	v := &visitor{collector: &colly.Collector{}}
	v.collector.Init()
	v.collector.UserAgent = c.transport.agent
	v.collector.AllowURLRevisit = true        // the frontier knows what was fetched
	v.collector.IgnoreRobotsTxt = true        // the transport obeys it, on each hop
	v.collector.MaxBodySize = 0               // the transport cuts, and says so
	v.collector.ParseHTTPErrorResponse = true // answers of all kinds are judged here
	v.collector.SetClient(&http.Client{
		Transport:     c.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return nil }, // the transport counts
	})
	v.collector.OnResponse(func(r *colly.Response) {
		v.page = &tenor.Page{URL: v.last.url, Status: r.StatusCode, FetchedAt: time.Now().UTC()}
	})
	return v
}

// errUnchanged: the server says that the page is what it was.
var errUnchanged = errors.New("not changed since it was last read")

// visit fetches one page, unless it is still the version that is known: then the error
// is errUnchanged. Errors else are problems, or the context's; an answer other than
// success gives both, the page and its problem.
func (v *visitor) visit(ctx context.Context, address string, known tenor.Validators) (*tenor.Page, error) {
	v.page, v.last = nil, hopRecord{known: known}
	v.collector.Context = context.WithValue(ctx, hopKey{}, &v.last)
	err := v.collector.Visit(address)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		host := ""
		if u, err := url.Parse(address); err == nil {
			host = u.Host
		}
		return nil, explain(err, host)
	}
	if v.page == nil {
		return nil, failed("no answer")
	}
	p := v.page
	p.Header, p.Body, p.Truncated = v.last.header, v.last.body, v.last.cut
	v.last.body = nil     // a visitor that waits for its next page holds none
	if p.URL != address { // redirected
		if u, err := canonical(nil, p.URL); err == nil {
			p.URL = u.String()
		}
	}
	switch {
	case v.last.unchanged:
		return p, errUnchanged
	case p.Status == http.StatusNoContent || p.Status < 200:
		return p, answerProblem(p.Status, "")
	case p.Status >= 300 && p.Status < 400:
		problem := failed("the server answered %d without saying where to", p.Status)
		problem.status = p.Status
		return p, problem
	case p.Status >= 400:
		u, _ := url.Parse(p.URL)
		return p, answerProblem(p.Status, u.Host)
	}
	return p, nil
}

// handle fetches one address and sees to what came back. It always ends in
// Frontier.Finish, unless the fetch is held until the run is over.
func (r *run) handle(ctx context.Context, v *visitor, f tenor.Fetch) (o outcome) {
	f.Reason, f.Status, f.Bytes = "", 0, 0
	err := r.safely(ctx, v, &f)
	switch {
	case errors.As(err, new(fatal)):
		f.State, f.Reason = tenor.Queued, ""
		o.err = err
	case err != nil && ctx.Err() != nil && !isSkip(err):
		f.State, f.Reason = tenor.Queued, "" // whatever it says, it was stopped
	case errors.Is(err, errPostponed):
		o.hold = true
		f.State, f.Reason = tenor.Queued, limitReason(r.cfg.MaxPages)
		o.fetch = f
		return o
	case err != nil:
		f.State, f.Reason = judge(err)
		if f.Depth == 0 && f.Entry {
			f.Reason = sentence(fmt.Sprintf("source %s: %s", f.Source, f.Reason))
		}
	default:
		f.State = tenor.Done
	}
	o.fetch = f
	r.counters.finished(f)
	switch f.State {
	case tenor.Failed:
		r.log.Warn("page failed", "url", f.URL, "reason", f.Reason)
	case tenor.Skipped:
		r.log.Info("page skipped", "url", f.URL, "reason", f.Reason)
	case tenor.Done:
		r.log.Debug("page done", "url", f.URL, "note", f.Reason)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
	defer cancel()
	outcomes := []tenor.Fetch{f}
	if to := v.page; to != nil && to.URL != f.URL && !f.Entry && f.Status == http.StatusOK && r.firstMet(to.URL) {
		moved := f // to where a list may lead, too: it need not be fetched again
		moved.URL = to.URL
		outcomes = append(outcomes, moved)
	}
	if err := r.frontier.Finish(ctx, outcomes...); err != nil && o.err == nil {
		o.err = fmt.Errorf("record the outcome of %s: %w", f.URL, err)
	}
	return o
}

// errPostponed: the page is a list whose addresses are not all queued, because
// its source's pages are used up; it is read again in the next run.
var errPostponed = errors.New("more pages than one crawl takes")

// judge says what an error makes of a fetch.
func judge(err error) (tenor.FetchState, string) {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p.state, sentence(p.reason)
	case isSkip(err):
		return tenor.Skipped, skipReason(err)
	}
	return tenor.Failed, sentence(err.Error())
}

// isSkip reports whether the reader of the page found nothing to keep or to tag.
func isSkip(err error) bool {
	return errors.Is(err, tenor.ErrNoArticle) || errors.Is(err, tenor.ErrNotEnglish) || errors.Is(err, tenor.ErrTruncated) ||
		errors.Is(err, tenor.ErrForgotten)
}

// skipReason is what the reader of a page said, without the address before it and
// the count of letters behind it, so that equal reasons can be counted together.
func skipReason(err error) string {
	reason := sentence(err.Error())
	for _, sentinel := range []error{tenor.ErrNoArticle, tenor.ErrNotEnglish, tenor.ErrTruncated, tenor.ErrForgotten} {
		if !errors.Is(err, sentinel) {
			continue
		}
		i := strings.Index(reason, sentinel.Error())
		if i < 0 {
			return sentinel.Error()
		}
		if reason = reason[i:]; strings.Contains(reason, " letters)") {
			reason = letterCount.ReplaceAllString(reason, "")
		}
		return reason
	}
	return reason
}

var letterCount = regexp.MustCompile(` \(\d+ letters\)`)

// safely recovers from panics: text from strangers may find a fault in a
// parser, and then that page fails and no other.
func (r *run) safely(ctx context.Context, v *visitor, f *tenor.Fetch) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("panic while reading a page", "url", f.URL, "panic", fmt.Sprint(p))
			err = failed("a fault in the program: %v", p)
		}
	}()
	known, kind := r.known(f)
	page, err := v.visit(r.links(f.Source).exceptions(ctx), f.URL, known)
	f.FetchedAt = time.Now().UTC()
	var p *problem
	switch {
	case page != nil:
		f.Status, f.Bytes = page.Status, int64(len(page.Body))
	case errors.As(err, &p):
		f.Status = p.status
	}
	if errors.Is(err, errUnchanged) {
		f.Kind, f.Reason = kind, errUnchanged.Error() // the kind is kept as that of its source
		r.seen(*f, kind)
		r.counters.unchanged(f.Source)
		return nil
	}
	if err != nil {
		return err
	}
	f.Validators = validators(&v.last) // unless reading it shows that it is to be read again
	if err := r.read(ctx, f, page); err != nil {
		return err
	}
	if f.Validators.URL != "" {
		f.Validators.ReadAs = r.readAs(f.Source, f.Kind)
	}
	return nil
}

// read does with a page what its kind asks for.
func (r *run) read(ctx context.Context, f *tenor.Fetch, page *tenor.Page) error {
	if f.Entry && f.Kind == tenor.FetchPage {
		f.Kind = kindOfBody(page)
	}
	switch f.Kind {
	case tenor.FetchFeed:
		r.seen(*f, tenor.FetchFeed)
		entries, err := feedEntries(page)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			f.Reason = "the feed is empty"
		}
		_, err = r.queue(ctx, f, r.matching(f, entries))
		return err
	case tenor.FetchSitemap:
		r.seen(*f, tenor.FetchSitemap)
		return r.readSitemap(ctx, f, page)
	case tenor.FetchListing:
		r.seen(*f, tenor.FetchListing)
		return r.readListing(ctx, f, page)
	}
	err := r.deliver(ctx, *f, page)
	if f.Entry && f.Depth == 0 && errors.Is(err, tenor.ErrNoArticle) {
		f.Kind = tenor.FetchListing
		r.seen(*f, tenor.FetchListing)
		return r.readListing(ctx, f, page)
	}
	if errors.Is(err, tenor.ErrNoArticle) && r.leadsOn(*f) {
		if follow := r.readListing(ctx, f, page); follow != nil {
			return follow
		}
	}
	switch {
	case page.Truncated && errors.Is(err, tenor.ErrNoArticle):
		return skipped("larger than %s, and no article in that much of it", sizeName(r.cfg.MaxBytes))
	case errors.Is(err, tenor.ErrTruncated), err == nil && page.Truncated:
		return skipped("cut at %s: kept, not tagged", sizeName(r.cfg.MaxBytes))
	case err == nil:
		r.counters.articles.Add(1)
	}
	return err
}

// kindOfBody looks at what came back for an address whose kind nobody gave.
func kindOfBody(p *tenor.Page) tenor.FetchKind {
	head := p.Body[:min(len(p.Body), 4096)]
	switch {
	case bytes.Contains(head, []byte("<urlset")), bytes.Contains(head, []byte("<sitemapindex")):
		return tenor.FetchSitemap
	case gofeed.DetectFeedType(bytes.NewReader(head)) != gofeed.FeedTypeUnknown && !looksLikeHTML(head):
		return tenor.FetchFeed
	}
	return tenor.FetchPage
}

func sizeName(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", (n+1023)>>10)
}
