package tenor

import (
	"slices"
	"strings"
	"testing"
)

func outlet(name string) func(*Record)        { return func(r *Record) { r.Outlet = name } }
func stance(s Stance) func(*Record)           { return func(r *Record) { r.Stance = s } }
func translation(t Translation) func(*Record) { return func(r *Record) { r.Translation = t } }

func TestChain(t *testing.T) {
	records := []Record{
		report("a", "2025-03-04", "Lower borrowing costs should lift the profits of small firms before the summer", outlet("The Ledger")),
		report("c", "2025-03-06", "Cheaper loans ought to boost small-company earnings ahead of summer", outlet("Dockside Wire"),
			func(r *Record) { r.Forwarded = "The Gazette" }),
		report("b", "2025-03-05", "Lower borrowing costs should lift the profits of small firms before the summer", outlet("The Gazette")),
		report("d", "2025-03-07", "Cheaper loans ought to boost small-company earnings ahead of summer", outlet("Dockside Wire"),
			translation(TranslationMachine)),
		report("e", "2025-03-07", "Lower borrowing costs should lift the profits of small firms before the summer", outlet("Old Exchange"),
			func(r *Record) { r.Published = Date{} }),
	}
	FoldCopies(records)
	c := NewChain("a", records)
	var ids []string
	for _, l := range c.Links {
		from := "-"
		if l.From >= 0 {
			from = c.Links[l.From].ID
		}
		if l.Exact {
			from += "!"
		}
		ids = append(ids, l.ID+"<"+from)
	}
	if got := strings.Join(ids, " "); got != "a<- b<a! c<b d<c! e<a!" {
		t.Errorf("chain %s", got)
	}
	if c.Outlets != 4 || c.Original != "The Gazette" || c.Better != nil || c.LeftOut != nil {
		t.Errorf("chain %+v", c)
	}
}

// The better copy decides; where none is better the voice is disputed.
func TestWhichCopyDecides(t *testing.T) {
	const not, lost = "she does not think this rebound will last over the next 12 months", "she does think this rebound will last over the next 12 months"
	for name, test := range map[string]struct {
		a, b     Record
		beside   []Record
		stance   Stance // of the view; empty: disputed
		lostNot  bool
		disputes bool
	}{
		"opposite stances of equals": {
			a: report("a", "2025-03-04", not, stance(Fragile)), b: report("b", "2025-03-04", lost, stance(Bullish)), lostNot: true, disputes: true},
		"a lost not between neighbours": {
			a: report("a", "2025-03-04", not, stance(Neutral)), b: report("b", "2025-03-04", lost, stance(Bullish)), lostNot: true, disputes: true},
		"the earlier day": {
			a: report("a", "2025-03-05", not, stance(Fragile)), b: report("b", "2025-03-04", lost, stance(Bullish)), stance: Bullish, lostNot: true},
		"the article that quotes the voice more": {
			a: report("a", "2025-03-05", not, stance(Fragile), in("a", 500)), b: report("b", "2025-03-04", lost, stance(Bullish)),
			beside: []Record{report("x", "2025-03-05", "Freight is where the money is made", stance(Neutral), in("a", 0))}, stance: Fragile, lostNot: true},
		"an original": {
			a: report("a", "2025-03-05", not, stance(Fragile), translation(TranslationNone)),
			b: report("b", "2025-03-04", lost, stance(Bullish), translation(TranslationHuman)), stance: Fragile, lostNot: true},
		"a person's translation": {
			a: report("a", "2025-03-05", not, stance(Fragile), translation(TranslationHuman)),
			b: report("b", "2025-03-04", lost, stance(Bullish), translation(TranslationMachine)), stance: Fragile, lostNot: true},
		"a person's label": {
			a: report("a", "2025-03-05", not, stance(Fragile), func(r *Record) { r.LabelSource = LabelHuman }),
			b: report("b", "2025-03-04", lost, stance(Bullish)), stance: Fragile, lostNot: true},
	} {
		t.Run(name, func(t *testing.T) {
			records := append([]Record{test.a, test.b}, test.beside...)
			FoldCopies(records)
			if records[0].Cluster != records[1].Cluster {
				t.Fatal("they are no copies")
			}
			c := NewChain(records[0].Cluster, records)
			if c.Better == nil || c.LostNot != test.lostNot || c.Disputed != test.disputes {
				t.Errorf("chain: contradiction %v, lost not %v, disputed %v", c.Better != nil, c.LostNot, c.Disputed)
			}
			views := Consensus(slices.Clone(records), Filter{}).Standing(day("2025-03-10"))
			if len(views) != 1 || views[0].Disputed != test.disputes || !test.disputes && views[0].Stance != test.stance {
				t.Errorf("views %+v", views)
			}
		})
	}
}

func TestChainNamesWhatACopyLeavesOut(t *testing.T) {
	records := []Record{
		report("long1", "2025-03-04", "Lower borrowing costs should lift the profits of small firms", stance(Bullish), in("long", 0)),
		report("long2", "2025-03-04", "Tariffs hurt the thin margins of such companies, so I stay careful", stance(Fragile), in("long", 500)),
		report("short", "2025-03-05", "Cheaper loans ought to boost small-company earnings", stance(Bullish)),
	}
	FoldCopies(records)
	c := NewChain(records[0].Cluster, records)
	if len(c.Links) != 2 || c.LeftOut == nil || c.LeftOut.ID != records[1].ID || c.LeftOutBy.ID != "short" {
		t.Errorf("chain %+v", c)
	}
}

// Counting every quote of the two retellings of one day gives about +60 to +70; one
// voice per analyst with copies folded about +17. The copy that lost its "not" and
// the one that left out the caution are flagged.
func TestGoldRetellings(t *testing.T) {
	var records []Record
	for file, list := range goldQuotes(t, "seeds.jsonl") {
		if !strings.HasPrefix(file, "003") && !strings.HasPrefix(file, "004") {
			continue
		}
		for _, r := range list {
			if strings.HasPrefix(file, "003") {
				r.Translation = TranslationMachine // as its last line says
			}
			records = append(records, r)
		}
	}
	FoldCopies(records)
	on := day("2025-09-18")
	voices := Consensus(slices.Clone(records), Filter{}).At(on)
	quotes := Consensus(slices.Clone(records), Filter{Count: CountQuotes}).At(on)
	if voices.Tally != (Tally{3, 1, 2}) || voices.Disputed != 0 {
		t.Errorf("voices %+v with %d disputed, want 3, 1, 2 and none", voices.Tally, voices.Disputed)
	}
	if quotes.Net < 55 || quotes.Net > 75 {
		t.Errorf("counting quotes gives %.0f", quotes.Net)
	}
	for i := range records {
		r := &records[i]
		if r.Cluster != r.ID || r.Copies < 2 {
			continue
		}
		var beside []Record
		for _, o := range records {
			if o.Speaker == r.Speaker {
				beside = append(beside, o)
			}
		}
		c := NewChain(r.Cluster, beside)
		if flagged := c.Better != nil && c.LostNot; flagged != strings.HasSuffix(r.Speaker, "Kostin") {
			t.Errorf("%s: a lost \"not\": %v", r.Speaker, flagged)
		}
		if strings.HasSuffix(r.Speaker, "Beath") && c.LeftOut == nil {
			t.Errorf("%s: %q leaves nothing out", r.Speaker, r.Text())
		}
	}
}
