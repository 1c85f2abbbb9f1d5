package nlp

// sentence is a half-open range of tokens.
type sentence struct {
	from, to  int
	paragraph int
}

// maxSentence is the most tokens of a sentence: longer ones are tables or lists
// without stops, and would make the work on them grow with their square.
const maxSentence = 2000

// splitSentences appends the sentences of the tokens from..to of one paragraph.
// A quotation is never divided: “A. B,” said X. is one sentence, whose
// quotation may hold several.
func splitSentences(sentences []sentence, text string, tokens []tok, from, to, paragraph int) []sentence {
	start := from
	cut := func(at int) {
		if at > start {
			sentences = append(sentences, sentence{start, at, paragraph})
			start = at
		}
	}
	if at := afterDateline(text, tokens, from, to); at > 0 {
		cut(at)
	}
	for i := start; i < to; i++ {
		if i-start == maxSentence {
			cut(i)
		}
		if i == start {
			if n := headingLength(tokens, start, to); n > 0 {
				cut(start + n)
				i = start
			}
		}
		t := &tokens[i]
		next := i + 1
		switch {
		case t.kind == tkStop && t.region < 0:
			for next < to && (tokens[next].kind == tkStop || tokens[next].kind == tkOther && text[tokens[next].start] == ')') {
				next++
			}
		case t.kind == tkQuoted && i > from && endsQuotation(tokens, i) && (tokens[i-1].kind == tkStop || endsInStop(text, &tokens[i-1])):
			if namesBehindDash(tokens, next, to) {
				continue
			}
		case t.kind == tkWord && t.region < 0 && endsInStop(text, t) && t.class&isAbbreviation == 0 && len(text[t.start:t.end]) > 2:
			// "in the U.S. The": only where a word opens that cannot go on with a name
			if next < to && opensQuotation(tokens, next, to) {
				break
			}
			if next >= to || tokens[next].class&isStart == 0 || !tokens[next].capital {
				continue
			}
		case (t.kind == tkWord || t.kind == tkNumber) && next < to && tokens[next].start == t.end && tokens[next].kind == tkWord && tokens[next].capital:
		default:
			continue
		}
		if next >= to || opensSentence(&tokens[next], text) {
			cut(next)
			i = next - 1
		}
	}
	cut(to)
	return sentences
}

// namesBehindDash reports whether a dash and a name of two words follow a
// quotation: “….” — NAME, strategist. The name is that of the speaker.
func namesBehindDash(tokens []tok, i, to int) bool {
	return i+2 < to && tokens[i].kind == tkDash && tokens[i+1].capital && tokens[i+2].capital && tokens[i+1].region < 0 && tokens[i+2].region < 0
}

// opensQuotation reports whether a quotation of a clause or more begins at i:
// "in Queens, N.Y. “It is …”".
func opensQuotation(tokens []tok, i, to int) bool {
	if tokens[i].kind != tkQuoted || tokens[i].region < 0 || i+7 >= to || !tokens[i+1].capital || tokens[i-1].region >= 0 {
		return false
	}
	return tokens[i+6].region == tokens[i].region
}

func endsInStop(text string, t *tok) bool { return t.end > t.start && text[t.end-1] == '.' }

// endsQuotation reports whether the mark at i is the last token of its region.
func endsQuotation(tokens []tok, i int) bool {
	return tokens[i].region >= 0 && (i+1 == len(tokens) || tokens[i+1].region != tokens[i].region) &&
		i > 0 && tokens[i-1].region == tokens[i].region
}

// opensSentence reports whether a token can be the first of a sentence. A small
// letter after “over?” goes on with the sentence: “Is it over?” he asked.
func opensSentence(t *tok, text string) bool {
	switch t.kind {
	case tkWord:
		return t.capital
	case tkNumber, tkQuoted, tkDash:
		return true
	case tkOther:
		return text[t.start] == '(' || text[t.start] == '$' || text[t.start] == '[' || text[t.start] >= 0x80
	}
	return false
}

// headingLength is the number of tokens of a heading in capitals at the start of
// a sentence: agencies lose its line end ("LENDERS LEAD THE WAY The gauge").
func headingLength(tokens []tok, from, to int) int {
	n, long := 0, 0
	for i := from; i < to; i++ {
		t := &tokens[i]
		if t.region >= 0 || !(t.allCaps || t.kind == tkNumber || t.kind == tkWord && t.capital && t.end-t.start == 1 && n > 0 || t.kind == tkComma && n > 0 || t.kind == tkPoss && n > 0 || t.class&isAbbreviation != 0 && n > 0) {
			break
		}
		if t.allCaps && t.end-t.start >= 5 {
			long++
		}
		n++
	}
	// A single capital before a word in small letters opens the sentence: "A rise".
	for n > 0 && from+n < to && tokens[from+n-1].end-tokens[from+n-1].start == 1 {
		n--
	}
	if n < 2 || long == 0 || from+n >= to {
		return 0
	}
	if next := &tokens[from+n]; next.kind != tkQuoted && !next.capital {
		// "STRONG QUARTER TCS said": the last capitals are a name's
		if last := &tokens[from+n-1]; n >= 3 && last.kind == tkWord && last.end-last.start <= 5 {
			return n - 1
		}
		return 0
	}
	return n
}

// afterDateline is the token after "NEW YORK (Reuters) -", or 0.
func afterDateline(text string, tokens []tok, from, to int) int {
	for i := from + 4; i < min(from+14, to-1); i++ {
		if tokens[i].kind == tkDash && text[tokens[i-1].start] == ')' && (tokens[from].allCaps || tokens[i-4].allCaps) {
			return i + 1
		}
	}
	return 0
}
