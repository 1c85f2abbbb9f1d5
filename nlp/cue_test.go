package nlp

import (
	"reflect"
	"testing"

	"tenor"
)

// TestClauses reads the reporting words of a sentence with their subjects.
func TestClauses(t *testing.T) {
	for text, want := range map[string][]string{
		"Odo Quill, an economist at Pell Bank, said rates would rise.":                        {"said: Odo Quill"},
		"Rates would rise, said Odo Quill, an economist at Pell Bank.":                        {"said: Odo Quill"},
		"Rates would rise, according to Odo Quill of Pell Bank.":                              {"according to: Odo Quill"},
		"Pell Bank expects growth, while Tarn Bank sees none.":                                {"expects: Pell Bank", "sees: Tarn Bank"},
		"“It may last,” the bank's chief economist, Odo Quill, told investors.":               {"told: Odo Quill"},
		"Quill said profits were growing and warned that rates would rise.":                   {"said: Quill", "warned: Quill"},
		"Odo Quill, who says he owns the shares, expects them to rise.":                       {"says: who", "expects: Odo Quill"},
		"In the view of Odo Quill of Pell Bank, rates will rise.":                             {"view: Odo Quill"},
		"Shares of Pell Bank rose 3 percent, and the company's report showed rising profits.": nil,
		"Emmerich is said to be leaving.":                                                     nil,
		"The report is due on Friday, and the note comes due in May.":                         nil,
	} {
		r := shared.lex.read(&tenor.Article{Text: text})
		var got []string
		for index := range r.sentences {
			for _, k := range r.clausesOf(index) {
				if r.is(k.subject.head, isTeam|isPaper) && k.subject.mention == 0 {
					continue // "the report showed": nobody is quoted for it in the end
				}
				got = append(got, r.in(k.at, k.to)+": "+r.in(k.subject.head, k.subject.head+1))
				if k.subject.mention > 0 {
					m := &r.mentions[k.subject.mention-1]
					got[len(got)-1] = r.in(k.at, k.to) + ": " + r.in(m.from, m.to)
				}
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
}

// TestCueGroups: what belongs to a verb, and whether it is denied.
func TestCueGroups(t *testing.T) {
	for text, want := range map[string]struct {
		group  string
		denied bool
	}{
		"Quill has repeatedly said that rates would rise.":   {"has repeatedly said", false},
		"Quill does not think that rates would rise.":        {"does not think", true},
		"Quill pointed out that rates would rise.":           {"pointed out", false},
		"Rates would rise, according to Quill of Pell Bank.": {"according to", false},
	} {
		r := shared.lex.read(&tenor.Article{Text: text})
		found := false
		for _, k := range r.clausesOf(0) {
			if r.in(k.from, k.to) == want.group && k.not == want.denied {
				found = true
			}
		}
		if !found {
			t.Errorf("%s: no clause with %q, denied %v", text, want.group, want.denied)
		}
	}
}
