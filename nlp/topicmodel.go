package nlp

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// parseTopics reads the lines of a model file: "=N" for a dense feature, or a place
// and a word; a tab; and "class:weight" for each class that the feature speaks for or
// against, subjects counted first, then themes, weights in hundredths. Words that no
// phrase has are added to the vocabulary.
func parseTopics(name string, data []byte, v *vocabulary) (*topics, error) {
	m := &topics{dense: make([]topicRow, topicFeatures), all: make([]topicWeight, 0, bytes.Count(data, []byte(":")))}
	number := 0
	for line := range bytes.Lines(data) {
		number++
		line = bytes.TrimSuffix(line, []byte("\n"))
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		tab := bytes.IndexByte(line, '\t')
		if tab < 0 {
			return nil, fmt.Errorf("%s:%d: no tab", name, number)
		}
		from := len(m.all)
		var err error
		if m.all, err = parseTopicWeights(m.all, line[tab+1:]); err == nil {
			err = m.setRow(string(line[:tab]), from, v)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	return m, nil
}

// setRow gives a feature the weights from a place to the end of all.
func (m *topics) setRow(feature string, from int, v *vocabulary) error {
	if n, ok := strings.CutPrefix(feature, "="); ok {
		i, err := strconv.Atoi(n)
		if err != nil || i < 0 || i >= topicFeatures {
			return fmt.Errorf("no feature %q", feature)
		}
		m.dense[i] = m.all[from:]
		return nil
	}
	where, spelled, _ := strings.Cut(feature, " ")
	place := -1
	for i, n := range placeNames {
		if n == where {
			place = i
		}
	}
	if place < 0 || spelled == "" {
		return fmt.Errorf("no feature %q", feature)
	}
	w := numberWord
	if spelled != "0" {
		w = v.add(spelled)
	}
	for len(m.words[place]) <= int(w) {
		m.words[place] = append(m.words[place], make([]topicRef, 1+len(m.words[place]))...)
	}
	m.words[place][w] = topicRef{int32(from), int32(len(m.all))}
	return nil
}

// parseTopicWeights reads "3:120 17:-45" and appends it to all. It is written out
// because start-up is waited for.
func parseTopicWeights(all []topicWeight, text []byte) ([]topicWeight, error) {
	for i := 0; i < len(text); i++ {
		class, digits := 0, 0
		for ; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
			class, digits = 10*class+int(text[i]-'0'), digits+1
		}
		if digits == 0 || digits > 2 || class >= numSubjects+numThemes || i == len(text) || text[i] != ':' {
			return nil, fmt.Errorf("no weights in %q", text)
		}
		i++
		sign := 1
		if i < len(text) && text[i] == '-' {
			sign, i = -1, i+1
		}
		weight := 0
		for digits = 0; i < len(text) && text[i] >= '0' && text[i] <= '9' && digits < 6; i++ {
			weight, digits = 10*weight+int(text[i]-'0'), digits+1
		}
		if digits == 0 || i < len(text) && text[i] != ' ' {
			return nil, fmt.Errorf("no weights in %q", text)
		}
		all = append(all, topicWeight{int32(class), float32(sign*weight) / 100})
	}
	return all, nil
}
