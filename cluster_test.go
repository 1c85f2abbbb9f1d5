package tenor

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// report is a record of Ada Quill in an article of its own.
func report(id, day, text string, change ...func(*Record)) Record {
	r := said("Ada Quill", day, Neutral, words(text))
	r.ID, r.ArticleKey = id, "https://"+id+".example"
	for _, c := range change {
		c(&r)
	}
	return r
}

func TestRewrittenWordsAreCopies(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		same bool
	}{
		"other punctuation": {
			"We would not chase this rally", "“We would not chase this rally!”", true},
		"synonyms": {
			"Lower borrowing costs should lift the profits of small firms before the summer",
			"Cheaper loans ought to boost small-company earnings ahead of summer, Quill said", true},
		"translated and back": {
			"Regional lenders are cheap, and nobody owns them",
			"Regional banks are inexpensive and are owned by nobody", true},
		"an excerpt": {
			"The index could gain another nine percent if the advance broadens beyond the giants, and we see it doing so by spring",
			"another 9% is possible if the rally broadens beyond the giants", true},
		"a lost not": {
			"she does not think this rebound will continue over the next 12 months",
			"she does think this rebound will continue over the next 12 months", true},
		"numbers in words": {
			"there is a six-in-ten chance of a world recession", "the odds of a global slump are 60%", true},
		"another number": {
			"we see the index at 4,200 by December", "we see the index at 5,300 by December", false},
		"another way": {
			"Freight rates will rise through the autumn on thin supply", "Freight rates will fall through the autumn on thin supply", false},
		"another subject": {
			"Regional banks are cheap and well capitalised", "Homebuilders have run too far and too fast", false},
		"market words alone": {
			"The market expects the rate cut to help stocks this year", "Stocks in this market were led by rates last quarter", false},
		"one word in common": {
			"Tariffs hurt the smallest importers most", "We think tariffs will be gone by the time anybody has counted them", false},
	} {
		records := []Record{report("a", "2025-03-04", c.a), report("b", "2025-03-06", c.b)}
		FoldCopies(records)
		if same := records[1].Cluster == "a"; same != c.same {
			s, _ := similarity(newFeatures(c.a), newFeatures(c.b))
			t.Errorf("%s: %q and %q are one utterance: %v, want %v (%.2f alike)", name, c.a, c.b, same, c.same, s)
		}
	}
}

// An article says a thing once: of two quotes that resemble one of another article
// the closer is its copy.
func TestClosestQuoteIsTheCopy(t *testing.T) {
	records := []Record{
		report("a1", "2025-03-04", "Second-quarter earnings of small caps beat our forecasts by a wide margin", in("a", 0)),
		report("a2", "2025-03-04", "Next year small-cap earnings growth should beat that of the giants", in("a", 500)),
		report("b1", "2025-03-05", "Small caps had second-quarter profits that exceeded our forecasts widely", in("b", 0)),
		report("b2", "2025-03-05", "In the coming year the profit growth of small caps will outpace the giants’", in("b", 500)),
	}
	for i, id := range []string{"a1", "a2", "b1", "b2"} {
		records[i].ID = id
	}
	FoldCopies(records)
	for i, want := range []string{"a1", "a2", "a1", "a2"} {
		if records[i].Cluster != want || records[i].Copies != 2 {
			t.Errorf("%s is in cluster %s of %d, want %s of 2", records[i].ID, records[i].Cluster, records[i].Copies, want)
		}
	}
}

