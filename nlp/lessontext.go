package nlp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"

	"tenor"
)

// lessonText is a text of which it is known who says what.
type lessonText struct {
	text     string
	quotes   []lessonQuote
	weight   float64 // what its choices count
	news     bool    // of markets
	invented bool
}

// lessonQuote is one quote of it. Places are bytes; those that are not known are zero.
type lessonQuote struct {
	cue      tenor.Span
	cueWords string // the cue's words, where its place is not known; small letters
	speaker  tenor.Span
	names    []string // by one of which the speaker goes
	spans    []tenor.Span
	kind     tenor.Kind
	unnamed  bool // nobody in particular speaks
	unclear  bool // who speaks is not known
	ignored  bool // no example of anything, for or against
	optional bool
}

// readPolNeAR reads the articles of the Political News Attribution Relations
// corpus: {"text", "quotes": [{"start", "end", "group", "cue_text", "cue_class",
// "speaker_start", …}]}, offsets in code points.
func readPolNeAR(in io.Reader) (texts []lessonText, err error) {
	type line struct {
		Text   string
		Quotes []struct {
			Start, End   int
			Kind, Group  string
			Optional     bool
			CueText      string   `json:"cue_text"`
			CueClass     string   `json:"cue_class"`
			SpeakerStart int      `json:"speaker_start"`
			SpeakerEnd   int      `json:"speaker_end"`
			SpeakerText  string   `json:"speaker_text"`
			SpeakerKind  string   `json:"speaker_kind"`
			Surnames     []string `json:"speaker_surnames"`
		}
	}
	err = eachJSONLine(in, func(data []byte) error {
		var l line
		if err := json.Unmarshal(data, &l); err != nil {
			return err
		}
		place := make([]int, 0, len(l.Text)+1)
		for i := range l.Text {
			place = append(place, i)
		}
		place = append(place, len(l.Text))
		t := lessonText{text: l.Text}
		by := map[string]int{}
		for _, q := range l.Quotes {
			if q.Start < 0 || q.End >= len(place) || q.SpeakerEnd >= len(place) {
				return fmt.Errorf("quote [%d,%d) lies outside of its text", q.Start, q.End)
			}
			key := fmt.Sprint(q.Group, "|", q.CueText, "|", q.SpeakerStart)
			n, ok := by[key]
			if !ok {
				n = len(t.quotes)
				by[key] = n
				g := lessonQuote{cueWords: strings.ToLower(q.CueText), names: q.Surnames, kind: tenor.Kind(q.Kind), optional: true}
				if q.SpeakerText != "" {
					g.speaker = tenor.Span{place[q.SpeakerStart], place[q.SpeakerEnd]}
				}
				g.unnamed = q.SpeakerKind == "none" || q.SpeakerKind == "nominal"
				g.unclear = q.SpeakerKind == "unresolved"
				if len(g.names) == 0 && (q.SpeakerKind == "org" || q.SpeakerKind == "nominal") {
					g.names = []string{q.SpeakerText}
				}
				t.quotes = append(t.quotes, g)
			}
			g := &t.quotes[n]
			g.spans = append(g.spans, tenor.Span{place[q.Start], place[q.End]})
			g.optional = g.optional && q.Optional
			g.ignored = g.optional && q.CueClass == "other"
		}
		texts = append(texts, t)
		return nil
	})
	return texts, err
}

// readPassages reads texts with quotes given by their words: {"text", "quotes":
// [{"speaker", "segments", "cue", "mention", "kind", "optional"}]}.
func readPassages(in io.Reader) (texts []lessonText, err error) {
	type line struct {
		Text   string
		Quotes []struct {
			Speaker, Type, Kind, Cue, Mention string
			Segments                          []string
			Optional                          bool
		}
	}
	err = eachJSONLine(in, func(data []byte) error {
		var l line
		if err := json.Unmarshal(data, &l); err != nil {
			return err
		}
		t := lessonText{text: l.Text, news: true, invented: true}
		last := 0
		for _, q := range l.Quotes {
			g := lessonQuote{names: []string{q.Speaker}, kind: tenor.Kind(q.Kind), optional: q.Optional, unnamed: q.Speaker == ""}
			if g.spans, err = spansOf(l.Text, q.Segments, last); err != nil {
				return err
			}
			last = g.spans[0].Start()
			g.cue = nearestWords(l.Text, q.Cue, g.spans, g.spans)
			near := g.spans
			if g.cue.Len() > 0 {
				near = []tenor.Span{g.cue}
			}
			g.speaker = nearestWords(l.Text, q.Mention, near, g.spans)
			t.quotes = append(t.quotes, g)
		}
		texts = append(texts, t)
		return nil
	})
	return texts, err
}

// spansOf is where the segments of a quote stand in a text, one behind the other,
// the first of them behind from if it stands there.
func spansOf(text string, segments []string, from int) (spans []tenor.Span, err error) {
	at := from
	for n, words := range segments {
		i := strings.Index(text[at:], words)
		if i < 0 && n == 0 {
			at, i = 0, strings.Index(text, words)
		}
		if i < 0 {
			return nil, fmt.Errorf("%q is not in the text", words)
		}
		spans = append(spans, tenor.Span{at + i, at + i + len(words)})
		at += i + len(words)
	}
	if len(spans) == 0 {
		return nil, errors.New("a quote without words")
	}
	return spans, nil
}

