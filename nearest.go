package tenor

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest are those of the names that somebody who wrote name may have meant, the likeliest
// first, n at most: names that hold all of its words or their beginnings, and names of
// which few letters are wrong.
func Nearest(name string, names []string, n int) []string {
	wanted := FoldText(name)
	if wanted == "" || len(wanted) > longestNear {
		return nil
	}
	words := strings.Fields(wanted)
	type guess struct {
		name string
		off  int
	}
	var guesses []guess
	for _, candidate := range names {
		folded := FoldText(candidate)
		if folded == "" || len(folded) > longestNear {
			continue
		}
		most := min(3, 1+len(wanted)/5)
		off := min(editDistance(wanted, folded, most), wordsOff(strings.Fields(folded), words))
		if off > most {
			continue
		}
		guesses = append(guesses, guess{candidate, off})
	}
	// Names come by how often they are quoted: that decides between equals.
	slices.SortStableFunc(guesses, func(a, b guess) int { return cmp.Compare(a.off, b.off) })
	var list []string
	for _, g := range guesses[:min(n, len(guesses))] {
		list = append(list, g.name)
	}
	return list
}

// longestNear bounds, in bytes, the names that are compared letter by letter.
const longestNear = 64

// wordsOff is how many letters are wrong in words that stand in a name or begin its own.
func wordsOff(name, words []string) int {
	off := 0
	for _, w := range words {
		most := min(2, len(w)/4)
		least := longestNear
		if len(w) < 2 {
			return least // one letter says too little
		}
		for _, own := range name {
			if strings.HasPrefix(own, w) {
				least = 0
				break
			}
			if d := editDistance(w, own, most); d <= most {
				least = min(least, d)
			}
		}
		off += least
	}
	return off
}

// editDistance is how many letters are to be put in, taken out, replaced or swapped with
// their neighbour to make b of a, or more than most as soon as that is sure.
func editDistance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	var rows [3][longestNear + 1]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
			least = min(least, now[j])
		}
		if least > most {
			return most + 1
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
