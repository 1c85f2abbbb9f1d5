package tenor

import "testing"

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

func TestVoicesOfPersonsAndFirmsNeverMeet(t *testing.T) {
	person := Quote{Speaker: "Marsh Bank", SpeakerType: Analyst}
	firm := Quote{Speaker: "Marsh Bank", SpeakerType: Institution}
	if person.VoiceKey() == firm.VoiceKey() {
		t.Error("a person and a firm of one name share a voice")
	}
}
