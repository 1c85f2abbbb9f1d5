package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tenor"
	"tenor/crawler/tomlfile"
	"tenor/nlp"
)

// defaultConfig is the configuration that is read where no other is named.
const defaultConfig = "tenor.toml"

// configPath is the configuration to read; named says that the user asked for it, so
// that it must be there.
func (a *app) configPath() (path string, named bool) {
	if a.config != "" {
		return a.config, true
	}
	return defaultConfig, false
}

// topics are the built-in themes and subjects with those of the configuration.
func (a *app) topics() (tenor.Topics, error) {
	path, named := a.configPath()
	data, err := os.ReadFile(path)
	switch {
	case err != nil && !named && errors.Is(err, fs.ErrNotExist):
		return tenor.Topics{}, nil
	case err != nil:
		return tenor.Topics{}, fmt.Errorf("read the configuration: %w", err)
	}
	return parseTopics(path, data)
}

// topicsFile is what of a tenor.toml is themes and subjects.
type topicsFile struct {
	Themes   []topicTable `toml:"theme"`
	Subjects []topicTable `toml:"subject"`
}

type topicTable struct {
	Name       string   `toml:"name"`
	Phrases    []string `toml:"phrases"`
	Exclusions []string `toml:"exclusions"`
	Parent     string   `toml:"parent"`
}

var topicKeys = tomlfile.Keys{
	Known: map[string][]string{
		"theme":   {"name", "phrases", "exclusions", "parent"},
		"subject": {"name", "phrases", "exclusions", "parent"},
	},
	Forms: map[string]string{
		"theme":              "a list of tables, each under [[theme]]",
		"subject":            "a list of tables, each under [[subject]]",
		"theme.phrases":      `a list like ["buyback(s)"]`,
		"theme.exclusions":   `a list like ["buyback ban"]`,
		"subject.phrases":    `a list like ["regional bank(s)"]`,
		"subject.exclusions": `a list like ["bank holiday"]`,
	},
}

// parseTopics reads the themes and subjects of a tenor.toml. What is wrong is said in
// one sentence that names file and line; such an error wraps tenor.ErrUsage.
func parseTopics(path string, data []byte) (tenor.Topics, error) {
	var t topicsFile
	file, err := tomlfile.Decode(path, data, &t, topicKeys)
	if err != nil {
		return tenor.Topics{}, err
	}
	topics, err := tenor.NewTopics(topicsOf(t.Themes), topicsOf(t.Subjects))
	if err == nil {
		err = nlp.CheckTopics(topics)
	}
	var wrong *tenor.TopicError
	if errors.As(err, &wrong) {
		return tenor.Topics{}, file.Wrong(lineOf(file, &t, wrong), "%s", wrong.Problem)
	}
	return topics, err
}

// lineOf is the line on which a topic is wrong.
func lineOf(file *tomlfile.File, t *topicsFile, e *tenor.TopicError) int {
	line := file.Item(e.Kind, e.Index, e.Key)
	if line == 0 { // written in one line: theme = [{…}]
		line = file.First("", e.Kind)
	}
	if e.Item < 0 {
		return line
	}
	tables := t.Themes
	if e.Kind == "subject" {
		tables = t.Subjects
	}
	list := tables[e.Index].Phrases
	if e.Key == "exclusions" {
		list = tables[e.Index].Exclusions
	}
	earlier := 0
	for _, phrase := range list[:e.Item] {
		if phrase == list[e.Item] {
			earlier++
		}
	}
	return file.Element(line, list[e.Item], earlier)
}

func topicsOf(tables []topicTable) []tenor.Topic {
	list := make([]tenor.Topic, len(tables))
	for i, t := range tables {
		list[i] = tenor.Topic(t)
	}
	return list
}
