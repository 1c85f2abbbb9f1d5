package nlp

import (
	"strings"

	"tenor"
)

// label is what opens a paragraph to tell who speaks in it: "QUILL:", "Q.",
// "Tarn Bank: 8,100".
type label struct {
	kind labelKind
	who  speaker
	from int // the first token behind it
}

type labelKind uint8

const (
	noLabel labelKind = iota
	personLabel
	houseLabel
	asksLabel    // "Q:", "HOST:"
	answersLabel // "A:", "GUEST:"
)

// layout is how an article as a whole shows who speaks, where no verb does.
type layout struct {
	labels    []label // by paragraph
	lastLabel int     // the last paragraph of a dialogue with a label; behind it stands the page again
	dialogue  bool    // labels of people, or questions and answers
	asks      map[int]bool
	guest     speaker // who answers where the label gives no name
	open      bool    // questions stand as paragraphs without a label
	targets   bool    // a list of houses with their targets
	lines     bool    // name lines, each above what was said
}

// findLayout looks at all paragraphs at once: one "NAME:" may open anything, many
// are a transcript.
func (r *reading) findLayout() *layout {
	l := &layout{labels: make([]label, len(r.paragraphs)), asks: map[int]bool{}}
	people, named := map[int]int{}, map[int]bool{}
	questions, papers := map[int]int{}, map[string][2]int{}
	asks, answers, houses, lines, all, open := 0, 0, 0, 0, 0, 0
	first := len(r.paragraphs)
	for i := range r.paragraphs {
		p := &r.paragraphs[i]
		if p.furniture || p.from >= p.to {
			continue
		}
		all++
		question := r.in(p.to-1, p.to) == "?" && r.toks[p.to-1].region < 0
		b := r.labelOf(p)
		l.labels[i] = b
		switch b.kind {
		case personLabel:
			people[b.who.person]++
			if question {
				questions[b.who.person]++
			}
			named[b.who.person] = true
			l.lastLabel = i
		case asksLabel:
			asks++
		case answersLabel:
			answers++
			l.lastLabel = i
		case houseLabel:
			houses++
			n := papers[b.who.firm]
			n[0]++
			if question {
				n[1]++
			}
			papers[b.who.firm] = n
		default:
			if question && r.words(p.from, p.to) <= 45 {
				open++
			}
		}
		if b.kind != noLabel && b.kind != houseLabel || question {
			first = min(first, i)
		}
		if _, ok := r.nameLine(p); ok {
			lines++
		}
	}
	labelled := 0
	for person, n := range people {
		labelled += n
		if 2*questions[person] > n || r.hosts(person) {
			l.asks[person] = true
		}
	}
	for i := range l.labels { // "Evening Star: Is it over?"
		if b := &l.labels[i]; b.kind == houseLabel && papers[b.who.firm][0] > 1 && 2*papers[b.who.firm][1] > papers[b.who.firm][0] {
			b.kind = asksLabel
			asks++
			houses--
		}
	}
	l.dialogue = asks > 0 && answers > 1 || len(named) > 1 && 3*labelled >= all || len(named) > 0 && labelled > 2 && asks > 1
	l.targets = houses > 2
	l.lines = lines > 1
	if asks+answers > 2 || open > 1 {
		l.guest = r.guestBefore(first)
		l.open = open > 1 && !l.dialogue && !l.guest.nobody() && r.announcesInterview(first)
	}
	return l
}

