package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memoryNet is a net of web servers without sockets, for tests inside a synctest
// bubble: there the clock moves when everybody waits, so a crawl at its usual pace
// takes no time and its pauses can be measured exactly.
type memoryNet struct {
	hosts map[string]http.HandlerFunc
	conns chan net.Conn
	done  chan struct{}

	mu    sync.Mutex
	asked []request
}

type request struct {
	host, path string
	at, left   time.Time // when it came, and when it was answered; zero while it is not
}

func newMemoryNet(t *testing.T, hosts map[string]http.HandlerFunc) *memoryNet {
	n := &memoryNet{hosts: hosts, conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: n}
	stopped := make(chan struct{})
	go func() {
		server.Serve(n)
		close(stopped)
	}()
	t.Cleanup(func() {
		server.Close()
		<-stopped
		synctest.Wait()
	})
	return n
}

func (n *memoryNet) Accept() (net.Conn, error) {
	select {
	case c := <-n.conns:
		return c, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

func (n *memoryNet) Close() error {
	close(n.done)
	return nil
}

func (n *memoryNet) Addr() net.Addr { return &net.TCPAddr{} }

func (n *memoryNet) dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(address)
	if n.hosts[host] == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	ours, theirs := net.Pipe()
	select {
	case n.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-n.done:
		return nil, errors.New("closed")
	}
}

func (n *memoryNet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	i := len(n.asked)
	n.asked = append(n.asked, request{host: r.Host, path: r.URL.Path, at: time.Now()})
	n.mu.Unlock()
	n.hosts[r.Host](w, r)
	n.mu.Lock()
	n.asked[i].left = time.Now()
	n.mu.Unlock()
}

// of are the requests that a host was sent, in order.
func (n *memoryNet) of(host string) (list []request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range n.asked {
		if r.host == host {
			list = append(list, r)
		}
	}
	return list
}

func (n *memoryNet) crawler(t *testing.T, cfg Config, f Frontier, d Deliver) *Crawler {
	if d == nil {
		d = asArticle
	}
	c, err := New(cfg, f, d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	c.transport.base.DialContext = n.dial
	t.Cleanup(c.Close)
	return c
}

// feedOf is a feed of n stories of its own.
func feedOf(name string, n int) string {
	text := feedHead
	for i := range n {
		text += fmt.Sprintf("<item><link>/%s/%d</link></item>", name, i)
	}
	return text + "</channel></rss>"
}

// gaps checks that a host was asked for one thing at a time, with a pause from each
// answer to the next request.
func (n *memoryNet) gaps(t *testing.T, host string, least time.Duration) {
	t.Helper()
	list := n.of(host)
	for i, r := range list[1:] {
		if before := list[i]; before.left.IsZero() || r.at.Sub(before.left) < least {
			t.Errorf("%s: %s came %s after %s was answered, want %s", host, r.path, r.at.Sub(before.left), before.path, least)
		}
	}
}
