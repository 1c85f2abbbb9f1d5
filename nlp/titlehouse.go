package nlp

import "strings"

// housesOfTitles gives executives and officials of no stated house that of which
// the article speaks: the one named in the same sentence or the one before, or
// that which it is about. "Chief Executive NAME said" needs no more words there.
// Analysts belong to the house that has just spoken: "FIRM is bullish. Strategist
// NAME said".
func (r *reading) housesOfTitles() {
	leads := map[nameKind]string{}
	met := map[int]bool{}
	for i := range r.mentions {
		m := &r.mentions[i]
		if m.kind != personName || m.person < 0 {
			continue
		}
		p := &r.people[m.person]
		first := !met[m.person]
		met[m.person] = true
		if p.firm != "" || p.role == "" {
			continue
		}
		if first && r.is(m.from-1, roleAnalyst) && r.kind(m.from-1) == tkWord {
			p.firm = r.houseBefore(m)
		}
		kind := firmName
		switch r.typeOf(p) {
		case roleExecutive:
		case roleOfficial:
			kind = publicName
			if !strings.EqualFold(p.role, "governor") && !strings.EqualFold(p.role, "policymaker") {
				continue // ministers and senators are of no house that articles name
			}
		default:
			continue
		}
		from := 0
		if at := r.sentenceOf(m.from); at > 0 {
			from = r.sentences[at-1].from
		}
		for j := m.from - 1; j >= from && p.firm == ""; j-- {
			if n := r.mentionOver(j); n != nil {
				if n.kind == kind && (kind == publicName || r.subjectLike(n) && !r.isFinance(n.name)) {
					p.firm = r.organisation(n)
				}
				j = n.from
			}
		}
		if p.firm == "" {
			if _, ok := leads[kind]; !ok {
				leads[kind] = r.leadHouse(kind)
			}
			p.firm = leads[kind]
		}
	}
}

// houseBefore is the house that speaks in the sentence before that which an
// analyst's title and name open, if only one does; else "".
func (r *reading) houseBefore(m *mention) string {
	at := r.sentenceOf(m.from)
	if at <= 0 || r.titleStart(m.from-1) != r.sentences[at].from {
		return ""
	}
	house := ""
	for i := r.sentences[at-1].from; i < r.sentences[at-1].to; i++ {
		n := r.mentionOver(i)
		if n == nil {
			continue
		}
		i = n.to - 1
		verb := n.to
		for r.is(verb, isAux|isAdv|isBe) && r.kind(verb) == tkWord && verb < n.to+3 {
			verb++
		}
		speaks := r.is(verb, isCue|cueAct) && r.is(verb, formThird|formPast|formBase) || verb > n.to && r.is(verb, isAttitude)
		if n.kind != firmName && n.kind != unknownName || !speaks {
			continue
		}
		if name := r.organisation(n); house != "" && name != house {
			return ""
		} else {
			house = name
		}
	}
	return house
}

// leadHouse is the organisation of a kind that the article names most: of companies
// one of those in its first three sentences, named twice at least or alone. "" for none.
func (r *reading) leadHouse(kind nameKind) string {
	count := map[string]int{}
	lead := ""
	for i := range r.mentions {
		if m := &r.mentions[i]; m.kind == kind {
			count[r.organisation(m)]++
		}
	}
	for i := range r.mentions {
		m := &r.mentions[i]
		least := 1
		if kind == publicName || len(count) == 1 {
			least = 0
		} else if len(r.sentences) > 3 && m.from >= r.sentences[3].from {
			break
		}
		if name := r.organisation(m); m.kind == kind && count[name] > max(least, count[lead]) {
			lead = name
		}
	}
	return lead
}
