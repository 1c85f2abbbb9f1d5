package web

import (
	"cmp"

	"tenor"
)

// reportLine is a report of an utterance as a quote's page lists it.
type reportLine struct {
	tenor.Record
	How string // how it came to its words; empty for the first
}

// reportLines are the reports of a chain.
func reportLines(c *tenor.Chain) []reportLine {
	lines := make([]reportLine, len(c.Links))
	for i := range c.Links {
		l := &c.Links[i]
		lines[i].Record = l.Record
		if l.From >= 0 {
			lines[i].How = "reworded"
			if l.Exact {
				lines[i].How = "same words"
			}
			if from := c.Links[l.From].Outlet; from != "" && len(c.Links) > 2 {
				lines[i].How += ", as in " + from
			}
		}
		switch l.Translation {
		case tenor.TranslationMachine:
			lines[i].How = joined(lines[i].How, "machine translation")
		case tenor.TranslationHuman:
			lines[i].How = joined(lines[i].How, "translated")
		}
	}
	return lines
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}

// contradiction says in a sentence that two reports contradict each other, or that
// one leaves out what turns the view; empty where neither is so.
func contradiction(c *tenor.Chain) string {
	switch {
	case c.Better != nil:
		s := "Reports of these words contradict each other: " + carrier(c.Better) + " has them " + string(c.Better.Stance) + ", " +
			carrier(c.Worse) + " " + string(c.Worse.Stance)
		if c.LostNot {
			s += ", for one of them has lost a “not”"
		}
		if c.Disputed {
			return s + "; neither is the better copy, so the consensus shows the voice as disputed."
		}
		return s + "; the consensus follows the first as the better copy."
	case c.LeftOut != nil:
		return carrier(c.LeftOutBy) + " leaves out what " + c.LeftOut.Speaker + " also said in " + carrier(c.LeftOut) +
			": “" + opening(c.LeftOut.Text()) + "” (" + string(c.LeftOut.Stance) + ")."
	}
	return ""
}

// carrier names a report by its outlet, as far as it has one.
func carrier(r *tenor.Record) string {
	return cmp.Or(r.Outlet, r.Title, "one report")
}
