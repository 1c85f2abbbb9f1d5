package tenor

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Topic is a theme or a subject that a user adds to the built-in ones.
type Topic struct {
	Name       string   // small letters, digits and hyphens
	Phrases    []string // one of them makes it one; written as in the lists of package nlp
	Exclusions []string // a phrase that stands inside one of these does not count
	Parent     string   // a built-in name or another of the user's, whose filter finds this one too; empty for none
}

// Topics are the themes and subjects that there are: the built-in ones and a user's
// own. The zero value has the built-in ones alone.
type Topics struct{ themes, subjects []Topic }

// Limits of what users add, against a slip that would fill the memory.
const (
	maxTopics       = 200 // of a kind
	maxPhrases      = 500 // of a topic, and as many exclusions
	maxTopicName    = 40  // letters
	maxTopicsPhrase = 200 // characters
)

// TopicError says what is wrong with a theme or subject of a user's, and where. It is
// an ErrUsage.
type TopicError struct {
	Kind    string // theme or subject
	Index   int    // which of its kind, from 0
	Key     string // name, phrases, exclusions or parent
	Item    int    // which phrase or exclusion, from 0; -1 where none is meant
	Problem string
}

func (e *TopicError) Error() string { return e.Problem }
func (e *TopicError) Unwrap() error { return ErrUsage }

// NewTopics adds a user's themes and subjects to the built-in ones. Its errors are
// *TopicError. Whether the phrases can be found in a text is for package nlp to say.
func NewTopics(themes, subjects []Topic) (Topics, error) {
	for _, kind := range []struct {
		name    string
		own     []Topic
		builtIn []string
	}{{"theme", themes, names(Themes())}, {"subject", subjects, names(Subjects())}} {
		if err := checkTopics(kind.name, kind.own, kind.builtIn); err != nil {
			return Topics{}, err
		}
	}
	return Topics{themes, subjects}, nil
}

// Themes are all themes, in the order in which they are listed to users: the built-in
// ones first.
func (t Topics) Themes() []Theme { return withOwn(Themes(), t.themes) }

// Subjects are all subjects, likewise.
func (t Topics) Subjects() []Subject { return withOwn(Subjects(), t.subjects) }

// OwnThemes and OwnSubjects are what the user added. They belong to t: callers must
// not change them.
func (t Topics) OwnThemes() []Topic   { return t.themes }
func (t Topics) OwnSubjects() []Topic { return t.subjects }

// ThemesAbove are the parent of a theme, its parent, and so on.
func (t Topics) ThemesAbove(th Theme) []Theme { return above(t.themes, th) }

// SubjectsAbove are the parent of a subject, its parent, and so on.
func (t Topics) SubjectsAbove(s Subject) []Subject { return above(t.subjects, s) }

func withOwn[T ~string](builtIn []T, own []Topic) []T {
	for _, o := range own {
		builtIn = append(builtIn, T(o.Name))
	}
	return builtIn
}

func above[T ~string](own []Topic, name T) (parents []T) {
	for {
		i := slices.IndexFunc(own, func(o Topic) bool { return o.Name == string(name) })
		if i < 0 || own[i].Parent == "" {
			return parents
		}
		name = T(own[i].Parent)
		parents = append(parents, name)
	}
}

// withBelow are some topics with all that have one of them above.
func withBelow[T ~string](own []Topic, wanted []T) []T {
	if len(wanted) == 0 || len(own) == 0 {
		return wanted
	}
	all := slices.Clone(wanted)
	for _, o := range own {
		isBelow := slices.ContainsFunc(above(own, T(o.Name)), func(p T) bool { return slices.Contains(wanted, p) })
		if isBelow && !slices.Contains(all, T(o.Name)) {
			all = append(all, T(o.Name))
		}
	}
	return all
}

// checkTopics finds what is wrong with a user's topics of one kind.
func checkTopics(kind string, own []Topic, builtIn []string) error {
	at := map[string]int{}
	for i, o := range own {
		wrong := func(key string, item int, format string, args ...any) error {
			return &TopicError{kind, i, key, item, fmt.Sprintf(format, args...)}
		}
		earlier, taken := at[o.Name]
		switch {
		case i >= maxTopics:
			return wrong("name", -1, "%d %ss are too many; at most %d", len(own), kind, maxTopics)
		case o.Name == "":
			return wrong("name", -1, `this %s has no name; add name = "…"`, kind)
		case !topicName(o.Name):
			return wrong("name", -1, "the name %q may hold small letters a to z, digits and single hyphens between them, and %d at most, like bank-mergers", o.Name, maxTopicName)
		case slices.Contains(builtIn, o.Name):
			return wrong("name", -1, `%s is a built-in %s; to add phrases to it, name a %[2]s of your own with parent = %[1]q`, o.Name, kind)
		case taken:
			return wrong("name", -1, "two %ss are named %s, the %s and this one; give this one another name", kind, o.Name, ordinal(earlier+1))
		case len(o.Phrases) == 0:
			return wrong("phrases", -1, `%s %s has no phrases; add phrases = ["…"], the words by which it is known`, kind, o.Name)
		}
		at[o.Name] = i
		for _, list := range []struct {
			key     string
			phrases []string
		}{{"phrases", o.Phrases}, {"exclusions", o.Exclusions}} {
			if len(list.phrases) > maxPhrases {
				return wrong(list.key, -1, "%s %s has %d %s; at most %d", kind, o.Name, len(list.phrases), list.key, maxPhrases)
			}
			for n, phrase := range list.phrases {
				if strings.TrimSpace(phrase) == "" {
					return wrong(list.key, n, "%s %s has an empty phrase", kind, o.Name)
				}
				if size := utf8.RuneCountInString(phrase); size > maxTopicsPhrase {
					return wrong(list.key, n, "%s %s has a phrase of %d characters; at most %d", kind, o.Name, size, maxTopicsPhrase)
				}
			}
		}
	}
	for i, o := range own {
		_, isOwn := at[o.Parent]
		if o.Parent != "" && !isOwn && !slices.Contains(builtIn, o.Parent) {
			return &TopicError{kind, i, "parent", -1, fmt.Sprintf("the parent %q of %s %s is neither a built-in %[2]s nor one of yours; there are: %[4]s",
				o.Parent, kind, o.Name, strings.Join(append(builtIn, topicNames(own)...), ", "))}
		}
		path := []string{o.Name}
		for p, ok := i, isOwn; ok; _, ok = at[own[p].Parent] {
			p = at[own[p].Parent]
			if path = append(path, own[p].Name); p == i {
				return &TopicError{kind, i, "parent", -1, "the parents go round in a circle: " + strings.Join(path, " → ")}
			}
			if len(path) > len(own) {
				break // a circle further up, which is told of those that are in it
			}
		}
	}
	return nil
}

// topicName reports whether a name can stand in an address, a CSV cell and a tag.
func topicName(s string) bool {
	if len(s) > maxTopicName || strings.HasPrefix(s, "-") || strings.HasSuffix(s, "-") || strings.Contains(s, "--") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
}

func topicNames(own []Topic) []string {
	list := make([]string, len(own))
	for i, o := range own {
		list[i] = o.Name
	}
	return list
}

// ordinal is 1st, 2nd, 3rd, 4th, …
func ordinal(n int) string {
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return fmt.Sprint(n, ending)
}
