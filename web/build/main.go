// Command build bundles the chart of the web view with esbuild's Go API into
// web/dist, from where it is embedded. Run it from the repository's root, after
// "npm ci --prefix web/chart":
//
//	go run ./web/build
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	if err := bundle("web"); err != nil {
		fmt.Fprintln(os.Stderr, "bundle the chart:", err)
		os.Exit(1)
	}
}

// bundle writes dist/chart.js from chart/src/main.ts, both below dir.
func bundle(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "chart", "node_modules", "echarts")); err != nil {
		return fmt.Errorf("ECharts is not here: run npm ci --prefix %s/chart from the repository's root (%w)", dir, err)
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{filepath.Join(dir, "chart", "src", "main.ts")},
		Outfile:           filepath.Join(dir, "dist", "chart.js"),
		Bundle:            true,
		Write:             true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Target:            api.ES2022,
		Format:            api.FormatESModule,
		LegalComments:     api.LegalCommentsEndOfFile,
		Define:            map[string]string{"process.env.NODE_ENV": `"production"`},
	})
	for _, m := range api.FormatMessages(append(result.Errors, result.Warnings...), api.FormatMessagesOptions{}) {
		fmt.Fprint(os.Stderr, m)
	}
	if len(result.Errors) > 0 {
		return fmt.Errorf("%d errors", len(result.Errors))
	}
	for _, f := range result.OutputFiles {
		fmt.Fprintf(os.Stderr, "%s %d kB\n", f.Path, len(f.Contents)/1000)
	}
	return nil
}
