package tenor

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func topic(name, parent string) Topic {
	return Topic{Name: name, Phrases: []string{"word"}, Parent: parent}
}

func TestTopicsMistakes(t *testing.T) {
	var many []Topic
	for i := range maxTopics + 1 {
		many = append(many, topic("t"+strconv.Itoa(i), ""))
	}
	for _, test := range []struct {
		own   []Topic
		index int
		key   string
		item  int
		want  string
	}{
		{[]Topic{topic("", "")}, 0, "name", -1, "has no name"},
		{[]Topic{topic("Buy Backs", "")}, 0, "name", -1, `"Buy Backs" may hold small letters`},
		{[]Topic{topic("a|b", "")}, 0, "name", -1, "may hold"},
		{[]Topic{topic("a--b", "")}, 0, "name", -1, "may hold"},
		{[]Topic{topic("-a", "")}, 0, "name", -1, "may hold"},
		{[]Topic{topic(strings.Repeat("a", 41), "")}, 0, "name", -1, "40 at most"},
		{[]Topic{topic("rates", "")}, 0, "name", -1, `rates is a built-in theme; to add phrases to it, name a theme of your own with parent = "rates"`},
		{[]Topic{topic("a", ""), topic("b", ""), topic("a", "")}, 2, "name", -1, "two themes are named a, the 1st and this one"},
		{[]Topic{topic("a", ""), {Name: "b"}}, 1, "phrases", -1, "theme b has no phrases"},
		{[]Topic{{Name: "a", Phrases: []string{"x", " "}}}, 0, "phrases", 1, "empty phrase"},
		{[]Topic{{Name: "a", Phrases: []string{"x"}, Exclusions: []string{""}}}, 0, "exclusions", 0, "empty phrase"},
		{[]Topic{{Name: "a", Phrases: []string{strings.Repeat("é", 201)}}}, 0, "phrases", 0, "a phrase of 201 characters; at most 200"},
		{[]Topic{{Name: "a", Phrases: make([]string, 501)}}, 0, "phrases", -1, "501 phrases; at most 500"},
		{many, maxTopics, "name", -1, "201 themes are too many"},
		{[]Topic{topic("a", "weather")}, 0, "parent", -1, `the parent "weather" of theme a is neither a built-in theme nor one of yours; there are: rates,`},
		{[]Topic{topic("a", "a")}, 0, "parent", -1, "the parents go round in a circle: a → a"},
		{[]Topic{topic("x", "b"), topic("a", "b"), topic("b", "c"), topic("c", "a")}, 1, "parent", -1, "circle: a → b → c → a"},
	} {
		_, err := NewTopics(test.own, nil)
		var e *TopicError
		if !errors.As(err, &e) || !errors.Is(err, ErrUsage) {
			t.Errorf("%v: %v, want %q", test.own, err, test.want)
			continue
		}
		if e.Kind != "theme" || e.Index != test.index || e.Key != test.key || e.Item != test.item || !strings.Contains(e.Problem, test.want) {
			t.Errorf("%+v, want %+v", e, test)
		}
	}
	if _, err := NewTopics(nil, []Topic{topic("rates", "banks"), topic("word", "rates")}); err != nil {
		t.Errorf("a subject may be named as a theme is: %v", err)
	}
	if _, err := NewTopics([]Topic{{Name: "a", Phrases: []string{strings.Repeat("é", 200)}}}, nil); err != nil {
		t.Errorf("200 characters: %v", err)
	}
}

// A filter takes a user's names, and one for a parent finds what is below it.
func TestFilterOverOwnTopics(t *testing.T) {
	topics, err := NewTopics(
		[]Topic{topic("buybacks", "payouts"), topic("payouts", "earnings")},
		[]Topic{topic("regional-banks", "banks")})
	if err != nil {
		t.Fatal(err)
	}
	v := url.Values{"theme": {"payouts"}, "subject": {"banks"}}
	f, err := ParseFilter(v, topics)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Values(); got.Encode() != v.Encode() {
		t.Errorf("the address is %s, want what was asked for: %s", got.Encode(), v.Encode())
	}
	for _, test := range []struct {
		subject Subject
		themes  []Theme
		want    bool
	}{
		{"banks", []Theme{"rates", "payouts"}, true},
		{"regional-banks", []Theme{"buybacks"}, true},
		{"regional-banks", []Theme{"earnings"}, false},
		{"energy", []Theme{"buybacks"}, false},
	} {
		r := Record{Quote: Quote{Subject: test.subject, Themes: test.themes}}
		if got := f.Match(&r); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
	if f, _ = ParseFilter(url.Values{"theme": {"earnings"}}, topics); !slices.Equal(f.WantedThemes(), []Theme{"earnings", "buybacks", "payouts"}) {
		t.Errorf("earnings finds %v", f.WantedThemes())
	}
	if _, err := ParseFilter(url.Values{"theme": {"buybacks"}}, Topics{}); !errors.Is(err, ErrUsage) {
		t.Errorf("a theme that nobody configured: %v", err)
	}
	if _, err := ParseFilter(url.Values{"theme": {"weather"}}, topics); err == nil || !strings.HasSuffix(err.Error(), "crypto, buybacks, payouts") {
		t.Errorf("the names that there are: %v", err)
	}
}
