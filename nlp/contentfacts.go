package nlp

// finite counts tokens from i to the first word that can be a finite verb.
func (r *reading) finite(i, limit int) int {
	for n := 0; i+n < limit && n < 12; n++ {
		switch r.shapes[i+n] {
		case shBe, shAux, shVerb, shSayThird, shSayPast, shEd, shThink:
			return n
		}
	}
	return 12
}

// ahead is the nearest of some shapes behind token i, and how far off it is.
func (r *reading) ahead(s sentence, i, reach int, of ...shape) (shape, uint32) {
	for j := i; j < min(i+reach, s.to); j++ {
		for _, sh := range of {
			if r.shapes[j] == sh {
				return sh, bucket(j - i)
			}
		}
	}
	return shEdge, 9
}

// leftFacts says what speaks for place j as the beginning of what clause k
// reports on its left; nth counts the places nearer to the clause.
func (r *reading) leftFacts(f *facts, s sentence, k *clause, done, j, nth int) {
	const n = factsLeft
	dir := flag(k.subject.after)
	lead := uint32(r.shapeIn(s, k.start-1))
	p, sh, q := uint32(r.shapeIn(s, j-1)), uint32(r.shapeIn(s, j)), uint32(r.shapeIn(s, j+1))
	size := bucket(k.start - j)
	first, whole := flag(j == s.from), flag(j == done)
	next := uint32(r.shapeIn(s, k.end))
	region := uint32(0)
	if r.toks[j].region >= 0 {
		region = 1
		if k.quote == r.toks[j].region {
			region = 2
		}
	}
	has, before := flag(r.finite(j, k.start) < k.start-j), flag(r.finite(done, j) < j-done)
	f.add(n, p, sh, 0)
	f.add(n+1, p, first<<1|whole, 0)
	f.add(n+2, r.wordAt(s, j-1), sh, 0)
	f.add(n+3, r.wordAt(s, j), p, 0)
	f.add(n+4, sh, q, first)
	f.add(n+5, bucket(nth), whole, lead)
	f.add(n+6, size, whole, lead)
	f.add(n+7, region, flag(k.quote >= 0), whole)
	f.add(n+8, region, p, whole)
	f.add(n+9, has, lead, dir)
	f.add(n+10, k.word, lead, has)
	f.add(n+11, next, lead, dir)
	f.add(n+12, next, uint32(r.shapeIn(s, k.end+1)), lead)
	f.add(n+13, bucket(s.to-k.end), lead, size)
	f.add(n+14, uint32(k.form), lead, dir)
	f.add(n+15, uint32(k.subject.shape), lead, dir)
	f.add(n+16, before, p, region)
	f.add(n+17, r.wordAt(s, s.from), first, whole)
	f.add(n+18, flag(r.reportedTo > done && r.reportedTo >= k.start-2), lead, flag(k.form == formAccording))
	f.add(n+19, dir, lead, 0)
}

// noLeftFacts says what speaks against anything reported on the left.
func (r *reading) noLeftFacts(f *facts, s sentence, k *clause, done int) {
	const n = factsLeft + 50
	dir := flag(k.subject.after)
	lead := uint32(r.shapeIn(s, k.start-1))
	next := uint32(r.shapeIn(s, k.end))
	f.add(n, dir, lead, 0)
	f.add(n+1, k.word, lead, 0)
	f.add(n+2, next, uint32(r.shapeIn(s, k.end+1)), lead)
	f.add(n+3, k.word, next, 0)
	f.add(n+4, bucket(k.start-done), lead, dir)
	f.add(n+5, bucket(s.to-k.end), lead, dir)
	f.add(n+6, r.wordAt(s, s.from), lead, 0)
	f.add(n+7, r.wordAt(s, k.start-1), dir, 0)
	f.add(n+8, uint32(k.form), lead, dir)
	f.add(n+9, uint32(k.subject.shape), lead, next)
	f.add(n+10, flag(k.quote >= 0), k.word, dir)
	f.add(n+11, flag(k.quote >= 0), lead, dir)
	f.add(n+12, flag(r.reportedTo > done && r.reportedTo >= k.start-2), lead, flag(k.form == formAccording))
	sh, far := r.ahead(s, k.end, 12, shThat, shColon, shQuote)
	f.add(n+13, uint32(sh), far, lead)
}

