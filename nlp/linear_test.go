package nlp

import (
	"strings"
	"testing"

	"tenor"
)

// hostile are pieces that, repeated, have made taggers quadratic.
var hostile = map[string]string{
	"opening marks":   "“",
	"straight marks":  "\"",
	"single marks":    "' 'a ",
	"commas":          ",",
	"names":           "Odo Quill, ",
	"long name":       "Quill ",
	"verbs":           "said ",
	"bare tags":       "Quill said, ",
	"pronouns":        "he said ",
	"titles":          "chief strategist ",
	"stops":           "a. ",
	"sentences":       "Odo Quill said that it may last. He said so. ",
	"lines":           "a\n",
	"quotations":      "“It may well last,” said Quill. ",
	"firms":           "strategists at Pell Research said ",
	"sources":         "according to ",
	"according to":    "gains, according to Odo Quill, ",
	"of":              "Bank of ",
	"brackets":        "(A",
	"many names":      "Ann Bee said. Cy Dee said. ",
	"colons":          "Odo Quill: ",
	"surnames":        "Ann Quill and Bob Quill said, ",
	"chained verbs":   "and Pell Research expects gains ",
	"coordination":    "and said ",
	"owners":          "Pell Research's ",
	"times":           "on Monday said ",
	"asides":          ", saying that ",
	"carried":         "“It may well last\n\n",
	"unclosed quotes": "said: “It may last. ",
}

// BenchmarkHostile shows the time for a repeated piece at two lengths: the
// longer may take little more than twice the shorter.
func BenchmarkHostile(b *testing.B) {
	for name, piece := range hostile {
		for _, size := range []int{512 << 10, 1 << 20} {
			b.Run(name, func(b *testing.B) {
				a := &tenor.Article{File: "f", Text: strings.Repeat(piece, size/len(piece))}
				b.SetBytes(int64(len(a.Text)))
				for b.Loop() {
					if _, err := shared.Tag(a); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func TestHostile(t *testing.T) {
	for name, piece := range hostile {
		text := strings.Repeat(piece, 1<<14/len(piece))
		quotes, err := shared.Tag(&tenor.Article{File: "f", Text: text})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		checkSpans(t, text, quotes)
	}
}