// labelOf reads what opens a paragraph.
func (r *reading) labelOf(p *paragraph) label {
	i := p.from
	for i < p.to && (r.bullet(i) || r.kind(i) == tkDash || r.in(i, i+1) == "*") {
		i++
	}
	if i+1 >= p.to || r.toks[i].region >= 0 {
		return label{}
	}
	word := strings.ToLower(strings.TrimSuffix(r.in(i, i+1), "."))
	if behind := r.labelEnd(i+1, p.to); behind > 0 {
		switch word {
		case "q", "question", "host", "anchor", "moderator", "interviewer", "reporter", "operator":
			return label{kind: asksLabel, from: behind}
		case "a", "answer", "guest":
			return label{kind: answersLabel, from: behind}
		}
	} else if (word == "q" || word == "a") && endsInStop(r.text, &r.toks[i]) {
		if word == "q" {
			return label{kind: asksLabel, from: i + 1}
		}
		return label{kind: answersLabel, from: i + 1}
	}
	m := r.mentionOver(i)
	if m == nil || m.from != i {
		for j := i; j < min(i+4, p.to); j++ { // "UNIDENTIFIED TRADER:", "THE MODERATOR:"
			if behind := r.labelEnd(j, p.to); behind > 0 && j > i {
				return label{kind: asksLabel, from: behind}
			} else if !r.toks[j].allCaps {
				break
			}
		}
		return label{}
	}
	if m.kind == personName && m.person >= 0 {
		if from := r.afterPersonLabel(m, p.to); from > 0 && from < p.to {
			return label{kind: personLabel, from: from, who: speaker{person: m.person + 1, from: m.from, to: m.to, by: tenor.ByLabel}}
		}
		return label{}
	}
	from := r.labelEnd(m.to, p.to)
	if from == 0 || from >= p.to || m.kind != firmName && m.kind != unknownName || r.isVendor(m) {
		return label{}
	}
	return label{kind: houseLabel, from: from, who: speaker{firm: r.organisation(m), from: m.from, to: m.to, by: tenor.ByLabel}}
}

// labelEnd is the token behind the colon at i, emphasis marks around it skipped; 0
// where none stands there.
func (r *reading) labelEnd(i, limit int) int {
	for i < limit && r.in(i, i+1) == "*" {
		i++
	}
	if i >= limit || r.kind(i) != tkColon || r.in(i, i+1) != ":" {
		return 0
	}
	for i++; i < limit && r.in(i, i+1) == "*"; i++ {
	}
	return i
}

// afterPersonLabel is the token behind "NAME:", "NAME, TITLE, FIRM:" or "NAME
// (TITLE, FIRM):", or 0.
func (r *reading) afterPersonLabel(m *mention, limit int) int {
	if from := r.labelEnd(m.to, limit); from > 0 {
		return from
	}
	bracket := r.opensBracket(m.to)
	if n := r.mentionOver(m.to + 1); r.kind(m.to) == tkComma && n != nil && n.from == m.to+1 && n.kind.organisation() && r.labelEnd(n.to, limit) > 0 {
		return r.labelEnd(n.to, limit) // "NAME, FIRM:"
	}
	if !bracket && !(r.kind(m.to) == tkComma && r.titleFollows(m.to+1)) {
		return 0
	}
	for i := m.to + 1; i < min(m.to+25, limit); i++ {
		if r.kind(i) == tkColon {
			return r.labelEnd(i, limit)
		}
		if r.kind(i) == tkStop || r.toks[i].region >= 0 && !bracket || r.is(i, isAux|isBe|isWho) || r.is(i, isCue) && !r.is(i, roleModifier|isRoleHead) && r.mentionOver(i) == nil {
			return 0
		}
	}
	return 0
}

// hosts reports whether somebody's title is that of one who asks.
func (r *reading) hosts(person int) bool {
	role := strings.ToLower(r.people[person-1].role)
	for w := range strings.FieldsSeq(role) {
		switch strings.Trim(w, ",.;") {
		case "host", "anchor", "interviewer", "moderator", "correspondent", "reporter", "presenter", "editor":
			return true
		}
	}
	return false
}

// guestBefore is the person of whom the paragraphs up to first speak most.
func (r *reading) guestBefore(first int) speaker {
	count := map[int]int{}
	best := speaker{}
	for i := range r.mentions {
		m := &r.mentions[i]
		if first < len(r.paragraphs) && m.from >= r.paragraphs[first].from && r.paragraphs[first].from < r.paragraphs[first].to {
			break
		}
		if m.kind != personName || m.person < 0 || r.hosts(m.person+1) {
			continue
		}
		count[m.person]++
		if r.people[m.person].role != "" && !(r.is(m.from-1, isCue) && r.is(m.from-1, cueTell)) {
			count[m.person]++
		}
		if best.nobody() || count[m.person] > count[best.person-1] {
			best = speaker{person: m.person + 1, from: m.from, to: m.to, by: tenor.ByLabel}
		}
	}
	return best
}

// announcesInterview reports whether the paragraphs up to first say that questions
// and answers follow.
func (r *reading) announcesInterview(first int) bool {
	for i := range min(first, len(r.paragraphs)) {
		p := &r.paragraphs[i]
		for j := p.from; j < p.to; j++ {
			if r.says(j, "interview") || r.says(j, "excerpts") || r.says(j, "spoke") && (r.says(j+1, "to") || r.says(j+1, "with")) || r.says(j, "conversation") || r.says(j, "questions") || r.says(j, "asked") {
				return true
			}
		}
	}
	return false
}

