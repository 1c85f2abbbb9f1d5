package crawler

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A set finds what a search for each of its phrases finds.
func TestPhraseSet(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString([]string{"a", "b", "ab", " ", "é", "新"}[random.IntN(6)])
		}
		return b.String()
	}
	for range 3000 {
		phrases := map[string]bool{}
		for range 3 {
			phrases[text(1+random.IntN(5))] = true
		}
		set, s := newPhraseSet(phrases), text(random.IntN(40))
		begins, places := false, 0
		for phrase := range phrases {
			begins = begins || strings.HasPrefix(s, phrase)
			for at := range s {
				if strings.HasPrefix(s[at:], phrase) {
					places++
				}
			}
		}
		found := 0
		set.find(s, func(at int, phrase string) bool {
			if !strings.HasPrefix(s[at:], phrase) || !phrases[phrase] {
				t.Fatalf("%q is not at %d of %q", phrase, at, s)
			}
			found++
			return false
		})
		if set.begins(s) != begins || set.in(s) != (places > 0) || found != places {
			t.Fatalf("%v in %q: begins %v, in %v, %d times; want %v and %d", phrases, s, set.begins(s), set.in(s), found, begins, places)
		}
	}
}

func TestWords(t *testing.T) {
	for s, want := range map[string][]string{
		"":                                 nil,
		" – ":                              nil,
		"Small caps' 2nd rally":            {"small", "caps", "2nd", "rally"},
		"ÜBER Été, İzmir ½ \xff\xfe x":     {"über", "été", "izmir", "½", "x"},
		"小型股上涨 3.5%, U.S. says":            {"小型股上涨", "3", "5", "u", "s", "says"},
		"don’t O'Neill's\u00a0desk\u200b!": {"don", "t", "o", "neill", "s", "desk"},
	} {
		if got := words(s); !slices.Equal(got, want) {
			t.Errorf("%q: words %q, want %q", s, got, want)
		}
		if got := squash(s); got != strings.Join(want, "") {
			t.Errorf("%q: squashed to %q, want %q", s, got, strings.Join(want, ""))
		}
		if hasWord(s) != (len(want) > 0) {
			t.Errorf("%q: hasWord is %v", s, hasWord(s))
		}
	}
}
