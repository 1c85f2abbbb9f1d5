package tenor

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Filter chooses quotes. The terminal's flags, the web view's addresses and the
// API share its names; repeated values of one name mean "or", different names
// mean "and". The zero Filter chooses everything.
type Filter struct {
	Query        string // words to search for
	Exact        bool   // without their synonyms
	Sort         Sort   // of a search's results; empty means newest first
	Analysts     []string
	Firms        []string
	Outlets      []string
	Stances      []Stance
	Themes       []Theme
	Subjects     []Subject
	Kinds        []Kind
	SpeakerTypes []SpeakerType
	From, To     *Day // first and last day of publication, both included
	AsOf         *Day // only what was known at the end of this day

	// Topics knows which themes and subjects are below which: one that is asked for
	// finds those below it too.
	Topics Topics

	// For the timeline only.
	Houses map[string]string // keys of firms that are counted under another's, which is the value
	Window int               // days for which a view stands; 0 means DefaultWindow
	Count  Count             // what one vote is; empty means voices
}

// Count says what counts as one vote in the consensus.
type Count string

const (
	CountVoices   Count = "voices"   // one voice per analyst, its latest view
	CountQuotes   Count = "quotes"   // every quote, copies included
	CountArticles Count = "articles" // one voice per analyst and article
)

// Sort is the order of a search's results. It chooses nothing, and exports keep theirs.
type Sort string

const (
	SortNewest    Sort = "newest"
	SortRelevance Sort = "relevance" // the rarest words and shortest quotes first, where few match
)

// DefaultWindow is for how many days a view stands unless told otherwise.
// Publishers of analyst consensus keep three to six months: TipRanks three
// months, FactSet 100 days, I/B/E/S 180 days.
const DefaultWindow = 90

// Windows are the windows offered to users, in days.
func Windows() []int { return []int{30, 60, 90, 180} }

// maxWindow bounds the window that a caller may ask for: ten years.
const maxWindow = 3660

// ValueError says that a filter or option got a value that it does not know. It
// is an ErrUsage.
type ValueError struct {
	Name    string
	Value   string
	Allowed []string // what would have been right: values, or one example
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s: %q is not one of: %s", e.Name, e.Value, strings.Join(e.Allowed, ", "))
}

func (e *ValueError) Unwrap() error { return ErrUsage }

// Param describes one filter to the command line, the web form and the docs.
type Param struct {
	Name     string
	Usage    string
	Repeated bool
	Allowed  []string // empty when any value will do
	Timeline bool     // means something for the timeline only
	Switch   bool     // is on or off: as a flag it needs no value
}

// Params are the filters in the order in which they are shown, with the values that
// they take where there are these topics.
func Params(topics Topics) []Param {
	return []Param{
		{Name: "q", Usage: "words that the quote, speaker, firm or title must hold"},
		{Name: "exact", Usage: "find these words only, and not what means the same", Allowed: []string{"1"}, Switch: true},
		{Name: "sort", Usage: "order of a search's results", Allowed: names([]Sort{SortNewest, SortRelevance})},
		{Name: "analyst", Usage: "speaker, by name", Repeated: true},
		{Name: "firm", Usage: "speaker's firm", Repeated: true},
		{Name: "outlet", Usage: "publisher of the article", Repeated: true},
		{Name: "stance", Usage: "which way the speaker leans", Repeated: true, Allowed: names(Stances())},
		{Name: "theme", Usage: "argument that the quote makes", Repeated: true, Allowed: names(topics.Themes())},
		{Name: "subject", Usage: "market that the quote speaks of", Repeated: true, Allowed: names(topics.Subjects())},
		{Name: "kind", Usage: "how the words are reported", Repeated: true, Allowed: names(Kinds())},
		{Name: "speaker_type", Usage: "capacity in which the speaker speaks", Repeated: true, Allowed: names(SpeakerTypes())},
		{Name: "from", Usage: "first day of publication, like 2024-07-01"},
		{Name: "to", Usage: "last day of publication, like 2025-09-30"},
		{Name: "asof", Usage: "only what had been collected by this day"},
		{Name: "window", Usage: "days for which a view stands (30, 60, 90, 180)", Timeline: true},
		{Name: "count", Usage: "what one vote is", Timeline: true,
			Allowed: names([]Count{CountVoices, CountQuotes, CountArticles})},
	}
}

