package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tenor"
	"tenor/nlp"
	"tenor/store"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// run runs the command line and returns the exit status.
func run(ctx context.Context, a *app, args []string) int {
	root := newRoot(a)
	root.SetArgs(args)
	command, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, tenor.ErrUsage):
		fmt.Fprintf(a.stderr, "tenor: %s\nSee: %s --help\n", plain(err), command.CommandPath())
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(a.stderr, "tenor: stopped")
		return exitFailed
	}
	fmt.Fprintf(a.stderr, "tenor: %s\n", store.Explain(a.db, err))
	return exitFailed
}

// plain is the error's sentence without the name of the sentinel, which says
// nothing to a user.
func plain(err error) string {
	name := tenor.ErrUsage.Error()
	return strings.NewReplacer(" ("+name+")", "", name+": ", "", ": "+name, "").Replace(err.Error())
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "tenor",
		Short: "Who says what about the markets, and what the consensus is",
		Long: `Tenor collects market articles, finds every quote in them, ties it to the
analyst and firm, tags its stance (bullish, fragile, neutral), its themes and the
market it speaks of, and draws the consensus over time: one voice per analyst.`,
		Example: `  tenor demo                             see it at work on an invented newsroom
  tenor crawl https://example.com/feed   collect a feed into tenor.db
  tenor import articles/                 or read saved articles
  tenor search "soft landing" --stance fragile
  tenor timeline --subject small-caps
  tenor serve                            the same in the browser`,
		Version:       nlp.Version,
		SilenceErrors: true,
		// How many letters of a mistyped command may differ from what is suggested.
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		Args:                       unknownCommand,
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return store.CheckBuild()
		},
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(flagMistake)
	root.SetHelpCommand(newHelp())
	root.CompletionOptions.HiddenDefaultCmd = true
	root.PersistentFlags().StringVar(&a.db, "db", dbFromEnvironment(), "the store, a SQLite file (or $TENOR_DB)")
	root.PersistentFlags().StringVarP(&a.config, "config", "c", os.Getenv("TENOR_CONFIG"), "sources, themes and subjects (or $TENOR_CONFIG; "+defaultConfig+" here, if there is one)")
	root.PersistentFlags().BoolVarP(&a.verbose, "verbose", "v", false, "log more")
	root.AddCommand(
		newDemo(a), newCrawl(a), newImport(a), newTag(a), newExtract(a), newRetag(a),
		newSearch(a), newSearches(a), newExplain(a), newTimeline(a), newPeople(a), newFirms(a), newOutlets(a), newExport(a), newArchive(a), newSources(a), newHistory(a),
		newForget(a), newServe(a), newLabels(a), newEval(a), newBackup(a), newRestore(a), newDoctor(a),
	)
	return root
}

// flagMistake puts the flag package's errors into a user's words.
func flagMistake(c *cobra.Command, err error) error {
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		kind := map[string]string{"int": "a whole number", "duration": "a length of time like 2s or 1m30s", "bool": "true or false"}[value.GetFlag().Value.Type()]
		if kind != "" {
			return usage("--%s: %q is not %s", value.GetFlag().Name, value.GetValue(), kind)
		}
	}
	var unknown *pflag.NotExistError
	if c.Name() == "search" && errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "" {
		return usage(`unknown flag: -%s; words to search for that begin with a dash go into quotation marks with the others ("gold -oil") or after --`, unknown.GetSpecifiedShortnames())
	}
	return usage("%s", err)
}

// newHelp is cobra's own help command, save that a topic it does not know is a mistake.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about any command",
		RunE: func(c *cobra.Command, args []string) error {
			topic, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(c.Root(), args)
			}
			return topic.Help()
		},
	}
}

// usage is a mistake of the caller: one sentence, exit status 2.
func usage(format string, args ...any) error {
	return fmt.Errorf("%s (%w)", fmt.Sprintf(format, args...), tenor.ErrUsage)
}

func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if similar := c.SuggestionsFor(args[0]); len(similar) > 0 {
		hint = fmt.Sprintf("; did you mean %s?", strings.Join(similar, " or "))
	}
	return usage("there is no command %q%s", args[0], hint)
}

// atLeastOne wants a path or address, and says which.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("name at least one %s", what)
		}
		return nil
	}
}

func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%q: this command takes no arguments, only flags", args[0])
	}
	return nil
}
