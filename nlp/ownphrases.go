package nlp

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tenor"
)

// mostOwnPhrases bounds the phrases, written out, of all topics of a user.
const mostOwnPhrases = 20_000

// CheckTopics reports whether every phrase of a user's topics can be found in a text.
// Its errors are *tenor.TopicError.
func CheckTopics(topics tenor.Topics) error {
	_, err := compileOwn(topics)
	return err
}

// compileOwn compiles a user's topics; without any it is nil.
func compileOwn(topics tenor.Topics) (*ownTopics, error) {
	themes, subjects := topics.OwnThemes(), topics.OwnSubjects()
	if len(themes)+len(subjects) == 0 {
		return nil, nil
	}
	o := &ownTopics{words: newVocabulary(), phrases: newPhrases()}
	for i, t := range themes {
		if err := o.add("theme", i, i, t); err != nil {
			return nil, err
		}
	}
	for i, t := range subjects {
		if err := o.add("subject", i, len(themes)+i, t); err != nil {
			return nil, err
		}
	}
	o.phrases.seal(o.words.size())
	for _, t := range themes {
		o.themes = append(o.themes, tenor.Theme(t.Name))
	}
	for _, t := range subjects {
		o.subjects = append(o.subjects, tenor.Subject(t.Name))
		o.above = append(o.above, topics.SubjectsAbove(tenor.Subject(t.Name)))
	}
	return o, nil
}

// add compiles the phrases and exclusions of a topic: the i-th of its kind, and one of
// all by its number.
func (o *ownTopics) add(kind string, i, number int, t tenor.Topic) error {
	for _, list := range []struct {
		key   string
		texts []string
	}{{"phrases", t.Phrases}, {"exclusions", t.Exclusions}} {
		for n, text := range list.texts {
			compiled, err := o.words.compileOwn(text)
			if o.total += len(compiled); err == nil && o.total > mostOwnPhrases {
				err = fmt.Errorf("with %q all themes and subjects stand for more than %d phrases; remove some", text, mostOwnPhrases)
			}
			if err != nil {
				return &tenor.TopicError{Kind: kind, Index: i, Key: list.key, Item: n, Problem: fmt.Sprintf("%s %s: %s", kind, t.Name, err)}
			}
			o.entries = append(o.entries, ownEntry{number, list.key == "exclusions"})
			for _, ws := range compiled {
				o.phrases.add(ws, int32(len(o.entries)-1))
			}
		}
	}
	return nil
}

// compileOwn compiles a phrase of a user's, who cannot see that one would never be
// found, or always.
func (v *vocabulary) compileOwn(text string) ([][]word, error) {
	if strings.Contains(text, "=") {
		return nil, fmt.Errorf("%q has a =, which no phrase can hold: each counts alike", text)
	}
	expanded, err := expand(text)
	if err != nil {
		return nil, err
	}
	for _, phrase := range expanded {
		ts := newVocabulary().tokenise(nil, phrase, 0, len(phrase))
		if !slices.ContainsFunc(ts, func(t term) bool { return t.word != numberWord }) {
			return nil, fmt.Errorf("no word in %q: a number stands for any number", phrase)
		}
		for _, t := range ts[1:] {
			if t.gap >= gapComma {
				return nil, fmt.Errorf("%q runs over a comma, a full stop or the like, and would never be found; make two phrases of it", phrase)
			}
		}
	}
	return v.compile(text)
}

// ownVersion names a user's topics in a tagger's version; empty without any.
func ownVersion(topics tenor.Topics) string {
	themes, subjects := topics.OwnThemes(), topics.OwnSubjects()
	if len(themes)+len(subjects) == 0 {
		return ""
	}
	h := sha256.New()
	for _, list := range [][]tenor.Topic{themes, subjects} {
		for _, t := range list {
			fmt.Fprintf(h, "%q %q %q %q\n", t.Name, t.Parent, t.Phrases, t.Exclusions)
		}
		fmt.Fprintln(h)
	}
	return "+topics." + hex.EncodeToString(h.Sum(nil)[:4])
}
