package store

import (
	"fmt"
	"strings"
	"unicode"

	"tenor"
)

// maxTerms bounds the words of one query: FTS5 works through each of them.
const maxTerms = 64

// term is a word or phrase of a query.
type term struct {
	text    string
	prefix  bool // ends in *: the last word may go on
	exclude bool
	phrase  bool // in quotation marks
}

// matchQuery turns what a user typed into an FTS5 expression. Words are joined by
// "and"; "double quotes" make a phrase; a leading - excludes; a trailing * finds words
// that begin so. Everything reaches FTS5 as quoted strings, which it splits into words
// itself, so that no punctuation is an operator: S&P is the phrase "S P", small-cap is
// "small cap". Unless exact, words that synonymList has find their synonyms too, which
// also says. The expression is empty where no word is left. FTS5 can only take away from
// what it has found: where all words are excluded, without says that what expr finds is
// not wanted, and everything else is.
func matchQuery(q string, exact bool) (expr string, without bool, also []tenor.Synonym, err error) {
	terms := splitTerms(q)
	if len(terms) > maxTerms {
		return "", false, nil, fmt.Errorf("q: %d words are too many, search for at most %d (%w)", len(terms), maxTerms, tenor.ErrUsage)
	}
	var find, leave []string
	for i := 0; i < len(terms); i++ {
		if !exact && len(also) < mostWidened {
			if n, others := widest(terms[i:]); n > 0 {
				wide := make([]string, 0, len(others)+1)
				var typed, own []string
				for _, t := range terms[i : i+n] {
					typed, own = append(typed, t.text), append(own, quoted(t.text))
				}
				wide = append(wide, "("+strings.Join(own, " AND ")+")")
				for _, other := range others {
					wide = append(wide, quoted(other))
				}
				find = append(find, "("+strings.Join(wide, " OR ")+")")
				also = append(also, tenor.Synonym{Words: strings.Join(typed, " "), Added: others})
				i += n - 1
				continue
			}
		}
		t := terms[i]
		text := quoted(t.text)
		if t.prefix {
			text += " *"
		}
		if t.exclude {
			leave = append(leave, text)
		} else {
			find = append(find, text)
		}
	}
	if len(find) == 0 {
		return strings.Join(leave, " OR "), len(leave) > 0, nil, nil
	}
	expr = strings.Join(find, " AND ")
	if len(leave) > 0 {
		expr = "(" + expr + ") NOT " + strings.Join(leave, " NOT ")
	}
	return expr, false, also, nil
}

// quoted is a text as FTS5's string; it holds no quotation mark.
func quoted(text string) string { return `"` + text + `"` }

// splitTerms cuts a query into words and phrases that hold a letter or digit.
func splitTerms(q string) []term {
	q = strings.ToValidUTF8(q, " ")
	q = strings.NewReplacer("\x00", " ", "“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`).Replace(q)
	var terms []term
	for q = strings.TrimSpace(q); q != ""; q = strings.TrimSpace(q) {
		var t term
		if rest := strings.TrimLeft(q, "-"); rest != q && rest != "" && !unicode.IsSpace(firstRune(rest)) {
			t.exclude, q = true, rest
		}
		if phrase, rest, ok := cutPhrase(q); ok {
			t.text, t.phrase, q = phrase, true, rest
		} else {
			q = strings.TrimLeft(q, `"`) // a lone mark
			end := strings.IndexFunc(q, func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
			if end < 0 {
				end = len(q)
			}
			t.text, q = q[:end], q[end:]
		}
		if rest, ok := strings.CutSuffix(t.text, "*"); ok {
			t.text, t.prefix = rest, true
		}
		if strings.ContainsFunc(t.text, isTokenRune) {
			terms = append(terms, t)
		}
	}
	return terms
}

// cutPhrase splits off a leading "phrase".
func cutPhrase(q string) (phrase, rest string, ok bool) {
	if !strings.HasPrefix(q, `"`) {
		return "", "", false
	}
	return strings.Cut(q[1:], `"`)
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// isTokenRune reports whether FTS5's tokenizer makes words of the rune.
func isTokenRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
