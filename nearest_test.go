package tenor

import (
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"Ada Quill", "Bertil Okonjo", "Esmé Tanaka-Ruiz", "Harrow Lane Capital", "Harrow Trust", "Adam Quillon", "Bo Li"}
	for name, want := range map[string]string{
		"Ada Quil":                       "Ada Quill, Adam Quillon", // what begins so, before what is spelt so
		"ada qiull":                      "Ada Quill",
		"Okonjo":                         "Bertil Okonjo",
		"Esme Tanaka":                    "Esmé Tanaka-Ruiz",
		"harrow":                         "Harrow Lane Capital, Harrow Trust",
		"Bertill Okonyo":                 "Bertil Okonjo",
		"Zebulon Norwich":                "",
		"":                               "",
		"  ?!":                           "",
		"a":                              "",
		strings.Repeat("Ada Quill ", 50): "",
		"Bo\xffLi\x00":                   "Bo Li",
	} {
		if got := strings.Join(Nearest(name, names, 5), ", "); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := Nearest("harrow", names, 1); !slices.Equal(got, []string{"Harrow Lane Capital"}) {
		t.Errorf("one of them: %q", got)
	}
}

func FuzzNearest(f *testing.F) {
	f.Add("Ada Quill", "Ada Qill")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(FoldText(a)) < 2 || len(FoldText(a)) > longestNear {
			return
		}
		if got := Nearest(a, []string{b, a}, 2); !slices.Contains(got, a) {
			t.Errorf("%q is not near itself: %q", a, got)
		}
	})
}
