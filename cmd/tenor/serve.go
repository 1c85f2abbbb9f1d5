package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tenor"
	"tenor/nlp"
	"tenor/store"
	"tenor/web"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	addr  string
	token string
}

func newServe(a *app) *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve",
		Short: "Show the consensus, the quotes and the articles in the browser",
		Long: `Serve opens the web view of a store and prints its address. It listens on this
machine only; to be reached from others it needs --addr and a token, which a
browser gives once as ?token=… and a script as "Authorization: Bearer …".`,
		Example: `  tenor serve
  tenor serve --db markets.db --addr 127.0.0.1:9000
  TENOR_TOKEN=… tenor serve --addr 0.0.0.0:8080`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			s, err := a.readStore(c.Context())
			if err != nil {
				return err
			}
			defer s.Close()
			return a.serve(c.Context(), s, o)
		},
	}
	c.Flags().StringVar(&o.addr, "addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	c.Flags().StringVar(&o.token, "token", os.Getenv("TENOR_TOKEN"), "secret that every request must show (or $TENOR_TOKEN)")
	return c
}

// lazyTagger loads the tagger when a page first asks it, so that serving starts at once.
type lazyTagger func() (*nlp.Tagger, error)

func (load lazyTagger) ExplainAll(article *tenor.Article) ([]tenor.Explanation, error) {
	t, err := load()
	if err != nil {
		return nil, err
	}
	return t.ExplainAll(article)
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
	handler, err := web.New(s, web.Options{
		Log: a.logger(a.stderr), Token: o.token, Now: a.now, Topics: topics, Explainer: lazyTagger(sync.OnceValues(a.tagger)),
	})
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