func names[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

// ParseFilter reads a filter over these topics from an address's query or from flags.
// Empty values are as good as absent ones, as HTML forms send them; unknown names are
// the caller's business. Errors are ErrUsage and name the filter and what it takes.
func ParseFilter(v url.Values, topics Topics) (Filter, error) {
	p := filterParser{v: v}
	f := Filter{
		Query:        strings.TrimSpace(v.Get("q")),
		Analysts:     p.list("analyst"),
		Firms:        p.list("firm"),
		Outlets:      p.list("outlet"),
		Stances:      oneOf(&p, "stance", Stances()),
		Themes:       oneOf(&p, "theme", topics.Themes()),
		Subjects:     oneOf(&p, "subject", topics.Subjects()),
		Kinds:        oneOf(&p, "kind", Kinds()),
		SpeakerTypes: oneOf(&p, "speaker_type", SpeakerTypes()),
		From:         p.day("from"),
		To:           p.day("to"),
		AsOf:         p.day("asof"),
		Topics:       topics,
		Window:       p.window(),
	}
	f.Exact = len(oneOf(&p, "exact", []string{"1"})) > 0
	if sorts := oneOf(&p, "sort", []Sort{SortNewest, SortRelevance}); len(sorts) > 0 {
		f.Sort = sorts[0]
	}
	if counts := oneOf(&p, "count", []Count{CountVoices, CountQuotes, CountArticles}); len(counts) > 0 {
		f.Count = counts[0]
	}
	if p.err == nil && f.From != nil && f.To != nil && *f.From > *f.To {
		p.err = fmt.Errorf("from %s is after to %s: swap them (%w)", f.From, f.To, ErrUsage)
	}
	if p.err != nil {
		return Filter{}, p.err
	}
	return f, nil
}

// filterParser collects the first error while a filter is read.
type filterParser struct {
	v   url.Values
	err error
}

func (p *filterParser) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// maxValues bounds how many values one filter may list, so that a query stays cheap.
const maxValues = 100

func (p *filterParser) list(name string) []string {
	var list []string
	for _, s := range p.v[name] {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	if len(list) > maxValues {
		p.fail(fmt.Errorf("%s: at most %d values at once (%w)", name, maxValues, ErrUsage))
	}
	return list
}

func oneOf[T ~string](p *filterParser, name string, allowed []T) []T {
	var list []T
	for _, s := range p.list(name) {
		if !slices.Contains(allowed, T(s)) {
			p.fail(&ValueError{name, s, names(allowed)})
			continue
		}
		list = append(list, T(s))
	}
	return list
}

func (p *filterParser) day(name string) *Day {
	s := strings.TrimSpace(p.v.Get(name))
	if s == "" {
		return nil
	}
	d, err := ParseDay(s)
	if err != nil {
		p.fail(fmt.Errorf("%s: %w (%w)", name, err, ErrUsage))
		return nil
	}
	return &d
}

func (p *filterParser) window() int {
	s := strings.TrimSpace(p.v.Get("window"))
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxWindow {
		p.fail(fmt.Errorf("window: %q is not a number of days from 1 to %d (%w)", s, maxWindow, ErrUsage))
		return 0
	}
	return n
}

// WantedThemes are the themes that the filter finds: those asked for and what is below
// them. None means any.
func (f *Filter) WantedThemes() []Theme { return withBelow(f.Topics.themes, f.Themes) }

// WantedSubjects are the subjects that the filter finds, likewise.
func (f *Filter) WantedSubjects() []Subject { return withBelow(f.Topics.subjects, f.Subjects) }

// Values is the filter as an address's query: what ParseFilter reads back.
func (f Filter) Values() url.Values {
	v := url.Values{}
	add := func(name string, values []string) {
		if len(values) > 0 {
			v[name] = values
		}
	}
	if f.Query != "" {
		v.Set("q", f.Query)
	}
	if f.Exact {
		v.Set("exact", "1")
	}
	if f.Sort != "" {
		v.Set("sort", string(f.Sort))
	}
	add("analyst", f.Analysts)
	add("firm", f.Firms)
	add("outlet", f.Outlets)
	add("stance", names(f.Stances))
	add("theme", names(f.Themes))
	add("subject", names(f.Subjects))
	add("kind", names(f.Kinds))
	add("speaker_type", names(f.SpeakerTypes))
	for name, day := range map[string]*Day{"from": f.From, "to": f.To, "asof": f.AsOf} {
		if day != nil {
			v.Set(name, day.String())
		}
	}
	if f.Window != 0 {
		v.Set("window", strconv.Itoa(f.Window))
	}
	if f.Count != "" {
		v.Set("count", string(f.Count))
	}
	return v
}

// Words is the filter as people read it: `“soft landing”, stance fragile or neutral`. Empty
// when it takes everything.
func (f Filter) Words() string {
	var parts []string
	v := f.Values()
	for _, p := range Params(f.Topics) {
		switch values := v[p.Name]; {
		case len(values) == 0 || p.Name == "sort":
		case p.Name == "q":
			parts = append(parts, "“"+values[0]+"”")
		case p.Switch:
			parts = append(parts, p.Name)
		default:
			parts = append(parts, strings.ReplaceAll(p.Name, "_", " ")+" "+strings.Join(values, " or "))
		}
	}
	return strings.Join(parts, ", ")
}
