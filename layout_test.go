package tenor

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The picture in the README is the import graph: the root imports the standard
// library only, and crawler, nlp, store and web import the root and not each other.
func TestImportGraph(t *testing.T) {
	parts := map[string]bool{"crawler": true, "nlp": true, "store": true, "web": true}
	files := 0
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && path != "."):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files++
		folder, _, inFolder := strings.Cut(filepath.ToSlash(path), "/")
		if !inFolder {
			folder = "root"
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			first, rest, _ := strings.Cut(name, "/")
			part, _, _ := strings.Cut(rest, "/")
			switch {
			case folder == "root" && (first == "tenor" || strings.Contains(first, ".")):
				t.Errorf("%s imports %s: the root imports the standard library only", path, name)
			case parts[folder] && first == "tenor" && part != "" && part != folder:
				t.Errorf("%s imports %s: %s imports the root and no other part", path, name, folder)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Fatalf("only %d files looked at", files)
	}
}