func TestOnlyTheSameVoiceWithinAWeekCopies(t *testing.T) {
	const text = "We would not chase this rally"
	records := []Record{
		report("first", "2025-03-04", text), report("week", "2025-03-11", text), report("again", "2025-03-12", text),
		report("vague", "2025-03-04", text, func(r *Record) { r.Published = Date{} }),
		report("other", "2025-03-04", text, func(r *Record) { r.Speaker = "Bo Reed" }),
		report("merged", "2025-03-05", text, func(r *Record) { r.Speaker, r.Voice = "A. Quill", "7" }),
		report("joined", "2025-03-06", text, func(r *Record) { r.Voice = "7" }),
		report("nobody", "2025-03-04", text, func(r *Record) { r.Speaker, r.Firm = "", "" }),
		report("nobody else", "2025-03-05", text, func(r *Record) { r.Speaker, r.Firm = "", "" }),
	}
	FoldCopies(records)
	for i, want := range []string{"first ×3", "first ×3", "again ×1", "first ×3", "other ×1", "merged ×2", "merged ×2", "nobody ×2", "nobody ×2"} {
		if got := fmt.Sprintf("%s ×%d", records[i].Cluster, records[i].Copies); got != want {
			t.Errorf("%s is %s, want %s", records[i].ID, got, want)
		}
	}
}

// retold is a random but repeatable month of one analyst, retold by others.
func retold(seed uint64) []Record {
	rng := rand.New(rand.NewPCG(seed, 11))
	sayings := [][]string{
		{"Lower borrowing costs should lift the profits of small firms before summer", "Cheaper loans ought to boost small-company earnings ahead of summer"},
		{"there is a six-in-ten chance of a world recession", "the odds of a global slump are 60%", "the risk of a global recession went from 40% to 60%"},
		{"Regional lenders are cheap, and nobody owns them", "Regional banks are inexpensive and are owned by nobody", "Nobody owns regional lenders"},
		{"We would not chase this rally", "I would not be chasing the rebound here", "this rally is one to chase"},
	}
	var records []Record
	for i := range 40 {
		s := sayings[rng.IntN(len(sayings))]
		r := report(fmt.Sprintf("q%02d", i), (day("2025-03-01") + Day(rng.IntN(30))).String(), s[rng.IntN(len(s))])
		r.ArticleKey = fmt.Sprint("https://ledger.example/", r.Published)
		if rng.IntN(12) == 0 {
			r.Published = Date{}
		}
		records = append(records, r)
	}
	return records
}

func TestFoldDoesNotDependOnOrder(t *testing.T) {
	for seed := range uint64(30) {
		records := retold(seed)
		FoldCopies(records)
		again := slices.Clone(records)
		rng := rand.New(rand.NewPCG(seed, 12))
		rng.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		FoldCopies(again)
		for i := range records {
			if got := clusterOf(again, records[i].ID); got != records[i].Cluster {
				t.Fatalf("seed %d: %s is in %s or %s", seed, records[i].ID, records[i].Cluster, got)
			}
		}
	}
}

// What is settled stays, and the rest comes out as if all were folded at once.
func TestFoldGoesOnFromSettledReports(t *testing.T) {
	for seed := range uint64(30) {
		records := retold(seed)
		FoldCopies(records)
		from := day("2025-03-15")
		var voice []*Report
		for i := range records {
			r := NewReport(&records[i])
			if !r.Dated || r.Day < from-CopyDays {
				continue
			}
			if r.Settled = r.Day < from; r.Settled {
				r.Cluster = records[i].Cluster
			}
			voice = append(voice, &r)
		}
		FoldVoice(voice)
		for _, r := range voice {
			if want := clusterOf(records, r.ID); r.Cluster != want {
				t.Fatalf("seed %d: %s is in %s, want %s", seed, r.ID, r.Cluster, want)
			}
		}
	}
}

func FuzzSimilarity(f *testing.F) {
	f.Add("We would not chase this rally, down 3.5% on the S&P 500", "“We’d chase it!” U.S. stocks, 1,000,000")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := newFeatures(a), newFeatures(b, a)
		s, _ := similarity(x, y)
		if s < 0 || s > 1 {
			t.Errorf("similarity %v", s)
		}
		if s, _ := similarity(x, newFeatures(a)); s != 1 {
			t.Errorf("a text and itself are %v alike", s)
		}
	})
}
