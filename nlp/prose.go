package nlp

import (
	"strings"
	"sync"

	"github.com/jdkato/prose/v2"
)

// The statistical tagger proposes, the rules decide: it is asked only about the
// few words beside a reporting verb that follows a quotation and whose subject
// the rules cannot read, and never more than maxAsked times an article. To read whole
// texts with it would cost a hundred times what all the rules do; and on market
// news a third of the people that it sees are people.
const maxAsked = 3

// proseModel loads the model once, at the first question: 200 ms and 38 MB.
var proseModel = sync.OnceValue(func() *prose.Model { return prose.ModelFromData("tenor") })

// proposePeople returns what prose takes for people's names in a clause. It
// panics on some inputs; then it proposes nobody.
func proposePeople(clause string) (names []string) {
	defer func() {
		if recover() != nil {
			names = nil
		}
	}()
	// Segmentation would load its own model again, at 250 ms a call.
	doc, err := prose.NewDocument(clause, prose.UsingModel(proseModel()), prose.WithSegmentation(false))
	if err != nil {
		return nil
	}
	for _, e := range doc.Entities() {
		if e.Label == "PERSON" {
			names = append(names, e.Text)
		}
	}
	return names
}

// proposed asks for the speaker among tokens from..to. What comes back must be a
// name by its form: two to five words in capitals, no title, firm or place. It
// has no offsets, so it is sought in the clause again.
func (r *reading) proposed(from, to int) speaker {
	if from >= to || r.asked == maxAsked || !r.nameless(from, to) {
		return speaker{}
	}
	r.asked++
	clause := r.in(from, to)
	for _, name := range proposePeople(clause) {
		at := strings.Index(clause, name)
		if at < 0 {
			continue
		}
		start, end := r.toks[from].start+at, r.toks[from].start+at+len(name)
		m := mention{person: -1, kind: personName, name: name}
		for i := from; i < to; i++ {
			if r.toks[i].start == start {
				m.from = i
			}
			if r.toks[i].end == end {
				m.to = i + 1
			}
		}
		if words := m.to - m.from; words < 2 || words > 5 || !r.toks[m.from].capital || !r.toks[m.to-1].capital {
			continue
		}
		if e := r.lex.of(name); e.place || e.thing || r.is(m.from, isRoleHead|isTime|isAnonymous) || r.is(m.to-1, isRoleHead|isFirmWord|isTime) {
			continue
		}
		m.person = r.addPerson(&m)
		r.describe(&m)
		return speaker{person: m.person + 1, from: m.from, to: m.to}
	}
	return speaker{}
}

// nameless reports whether tokens hold two capitals in a row that the rules have
// not judged: without them there is nothing to ask about.
func (r *reading) nameless(from, to int) bool {
	for i := from; i+1 < to; i++ {
		if r.toks[i].capital && r.toks[i+1].capital && r.toks[i].region < 0 && r.toks[i+1].region < 0 {
			if m := r.mentionOver(i); m == nil || m.kind == unknownName || m.kind >= placeName {
				return true
			}
		}
	}
	return false
}