// rightFacts says what speaks for place i as the beginning of what clause k
// reports on its right; left says that it reports something on its left.
func (r *reading) rightFacts(f *facts, s sentence, k *clause, left bool, i int) {
	const n = factsRight
	l := flag(left)
	if i < k.end { // the cue itself belongs to what is said
		f.add(n+30, uint32(k.form), 0, 0)
		f.add(n+31, k.word, uint32(r.shapeIn(s, k.end)), 0)
		f.add(n+32, k.word, 0, 0)
		f.add(n+33, uint32(k.form), uint32(r.shapeIn(s, k.end)), l)
		f.add(n+34, uint32(k.form), r.wordAt(s, k.end), 0)
		f.add(n+35, uint32(k.form), uint32(k.subject.shape), flag(k.not))
		return
	}
	gap, beside := bucket(i-k.end), flag(i == k.end)
	p2, p, sh, q := uint32(r.shapeIn(s, i-2)), uint32(r.shapeIn(s, i-1)), uint32(r.shapeIn(s, i)), uint32(r.shapeIn(s, i+1))
	f.add(n, gap, l, beside)
	f.add(n+1, sh, gap, l)
	f.add(n+2, p, sh, beside)
	f.add(n+3, p2, p, sh)
	f.add(n+4, r.wordAt(s, i), beside, p)
	f.add(n+5, r.wordAt(s, i-1), sh, 0)
	f.add(n+6, k.word, sh, beside)
	f.add(n+7, k.word, p, gap)
	f.add(n+8, sh, q, beside)
	var time, paper, people, names, that, others bool
	commas := 0
	for j := k.end; j < i; j++ { // what is stepped over
		switch r.shapes[j] {
		case shTime:
			time = true
		case shPerson, shFirm, shPublic, shMedia, shName:
			names = true
		case shNobody, shTeam, shRole, shObject:
			people = true
		case shComma:
			commas++
		case shBe, shAux, shVerb:
			others = true
		case shThat:
			that = true
		}
		paper = paper || r.is(j, isDoc|isPaper)
		people = people || r.is(j, isAudience)
	}
	f.add(n+9, bits(time, paper, people, names), p, sh)
	f.add(n+10, bucket(commas), flag(others), p)
	f.add(n+11, flag(that), p, flag(others))
	f.add(n+12, bucket(r.finite(i, s.to)), sh, gap)
	f.add(n+13, uint32(r.shapeIn(s, k.end)), p, sh)
	f.add(n+14, r.wordAt(s, k.end), gap, p)
	f.add(n+15, uint32(k.form), sh, beside)
	x, far := r.ahead(s, i, 10, shThat, shColon, shComma, shBe, shAux)
	f.add(n+16, uint32(x), far, p)
	if reg := r.toks[i].region; reg >= 0 {
		size := r.regionTokens(reg, i, s.to)
		f.add(n+17, bucket(size), p, l)
		f.add(n+18, flag(i+size >= s.to-1), p, l)
	}
	f.add(n+19, flag(k.subject.after), p, sh)
	f.add(n+20, flag(k.subject.after), l, gap)
	f.add(n+21, bucket(s.to-i), l, p)
	f.add(n+22, flag(k.quote >= 0), l, sh)
	f.add(n+23, uint32(k.form), p, gap)
}