// nearestWords is where words stand in a text nearest to some places, those inside
// content put back.
func nearestWords(text, words string, near, content []tenor.Span) (best tenor.Span) {
	if words == "" {
		return best
	}
	least := 600
	for at := 0; ; {
		i := strings.Index(text[at:], words)
		if i < 0 {
			return best
		}
		s := tenor.Span{at + i, at + i + len(words)}
		at = s.Start() + 1
		if partOfWord(text, s) {
			continue
		}
		d := 1 << 30
		for _, n := range near {
			d = min(d, max(0, max(s.Start(), n.Start())-min(s.End(), n.End())))
		}
		if inside(content, s) {
			d += 70
		}
		if d < least {
			best, least = s, d
		}
	}
}

func partOfWord(text string, s tenor.Span) bool {
	return s.Start() > 0 && isWordByte(text[s.Start()-1]) && isWordByte(text[s.Start()]) ||
		s.End() < len(text) && isWordByte(text[s.End()]) && isWordByte(text[s.End()-1])
}

func inside(spans []tenor.Span, s tenor.Span) bool {
	for _, c := range spans {
		if s.Start() >= c.Start() && s.End() <= c.End() {
			return true
		}
	}
	return false
}

// readNewswire reads labels of stories: {"story": number, "quotes": [{"cue",
// "speaker", "name", "spans", "kind", "optional"}]}, places in bytes. The stories
// themselves stand in a file with blank lines between them.
func readNewswire(labels, stories io.Reader) (texts []lessonText, err error) {
	type line struct {
		Story  int
		Quotes []struct {
			Cue, Speaker, Name *tenor.Span
			Spans              []tenor.Span
			Kind               string
			Optional           bool
		}
	}
	all, err := splitStories(stories)
	if err != nil {
		return nil, fmt.Errorf("read stories: %w", err)
	}
	err = eachJSONLine(labels, func(data []byte) error {
		var l line
		if err := json.Unmarshal(data, &l); err != nil {
			return err
		}
		if l.Story >= len(all) {
			return fmt.Errorf("there is no story %d among %d", l.Story, len(all))
		}
		t := lessonText{text: all[l.Story], news: true}
		for _, q := range l.Quotes {
			g := lessonQuote{spans: q.Spans, kind: tenor.Kind(q.Kind), optional: q.Optional}
			for _, s := range q.Spans {
				if s.End() > len(t.text) {
					return fmt.Errorf("a quote lies outside of story %d", l.Story)
				}
			}
			if q.Cue != nil {
				g.cue = *q.Cue
			}
			if q.Speaker != nil {
				g.speaker = *q.Speaker
			}
			if q.Name != nil {
				g.names = []string{q.Name.In(t.text)}
			}
			t.quotes = append(t.quotes, g)
		}
		texts = append(texts, t)
		return nil
	})
	return texts, err
}

// splitStories parts stories at the blank lines between them.
func splitStories(in io.Reader) (stories []string, err error) {
	var story []string
	flush := func() {
		if len(story) > 0 {
			stories = append(stories, strings.Join(story, "\n")+"\n")
			story = nil
		}
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			flush()
			continue
		}
		story = append(story, lines.Text())
	}
	flush()
	return stories, lines.Err()
}

func eachJSONLine(in io.Reader, use func(data []byte) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<24)
	for number := 1; lines.Scan(); number++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := use(lines.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	return lines.Err()
}

// goesBy reports whether a speaker is one of the names: the family name of a
// person, words of an organisation, or its initials.
func goesBy(names []string, speaker string) bool {
	mine := strings.FieldsFunc(foldKey(speaker), notNameByte)
	for _, name := range names {
		theirs := strings.FieldsFunc(foldKey(name), notNameByte)
		if len(mine) == 0 || len(theirs) == 0 {
			continue
		}
		if mine[len(mine)-1] == theirs[len(theirs)-1] || within(mine, theirs) || within(theirs, mine) || initialsOf(mine) == theirs[0] || initialsOf(theirs) == mine[0] {
			return true
		}
	}
	return false
}

// within reports whether the words of a are words of b, or begin one.
func within(a, b []string) bool {
	for _, w := range a {
		found := false
		for _, v := range b {
			found = found || w == v || len(w) > 2 && strings.HasPrefix(v, w)
		}
		if !found {
			return false
		}
	}
	return true
}

// initialsOf is what an organisation of these words is called for short: more
// than a letter, small words left out or "and" kept as "&".
func initialsOf(words []string) string {
	short := ""
	for _, w := range words {
		if w != "of" && w != "the" && w != "and" && w != "for" {
			short += w[:1]
		}
	}
	if len(short) < 2 {
		return ""
	}
	return short
}

func notNameByte(r rune) bool {
	return r < utf8.RuneSelf && !isWordByte(byte(r)) && r != '&'
}

// sortSpans puts spans in the order of the text.
func sortSpans(spans []tenor.Span) {
	sort.Slice(spans, func(i, j int) bool { return spans[i].Start() < spans[j].Start() })
}
