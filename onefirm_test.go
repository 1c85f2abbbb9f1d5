package tenor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func groupsOf(list [][]string) string {
	var parts []string
	for _, g := range list {
		if len(g) > 1 {
			parts = append(parts, strings.Join(g, "+"))
		}
	}
	return strings.Join(parts, " ")
}

func TestFirmKeysOfArms(t *testing.T) {
	for name, want := range map[string]string{
		"J.P. Morgan Asset Management": "jpmorgan asset management", "JPMorgan Asset Management": "jpmorgan asset management",
		"JPMorgan Chase & Co.": "jpmorgan", "Quill Securities Inc": "quill securities", "Citigroup Wealth Management": "citi wealth management",
	} {
		if got := FirmKey(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for key, want := range map[string]string{"jpmorgan asset management": "jpmorgan", "rbc capital markets": "royal bank of canada", "quill financial": "quill", "capital research": "capital"} {
		if got := FirmRoot(key); got != want {
			t.Errorf("%s: root %q, want %q", key, got, want)
		}
	}
	if MayBeOneFirm("capital research", "capital partners") {
		t.Error("a word that any firm may have is no name")
	}
}

// article is a text of speakers "NAME of FIRM said “…”" with its quotes.
func heardAt(tail string, speakers ...string) (string, []Quote) {
	var b strings.Builder
	var quotes []Quote
	for i, s := range speakers {
		name, firm, _ := strings.Cut(s, "@")
		fmt.Fprintf(&b, "%s of %s said ", name, firm)
		from := b.Len()
		fmt.Fprintf(&b, "words %d", i)
		quotes = append(quotes, Quote{Speaker: name, Firm: firm, Spans: []Span{{from, b.Len()}}})
		b.WriteString(". ")
	}
	b.WriteString(tail)
	return b.String(), quotes
}

func TestFirmsAreJoinedByEvidence(t *testing.T) {
	for _, c := range []struct {
		why, want string
		articles  [][]string // speakers, the rest of the text last
		people    []string   // as heard reads them
	}{
		{"one person in one article", "quill+quill securities", [][]string{{"Ada Marsh@Quill Securities", "Ada Marsh@Quill", ""}}, nil},
		{"long first and short for a colleague", "quill+quill financial", [][]string{{"Ada Marsh@Quill Financial Group", "Bo Reed@Quill", ""}}, nil},
		{"short first: told apart", "", [][]string{{"Ada Marsh@Quill", "Bo Reed@Quill Securities", ""}}, nil},
		{"an arm is told apart from its house", "", [][]string{{"Ada Marsh@Quill Wealth Management", "Bo Reed@Quill", ""}}, []string{"Ada Marsh; Quill 2024 bonds; Quill Wealth Management 2024 bonds", "Nell Oak; Quill 2024 bonds; Quill Wealth Management 2024 bonds"}},
		{"the text uses it for short", "quill+quill securities", [][]string{{"Ada Marsh@Quill Securities", "Clients of Quill agree."}, {"Bo Reed@Quill", ""}}, nil},
		{"in a possessive", "quill+quill securities", [][]string{{"Ada Marsh@Quill Securities", "They like Quill’s view."}, {"Bo Reed@Quill", ""}}, nil},
		{"another firm begins so", "", [][]string{{"Ada Marsh@Quill Securities", "Clients of Quill Brothers agree."}, {"Bo Reed@Quill", ""}}, nil},
		{"somebody is called so", "", [][]string{{"Ada Quill@Quill Securities", "They like Quill’s view."}, {"Bo Reed@Quill", ""}}, nil},
		{"somebody else is called so", "", [][]string{{"Ada Marsh@Quill Securities", "They like Bo Quill’s view."}, {"Bo Reed@Quill", ""}}, nil},
		{"one person at both within a year", "quill+quill securities", nil, []string{"Ada Marsh; Quill 2024 bonds; Quill Securities 2025 bonds"}},
		{"years apart", "", nil, []string{"Ada Marsh; Quill 2014 bonds; Quill Securities 2025 bonds"}},
		{"a lone surname is nobody", "", nil, []string{"Marsh; Quill 2024 bonds; Quill Securities 2024 bonds"}},
		{"one of an arm may be loose writing", "", nil, []string{"Ada Marsh; Quill 2024 bonds; Quill Asset Management 2024 bonds"}},
		{"two of an arm", "quill+quill asset management", nil, []string{"Ada Marsh; Quill 2024 bonds; Quill Asset Management 2024 bonds", "Bo Reed; Quill 2024 bonds; Quill Asset Management 2024 bonds"}},
		{"another name", "", nil, []string{"Ada Marsh; Quill 2024 bonds; Reed Securities 2024 bonds"}},
		{"a chain whose ends are apart", "", [][]string{{"Ada Marsh@Quill Securities", "Bo Reed@Quill Research", ""}}, []string{"Ada Marsh; Quill 2024 bonds; Quill Securities 2024 bonds", "Bo Reed; Quill 2024 bonds; Quill Research 2024 bonds"}},
	} {
		var ties []Tie
		keys := map[string]bool{}
		for _, a := range c.articles {
			text, quotes := heardAt(a[len(a)-1], a[:len(a)-1]...)
			ties = append(ties, FirmTies(text, quotes)...)
			for _, q := range quotes {
				keys[FirmKey(q.Firm)] = true
			}
		}
		for _, line := range c.people {
			n := heard(line)
			ties = append(ties, n.PersonTies()...)
			for _, s := range n.Seen {
				keys[s.Firm] = true
			}
		}
		var list []string
		for k := range keys {
			list = append(list, k)
		}
		if got := groupsOf(JoinKeys(list, AddTies(ties), nil)); got != c.want {
			t.Errorf("%s: joined %q, want %q (%+v)", c.why, got, c.want, ties)
		}
	}
}

// Another role at the same house is a move to its arm and no other spelling.
func TestRolesTellFirmsApart(t *testing.T) {
	n := heard("Ada Marsh; Quill 2024 bonds; Quill Securities 2024 bonds")
	n.Seen[0].Roles, n.Seen[1].Roles = RoleBit("chief strategist"), RoleBit("head of sales")
	if ties := n.PersonTies(); len(ties) > 0 {
		t.Errorf("%+v", ties)
	}
	n.Seen[1].Roles |= RoleBit("Chief Strategist")
	if ties := n.PersonTies(); len(ties) != 1 {
		t.Errorf("%+v", ties)
	}
}

func TestDecisionsOfFirmsBeatEvidence(t *testing.T) {
	keys := []string{"quill", "quill securities", "quill research", "harbor"}
	ties := []Tie{{A: "quill", B: "quill securities", For: 3}, {A: "quill", B: "quill research", For: 1}}
	for _, c := range []struct {
		want  string
		fixed map[string]string
	}{
		{"quill+quill research+quill securities", nil},
		{"harbor+quill+quill research+quill securities", map[string]string{"harbor": "1", "quill": "1"}},
		{"quill+quill research", map[string]string{"quill": "1", "quill securities": "2"}},
		{"", map[string]string{"quill securities": "1", "quill research": "2"}},
	} {
		if got := groupsOf(JoinKeys(keys, ties, c.fixed)); got != c.want {
			t.Errorf("%v: %q, want %q", c.fixed, got, c.want)
		}
	}
}

func TestOutletsAreJoinedByEvidence(t *testing.T) {
	for _, c := range []struct{ want, names string }{
		{"ledger+ledger news", "Ledger|https://www.ledger.example/1 Ledger_News|https://m.ledger.example/2"},
		{"", "Ledger|https://ledger.example/1 Ledger_News|https://bulletin.example/2"},
		{"", "Ledger|https://ledger.example/1 Courier|https://ledger.example/2"},
		{"ledger+ledger example", "The_Ledger|https://ledger.example/1 www.ledger.example|https://ledger.example/2"},
		{"", "Courier|https://ledger.example/1 Bulletin|https://ledger.example/1 ledger.example|https://ledger.example/2"},
	} {
		var seen []OutletAt
		var keys []string
		for n := range strings.FieldsSeq(c.names) {
			name, address, _ := strings.Cut(n, "|")
			o := OutletAt{OutletKey(strings.ReplaceAll(name, "_", " ")), HostOf(address)}
			seen = append(seen, o)
			if !slices.Contains(keys, o.Key) {
				keys = append(keys, o.Key)
			}
		}
		if got := groupsOf(JoinKeys(keys, OutletTies(seen), nil)); got != c.want {
			t.Errorf("%s: %q, want %q", c.names, got, c.want)
		}
	}
}

func TestHomonyms(t *testing.T) {
	by := func(firm string, subject Subject, quotes int, months ...int) []Sighting {
		years := map[int]uint16{}
		for _, m := range months {
			years[2024+m/12] |= 1 << (m % 12)
		}
		var list []Sighting
		for y, mask := range years {
			list = append(list, Sighting{Firm: FirmKey(firm), Year: y, Subject: subject, Months: mask, Quotes: quotes})
		}
		return list
	}
	for _, c := range []struct {
		why  string
		want int
		seen [][]Sighting
	}{
		{"by turns on other markets", 2, [][]Sighting{by("Quill", "gold", 6, 0, 2, 4, 6), by("Harbor", "bonds", 6, 1, 3, 5, 7)}},
		{"both in the same months", 2, [][]Sighting{by("Quill", "gold", 6, 0, 1, 2, 3, 4, 5), by("Harbor", "bonds", 6, 0, 1, 2, 3, 4, 5)}},
		{"on one market", 1, [][]Sighting{by("Quill", "gold", 6, 0, 2, 4, 6), by("Harbor", "gold", 6, 1, 3, 5, 7)}},
		{"a move", 1, [][]Sighting{by("Quill", "gold", 6, 0, 1, 2, 3), by("Harbor", "bonds", 6, 4, 5, 6, 7)}},
		{"a move with a late reprint", 1, [][]Sighting{by("Quill", "gold", 6, 0, 1, 2, 3, 5), by("Harbor", "bonds", 6, 4, 5, 6, 7)}},
		{"there and back", 1, [][]Sighting{by("Quill", "gold", 6, 0, 1, 2, 3, 12, 13), by("Harbor", "bonds", 6, 4, 5, 6, 7)}},
		{"a lone mention", 1, [][]Sighting{by("Quill", "gold", 6, 0, 1, 2, 3, 4, 5), by("Harbor", "bonds", 1, 3)}},
		{"two mistakes", 1, [][]Sighting{by("Quill", "gold", 6, 0, 1, 2, 3, 4, 5), by("Harbor", "bonds", 2, 2, 4)}},
		{"one firm and its arm", 1, [][]Sighting{by("Quill", "gold", 6, 0, 2, 4, 6), by("Quill Securities", "bonds", 6, 1, 3, 5, 7)}},
		{"a third firm goes with its market", 2, [][]Sighting{by("Quill", "gold", 6, 0, 2, 4, 6), by("Harbor", "bonds", 6, 1, 3, 5, 7), by("Reed", "bonds", 2, 9)}},
	} {
		n := Name{Key: "bo reed"}
		for _, s := range c.seen {
			n.Seen = append(n.Seen, s...)
		}
		parts := n.Parts()
		if len(parts) != c.want {
			t.Errorf("%s: %q, want %d", c.why, parts, c.want)
		}
		slices.Reverse(n.Seen)
		if again := n.Parts(); fmt.Sprint(again) != fmt.Sprint(parts) {
			t.Errorf("%s: in another order %q, and %q", c.why, again, parts)
		}
	}
}
