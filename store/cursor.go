package store

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tenor"
)

// cursor is a place between two pages of quotes: the page begins below a quote or, back,
// ends above it.
type cursor struct {
	seq   int64
	back  bool
	given bool // it is not the beginning of all
}

// backMark ends a cursor that leads back.
const backMark = "."

func parseCursor(text string) (cursor, error) {
	if text == "" {
		return cursor{seq: math.MaxInt64}, nil
	}
	digits, back := strings.CutSuffix(text, backMark)
	seq, err := strconv.ParseInt(digits, 36, 64)
	if err != nil || seq < 0 || strings.HasPrefix(digits, "+") {
		return cursor{}, fmt.Errorf("cursor: %q is not one that a page of results gave (%w)", text, tenor.ErrUsage)
	}
	return cursor{seq, back, true}, nil
}

// below and above write the cursors of the pages after and before a quote.
func below(seq int64) string { return strconv.FormatInt(seq, 36) }
func above(seq int64) string { return strconv.FormatInt(seq, 36) + backMark }
