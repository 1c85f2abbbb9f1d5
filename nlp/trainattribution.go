package nlp

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"

	"tenor"
)

// Settings of training, chosen by cross-validation on the texts themselves.
var (
	decisionOptions   = learnOptions{epochs: 15, rate: 0.05, decay: 1e-3, minCount: 6}
	confidenceOptions = learnOptions{epochs: 12, rate: 0.05, decay: 2e-3, minCount: 6}
)

const (
	newsWeight  = 3    // what a text on markets counts, next to one on politics
	judgeFolds  = 3    // in which quotes are judged by decisions that their texts had no part in
	leastWeight = 0.02 // below it a fact is left out
)

// AttributionTexts are texts of which it is known who says what.
type AttributionTexts struct {
	texts []lessonText
}

// Len is the number of texts.
func (t *AttributionTexts) Len() int { return len(t.texts) }

// AddPolNeAR adds articles of the Political News Attribution Relations corpus, one
// JSON object a line: {"text", "quotes": [{"start", "end", "group", "cue_text",
// "speaker_start", …}]}, offsets in code points.
func (t *AttributionTexts) AddPolNeAR(articles io.Reader) error {
	texts, err := readPolNeAR(articles)
	return t.add(texts, err, "read PolNeAR")
}

// AddNewswire adds news stories, with blank lines between them, and labels that
// give places in them: {"story", "quotes": [{"cue", "speaker", "name", "spans",
// "kind", "optional"}]} a line, stories counted from 0, offsets in bytes.
func (t *AttributionTexts) AddNewswire(labels, stories io.Reader) error {
	texts, err := readNewswire(labels, stories)
	return t.add(texts, err, "read newswire labels")
}

// AddPassages adds texts with their quotes: {"text", "quotes": [{"speaker",
// "segments", "cue", "mention", "kind", "optional"}]} a line.
func (t *AttributionTexts) AddPassages(passages io.Reader) error {
	texts, err := readPassages(passages)
	return t.add(texts, err, "read passages")
}

func (t *AttributionTexts) add(texts []lessonText, err error, doing string) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	for i := range texts {
		texts[i].weight = 1
		if texts[i].news {
			texts[i].weight = newsWeight
		}
	}
	t.texts = append(t.texts, texts...)
	return nil
}

// TrainAttribution learns the weights of all decisions of attribution and of its
// confidence, and writes them as model/attribution.txt has them. The same texts
// give the same bytes.
func TrainAttribution(t *AttributionTexts, out io.Writer) error {
	lex, err := loadAttribution()
	if err != nil {
		return err
	}
	learned := lex.learnAll(t.texts)
	w := bufio.NewWriter(out)
	for _, f := range sortedFacts(learned) {
		fmt.Fprintf(w, "%x %d\n", f, hundredths(learned[f]))
	}
	return w.Flush()
}

// learnAll learns the decisions from all texts, and the confidence from what
// decisions of other texts make of each. lex keeps the weights.
func (lex *attributionLexicon) learnAll(texts []lessonText) map[fact]float64 {
	judged := &lesson{}
	for fold := range judgeFolds {
		var fit []lessonText
		for i := range texts {
			if i%judgeFolds != fold {
				fit = append(fit, texts[i])
			}
		}
		lex.learnDecisions(fit)
		for i := fold; i < len(texts); i += judgeFolds {
			judged.judge(lex, &texts[i])
		}
	}
	learned := lex.learnDecisions(texts)
	for f, v := range learn(judged.quotes, confidenceOptions) {
		learned[f] = v
	}
	lex.weights = weightsOf(learned)
	return learned
}

// learnDecisions learns the decisions in three rounds, each with the weights of
// those before. Political texts come first: there it is labelled that somebody
// without a name speaks, which the first round teaches to tell elsewhere.
func (lex *attributionLexicon) learnDecisions(texts []lessonText) map[fact]float64 {
	lex.weights = newWeights(0)
	learned := map[fact]float64{}
	for round := range 3 {
		l := &lesson{}
		for i := range texts {
			if round > 0 || !texts[i].news {
				l.study(lex, &texts[i])
			}
		}
		decisions := [][]choice{l.subjects, l.lefts, l.rights, l.ends}
		if round == 2 { // who is meant depends on what was said before
			decisions = [][]choice{l.people, l.houses, l.referents, l.voices}
		}
		for _, choices := range decisions {
			for f, v := range learn(choices, decisionOptions) {
				learned[f] = v
			}
		}
		lex.weights = weightsOf(learned)
	}
	return learned
}

