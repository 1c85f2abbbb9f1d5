package crawler

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	inBrackets   = regexp.MustCompile(`\s*\([^()]*\)`)
	address      = regexp.MustCompile(`\S+@\S+\.\S+|(?:^|\s)@\w+`)
	authorPrefix = regexp.MustCompile(`(?i)^[^\p{L}\p{N}]*(?:(?:(?:eine?\s+)?(?:gast)?(?:kommentar|beitrag|analyse|kolumne|essay|reportage|bericht|interview|protokoll)|written|reported|analysis|reporting|story|article|posted|published|words|author|report|opinion|review|publicado|escrito|entrevista|propos recueillis|recueilli|a cura)\s+)?` +
		`(?:(?:by|von|par|por|di|door|av|af|authors?|autore?n?|auteure?|texte?|texto|testo|tekst|作者|记者|記者|撰文|文)\s*(?:[:：/]\s*(?:by\s+|von\s+)?|\s)|` +
		`(?:interview|protokoll|reporter|(?:guest |gast)?(?:contributor|author|autor(?:in)?)|автор[ы]?|yazar|haber|بقلم)\s*[:：]|(?:本[报報])?(?:记者|記者))\s*`)
	authorSplit = regexp.MustCompile(`(?i)\s*(?:;|\||\s/\s|,?\s+(?:and|und|et|y|og|och|en|with|mit|avec|con|com|med)\s+|,|、|，|／|&|•|·)\s*`)
	authorTail  = regexp.MustCompile(`(?i)\s*(?:[|•·(<].*|\s(?:for|at|in|of)\s.*|,\s.*|\s[-–—]\s.*)$`)
	stampTail   = regexp.MustCompile(`(?i)\s*[,|·•-]?\s*\b(?:(?:last |first )?(?:published|updated|posted|modified)|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato)\b.*$|\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:,.*)?$`)
	editedBy    = regexp.MustCompile(`(?i)[;,.]?\s*(?:editing|edited|additional reporting|additional editing|photos?|photographs?|video|graphics?|illustrations?)\s+by\b.*$`)
	// Conjunctions that names hold too: "João Costa e Silva".
	weakAnd    = regexp.MustCompile(`^(\S+\s+\S.*?)\s+(?:e|i|ve|a|ja|и|і|та)\s+(\S+\s+\S.*)$`)
	reportedBy = regexp.MustCompile(`(?:^|[\s(\[])(?:Reporting|Writing|Written|Reported) by\s+([^;()\[\]\n]{4,200})`)
)

// Of a page's claims about its authors no more are read than maxClaims, and none that
// is longer than maxClaim bytes: each goes through a dozen patterns.
const (
	maxClaims = 100
	maxClaim  = 4000
)

// cleanAuthors turns what bylines hold into names: prefixes, job titles, places,
// degrees, addresses and the site's own name are dropped, several names in one
// string split, each name listed once. An agency stays where it stands alone; as
// the employer behind a name ("JANE ROE, Associated Press") it is dropped.
func cleanAuthors(raw []string, outlet string) []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range raw[:min(len(raw), maxClaims)] {
		for _, name := range splitNames(s, outlet) {
			if key := squash(name); !seen[key] {
				seen[key] = true
				names = append(names, name)
			}
		}
	}
	return withoutDesk(names, outlet)
}

// splitNames are the names in one string.
func splitNames(s, outlet string) []string {
	if len(s) > maxClaim || strings.Contains(s, "://") || strings.HasPrefix(s, "/") {
		return nil
	}
	s = inBrackets.ReplaceAllString(s, "")
	s = address.ReplaceAllString(s, " ")
	s = authorPrefix.ReplaceAllString(strings.TrimSpace(s), "")
	s = stampTail.ReplaceAllString(editedBy.ReplaceAllString(s, ""), "")
	if s == "" || len(s) > 200 {
		return nil
	}
	var names []string
	full := false // a name of two words and more has been read
	for _, part := range splitWeakly(authorSplit.Split(s, -1)) {
		name := strings.Trim(authorTail.ReplaceAllString(part, ""), " .,:;-–—|/*【】")
		name = withoutEmployer(withoutJob(once(name)), outlet)
		if name == "" || !isName(name, outlet) || rules.has("degree", strings.ToLower(strings.ReplaceAll(name, ".", ""))) {
			continue
		}
		// Behind a whole name stands where it was written ("Jane Roe, Nairobi") or for
		// whom ("Jane Roe, Associated Press"). A wire's sign ("dpa") is a credit of its own.
		if full && (rules.has("place", strings.ToLower(name)) || isEmployer(name)) {
			continue
		}
		full = full || len(strings.Fields(name)) > 1
		names = append(names, name)
	}
	return names
}

// splitWeakly splits, of the parts of a byline, those where two whole names stand on
// both sides of a short "and", and agencies joined by a stroke ("dpa/AFP").
func splitWeakly(parts []string) []string {
	var list []string
	for _, part := range parts {
		if signs := strings.Split(part, "/"); len(signs) > 1 && !slices.ContainsFunc(signs, func(s string) bool { return !isAgency(s) }) {
			list = append(list, signs...)
			continue
		}
		for m := weakAnd.FindStringSubmatch(part); m != nil && isPerson(m[1]) && isPerson(strings.Join(strings.Fields(m[2])[:2], " ")); m = weakAnd.FindStringSubmatch(part) {
			list = append(list, m[1])
			part = m[2]
		}
		list = append(list, part)
	}
	return list
}

