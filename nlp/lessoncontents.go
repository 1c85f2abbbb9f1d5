package nlp

import (
	"slices"

	"tenor"
)

// piece is a part of a quote that stands in the sentence, in tokens.
type piece struct{ from, to int }

// piecesIn are the parts of a quote in a sentence, on either side of clause k.
func (r *reading) piecesIn(s sentence, k *clause, q *lessonQuote) (left, right []piece) {
	spans := append([]tenor.Span(nil), q.spans...)
	sortSpans(spans)
	for _, p := range spans {
		from, to := -1, -1
		for i := s.from; i < s.to; i++ {
			if r.toks[i].end > p.Start() && r.toks[i].start < p.End() {
				if from < 0 {
					from = i
				}
				to = i + 1
			}
		}
		if from < 0 {
			continue
		}
		if r.shapes[from] == shThat && r.toks[from].region < 0 {
			from++
		}
		for to > from && r.toks[to-1].region < 0 && (r.shapes[to-1] == shComma || r.shapes[to-1] == shStop) {
			to--
		}
		switch {
		case from >= to:
		case to <= k.start:
			left = append(left, piece{from, to})
		case from >= k.end, from == k.at, from >= k.from && from < k.at && k.at < to:
			right = append(right, piece{max(from, k.at), to})
		}
	}
	return left, right
}

// contents notes where the words that the clauses of a sentence report begin and end.
func (l *lesson) contents(r *reading, t *lessonText, s sentence, clauses []clause, quotes []*lessonQuote) {
	done := s.from
	r.reportedTo = s.from
	for n := range clauses {
		k, q := &clauses[n], quotes[n]
		weight := weightOf(t, q)
		left, right := r.piecesIn(s, k, q)
		if k.start > done {
			l.beginning(r, &l.lefts, left, r.leftPlaces(s, k, done), weight,
				func(f *facts) { r.noLeftFacts(f, s, k, done) }, func(f *facts, nth, j int) { r.leftFacts(f, s, k, done, j, nth) })
		}
		has := len(left) > 0
		start := l.beginning(r, &l.rights, right, r.rightPlaces(s, k), weight,
			func(f *facts) { r.noRightFacts(f, s, k, has) }, func(f *facts, _, j int) { r.rightFacts(f, s, k, has, j) })
		if start >= 0 {
			l.ending(r, s, k, clauses, has, start, right[0].to, weight)
		}
		for _, p := range append(left, right...) {
			done = max(done, p.to)
			r.reportedTo = max(r.reportedTo, p.to)
		}
		done = min(max(done, k.end), s.to)
	}
}

// beginning notes at which of places a quote's first piece begins, none for no
// piece, and returns the place or -1.
func (l *lesson) beginning(r *reading, to *[]choice, pieces []piece, places []int, weight float64, none func(*facts), at func(f *facts, nth, j int)) int {
	if len(places) == 0 {
		return -1
	}
	right, start := 0, -1
	if len(pieces) > 0 {
		for n, j := range places {
			if j == pieces[0].from || j == pieces[0].from-1 && r.shapes[j] == shQuote {
				right, start = n+1, j
			}
		}
		if right == 0 {
			return -1 // it begins where the tagger cannot
		}
	}
	places = slices.Clone(places)
	l.note(to, right, weight, none, len(places), func(f *facts, n int) { at(f, n, places[n]) })
	return start
}

// ending notes at which place the words that begin at start end.
func (l *lesson) ending(r *reading, s sentence, k *clause, clauses []clause, left bool, start, end int, weight float64) {
	places := slices.Clone(r.endPlaces(s, start))
	for n, j := range places {
		if j == end || j == end+1 && r.shapes[end] == shQuote {
			l.note(&l.ends, n, weight, nil, len(places), func(f *facts, n int) { r.endFacts(f, s, k, clauses, left, start, places[n], n) })
			return
		}
	}
}
