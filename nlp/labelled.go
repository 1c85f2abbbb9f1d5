package nlp

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"tenor"
)

// LabelledTexts are texts of which it is known what their quotes mean.
type LabelledTexts struct {
	texts []labelledText
}

// labelledKind is where a labelled text comes from; figures are counted by it.
type labelledKind int

const (
	kindSentence labelledKind = iota // of the news, without its article
	kindOwn                          // a quote that we wrote, without an article
	kindStory                        // of the news, whole
	kindPassage                      // invented, whole
	labelledKinds
)

var labelledNames = [labelledKinds]string{"sentences of the news", "quotes of our own", "news stories", "invented passages"}

type labelledText struct {
	kind    labelledKind
	article tenor.Article
	quotes  []labelledQuote
}

// labelledQuote is a quote of a text with what a reader made of it. Sure is 2 for
// a clear one, 1 where a good reader may differ, 0 for no view at all.
type labelledQuote struct {
	Spans   []tenor.Span      `json:"spans"`
	Type    tenor.SpeakerType `json:"type"`
	Stance  tenor.Stance      `json:"stance"`
	Subject tenor.Subject     `json:"subject"`
	Themes  []tenor.Theme     `json:"themes"`
	Sure    int               `json:"sure"`
}

// Quotes is the number of labelled quotes.
func (t *LabelledTexts) Quotes() int {
	n := 0
	for i := range t.texts {
		n += len(t.texts[i].quotes)
	}
	return n
}

// AddSentences adds sentences of news stories that report a view: {"title",
// "text", "stance", "subject", "themes", "sure"} a line.
func (t *LabelledTexts) AddSentences(lines io.Reader) error {
	return t.addLines(lines, kindSentence)
}

// AddQuotes adds quotes of our own, as AddSentences without "sure": all are clear.
func (t *LabelledTexts) AddQuotes(lines io.Reader) error {
	return t.addLines(lines, kindOwn)
}

func (t *LabelledTexts) addLines(lines io.Reader, kind labelledKind) error {
	err := eachJSONLine(lines, func(data []byte) error {
		var l struct {
			Title, Text string
			labelledQuote
		}
		if kind == kindOwn {
			l.Sure = 2
		}
		if err := json.Unmarshal(data, &l); err != nil {
			return err
		}
		l.Spans = contentOf(l.Text)
		return t.add(kind, l.Title, l.Text, []labelledQuote{l.labelledQuote})
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", labelledNames[kind], err)
	}
	return nil
}

// AddPassages adds whole texts with their quotes: {"text", "quotes": [{"segments",
// "type", "stance", "subject", "themes", "sure"}]} a line. A short first line is
// taken for the title.
func (t *LabelledTexts) AddPassages(lines io.Reader) error {
	err := eachJSONLine(lines, func(data []byte) error {
		var l struct {
			Text   string
			Quotes []struct {
				Segments []string
				labelledQuote
			}
		}
		if err := json.Unmarshal(data, &l); err != nil {
			return err
		}
		var quotes []labelledQuote
		last := 0
		for _, q := range l.Quotes {
			spans, err := spansOf(l.Text, q.Segments, last)
			if err != nil {
				return err
			}
			last = spans[0].Start()
			q.Spans = spans
			quotes = append(quotes, q.labelledQuote)
		}
		title, _, _ := strings.Cut(l.Text, "\n")
		if len(title) > 120 {
			title = ""
		}
		return t.add(kindPassage, title, l.Text, quotes)
	})
	if err != nil {
		return fmt.Errorf("read passages: %w", err)
	}
	return nil
}

// AddStories adds news stories, with blank lines between them, by labels that give
// places in them: {"story", "quotes": [{"spans", "stance", "subject", "themes",
// "sure"}]} a line, stories counted from 0, offsets in bytes. The first line of a
// story is its title.
func (t *LabelledTexts) AddStories(labels, stories io.Reader) error {
	all, err := splitStories(stories)
	if err != nil {
		return fmt.Errorf("read stories: %w", err)
	}
	err = eachJSONLine(labels, func(data []byte) error {
		var l struct {
			Story  int
			Quotes []labelledQuote
		}
		if err := json.Unmarshal(data, &l); err != nil {
			return err
		}
		if l.Story < 0 || l.Story >= len(all) {
			return fmt.Errorf("there is no story %d among %d", l.Story, len(all))
		}
		title, _, _ := strings.Cut(all[l.Story], "\n")
		return t.add(kindStory, title, all[l.Story], l.Quotes)
	})
	if err != nil {
		return fmt.Errorf("read labels of stories: %w", err)
	}
	return nil
}

// add checks the labels of a text and keeps it. Quotes of no view teach nothing.
func (t *LabelledTexts) add(kind labelledKind, title, text string, quotes []labelledQuote) error {
	kept := make([]labelledQuote, 0, len(quotes))
	for _, q := range quotes {
		switch {
		case !slices.Contains(stances[:], q.Stance):
			return fmt.Errorf("no stance %q", q.Stance)
		case !slices.Contains(allSubjects, q.Subject):
			return fmt.Errorf("no subject %q", q.Subject)
		}
		for _, th := range q.Themes {
			if !slices.Contains(allThemes, th) {
				return fmt.Errorf("no theme %q", th)
			}
		}
		for _, s := range q.Spans {
			if s.Start() < 0 || s.Start() > s.End() || s.End() > len(text) {
				return fmt.Errorf("a quote lies outside of %q", title)
			}
		}
		if q.Sure > 0 && len(q.Spans) > 0 {
			kept = append(kept, q)
		}
	}
	if len(kept) > 0 {
		t.texts = append(t.texts, labelledText{kind: kind, article: tenor.Article{Title: title, Text: text}, quotes: kept})
	}
	return nil
}

// weight is what a labelled quote counts in training.
func (q *labelledQuote) weight() float64 {
	if q.Sure == 1 {
		return 0.7
	}
	return 1
}

// neighbours is how many texts in a row stay in one fold: quotes of our own often
// are pairs of one wording.
const neighbours = 20

// foldOf is the fold of text i in cross-validation.
func foldOf(i, folds int) int { return i / neighbours % folds }

// contentOf is what a speaker said in a sentence that reports it: the words
// between the quotation marks where they are most of it, else all of it less
// a "said so-and-so" at its end.
func contentOf(text string) []tenor.Span {
	var spans []tenor.Span
	inside, quoted := -1, 0
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if inside < 0 {
			inside = i + 1
			continue
		}
		if i > inside {
			spans = append(spans, tenor.Span{inside, i})
			quoted += i - inside
		}
		inside = -1
	}
	if quoted*5 >= len(text)*2 {
		return spans
	}
	if at := strings.LastIndex(text, ", said "); at*2 > len(text) {
		return []tenor.Span{{0, at}}
	}
	return []tenor.Span{{0, len(text)}}
}
