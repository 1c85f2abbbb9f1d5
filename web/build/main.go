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
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	if err := bundle("web"); err != nil {
		fmt.Fprintln(os.Stderr, "bundle the chart:", err)
		os.Exit(1)
	}
}

// unused are modules that ECharts' core holds on to and this chart has no use for, with
// what stands in for them: Chinese, the dark theme, the options of ECharts 2 to 4.
var unused = map[string]string{
	"echarts/lib/i18n/langZH.js":                 "export default {};",
	"echarts/lib/theme/dark.js":                  "export default {};",
	"echarts/lib/preprocessor/backwardCompat.js": "export default function () {}",
}

var leaveOut = api.Plugin{Name: "leave-out", Setup: func(b api.PluginBuild) {
	b.OnLoad(api.OnLoadOptions{Filter: `echarts.lib.(i18n|theme|preprocessor)`}, func(args api.OnLoadArgs) (result api.OnLoadResult, err error) {
		for module, instead := range unused {
			if strings.HasSuffix(filepath.ToSlash(args.Path), module) {
				result.Contents = &instead
			}
		}
		return result, nil
	})
}}

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
		Plugins:           []api.Plugin{leaveOut},
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
