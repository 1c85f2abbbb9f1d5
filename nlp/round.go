package nlp

import "slices"

// How a stretch is rounded off, in words.
const (
	shortReason = 4  // up to which the next word that says something is shown too
	reasonReach = 4  // in which that is looked for
	clauseReach = 2  // in which the end of the clause is gone to
	joinReach   = 2  // between two, for them to be shown as one
	loneReach   = 2  // around a word that would else stand alone
	mostShown   = 12 // words in all
)

// rounded widens a stretch to what can be read by itself, within its clause: "not
// going to fix it", not "fix"; "primed for a rebound", not "primed for".
func (p *passage) rounded(from, to int) (int, int) {
	first, last := from, to-1
	if to-from <= shortReason || p.opens(last) {
		last = p.reachRight(last)
	}
	if to-from <= longestReason {
		first = p.reachLeft(first)
	}
	for end := p.clauseEnd(last); last < end && end-last <= clauseReach; last++ {
	}
	if last+1 < len(p.words) && p.words[last].word == numberWord && p.words[last+1].gap == gapNone && !p.opens(last+1) {
		last++ // "1 billion"
	}
	if n, ok := p.negationOf(match{first: int32(from), last: int32(to - 1)}); ok && p.turned[from] && int(n.first) < first && last-int(n.first) < mostShown && !p.parted(n.first, int32(from)) {
		first = int(n.first)
	}
	for first < last && p.hangs(first) && !p.negates(first) {
		first++
	}
	for last > first && p.opens(last) {
		last--
	}
	last = max(to-1, min(last, first+mostShown-1))
	first = min(from, max(first, last-mostShown+1))
	if first == last { // a word alone says little: its neighbours, whatever they are
		for n := 0; n < loneReach && first > 0 && p.words[first].gap < gapClause; n++ {
			first--
		}
		for n := 0; n < loneReach && last+1 < len(p.words) && p.words[last+1].gap < gapClause; n++ {
			last++
		}
	}
	// What a hyphen joins is one word to a reader.
	for first > 0 && p.joined(first) {
		first--
	}
	for last+1 < len(p.words) && p.joined(last+1) {
		last++
	}
	return first, last + 1
}

// hangs reports whether a stretch does not begin well with a word.
func (p *passage) hangs(i int) bool { return p.lex.hanging.has(p.words[i].word) }

// opens reports whether a stretch does not end well with a word.
func (p *passage) opens(i int) bool {
	return p.lex.hanging.has(p.words[i].word) || p.lex.opening.has(p.words[i].word)
}

// runsOnTo reports whether a word and the one before it stand in one clause.
func (p *passage) runsOnTo(i int) bool { return p.words[i].gap < gapComma }

// joined reports whether a hyphen joins a word to the one before it.
func (p *passage) joined(i int) bool {
	return p.words[i].gap == gapNone && p.words[i].start == p.words[i-1].end+1 && p.text[p.words[i-1].end] == '-'
}

// clauseEnd is the last word of the clause of word i, looked for in a few words.
func (p *passage) clauseEnd(i int) int {
	end := i
	for end+1 < len(p.words) && end-i <= clauseReach && p.runsOnTo(end+1) {
		end++
	}
	return end
}

// reachLeft is the word before first, in its clause, that says something, with the one
// before that if it does too; first where none does.
func (p *passage) reachLeft(first int) int {
	for i := first; i > 0 && first-i < reasonReach && p.runsOnTo(i); {
		if i--; p.hangs(i) {
			continue
		}
		if i > 0 && p.runsOnTo(i) && !p.opens(i-1) {
			i--
		}
		return i
	}
	return first
}

// reachRight is the same behind last.
func (p *passage) reachRight(last int) int {
	for i := last; i+1 < len(p.words) && i-last < reasonReach && p.runsOnTo(i+1); {
		if i++; p.opens(i) {
			continue
		}
		if i+1 < len(p.words) && p.runsOnTo(i+1) && !p.opens(i+1) {
			i++
		}
		return i
	}
	return last
}

// negates reports whether a negation begins at a word.
func (p *passage) negates(i int) bool {
	return slices.ContainsFunc(p.near(int32(i), int32(i)), func(m match) bool {
		e := p.entryOf(m)
		return e.family == familyNegation && e.class == negationWord
	})
}
