package crawler

import (
	"fmt"
	"time"

	"tenor"
)

// ReadText is the article in the text of a file called name, as Import reads it.
// It is what labelled texts are scored through.
func ReadText(name string, text []byte, known time.Time) (tenor.Article, error) {
	a, err := extractText(text, known, true)
	a.File, a.KnownAt = name, known
	if err != nil {
		return a, fmt.Errorf("read %s: %w", name, err)
	}
	return a, nil
}
