package nlp

import (
	"strings"

	"tenor"
)

// speaker is who a reporting clause names: a person of the article, or an
// organisation. The zero speaker is nobody.
type speaker struct {
	person int    // 1 + index into people
	firm   string // the organisation, where no person speaks
	from   int    // the tokens that name the speaker, half open
	to     int
	plural bool  // "strategists at FIRM", for a later "they"
	noun   shape // that stands for an organisation: "strategists", "report"
	by     tenor.Resolution
}

func (s speaker) nobody() bool { return s.person == 0 && s.firm == "" }

func (s speaker) same(o speaker) bool { return s.person == o.person && s.firm == o.firm }

// speakerOf tells whom the subject of a clause names, and how sure that is:
// nobody where it is nobody in particular, or one of two who both fit.
func (r *reading) speakerOf(s sentence, k *clause) (speaker, float64) {
	c := &k.subject
	i := c.head
	if c.mention > 0 {
		return r.named(s, &r.mentions[c.mention-1], c.after), 1
	}
	switch c.shape {
	case shHe:
		return r.pronoun(i)
	case shOwner:
		if r.is(i, isHe|isShe) {
			return r.pronoun(i)
		}
		return r.theFirm(i)
	case shIt:
		return r.theFirm(i)
	case shThey:
		return r.stoodFor(&c.nounPhrase)
	case shWho, shWhich:
		return r.antecedent(s, i), 1
	case shRole, shTeam, shHouse, shPaper, shNobody:
		return r.described(s, c)
	}
	return speaker{}, 1
}

// named is the speaker whom a name stands for. Of "A and B said" the first speaks
// for both.
func (r *reading) named(s sentence, m *mention, after bool) speaker {
	switch {
	case m.kind == personName && m.person >= 0:
		who := r.person(m)
		if n := r.mentionOver(m.from - 2); m.from-2 >= s.from && r.says(m.from-1, "and") && n != nil && n.kind == personName && n.person >= 0 {
			who = r.person(n)
			who.plural = true
		}
		return who
	case m.kind == personName || m.kind == thingName:
		return speaker{}
	case m.kind == unknownName && m.to-m.from > 1 && after:
		if who := r.proposed(m.from, min(m.to+8, s.to)); !who.nobody() {
			return who
		}
	}
	if m.common || r.says(m.to, "data") || r.says(m.to, "figures") || r.says(m.to, "statistics") {
		return speaker{}
	}
	return speaker{firm: r.organisation(m), from: m.from, to: m.to, by: tenor.ByName}
}

// person is the speaker whom a person's name stands for.
func (r *reading) person(m *mention) speaker {
	by := tenor.ByName
	if m.to-m.from == 1 && r.people[m.person].name != m.name {
		by = tenor.BySurname
	}
	return speaker{person: m.person + 1, from: m.from, to: m.to, by: by}
}

// described is the speaker whom a noun stands for: "the strategist", "Goldman
// strategists", "analysts at UBS", "a note by UBS", "the bank".
func (r *reading) described(s sentence, c *candidate) (speaker, float64) {
	i := c.head
	if led := r.ledBy(s, i+1); led != nil {
		return r.person(led), 1
	}
	if c.shape == shRole && r.kind(i+1) == tkComma {
		if m := r.mentionOver(i + 2); m != nil && m.kind == personName && m.person >= 0 {
			return r.person(m), 1 // "its chief strategist, NAME, said"
		}
	}
	if f := r.belongsTo(s, i+1); f != nil {
		switch {
		case f.kind == personName && c.shape == shPaper:
			return r.person(f), 1
		case f.kind == personName:
		case c.shape == shNobody:
			return speaker{}, 1
		case c.shape != shRole || r.speaksFor(i):
			if led := r.ledBy(s, f.to); led != nil {
				return r.person(led), 1
			}
			return speaker{firm: r.organisation(f), from: f.from, to: f.to, plural: true, noun: c.shape, by: tenor.ByTeam}, 1
		case r.says(c.from, "the"):
			return r.stoodFor(&c.nounPhrase)
		default:
			return speaker{}, 1 // "a strategist at FIRM"
		}
	}
	for j := i - 1; j >= c.from; j-- {
		m := r.mentionOver(j)
		if m == nil {
			continue
		}
		if j = m.from; (m.kind == placeName || m.kind == thingName) && j-2 >= c.from && r.kind(j-1) == tkPoss {
			continue // "FIRM's Wall Street research team"
		}
		return r.ownedBy(s, c, m)
	}
	return r.known(s, c)
}