// noRightFacts says what speaks against anything reported on the right.
func (r *reading) noRightFacts(f *facts, s sentence, k *clause, left bool) {
	const n = factsRight + 50
	l := flag(left)
	next, next2 := uint32(r.shapeIn(s, k.end)), uint32(r.shapeIn(s, k.end+1))
	f.add(n, l, flag(k.subject.after), 0)
	f.add(n+1, l, bucket(s.to-k.end), flag(k.subject.after))
	f.add(n+2, l, next, next2)
	f.add(n+3, l, k.word, 0)
	f.add(n+4, l, k.word, next)
	f.add(n+5, l, uint32(k.form), next)
	f.add(n+6, l, r.wordAt(s, k.end), next2)
	f.add(n+7, l, flag(k.quote >= 0), next)
	sh, far := r.ahead(s, k.end, 16, shThat, shColon, shQuote)
	f.add(n+8, uint32(sh), far, l)
	f.add(n+9, l, bucket(r.finite(k.end, s.to)), next)
}

// endFacts says what speaks for place j as the end of the words that begin at
// start; nth counts the places before it.
func (r *reading) endFacts(f *facts, s sentence, k *clause, clauses []clause, left bool, start, j, nth int) {
	const n = factsEnd
	p, sh, q, q2 := uint32(r.shapeIn(s, j-1)), uint32(r.shapeIn(s, j)), uint32(r.shapeIn(s, j+1)), uint32(r.shapeIn(s, j+2))
	last := flag(j >= s.to-1)
	that := flag(r.shapeIn(s, start-1) == shThat)
	var commas, dashes, verbs, brackets int
	for i := start; i < j; i++ {
		switch r.shapes[i] {
		case shComma:
			commas++
		case shDash:
			dashes++
		case shBe, shAux, shVerb, shEd, shSayPast, shSayThird:
			verbs++
		case shBracket:
			brackets++
		}
	}
	f.add(n, sh, last, 0)
	f.add(n+1, sh, q, q2)
	f.add(n+2, sh, r.wordAt(s, j+1), 0)
	f.add(n+3, r.wordAt(s, j), q, p)
	f.add(n+4, bucket(j-start), sh, last)
	f.add(n+5, bucket(verbs), sh, last)
	f.add(n+6, bucket(commas), sh, q)
	f.add(n+7, uint32(dashes&1)<<1|uint32(brackets&1), sh, last)
	f.add(n+8, bucket(s.to-j), sh, 0)
	f.add(n+9, bucket(r.finite(j+1, s.to)), sh, q)
	f.add(n+10, k.word, sh, last)
	f.add(n+11, that, sh, q)
	f.add(n+12, that, bucket(commas), last)
	whole := uint32(0)
	if reg := r.toks[start].region; reg >= 0 {
		whole = 1 + flag(r.toks[j-1].region == reg)
	}
	f.add(n+13, whole, sh, last)
	f.add(n+14, whole, sh, q)
	next := uint32(0)
	for m := range clauses { // the next clause begins here
		if c := &clauses[m]; c.at != k.at && c.start >= j && c.start <= j+2 {
			next = 1 + bits(c.subject.from == k.subject.from, c.form == formAccording, c.subject.after)
			f.add(n+21, uint32(c.start-j), next, sh)
			f.add(n+22, uint32(c.subject.shape), uint32(k.subject.shape), sh)
			f.add(n+23, c.word, sh, q)
			break
		}
	}
	f.add(n+15, next, sh, last)
	f.add(n+16, flag(left), sh, last)
	f.add(n+17, p, sh, q)
	f.add(n+18, r.wordAt(s, j+1), r.wordAt(s, j+2), sh)
	f.add(n+19, bucket(nth), last, sh)
	f.add(n+20, uint32(r.shapeIn(s, start)), sh, last)
	f.add(n+24, uint32(k.form), sh, last)
	f.add(n+25, r.wordAt(s, start-1), last, sh)
	f.add(n+29, that, bucket(min(verbs, 2)), sh)
	f.add(n+26, r.market, sh, last)
	f.add(n+27, r.market, sh, q)
	f.add(n+28, r.market, bucket(j-start), last)
}