// withoutJob drops the job that follows a name with no mark between them: "Rosa Holm
// Senior Markets Writer". Of other words than a job's the name must keep two, or
// one where there are no capitals.
func withoutJob(name string) string {
	f := strings.Fields(name)
	n := len(f)
	for n > 0 && (rules.has("role", strings.ToLower(f[n-1])) || n < len(f) && rules.has("job", strings.ToLower(f[n-1]))) {
		n--
	}
	if kept := strings.Join(f[:n], " "); n < len(f) && isPerson(kept) && !isAgency(f[0]) {
		return kept
	}
	return name
}

// once is a name without its repetition: a byline's picture often carries the name too.
func once(name string) string {
	if f := strings.Fields(name); len(f) > 2 && len(f)%2 == 0 && slices.Equal(f[:len(f)/2], f[len(f)/2:]) {
		return strings.Join(f[:len(f)/2], " ")
	}
	return name
}

// withoutEmployer drops the agency, or the outlet, that is glued to the end of a
// name: "ERIC HOLM Associated Press".
func withoutEmployer(name, outlet string) string {
	f := strings.Fields(strings.ReplaceAll(name, ". ", " . "))
	for i := 2; i < len(f); i++ {
		tail := strings.TrimPrefix(strings.Join(f[i:], " "), ". ")
		// "Ani" ends names as well as being one.
		agency := isAgency(tail) && (len(tail) > 4 || tail == strings.ToUpper(tail) && name != strings.ToUpper(name))
		if s := squash(tail); s != "" && (s == squash(outlet) || agency) {
			return strings.TrimSpace(strings.ReplaceAll(strings.Join(f[:i], " "), " .", "."))
		}
	}
	return name
}

// withoutDesk drops the names that are a part of the outlet ("Ledger Business" in
// The Ledger), and employers, where somebody else is named too.
func withoutDesk(names []string, outlet string) []string {
	own := strings.TrimPrefix(squash(outlet), "the")
	person := slices.ContainsFunc(names, func(name string) bool { return isPerson(name) && !oneSite(name, outlet) })
	var kept []string
	for _, name := range names {
		desk := len(own) >= 3 && strings.HasPrefix(strings.TrimPrefix(squash(name), "the"), own)
		if !desk && !(person && (isEmployer(name) || oneSite(name, outlet))) {
			kept = append(kept, name)
		}
	}
	if len(kept) == 0 {
		return names
	}
	return kept
}

// isEmployer: an agency by its full name, which stands behind its people's; a sign
// such as "dpa" is a credit.
func isEmployer(name string) bool { return isAgency(name) && strings.Contains(name, " ") }

// reporters are those whom a line like "(Reporting by A in Oslo and B; editing by
// C)" names as having written; wire stories end with one.
func reporters(text string) []string {
	const near = 1500
	text = strings.ToValidUTF8(text[max(0, len(text)-near):], "")
	if !strings.Contains(text, "ing by") && !strings.Contains(text, "ed by") && !strings.Contains(text, "en by") {
		return nil // as nearly all end; the pattern is slow
	}
	m := reportedBy.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	list := cleanAuthors([]string{m[1]}, "")
	for _, name := range list {
		if !isPerson(name) {
			return nil
		}
	}
	return list
}

// isName: the words could be a person's or an agency's name.
func isName(s, outlet string) bool {
	n := len(strings.Fields(s))
	if n > 6 || len(s) < 2 || strings.ContainsAny(s, "@{}[]=<>:") || isRole(s) {
		return false
	}
	if squash(s) == squash(outlet) || domainName.MatchString(s) {
		return false
	}
	letters, digits := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return letters > 1 && digits == 0
}

// isPerson: the words look like a person's name and like nothing else: two to
// five of them, or one in a script without capitals, with a capital each but for
// particles ("van der"), none of them an agency's or a job.
func isPerson(s string) bool {
	f := strings.Fields(s)
	if len(f) < 2 && !hasUncased(s) || len(f) > 5 || isAgency(s) || !isName(s, "") {
		return false
	}
	for _, w := range f {
		r := firstLetter(w)
		if unicode.IsLower(r) && !rules.has("particle", w) || r == 0 {
			return false
		}
		if rules.has("desk", strings.ToLower(w)) {
			return false
		}
	}
	return true
}

// hasUncased: written in a script that knows no capitals.
func hasUncased(s string) bool {
	r := firstLetter(s)
	return r != 0 && !unicode.IsUpper(r) && !unicode.IsLower(r)
}

// isRole: the words are a job, not a name: "Senior Markets Editor", "Ledger
// editor-at-large".
func isRole(s string) bool {
	w := words(s)
	if len(w) == 0 {
		return true
	}
	if rules.has("byline", strings.Join(w, " ")) || rules.has("role", w[len(w)-1]) {
		return true
	}
	if len(w) == 1 && strings.HasSuffix(w[0], "admin") { // what content systems call their first account
		return true
	}
	if strings.HasSuffix(s, "報導") || strings.HasSuffix(s, "报道") { // "reported in Taipei"
		return true
	}
	for _, word := range w[1:] {
		if rules.has("role", word) && word != "chief" {
			return true
		}
	}
	return false
}

// isAgency: the name of a news agency or of an outlet that others carry, as
// data/provenance.txt lists them.
func isAgency(s string) bool { return agencyName(s) != "" }