// ownedBy is the speaker of a phrase with a name in front: "Goldman strategists",
// "NAME's note", "the Quill campaign", "UBS's analysts".
func (r *reading) ownedBy(s sentence, c *candidate, m *mention) (speaker, float64) {
	i := c.head
	if c.shape == shHouse && m.kind == unknownName && r.says(c.from, "the") && r.fullName(m.name) == m.name {
		return r.theFirm(i) // "the Lund bank"
	}
	switch m.kind {
	case personName:
		if m.person < 0 {
			return speaker{}, 1
		}
		if c.shape == shPaper || c.shape == shTeam && !strings.HasSuffix(r.in(i, i+1), "s") {
			return r.person(m), 1 // "NAME's note", "NAME's team"
		}
		if c.shape == shHouse {
			return speaker{firm: r.in(m.from, m.to) + " " + r.in(i, i+1), from: m.from, to: i + 1, by: tenor.ByName}, 1 // "Quill's campaign"
		}
		return speaker{}, 1
	case placeName, thingName:
		switch {
		case c.shape == shTeam || c.shape == shRole:
			return r.known(s, c)
		case c.shape == shHouse && m.to == i: // "the Ruritanian government"
			return speaker{firm: r.in(m.from, i+1), from: m.from, to: i + 1, by: tenor.ByName}, 1
		}
		return speaker{}, 1
	}
	if m.common || m.kind == mediaName && c.shape == shPaper {
		return speaker{}, 1 // "a Reuters poll": figures
	}
	if led := r.leader(s, c.from); led != nil {
		return r.person(led), 1 // "Led by NAME, FIRM strategists said"
	}
	if c.shape == shRole && !r.speaksFor(i) {
		if r.says(c.from, "the") {
			return r.known(s, c)
		}
		return speaker{}, 1 // "a Lakeside fund manager"
	}
	return speaker{firm: r.organisation(m), from: m.from, to: i + 1, plural: true, noun: c.shape, by: tenor.ByTeam}, 1
}

// known is the speaker of a phrase without a name: somebody named before.
func (r *reading) known(s sentence, c *candidate) (speaker, float64) {
	i := c.head
	switch {
	case r.says(c.from, "its"), r.says(c.from, "their"):
		return r.theFirm(i)
	case r.is(c.from, isHe|isShe) && r.shapes[c.from] == shOwner:
		if c.shape == shPaper || c.shape == shTeam || c.shape == shHouse {
			return r.pronoun(c.from)
		}
		return speaker{}, 1
	case !r.says(c.from, "the") && !r.says(c.from, "this"):
		return speaker{}, 1
	}
	switch c.shape {
	case shHouse:
		return r.theFirm(i)
	}
	return r.stoodFor(&c.nounPhrase)
}

// speaksFor reports whether the title at i is of people who speak for their
// house: spokesmen, and strategists in the plural.
func (r *reading) speaksFor(i int) bool {
	w := r.in(i, i+1)
	return len(w) > 5 && (strings.EqualFold(w[:5], "spoke") || w[len(w)-1] == 's')
}

// belongsTo is the name behind "at", "of", "from", "for", "by" or "with" at i.
func (r *reading) belongsTo(s sentence, i int) *mention {
	for n := 0; n < 2 && i < s.to && r.is(i, isTime); n++ {
		i++
	}
	if !(r.says(i, "at") || r.says(i, "of") || r.says(i, "from") || r.says(i, "for") || r.says(i, "by") || r.says(i, "with")) {
		return nil
	}
	i++
	for n := 0; n < 4 && i < s.to && r.mentionOver(i) == nil && (r.is(i, isDet|roleModifier|isHouse|isTeam|isRoleHead) || r.kind(i) == tkPoss); n++ {
		i++
	}
	m := r.mentionOver(i)
	if i >= s.to || m == nil || m.kind == placeName || m.kind == thingName || m.kind == personName && m.person < 0 || m.common {
		return nil
	}
	return m
}

// ledBy reads ", led by NAME" or "including NAME" at token i.
func (r *reading) ledBy(s sentence, i int) *mention {
	if r.kind(i) == tkComma {
		i++
	}
	switch {
	case r.says(i, "led") && r.says(i+1, "by"):
		i += 2
	case r.says(i, "including"):
		i++
	default:
		return nil
	}
	if i < s.to {
		if m := r.mentionOver(i); m != nil && m.kind == personName && m.person >= 0 {
			return m
		}
	}
	return nil
}

// leader reads "Led by NAME," before token i, where a team is the subject.
func (r *reading) leader(s sentence, i int) *mention {
	if i-3 < s.from || r.kind(i-1) != tkComma {
		return nil
	}
	m := r.mentionOver(i - 2)
	if m == nil || m.kind != personName || m.person < 0 || !r.says(m.from-1, "by") || !r.says(m.from-2, "led") {
		return nil
	}
	return m
}

// antecedent is whom "who" at i stands for: the person or the organisation named
// right before it.
func (r *reading) antecedent(s sentence, i int) speaker {
	for k := i - 1; k >= s.from && i-k < 30; k-- {
		m := r.mentionOver(k)
		if m == nil {
			continue
		}
		if m.kind == personName && m.person >= 0 {
			return r.person(m)
		}
		if m.kind.organisation() && m.to >= i-1 {
			return speaker{firm: r.organisation(m), from: m.from, to: m.to, by: tenor.ByName}
		}
	}
	return speaker{}
}

// isVendor reports whether a name is a source of figures, which are no view of
// the market.
func (r *reading) isVendor(m *mention) bool {
	name := m.name
	if first, rest, ok := strings.Cut(name, " "); ok && r.lex.of(first).place {
		name = rest // "U.S. Census Bureau"
	}
	for {
		if r.lex.of(name).vendor {
			return true
		}
		cut := strings.LastIndexByte(name, ' ')
		if cut < 0 {
			return false
		}
		name = name[:cut]
	}
}

// isMedia reports whether a speaker is a newspaper, an agency or a broadcaster.
func (r *reading) isMedia(who speaker) bool {
	m := r.mentionOver(who.from)
	if m != nil && m.kind == mediaName {
		return true
	}
	e := r.lex.of(who.firm)
	return e.firm && e.firmKind == firmMedia
}
