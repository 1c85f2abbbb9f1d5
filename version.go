package tenor

import (
	"slices"
	"strings"
	"time"
)

// Version is one wording of an article, with its quotes in the order of the text.
// Of the quotes only ID, Spans, Speaker, Firm and Stance are kept.
type Version struct {
	Number    int // 1 is the first
	Title     string
	Text      string // Spans count bytes of it
	Published Date
	KnownAt   time.Time // when this wording was first collected
	Captured  time.Time // when its page was fetched, by whom ever; zero where there is none
	Until     time.Time // when the next one was; zero for the current one
	Tagger    string    // of its quotes
	Quotes    []Quote
}

// Archived reports whether the page was captured long before it was collected here.
func (v Version) Archived() bool {
	return !v.Captured.IsZero() && v.KnownAt.Sub(v.Captured) > 24*time.Hour
}

// Seen is when the wording stood there: as captured by an archive, or else as collected.
func (v Version) Seen() time.Time {
	if v.Archived() {
		return v.Captured
	}
	return v.KnownAt
}

// SameWording reports whether two states of an article differ in white space alone.
func SameWording(title, text, title2, text2 string) bool {
	return sameWords(title, title2) && sameWords(text, text2)
}

func sameWords(a, b string) bool {
	return a == b || slices.Equal(strings.Fields(a), strings.Fields(b))
}

// Revision is what a version of an article made of the one before.
type Revision struct {
	Title      []Edit // nil where the title stayed
	Paragraphs []ChangedParagraph
	Gone, New  []Quote // of the version before; of this one
	Reworded   [][2]Quote
}

// ChangedParagraph is a paragraph that differs: new where everything in it was
// inserted, gone where everything was deleted.
type ChangedParagraph struct {
	Number int // of the paragraph in the new text, from 1; where one is gone, of the next
	Edits  []Edit
}

// Empty reports whether nothing that is shown changed: white space, order of quotes.
func (c *Revision) Empty() bool {
	return c.Title == nil && len(c.Paragraphs)+len(c.Gone)+len(c.New)+len(c.Reworded) == 0
}

// Compare says what changed from one version to the next.
func Compare(before, after *Version) Revision {
	var c Revision
	if !sameWords(before.Title, after.Title) {
		c.Title = DiffWords(before.Title, after.Title)
	}
	c.Paragraphs = diffParagraphs(before.Text, after.Text)
	stayed := map[string]bool{}
	for i := range before.Quotes {
		stayed[before.Quotes[i].ID] = true
	}
	for _, q := range after.Quotes {
		if stayed[q.ID] {
			delete(stayed, q.ID)
			continue
		}
		c.New = append(c.New, q)
	}
	for _, q := range before.Quotes {
		if stayed[q.ID] {
			c.Gone = append(c.Gone, q)
		}
	}
	c.pair(before.Text, after.Text)
	return c
}

// alikeFrom is the share of words (Dice) from which a quote that is gone and one that
// is new, of one speaker, are one quote reworded.
const alikeFrom = 0.5

// pair moves quotes that were reworded from Gone and New to Reworded, the most alike
// first found for each in the order of the text.
func (c *Revision) pair(before, after string) {
	gone := c.Gone[:0]
	for _, old := range c.Gone {
		best, alike := -1, alikeFrom
		for i := range c.New {
			if FoldText(c.New[i].Speaker) != FoldText(old.Speaker) {
				continue
			}
			if d := dice(old.words(before), c.New[i].words(after)); d >= alike && (best < 0 || d > alike) {
				best, alike = i, d
			}
		}
		if best < 0 {
			gone = append(gone, old)
			continue
		}
		c.Reworded = append(c.Reworded, [2]Quote{old, c.New[best]})
		c.New = slices.Delete(c.New, best, best+1)
	}
	c.Gone = gone
}

// words are the quote's words, folded.
func (q *Quote) words(text string) []string {
	return strings.Fields(FoldText(strings.Join(q.Segments(text), " ")))
}

// dice is how much two lists of words have in common, 0 to 1, repeated words counted.
func dice(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	count := map[string]int{}
	for _, w := range a {
		count[w]++
	}
	common := 0
	for _, w := range b {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}
