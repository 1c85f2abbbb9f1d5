package tenor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// heard is a name with its sightings: "Mike Marsh; Quill Capital 2024 small-caps; …".
func heard(line string) Name {
	parts := strings.Split(line, "; ")
	var n Name
	for _, p := range parts[1:] {
		words := strings.Fields(p)
		last := len(words) - 1
		s := Sighting{Firm: FirmKey(strings.Join(words[:last-1], " ")), Subject: Subject(words[last])}
		fmt.Sscan(words[last-1], &s.Year)
		n.Seen = append(n.Seen, s)
	}
	firm := ""
	if len(n.Seen) > 0 {
		firm = n.Seen[0].Firm
	}
	n.Key = PersonKey(parts[0], firm)
	return n
}

// joined writes groups of more than one name, for comparison.
func joined(names []Name) string {
	var list []string
	for _, g := range JoinNames(names) {
		if len(g) < 2 {
			continue
		}
		var keys []string
		for _, i := range g {
			keys = append(keys, names[i].Key)
		}
		slices.Sort(keys)
		list = append(list, strings.Join(keys, "+"))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestNamesAreJoinedByEvidence(t *testing.T) {
	for _, c := range []struct {
		why, want string
		names     []string
	}{
		{"short form at one firm", "michael marsh+mike marsh", []string{"Mike Marsh; Quill Bank 2024 bonds", "Michael Marsh; Quill Bank 2025 tech"}},
		{"firm without its tail", "michael marsh+mike marsh", []string{"Mike Marsh; Quill 2024 bonds", "Michael Marsh; Quill Financial Group 2025 tech"}},
		{"the surname alone is no evidence", "", []string{"Mike Marsh; Quill Bank 2024 bonds", "Michael Marsh; Reed Bank 2024 bonds"}},
		{"nor is the firm", "", []string{"Mike Marsh; Quill Bank 2024 bonds", "Nell Marsh; Quill Bank 2024 bonds"}},
		{"Quill Bank is not Quill Research", "", []string{"Mike Marsh; Quill Bank 2024 bonds", "Michael Marsh; Quill Research 2024 bonds"}},
		{"beat and period where one has no firm", "michael marsh+mike marsh", []string{"Mike Marsh;  2024 bonds", "Michael Marsh; Reed Bank 2025 bonds"}},
		{"another beat", "", []string{"Mike Marsh;  2024 bonds", "Michael Marsh; Reed Bank 2024 gold"}},
		{"another time", "", []string{"Mike Marsh;  2020 bonds", "Michael Marsh; Reed Bank 2024 bonds"}},
		{"a company is no beat", "", []string{"Mike Marsh;  2024 company", "Michael Marsh; Reed Bank 2024 company"}},
		{"it has another firm at the time", "", []string{"Mike Marsh;  2024 bonds; Quill Bank 2024 bonds", "Michael Marsh; Reed Bank 2024 bonds"}},
		{"an initial at one firm", "m marsh+mike marsh", []string{"M. Marsh; Quill Bank 2024 bonds", "Mike Marsh; Quill Bank 2024 bonds"}},
		{"an initial is too little for a beat", "", []string{"M. Marsh;  2024 bonds", "Mike Marsh; Quill Bank 2024 bonds"}},
		{"two it might be", "", []string{"Chris Marsh; Quill Bank 2024 bonds", "Christine Marsh; Quill Bank 2024 bonds", "Christopher Marsh; Quill Bank 2024 bonds"}},
		{"the others are still joined", "michael marsh+mike marsh", []string{"M. Marsh; Quill Bank 2024 bonds", "Mike Marsh; Quill Bank 2024 bonds", "Michael Marsh; Quill Bank 2024 bonds", "Mary Marsh; Quill Bank 2024 bonds"}},
		{"a letter wrong in a long surname", "dora halloweth+dora hallowith", []string{"Dora Halloweth; Quill Bank 2024 bonds", "Dora Hallowith; Quill Bank 2021 gold"}},
		{"at another firm", "", []string{"Dora Halloweth; Quill Bank 2024 bonds", "Dora Hallowith; Reed Bank 2024 bonds"}},
		{"short surnames are often neighbours", "", []string{"Dora Reed; Quill Bank 2024 bonds", "Dora Reid; Quill Bank 2024 bonds"}},
		{"a surname in two words", "dora de hallow+dora dehallow", []string{"Dora DeHallow; Quill Bank 2024 bonds", "Dora De Hallow; Quill Bank 2024 bonds"}},
		{"a middle name", "dora anne hallow+dora hallow", []string{"Dora Anne Hallow; Quill Bank 2024 bonds", "Dora Hallow; Quill Bank 2024 bonds"}},
		{"two middle names", "", []string{"Dora Anne Hallow; Quill Bank 2024 bonds", "Dora Hallow; Quill Bank 2024 bonds", "Dora May Hallow; Quill Bank 2024 bonds"}},
		{"a lone surname at its firm", "marsh@quill bank+mike marsh", []string{"Marsh; Quill Bank 2024 bonds", "Mike Marsh; Quill Bank 2025 gold"}},
		{"of one person with two spellings", "marsh@quill bank+michael marsh+mike marsh", []string{"Marsh; Quill Bank 2024 bonds", "Mike Marsh; Quill Bank 2025 gold", "Michael Marsh; Quill Bank 2025 gold"}},
		{"of two people", "", []string{"Marsh; Quill Bank 2024 bonds", "Mike Marsh; Quill Bank 2025 gold", "Nell Marsh; Quill Bank 2025 gold"}},
		{"at another time", "", []string{"Marsh; Quill Bank 2014 bonds", "Mike Marsh; Quill Bank 2025 gold"}},
		{"one of the time", "marsh@quill bank+nell marsh", []string{"Marsh; Quill Bank 2014 bonds", "Mike Marsh; Quill Bank 2025 gold", "Nell Marsh; Quill Bank 2015 gold"}},
		{"a lone surname without a firm", "", []string{"Marsh;  2024 bonds", "Mike Marsh;  2024 bonds"}},
	} {
		var names []Name
		for _, line := range c.names {
			names = append(names, heard(line))
		}
		if got := joined(names); got != c.want {
			t.Errorf("%s: joined %q, want %q", c.why, got, c.want)
		}
	}
}

// What somebody said holds against all evidence, and for want of any.
func TestDecisionsBeatEvidence(t *testing.T) {
	mike, michael := heard("Mike Marsh; Quill Bank 2024 bonds"), heard("Michael Marsh; Quill Bank 2024 bonds")
	mike.Fixed, michael.Fixed = 1, 2
	if got := joined([]Name{mike, michael}); got != "" {
		t.Errorf("said to be two, joined: %s", got)
	}
	nell := heard("Nell Reed; Quill Bank 2024 bonds")
	nell.Fixed = 1
	short := heard("M. Marsh; Quill Bank 2024 bonds")
	if got := joined([]Name{mike, nell, short}); got != "m marsh+mike marsh+nell reed" {
		t.Errorf("said to be one, and a spelling of one of them: %s", got)
	}
	if got := joined([]Name{mike, michael, short}); got != "" {
		t.Errorf("an initial that might be either of two: %s", got)
	}
}

// someNames are random names of few people, so that they meet.
func someNames(r *rand.Rand) []Name {
	forenames := []string{"Mike", "Michael", "M.", "Mary", "Chris", "Christine", "Christopher", "Mickey"}
	surnames := []string{"Marsh", "Hallowith", "Halloweth", "Hallowetch", "De Hallowith"}
	firms := []string{"", "Quill", "Quill Capital", "Reed Bank"}
	var names []Name
	used := map[string]bool{}
	for range 2 + r.IntN(10) {
		var n Name
		for range 1 + r.IntN(3) {
			n.Seen = append(n.Seen, Sighting{Firm: FirmKey(firms[r.IntN(len(firms))]), Year: 2020 + r.IntN(4), Subject: []Subject{"bonds", "gold"}[r.IntN(2)]})
		}
		surname := surnames[r.IntN(len(surnames))]
		n.Key = PersonKey(forenames[r.IntN(len(forenames))]+" "+surname, "")
		if r.IntN(4) == 0 {
			n.Key = PersonKey(strings.Fields(surname)[0], n.Seen[0].Firm)
			n.Seen = n.Seen[:1]
		}
		if r.IntN(5) == 0 {
			n.Fixed = int64(1 + r.IntN(2))
		}
		if !used[n.Key] {
			used[n.Key] = true
			names = append(names, n)
		}
	}
	return names
}

func TestJoiningDoesNotDependOnOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	met := 0
	for range 3000 {
		names := someNames(r)
		want := joined(names)
		if want != "" {
			met++
		}
		shuffled := slices.Clone(names)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for i := range shuffled {
			shuffled[i].Seen = slices.Clone(shuffled[i].Seen)
			r.Shuffle(len(shuffled[i].Seen), func(a, b int) {
				s := shuffled[i].Seen
				s[a], s[b] = s[b], s[a]
			})
		}
		if got := joined(shuffled); got != want {
			t.Fatalf("%v: joined %q, want %q", names, got, want)
		}
		// No group holds two people that somebody told apart.
		for _, g := range JoinNames(names) {
			fixed := map[int64]bool{}
			for _, i := range g {
				if names[i].Fixed != 0 {
					fixed[names[i].Fixed] = true
				}
			}
			if len(fixed) > 1 {
				t.Fatalf("%v are one person", g)
			}
		}
	}
	if met < 300 {
		t.Errorf("only %d of 3000 sets had names to join", met)
	}
}

// What the store looks at together is enough: names far from all others change nothing.
func TestJoiningIsLocal(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 1000 {
		names := someNames(r)
		want := joined(names)
		for range 3 {
			n := heard(fmt.Sprintf("Pia Farlow%c; Quill 2021 bonds", 'a'+rune(r.IntN(20))))
			if !slices.ContainsFunc(names, func(o Name) bool { return o.Key == n.Key || o.MayBe(&n) }) {
				names = append(names, n)
			}
		}
		if got := joined(names); got != want {
			t.Fatalf("%v: joined %q, want %q", names, got, want)
		}
	}
}

func TestJoinVoices(t *testing.T) {
	record := func(speaker, firm string) Record {
		return Record{Quote: Quote{Speaker: speaker, SpeakerType: Analyst, Firm: firm, Subject: "bonds"}}
	}
	records := []Record{record("Mike Marsh", "Quill Bank"), record("Michael Marsh", "Quill Bank"), record("Marsh", "Quill Bank"), record("Nell Reed", "Quill Bank")}
	JoinVoices(records, Decided{})
	if records[0].Voice != records[1].Voice || records[0].Voice != records[2].Voice || records[0].Voice == records[3].Voice {
		t.Errorf("voices %q %q %q %q", records[0].Voice, records[1].Voice, records[2].Voice, records[3].Voice)
	}
}

// A forename stands on a line once, and short forms work both ways.
func TestForenames(t *testing.T) {
	for _, pair := range [][2]string{{"mike", "michael"}, {"m", "michael"}, {"bill", "william"}, {"liz", "elizabeth"}} {
		if !likeForenames(pair[0], pair[1]) || !likeForenames(pair[1], pair[0]) {
			t.Errorf("%v may not be one person's", pair)
		}
		if len(pair[0]) > 1 && (!slices.Contains(ForenamesLike(pair[0]), pair[1]) || !slices.Contains(ForenamesLike(pair[1]), pair[0])) {
			t.Errorf("%v are not looked up together", pair)
		}
	}
	if likeForenames("christine", "christopher") || likeForenames("n", "michael") {
		t.Error("two forenames pass for one")
	}
	for f, lines := range shortForms() {
		for _, line := range lines {
			n := 0
			for _, w := range line {
				if w == f {
					n++
				}
				if w != FoldText(w) {
					t.Errorf("%q is not folded", w)
				}
			}
			if n > 1 {
				t.Errorf("%q stands twice on the line of %s", f, line[0])
			}
		}
	}
}

func FuzzPersonKey(f *testing.F) {
	for _, s := range []string{"Dr. José A. Peña Jr.", "Quill", "…", "O’Reed", "@ @", "firm:x", "李 明"} {
		f.Add(s, "Marsh & Co.")
	}
	f.Fuzz(func(t *testing.T, name, firm string) {
		key := PersonKey(name, firm)
		if (key == "") != (FoldText(name) == "") {
			t.Fatalf("%q has the key %q", name, key)
		}
		if again := PersonKey(strings.ToUpper(FoldText(name)), firm); FoldText(FoldText(name)) == FoldText(name) && again != PersonKey(FoldText(name), firm) {
			t.Fatalf("%q has the keys %q and %q", name, key, again)
		}
		if strings.HasPrefix(key, "firm:") {
			t.Fatalf("%q has the key of a firm, %q", name, key)
		}
		forename, surname := SplitPersonKey(key)
		if key != "" && (surname == "" || forename == "" && !strings.Contains(key, "@")) {
			t.Fatalf("%q is split into %q and %q", key, forename, surname)
		}
		a, b := Name{Key: key, Seen: []Sighting{{Firm: FirmKey(firm), Year: 2024, Subject: "bonds"}}}, heard("Mike Marsh; Quill Bank 2024 bonds")
		if a.MayBe(&b) != b.MayBe(&a) {
			t.Fatalf("%q and %q: only one may be the other", a.Key, b.Key)
		}
	})
}
