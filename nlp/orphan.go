package nlp

import "tenor"

// orphan reports whether a sentence is nothing but a quotation, and which: its
// speaker is named in a neighbouring sentence or nowhere.
func (r *reading) orphan(s sentence) (reg int, ok bool) {
	from, to := s.from, s.to
	for from < to && r.bullet(from) {
		from++
	}
	for to > from && r.toks[to-1].region < 0 && r.toks[to-1].kind == tkStop {
		to--
	}
	if from >= to || r.toks[from].region < 0 || r.toks[to-1].region != r.toks[from].region {
		return 0, false
	}
	reg = r.toks[from].region
	return reg, r.words(from, to) >= 4 && r.regions[reg].words.Len() > 0
}

// edgeRegion is a quotation of a clause or more with which a sentence opens, or
// which ends it after a few words and a comma: At the same time, “…”.
func (r *reading) edgeRegion(s sentence) (int, bool) {
	if r.kind(s.from) == tkQuoted && r.toks[s.from].region >= 0 {
		reg := r.toks[s.from].region
		return reg, r.regionWords(reg, s.from, s.to) >= 8
	}
	for i := s.from + 1; i < min(s.to, s.from+8); i++ {
		if r.kind(i) == tkQuoted && r.kind(i-1) == tkComma {
			reg := r.toks[i].region
			return reg, r.regionWords(reg, i, s.to) >= 8 && s.to-i-2 <= r.regionTokens(reg, i, s.to)
		}
	}
	return 0, false
}

// goesOn adds to a reported clause the sentence after it, where that takes it up
// in so many words: "She expects cuts. This would help." The author's own
// comment begins otherwise, and another speaker has a clause of their own.
func (r *reading) goesOn(index int, before *saying, mem *memory) {
	s := r.sentences[index]
	p := &r.paragraphs[s.paragraph]
	if before.sentence != index-1 || index == p.first || before.kind != tenor.Indirect && before.kind != tenor.Mixed {
		return
	}
	if r.is(s.from, isGoingOn) && r.mentionOver(s.from) == nil && r.kind(s.to-1) == tkStop && len(r.tagsOf(s, mem)) == 0 {
		before.spans = append(before.spans, tenor.Span{r.toks[s.from].start, r.toks[s.to-1].end})
		before.sentence = index
	}
}

// introduced reads a sentence that is about one person, then a colon, then a
// quotation to its end: NAME has done the sums: “…”.
func (r *reading) introduced(s sentence) (speaker, int, bool) {
	for i := s.from + 2; i < s.to; i++ {
		if r.toks[i].region < 0 {
			continue
		}
		reg := r.toks[i].region
		n := r.regionTokens(reg, i, s.to)
		if r.kind(i) != tkQuoted || r.kind(i-1) != tkColon || n < 6 || s.to-i-n > 1 {
			return speaker{}, 0, false
		}
		who, _ := r.firstSubject(s, i-1)
		return who, reg, !who.nobody()
	}
	return speaker{}, 0, false
}

// aboutBefore is the person whom the sentence before index is about, in the same
// paragraph, and who alone is named there: NAME has turned. “It is too late.”
func (r *reading) aboutBefore(index int) speaker {
	if index == 0 || r.sentences[index-1].paragraph != r.sentences[index].paragraph {
		return speaker{}
	}
	s := r.sentences[index-1]
	var who speaker
	for i := s.from; i < s.to; i++ {
		m := r.mentionOver(i)
		if m == nil {
			if r.toks[i].region >= 0 {
				return speaker{}
			}
			continue
		}
		i = m.to - 1
		if m.kind != personName || m.person < 0 {
			continue
		}
		if who.person == 0 {
			if start := r.startOfName(s, m); start > s.from+3 || !r.subjectLike(m) || r.kind(m.to) == tkPoss {
				return speaker{}
			}
			who = speaker{person: m.person + 1, from: m.from, to: m.to}
		} else if who.person != m.person+1 {
			return speaker{}
		}
	}
	return who
}

// regionTokens counts the tokens of a region from token from on.
func (r *reading) regionTokens(reg, from, limit int) int {
	to := from
	for to < limit && r.toks[to].region == reg {
		to++
	}
	return to - from
}

// regionWords counts the words of a region that begins at token from.
func (r *reading) regionWords(reg, from, limit int) int {
	return r.words(from, from+r.regionTokens(reg, from, limit))
}

// whoseOrphan finds the speaker of a quotation that stands alone in sentence
// index: a tag in the next sentence (“….” Quill said.), the speaker of the
// sentence before in the same paragraph, or of the paragraph before.
func (r *reading) whoseOrphan(index int, before *saying, mem *memory) (speaker, tenor.Span) {
	if next := index + 1; next < len(r.sentences) && r.sentences[next].paragraph == r.sentences[index].paragraph {
		s := r.sentences[next]
		for _, t := range r.tagsOf(s, mem) {
			if t.class&cueSay != 0 && t.from <= s.from+1 && (t.inverted || r.words(t.to, s.to) == 0) && !t.source {
				return t.who, tenor.Span{r.toks[t.cue[0]].start, r.toks[t.cue[1]-1].end}
			}
		}
	}
	if before == nil || before.sentence != index-1 {
		return r.aboutBefore(index), tenor.Span{}
	}
	return before.who, tenor.Span{}
}