// nameLine reads a paragraph that is a name with title and firm and nothing else,
// as pages set it above what somebody said: "ODO QUILL, STRATEGIST, TARN BANK".
func (r *reading) nameLine(p *paragraph) (speaker, bool) {
	if p.to-p.from > 40 || p.from >= p.to || r.toks[p.from].region >= 0 {
		return speaker{}, false
	}
	m := r.mentionOver(p.from)
	if m == nil || m.from != p.from || m.kind != personName || m.person < 0 || m.to-m.from < 2 {
		return speaker{}, false
	}
	end := p.to
	if r.kind(end-1) == tkColon || r.kind(end-1) == tkDash {
		end--
	}
	title := false
	for i := m.to; i < end; i++ {
		if k := r.kind(i); k == tkStop || k == tkColon || r.toks[i].region >= 0 || r.is(i, isCue|isAux|isBe|isPronoun) && r.mentionOver(i) == nil && !r.is(i, roleModifier|isRoleHead|isFirmWord) {
			return speaker{}, false
		}
		title = title || r.is(i, isRoleHead)
	}
	if end > m.to && (!title || r.kind(m.to) != tkComma && r.kind(m.to) != tkDash && !r.opensBracket(m.to)) {
		return speaker{}, false
	}
	if end == m.to && r.people[m.person].role == "" {
		return speaker{}, false
	}
	return speaker{person: m.person + 1, from: m.from, to: m.to, by: tenor.ByLabel}, true
}

// maxByline is the most tokens of a line that names who said what stands above it.
const maxByline = 30

// byLine reads "— NAME, title, FIRM" or "— NAME (@handle)", a paragraph of its own.
func (r *reading) byLine(p *paragraph) (who speaker, post, ok bool) {
	if p.from >= p.to || p.to-p.from > maxByline || r.kind(p.from) != tkDash {
		return speaker{}, false, false
	}
	m := r.mentionOver(p.from + 1)
	if m == nil || m.from != p.from+1 || m.kind == placeName || m.kind == thingName || m.common {
		return speaker{}, false, false
	}
	for i := m.to; i < p.to; i++ {
		if r.toks[i].region >= 0 || r.kind(i) == tkColon || r.is(i, isBe|isAux) && r.mentionOver(i) == nil {
			return speaker{}, false, false
		}
		post = post || r.in(i, i+1) == "@"
	}
	who = speaker{firm: r.organisation(m), from: m.from, to: m.to, by: tenor.ByLabel}
	if m.kind == personName {
		if m.person < 0 {
			return speaker{}, false, false
		}
		who.person, who.firm = m.person+1, ""
	}
	return who, post, true
}

// inMarks is the quotation that a paragraph consists of, or opens with, where it
// has no reporting clause of its own.
func (r *reading) inMarks(p *paragraph) (tenor.Span, bool) {
	if p.from >= p.to || r.kind(p.from) != tkQuoted || r.toks[p.from].region < 0 {
		return tenor.Span{}, false
	}
	reg := r.toks[p.from].region
	n := r.regionTokens(reg, p.from, p.to)
	if p.to-p.from-n > 1 || r.regions[reg].words.Len() == 0 {
		return tenor.Span{}, false
	}
	return r.regions[reg].words, true
}

// rates reports whether a speaker is one who rates markets: an analyst, or a
// house whose people are.
func (r *reading) rates(who speaker) bool {
	if who.person > 0 {
		return r.people[who.person-1].capacity == roleAnalyst
	}
	if who.plural {
		return true
	}
	if r.isFinance(who.firm) {
		return true
	}
	for i := range r.people { // "Hallmoor strategists", "NAME, economist at Hallmoor"
		if r.people[i].firm == who.firm && r.people[i].capacity == roleAnalyst {
			return true
		}
	}
	return false
}

// foresees reports whether tokens from..to rate or foresee something.
func (r *reading) foresees(from, to int) bool {
	for i := from; i < to; i++ {
		if r.is(i, isRating|isAttitude|cueThink|cueAct) || r.toks[i].region >= 0 {
			return true
		}
	}
	return false
}
