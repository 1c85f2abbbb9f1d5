package tenor

import "strings"

// PersonKey is one key for the spellings of a person's name: case, accents,
// middle initials, titles and suffixes do not matter ("Dr. José A. Peña Jr." and
// "Jose Pena" are one). A lone surname could be anybody, so it is joined to its
// firm and never meets a full name.
func PersonKey(name, firm string) string {
	words := foldWords(name)
	for len(words) > 1 && honorifics[words[0]] {
		words = words[1:]
	}
	for len(words) > 2 && suffixes[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0] + "@" + FirmKey(firm)
	}
	first, last := words[0], words[len(words)-1]
	kept := []string{first}
	for _, w := range words[1 : len(words)-1] {
		if len(w) > 1 {
			kept = append(kept, w)
		}
	}
	return strings.Join(append(kept, last), " ")
}

// FirmKey is one key for the names of a firm: case, accents, "the" and legal suffixes
// do not matter, and firms that go by several names have one (firms.txt).
// That holds for the house in the name of an arm, too: "J.P. Morgan Asset Management".
func FirmKey(name string) string {
	key := plainFirmKey(name)
	known := knownFirms()
	if main, ok := known[key]; ok {
		return main
	}
	for end := strings.LastIndexByte(key, ' '); end > 0; end = strings.LastIndexByte(key[:end], ' ') {
		if word, _, _ := strings.Cut(key[end+1:], " "); !firmTails[word] {
			break
		}
		if main, ok := known[key[:end]]; ok && !strings.HasPrefix(main, key[:end]+" ") {
			return main + key[end:]
		}
	}
	return key
}

// OutletKey is one key for the spellings of a publisher's name: case, accents, "the",
// legal suffixes and the end of a web address do not matter.
func OutletKey(name string) string {
	words := strings.Fields(plainFirmKey(name))
	if len(words) > 1 && words[0] == "www" {
		words = words[1:]
	}
	if n := len(words); n > 1 && webEndings[words[n-1]] {
		words = words[:n-1]
	}
	return strings.Join(words, " ")
}

func plainFirmKey(name string) string {
	words := foldWords(name)
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	for len(words) > 1 && legalForms[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// FirmRoot is a firm's key without what may be missing of its name: "quill" of
// "quill financial". Firms of one root may still be two.
func FirmRoot(key string) string {
	words := strings.Fields(key)
	for len(words) > 1 && firmTails[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	root := strings.Join(words, " ")
	if main, ok := knownFirms()[root]; ok && main != key { // "RBC Capital Markets" is of RBC
		return main
	}
	return root
}

// firmTails are words at the end of a firm's name that writers leave out.
var firmTails = wordSet(`financial capital markets market securities research bank banking asset assets management wealth
	investment investments investors partners advisors advisers advisory global international strategies`)

// SameFirm reports whether two keys may name one firm, as far as names go: they are
// equal, or one is the other without words that writers leave out.
func SameFirm(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a != "" && (a == b || strings.HasPrefix(b, a+" ") && FirmRoot(a) == FirmRoot(b))
}

// VoiceKey is the key of whoever speaks: a person, or a firm where no person is
// named. Keys of persons and of firms never meet.
func (q *Quote) VoiceKey() string {
	if q.SpeakerType == Institution {
		return "firm:" + FirmKey(q.Speaker)
	}
	return PersonKey(q.Speaker, q.Firm)
}

var (
	honorifics = wordSet("mr mrs ms miss dr prof professor sir dame lord lady sen rep gov")
	suffixes   = wordSet("jr sr ii iii iv phd cfa cpa md esq")
	webEndings = wordSet("com net org")
	legalForms = wordSet("inc incorporated corp corporation co company llc llp lp ltd limited plc ag sa nv se gmbh group holdings &")
)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}
