package newsroom

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tenor"
)

func loaded(t *testing.T) *content {
	t.Helper()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNewsroomIsLargeEnough(t *testing.T) {
	all := loaded(t)
	written, speakers, firms := 0, map[string]bool{}, map[string]bool{}
	for _, a := range all.articles {
		if a.copyOf == "" {
			written++
		}
		for _, q := range a.quotes {
			if q.who.kind == "analyst" {
				speakers[q.who.name], firms[q.who.firm] = true, true
			}
		}
	}
	if written < 44 || len(speakers) < 28 || len(firms) < 25 {
		t.Errorf("%d articles beside copies, %d analysts at %d firms; want 44, 28 and 25", written, len(speakers), len(firms))
	}
	for id, p := range all.people {
		if p.kind == "analyst" && !speakers[p.name] {
			t.Errorf("people.txt: %s never says a word", id)
		}
	}
}

func TestDeclaredQuotesStandInTheBody(t *testing.T) {
	for _, a := range loaded(t).articles {
		text := a.text()
		if n := len(a.quotes); a.lang == "en" && (n < 2 || n > 10) {
			t.Errorf("%s: %d quotes", a.key, n)
		}
		for _, q := range a.quotes {
			at := 0
			for _, s := range q.segments {
				i := strings.Index(text[at:], s)
				if i < 0 || s != strings.TrimSpace(s) || s == "" {
					t.Errorf("%s: quote %d: segment %q is not in its place", a.key, q.number, s)
					continue
				}
				at += i + len(s)
			}
			if q.firm != "" && !strings.Contains(text, q.firm) {
				t.Errorf("%s: quote %d: the body never names %s", a.key, q.number, q.firm)
			}
			if q.role != "" && !strings.Contains(strings.ToLower(text), strings.ToLower(q.role)) {
				t.Errorf("%s: quote %d: nobody in the body is a %s", a.key, q.number, q.role)
			}
			if q.who.kind == "analyst" && q.firm == "" {
				t.Errorf("%s: quote %d: %s has no firm there", a.key, q.number, q.speaker)
			}
			if q.who.kind == "analyst" && !strings.Contains(q.speaker, " ") {
				t.Errorf("%s: quote %d: %s has no first name there, so would be a voice of their own", a.key, q.number, q.speaker)
			}
		}
	}
}

func TestLabelsAreThoseOfTheGuide(t *testing.T) {
	for _, a := range loaded(t).articles {
		for _, q := range a.quotes {
			if !slices.Contains(tenor.Stances(), tenor.Stance(q.stance)) ||
				!slices.Contains(tenor.Kinds(), tenor.Kind(q.kind)) ||
				!slices.Contains(tenor.Subjects(), tenor.Subject(q.subject)) ||
				!slices.Contains(tenor.SpeakerTypes(), tenor.SpeakerType(q.who.kind)) {
				t.Errorf("%s: quote %d: one of %s, %s, %s, %s is no label", a.key, q.number, q.stance, q.kind, q.subject, q.who.kind)
			}
			for _, theme := range q.themes {
				if !slices.Contains(tenor.Themes(), tenor.Theme(theme)) {
					t.Errorf("%s: quote %d: no theme %q", a.key, q.number, theme)
				}
			}
		}
	}
}

func TestArticlesHaveTheRightSizeAndDate(t *testing.T) {
	first, last := day(t, "2024-05-01"), day(t, "2025-11-01")
	for _, a := range loaded(t).articles {
		if a.published.Before(first) || !a.published.Before(last) {
			t.Errorf("%s: published %s, outside the eighteen months", a.key, a.published)
		}
		words := len(strings.Fields(a.text()))
		if least := 250; words > 700 || words < least && (a.copyOf == "" && a.lang == "en" || words < 170) {
			t.Errorf("%s: %d words", a.key, words)
		}
	}
}

func TestCopiesFollowWithinAWeek(t *testing.T) {
	all := loaded(t)
	copies, rewrites := 0, 0
	for _, a := range all.articles {
		if a.original() == "" {
			continue
		}
		original := all.byKey[a.original()]
		age := a.published.Sub(original.published)
		if age <= 0 || age > 7*24*time.Hour || a.outlet == original.outlet {
			t.Errorf("%s: %s after its original, at %s", a.key, age, a.outlet.Name)
		}
		if original.original() != "" {
			t.Errorf("%s: a copy of a copy", a.key)
		}
		if a.copyOf != "" {
			copies++
			if len(a.quotes) < 2 || len(a.drop) == 0 && a.title == original.title && a.deck == original.deck {
				t.Errorf("%s: %d quotes left", a.key, len(a.quotes))
			}
			for _, q := range a.quotes {
				if n := slices.IndexFunc(original.quotes, func(o quote) bool { return o.number == q.number }); !slices.Equal(original.quotes[n].segments, q.segments) {
					t.Errorf("%s: quote %d was cut in the middle", a.key, q.number)
				}
			}
			continue
		}
		rewrites++
	}
	if copies < 8 || rewrites < 12 {
		t.Errorf("%d copies and %d rewrites", copies, rewrites)
	}
}

func TestSomeRewritesReverseTheMeaning(t *testing.T) {
	all := loaded(t)
	reversed := 0
	for _, a := range all.articles {
		for _, q := range a.quotes {
			if q.retells == 0 {
				continue
			}
			said := all.byKey[a.rewriteOf].quotes
			n := slices.IndexFunc(said, func(o quote) bool { return o.number == q.retells })
			if n < 0 || said[n].who != q.who {
				t.Errorf("%s: quote %d retells no quote of the same speaker", a.key, q.number)
				continue
			}
			if (said[n].stance != q.stance) != q.disputed {
				t.Errorf("%s: quote %d is %s, was %s, disputed %v", a.key, q.number, q.stance, said[n].stance, q.disputed)
			}
			if q.disputed {
				reversed++
			}
		}
	}
	if reversed < 3 {
		t.Errorf("%d reversed retellings, want 3", reversed)
	}
}

// TestSmallCapsHaveVoicesAndAGap checks what the chart of small caps will show: a
// net on nearly every day, and one stretch in which nobody's view stands.
func TestSmallCapsHaveVoicesAndAGap(t *testing.T) {
	spoke := map[string][]time.Time{}
	stances := map[string]map[string]bool{}
	for _, a := range loaded(t).articles {
		for _, q := range a.quotes {
			if q.subject != "small-caps" || q.who.kind != "analyst" || q.disputed {
				continue
			}
			spoke[q.who.id] = append(spoke[q.who.id], a.published)
			if stances[q.who.id] == nil {
				stances[q.who.id] = map[string]bool{}
			}
			stances[q.who.id][q.stance] = true
		}
	}
	empty, thin, days, most := 0, 0, 0, 0
	for d := day(t, "2024-05-08"); d.Before(day(t, "2025-11-01")); d = d.AddDate(0, 0, 1) {
		voices := 0
		for id := range maps.Keys(spoke) {
			if slices.ContainsFunc(spoke[id], func(s time.Time) bool {
				return !s.After(d) && d.Sub(s) <= tenor.DefaultWindow*24*time.Hour
			}) {
				voices++
			}
		}
		days++
		most = max(most, voices)
		switch {
		case voices == 0:
			empty++
		case voices < 3:
			thin++
		}
	}
	t.Logf("%d days: %d without a voice, %d with one or two, %d voices at most", days, empty, thin, most)
	if empty < 91 || empty > 130 || thin > days/20 || most < 10 {
		t.Errorf("of %d days %d have no voice and %d fewer than three; at most %d voices", days, empty, thin, most)
	}
	turned := 0
	for _, s := range stances {
		if len(s) > 1 {
			turned++
		}
	}
	if turned < 10 {
		t.Errorf("%d analysts change their view, want 10", turned)
	}
}
