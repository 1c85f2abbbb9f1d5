package nlp

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// withholding is what a model is learned without, so that cross-validation tells what
// it is worth. The zero value withholds nothing.
type withholding struct {
	phrases func(e entry) bool           // of the lists
	dense   [][2]int                     // ranges of features, half open
	grams   func(m *marks, g gram) bool  // of stance
	words   func(place int) bool         // of topics
	texts   func(kind labelledKind) bool // learned from; they are tried all the same
}

// one is the range of a single feature.
func one(i int) [2]int { return [2]int{i, i + 1} }

// sections are the phrases of some sections of stance.txt.
func sections(list ...int) func(entry) bool {
	return func(e entry) bool { return e.family == familyStance && slices.Contains(list, e.class) }
}

func families(list ...family) func(entry) bool {
	return func(e entry) bool { return slices.Contains(list, e.family) }
}

func texts(kind labelledKind) withholding {
	return withholding{texts: func(k labelledKind) bool { return k == kind }}
}

func places(list ...int) func(int) bool {
	return func(place int) bool { return slices.Contains(list, place) }
}

// stanceWithholdings are what stance can be learned without.
var stanceWithholdings = map[string]withholding{
	"phrases":    {phrases: families(familyStance)},
	"negation":   {phrases: families(familyNegation)},
	"direction":  {phrases: sections(stanceUp, stanceDown, stanceMore, stanceFewer)},
	"contrast":   {phrases: sections(stanceContrast, stanceConcede)},
	"condition":  {phrases: sections(stanceCondition, stanceHedge)},
	"comparison": {phrases: sections(stanceFavour, stanceShun, stanceOutdo, stanceLag)},
	"ending":     {phrases: sections(stanceOver)},
	"given":      {phrases: sections(stanceGiven, stanceKnown)},
	"verb":       {phrases: sections(stanceWarned, stanceCheered)},
	"title":      {dense: [][2]int{one(denseTitle)}},
	"order":      {dense: [][2]int{one(denseLast), one(denseFirst), one(denseFinal)}},
	"claim":      {dense: [][2]int{one(densePosition), one(denseForecast)}},
	"themes":     {dense: [][2]int{one(densePolicyDrawn), {denseThemes, denseSubjects}}},
	"subject":    {dense: [][2]int{{denseSubjects, denseFeatures}}},
	"words":      {grams: func(m *marks, g gram) bool { return !m.isKind(g) }},
	"pairs":      {grams: func(m *marks, g gram) bool { return m.isPair(g) }},
	"kinds":      {grams: func(m *marks, g gram) bool { return m.isKind(g) }},
	"sentences":  texts(kindSentence),
	"quotes":     texts(kindOwn),
	"stories":    texts(kindStory),
	"passages":   texts(kindPassage),
}

// topicWithholdings are what subject and themes can be learned without.
var topicWithholdings = map[string]withholding{
	"phrases":   {dense: [][2]int{{topicQuote, topicFeatures}}},
	"names":     {dense: [][2]int{{topicQuote, topicTitle}}},
	"themes":    {dense: [][2]int{{topicTheme, topicFeatures}}},
	"rules":     {dense: [][2]int{{topicRule, topicMain}, {topicNamed, topicFeatures}}},
	"words":     {words: places(placeQuote, placeBefore, placeAfter, placeTitle)},
	"quote":     {words: places(placeQuote)},
	"around":    {dense: [][2]int{{topicNear, topicRule}}, words: places(placeBefore, placeAfter)},
	"article":   {dense: [][2]int{{topicTitle, topicNear}, {topicMain, topicTheme}}, words: places(placeTitle)},
	"sentences": texts(kindSentence),
	"quotes":    texts(kindOwn),
	"stories":   texts(kindStory),
	"passages":  texts(kindPassage),
}

// StanceParts are the parts that TrainOptions.Without may name.
func StanceParts() []string { return slices.Sorted(maps.Keys(stanceWithholdings)) }

// TopicParts are the parts that CrossValidateTopics may leave out.
func TopicParts() []string { return slices.Sorted(maps.Keys(topicWithholdings)) }

// withholdingNamed finds a part by name; "" is nothing.
func withholdingNamed(all map[string]withholding, name string) (withholding, error) {
	w, ok := all[name]
	if !ok && name != "" {
		return w, fmt.Errorf("there is no %q to learn without; there are %s", name, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
	}
	return w, nil
}

// familyWithheld is one that nothing asks for.
const familyWithheld family = 255

// fromLexicon takes the phrases out of a lexicon.
func (w *withholding) fromLexicon(l *lexicon) {
	for i := range l.entries {
		if w.phrases != nil && w.phrases(l.entries[i]) {
			l.entries[i].family = familyWithheld
		}
	}
}

// fromDense zeroes the features.
func (w *withholding) fromDense(d []float64) {
	for _, r := range w.dense {
		clear(d[r[0]:r[1]])
	}
}

// skips reports whether nothing is learned from texts of a kind.
func (w *withholding) skips(kind labelledKind) bool { return w.texts != nil && w.texts(kind) }

// isKind reports whether a gram is made of kinds of phrases.
func (m *marks) isKind(g gram) bool {
	last := word(g & maxWords)
	return last >= m.kinds[0] && last <= m.kinds[len(m.kinds)-1]
}

// isPair reports whether a gram is two words in a row.
func (m *marks) isPair(g gram) bool {
	first := word(g >> gramBits & maxWords)
	return first != 0 && first != m.turned && first != m.after && first != m.before && !m.isKind(g)
}
