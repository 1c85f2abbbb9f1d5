package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"tenor/cmd/tenor/newsroom"
	"tenor/crawler"
	"tenor/store"
)

func newDemo(a *app) *cobra.Command {
	o := serveOptions{}
	var noServe bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "See it at work: crawl an invented newsroom and open the web view",
		Long: `Demo serves a small invented newsroom on loopback, collects it with the real
crawler into a fresh store, tags every article, and opens the web view on it. The
outlets copy and rewrite each other; people, firms and outlets are made up. The
store is a temporary file unless --db names one that does not exist yet.`,
		Example: `  tenor demo
  tenor demo --addr 127.0.0.1:9000
  tenor demo --db demo.db --no-serve`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.demo(c.Context(), o, c.Flags().Changed("db"), noServe)
		},
	}
	c.Flags().StringVar(&o.addr, "addr", "127.0.0.1:8080", "address of the web view; port 0 takes a free one")
	c.Flags().BoolVar(&noServe, "no-serve", false, "stop when everything is collected")
	return c
}

func (a *app) demo(ctx context.Context, o serveOptions, named, noServe bool) error {
	if _, err := a.topics(); err != nil { // before anything is collected
		return err
	}
	path, remove, err := a.freshStore(named)
	if err != nil {
		return err
	}
	defer remove()
	a.db = path
	s, err := a.openStore(ctx, store.CheckSome)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := a.crawlNewsroom(ctx, s); err != nil {
		return err
	}
	if noServe {
		return nil
	}
	// 8080 is often taken, and the demo is to be seen all the same.
	if l, err := net.Listen("tcp", o.addr); err == nil {
		l.Close()
	} else if host, _, splitErr := net.SplitHostPort(o.addr); splitErr == nil {
		o.addr = net.JoinHostPort(host, "0")
	}
	o.overlay = newsroom.Overlay
	return a.serve(ctx, s, o)
}

// freshStore is the path of a store that does not exist yet, and what removes it
// in the end where nobody asked for it by name.
func (a *app) freshStore(named bool) (path string, remove func(), err error) {
	if named {
		if _, err := os.Stat(a.db); err == nil {
			return "", nil, usage("%s exists: the demo needs a fresh store, so name another with --db or remove it", a.db)
		}
		return a.db, func() {}, nil
	}
	folder, err := os.MkdirTemp("", "tenor-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the demo: %w", err)
	}
	return filepath.Join(folder, "demo.db"), func() { os.RemoveAll(folder) }, nil
}

// crawlNewsroom serves the newsroom on a free port of loopback and collects it as
// any other site. Only that one private address is allowed, and no pause is made
// between requests, as the server is our own.
func (a *app) crawlNewsroom(ctx context.Context, s *store.Store) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the newsroom: %w", err)
	}
	base := "http://" + listener.Addr().String()
	server := &http.Server{Handler: newsroom.Handler(base), ReadHeaderTimeout: 5 * time.Second}
	defer server.Close()
	go server.Serve(listener)

	cfg, err := crawler.ParseConfig("the newsroom's configuration", []byte(newsroom.Config(base)))
	if err != nil {
		return err
	}
	cfg.AllowPrivate = []string{listener.Addr().String()}
	cfg.Delay = crawler.NoDelay
	a.warn("Collecting an invented newsroom at %s …", base)
	start := a.now()
	if err := a.crawlInto(ctx, s, cfg, cfg.Sources); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("collect the newsroom: %w", err)
	}
	a.warn("Collected in %s.", a.now().Sub(start).Round(10*time.Millisecond))
	return ctx.Err()
}
