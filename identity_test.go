package tenor

import (
	"strings"
	"testing"
)

func TestPersonKeyJoinsSpellings(t *testing.T) {
	for _, same := range [][2]string{
		{"Dr. José A. Peña Jr.", "Jose Pena"}, {"ADA QUILL", "Ada Quill"}, {"Ada O’Reed", "Ada O'Reed"},
		{"Mr. Bo Reed", "Bo Reed"}, {"Søren Ås", "Soren As"}, {"Ada Quill’s", "Ada Quill"},
	} {
		if a, b := PersonKey(same[0], "x"), PersonKey(same[1], "y"); a != b || a == "" {
			t.Errorf("%q and %q have keys %q and %q", same[0], same[1], a, b)
		}
	}
	for _, differ := range [][2]string{
		{"Ada Quill", "Bo Quill"}, {"Ada Quill", "Quill"}, {"Ada van Quill", "Ada Quill"},
	} {
		if a, b := PersonKey(differ[0], "x"), PersonKey(differ[1], "x"); a == b {
			t.Errorf("%q and %q share the key %q", differ[0], differ[1], a)
		}
	}
	if PersonKey("Quill", "Marsh Bank") == PersonKey("Quill", "Reed Bank") {
		t.Error("a lone surname at two firms is one person")
	}
	if PersonKey("Dr.", "") == "" || PersonKey("…", "x") != "" {
		t.Error("a name without letters must have no key, any other must")
	}
}

func TestFirmKeyJoinsSpellings(t *testing.T) {
	for _, same := range [][2]string{
		{"Quill & Co.", "Quill"}, {"The Marsh Group Inc", "Marsh"}, {"Reed Bank N.V.", "REED BANK N.V."},
		{"Marsh Bank’s", "Marsh Bank"}, {"Crédit Marsh SA", "Credit Marsh"},
	} {
		if a, b := FirmKey(same[0]), FirmKey(same[1]); a != b {
			t.Errorf("%q and %q have keys %q and %q", same[0], same[1], a, b)
		}
	}
	if FirmKey("Marsh Bank") == FirmKey("Marsh Research") {
		t.Error("two firms share a key")
	}
}

// What is on a line of firms.txt is one firm, and no name is on two.
func TestFirmsOfManyNames(t *testing.T) {
	if FirmKey("Jefferies Financial Group") != FirmKey("Jefferies LLC") || FirmKey("Jefferies Asset Management") == FirmKey("Jefferies") {
		t.Error("a firm and its long name are two, or a firm and its arm one")
	}
	seen := map[string]bool{}
	for line := range strings.Lines(firmList) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		first := ""
		for name := range strings.SplitSeq(line, "|") {
			key := plainFirmKey(name)
			if seen[key] {
				t.Errorf("%q stands twice", strings.TrimSpace(name))
			}
			seen[key] = true
			if first == "" {
				first = key
			}
			if FirmKey(name) != first || FirmKey(FirmKey(name)) != first {
				t.Errorf("%q has the key %q, want %q", strings.TrimSpace(name), FirmKey(name), first)
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("%d names", len(seen))
	}
}

func TestOutletKeyJoinsSpellings(t *testing.T) {
	for _, same := range [][2]string{{"The Ledger", "LEDGER"}, {"Harbor.com", "Harbor"}, {"Quill Media Inc.", "Quill Media"}} {
		if OutletKey(same[0]) != OutletKey(same[1]) {
			t.Errorf("%q has the key %q, %q %q", same[0], OutletKey(same[0]), same[1], OutletKey(same[1]))
		}
	}
	if OutletKey("The Daily Ledger") == OutletKey("The Ledger") || OutletKey(".com") == "" || OutletKey("") != "" {
		t.Error("two outlets share a key, or one has none")
	}
}

func TestVoicesOfPersonsAndFirmsNeverMeet(t *testing.T) {
	person := Quote{Speaker: "Marsh Bank", SpeakerType: Analyst}
	firm := Quote{Speaker: "Marsh Bank", SpeakerType: Institution}
	if person.VoiceKey() == firm.VoiceKey() {
		t.Error("a person and a firm of one name share a voice")
	}
}
