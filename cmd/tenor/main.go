// Command tenor collects market articles, finds who is quoted in them and which
// way they lean, and draws the consensus over time.
//
//	root.go      the command, its flags, how mistakes are answered
//	app.go       what all commands share: streams, clock, store
//	filters.go   the filters as flags
//	intake.go    page → article → quotes → store
//	crawlinto.go one crawl into a store
//	scheduler.go crawls for ever, of the sources that are due
//	health.go    how sources fare, by store and tenor.toml together
//	parallel.go  tagging many articles at once, in order
//	progress.go  the line that shows a long work's state
//	watch.go     folders whose files are imported as they come
//	output.go    quotes as JSON Lines, CSV or a table
//	chart.go     the timeline in characters
//
// Every other file is the command that it is named for.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the program at once.
	context.AfterFunc(ctx, stop)
	code := run(ctx, newApp(), os.Args[1:])
	stop()
	os.Exit(code)
}
