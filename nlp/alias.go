package nlp

import "strings"

// aliases are the names that the article uses for one organisation: its short
// form for its full one ("Tarn" for Tarn Economic Advisors), its initials, and
// the form without "Inc".
type aliases struct {
	byStem     map[string]string // the name without its legal form → the longest name with that stem
	byInitials map[string]string // initials → stem
	byStart    map[string]string // the first words of a name → stem
}

// findAliases gathers them from all names of organisations.
func (r *reading) findAliases() {
	a := &r.aliases
	a.byStem, a.byInitials, a.byStart = map[string]string{}, map[string]string{}, map[string]string{}
	for i := range r.mentions {
		m := &r.mentions[i]
		if !r.firms[m.name] {
			continue
		}
		stem := r.stem(m.name)
		if have := a.byStem[stem]; len(m.name) > len(have) {
			a.byStem[stem] = m.name
			if have != "" {
				continue
			}
		} else {
			continue
		}
		for _, short := range initials(stem) {
			if _, ok := a.byInitials[short]; !ok {
				a.byInitials[short] = stem
			}
		}
		for at := 0; ; {
			space := strings.IndexByte(stem[at:], ' ')
			if space < 0 {
				break
			}
			w := stem[:at+space]
			if _, ok := a.byStart[w]; !ok {
				a.byStart[w] = stem
			}
			at += space + 1
		}
	}
}

// stem is a name without what only tells its legal form.
func (r *reading) stem(name string) string {
	for {
		cut := strings.LastIndexByte(name, ' ')
		if cut < 0 {
			return name
		}
		switch strings.ToLower(strings.TrimRight(name[cut+1:], ".,")) {
		case "inc", "corp", "co", "ltd", "llc", "llp", "lp", "plc", "ag", "sa", "nv", "se", "spa", "gmbh", "corporation", "incorporated", "limited", "company", "cos", "&":
			name = name[:cut]
		default:
			return name
		}
	}
}

// initials are the short forms that a name of several words may have: with "&"
// kept and without, small words left out or not.
func initials(name string) []string {
	var all, capitals []byte
	and := false
	for w := range strings.FieldsSeq(name) {
		c := w[0]
		if c == '&' {
			and = true
		}
		all = append(all, c)
		if c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			capitals = append(capitals, c)
		}
	}
	if len(capitals) < 2 {
		return nil
	}
	short := []string{string(capitals)}
	if and {
		short = append(short, string(all))
	}
	return short
}

// beginningWith is the name of an organisation of the article that begins with w
// and goes on, or "".
func (r *reading) beginningWith(w string) string {
	if stem, ok := r.aliases.byStart[w]; ok {
		return r.aliases.byStem[stem]
	}
	return ""
}

// organisation is the name of an organisation as the article gives it in full.
func (r *reading) organisation(m *mention) string {
	if m.kind == publicName || m.kind == placeName {
		return m.name
	}
	return r.fullName(m.name)
}

func (r *reading) fullName(name string) string {
	a := &r.aliases
	stem := r.stem(name)
	if full, ok := a.byInitials[stem]; ok {
		return a.byStem[full]
	}
	if !r.knows(name) {
		if full := r.beginningWith(stem); full != "" {
			return full
		}
	}
	if full, ok := a.byStem[stem]; ok {
		return full
	}
	return name
}
