package main

import (
	"bufio"
	"context"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenor/internal/race"
)

// A longer run than a change needs: go test ./cmd/tenor -run Locked -busy 10m.
var busyFor = flag.Duration("busy", 0, "how long to crawl, tag again and read at once")

// While one program crawls, another tags again and a third serves pages to twenty
// readers, nobody is told that the database is locked (hazard H24).
func TestNobodyIsToldThatTheDatabaseIsLocked(t *testing.T) {
	config := newsroomServer(t, func(string) {})
	db := filepath.Join(t.TempDir(), "t.db")
	program := func(ctx context.Context, args ...string) *exec.Cmd {
		c := exec.CommandContext(ctx, os.Args[0], append(args, "--db", db)...)
		c.Env = append(os.Environ(), asProgram+"=1")
		return c
	}
	ran := func(args ...string) bool {
		output, err := program(t.Context(), args...).CombinedOutput()
		if err != nil || strings.Contains(string(output), "locked") {
			t.Errorf("tenor %s: %v\n%s", strings.Join(args, " "), err, output)
			return false
		}
		return true
	}
	if !ran("crawl", "--config", config) {
		return
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	server := program(ctx, "serve", "--addr", "127.0.0.1:0")
	server.Cancel = func() error { return server.Process.Signal(os.Interrupt) }
	output, err := server.StdoutPipe()
	if err == nil {
		err = server.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	base := strings.TrimSpace(address)

	var done atomic.Bool
	var crawls, retags, reads, refused atomic.Int64
	var writers, readers sync.WaitGroup
	start := time.Now()
	for _, w := range []struct {
		n    *atomic.Int64
		args []string
	}{{&crawls, []string{"crawl", "--config", config}}, {&retags, []string{"retag"}}} {
		writers.Go(func() {
			for n := 0; n < 2/race.Nth(2) || time.Since(start) < *busyFor; n++ {
				if !ran(w.args...) {
					return
				}
				w.n.Add(1)
			}
		})
	}
	paths := []string{"", "quotes?q=rates", "quotes.csv", "api/v1/timeline", "sources", "quotes.jsonl?theme=rates", "review"}
	for r := range 20 {
		readers.Go(func() {
			for i := r; !done.Load(); i++ {
				path := paths[i%len(paths)]
				response, err := http.Get(base + path)
				if err != nil {
					t.Errorf("/%s: %v", path, err)
					return
				}
				body, err := io.ReadAll(response.Body)
				response.Body.Close()
				switch code := response.StatusCode; {
				case err == nil && code == http.StatusOK && !strings.Contains(string(body), "is locked"):
					reads.Add(1)
				case code == http.StatusServiceUnavailable, code == http.StatusTooManyRequests && strings.HasPrefix(path, "quotes."):
					refused.Add(1) // a second for a query, and one export at a time for each address (hazard H23)
				default:
					t.Errorf("/%s answers %s (%v)\n%.300s", path, response.Status, err, body)
					return
				}
			}
		})
	}
	writers.Wait()
	done.Store(true)
	readers.Wait()
	stop()
	server.Wait()
	t.Logf("%d crawls, %d times tagged again, %d pages and %d refused as too much at once, in %v",
		crawls.Load(), retags.Load(), reads.Load(), refused.Load(), time.Since(start).Round(time.Second))
	wants(t, exitDone, "doctor", "--db", db)
}