// weightsOf are learned weights as the tagger reads them back: in hundredths,
// small ones left out.
func weightsOf(learned map[fact]float64) *weights {
	facts := sortedFacts(learned)
	w := newWeights(len(facts))
	for _, f := range facts {
		w.set(f, float32(hundredths(learned[f]))/100)
	}
	return w
}

func hundredths(v float64) int { return int(math.Round(v * 100)) }

// sortedFacts are the facts that count, in the order of their numbers.
func sortedFacts(learned map[fact]float64) []fact {
	var list []fact
	for f, v := range learned {
		if math.Abs(v) >= leastWeight {
			list = append(list, f)
		}
	}
	slices.Sort(list)
	return list
}

// AttributionFigures are what cross-validation finds, by the rules of scoring:
// quotes count half covered by the same speaker.
type AttributionFigures struct {
	Quotes, Found   int // labelled, those on which readers differ left out; of them found
	Predicted, Good int
	Bands           [10]Band // by confidence, from 0 to 1
}

// Band is how many predictions of a confidence there are, and how many are right.
type Band struct{ Predicted, Good int }

// Precision is the share of predictions that are right.
func (f *AttributionFigures) Precision() float64 { return shareOf(f.Good, f.Predicted) }

// Recall is the share of quotes that are found.
func (f *AttributionFigures) Recall() float64 { return shareOf(f.Found, f.Quotes) }

// F1 is the harmonic mean of precision and recall.
func (f *AttributionFigures) F1() float64 {
	p, r := f.Precision(), f.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func shareOf(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// CrossValidateAttribution trains on all texts but those of a fold, for each in
// turn, and tags those: news stories, invented passages and political articles apart.
func CrossValidateAttribution(t *AttributionTexts, folds int) (news, passages, politics AttributionFigures, err error) {
	lex, err := loadAttribution()
	if err != nil {
		return
	}
	for fold := range folds {
		var fit []lessonText
		for i := range t.texts {
			if i%folds != fold {
				fit = append(fit, t.texts[i])
			}
		}
		lex.learnAll(fit)
		for i := fold; i < len(t.texts); i += folds {
			text := &t.texts[i]
			switch {
			case !text.news:
				politics.look(lex, text)
			case text.invented:
				passages.look(lex, text)
			default:
				news.look(lex, text)
			}
		}
	}
	return
}

// look tags a text and counts what is found.
func (f *AttributionFigures) look(lex *attributionLexicon, t *lessonText) {
	r := lex.read(&tenor.Article{File: "lesson", Text: t.text})
	w := &lookOver{reading: r}
	covered := make([]int, len(t.quotes))
	for _, q := range r.sayings() {
		if q.spans = inOrder(q.spans); len(q.spans) == 0 {
			continue
		}
		all, mine := 0, 0
		confidence := r.confidence(&q)
		for _, s := range q.spans {
			all += s.Len()
			for n := range t.quotes {
				for _, p := range t.quotes[n].spans {
					if shared := overlap(s, p); shared > 0 && goesBy(t.quotes[n].names, w.name(q.who)) {
						mine += shared
						if confidence >= leastConfidence {
							covered[n] += shared
						}
					}
				}
			}
		}
		good := b01(2*mine >= all)
		band := &f.Bands[min(int(confidence*10), 9)]
		band.Predicted, band.Good = band.Predicted+1, band.Good+good
		if confidence >= leastConfidence {
			f.Predicted, f.Good = f.Predicted+1, f.Good+good
		}
	}
	for n := range t.quotes {
		q := &t.quotes[n]
		if q.optional || q.unnamed || q.unclear {
			continue
		}
		all := 0
		for _, s := range q.spans {
			all += s.Len()
		}
		f.Quotes++
		f.Found += b01(2*covered[n] >= all)
	}
}

func b01(b bool) int {
	if b {
		return 1
	}
	return 0
}
