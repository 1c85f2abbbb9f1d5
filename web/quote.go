package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tenor"
)

type quotePage struct {
	chrome
	Quote   tenor.Record
	Article tenor.Article
	Context []excerpt
	Why     *why
	Reports []reportLine // of the utterance, the earliest first, this one included
	More    int          // reports left out
	Outlets int          // that carried it
	First   string       // outlet that ran it before any report here, as one of them says
	Against string       // a sentence, where its reports contradict each other
	Cites   []citation
	Stored  *archived // the page as it was fetched; nil: none, or not of this version
	At      string    // the article at the quote
	Correct *correctForm
	History []act
	Removed bool // a person said that it is no quote
}

// maxReports bounds the copies that a quote's page lists.
const maxReports = 100

// quote shows one quote in its context, with its labels and what speaks for them.
func (v *view) quote(w http.ResponseWriter, r *http.Request) error {
	record, article, err := v.namedQuote(r)
	if page, removed := v.removedQuote(r, &record, err); removed != nil || page != nil {
		if removed != nil {
			return removed
		}
		return v.render(w, http.StatusOK, "quote", page)
	}
	if err != nil {
		return err
	}
	history, err := v.store.Corrections(r.Context(), record.ID)
	if err != nil {
		return err
	}
	chain, err := v.store.Chain(r.Context(), record.ID, maxReports)
	if err != nil {
		return err
	}
	var stored *archived
	var seen time.Time
	if record.Version == 0 {
		if stored, err = v.captured(r, article.ID); err != nil {
			return err
		}
	}
	if stored != nil {
		seen = stored.FetchedAt
	}
	// The tagger comes last: it may take long to load, and the store is asked in time.
	page := &quotePage{
		chrome: chrome{Title: record.Speaker + ": " + opening(record.Text()), Nav: "/quotes", Copies: true},
		Quote:  record, Article: article, Context: around(article.Text, &record),
		Why:     newWhy(&article, &record, v.explained(&article)),
		Reports: reportLines(&chain), More: max(0, record.Copies-len(chain.Links)),
		Outlets: chain.Outlets, Against: contradiction(&chain),
		At: articlePath(&record), Stored: stored, Cites: citations(&article, &record, seen),
		Correct: v.newCorrectForm(r, &record), History: v.acts(history, ""),
	}
	if slices.ContainsFunc(history, func(c tenor.Correction) bool { return c.Field == tenor.FieldSpeaker && !c.Undone() }) {
		page.Why.Attribution, page.Why.Known, page.Why.Mention = 0, "as a person says", "" // the tagger’s are of another
	}
	if len(chain.Links) > 0 && chain.Original != chain.Links[0].Outlet {
		page.First = chain.Original
	}
	return v.render(w, http.StatusOK, "quote", page)
}

// longestID is more than any identifier has; what is longer is not shown again.
const longestID = 64

// namedQuote is the quote whose identifier stands in the address, with its article.
func (v *view) namedQuote(r *http.Request) (tenor.Record, tenor.Article, error) {
	id := r.PathValue("id")
	record, err := v.store.Record(r.Context(), id)
	if errors.Is(err, tenor.ErrNotFound) {
		named := "of that name"
		if len(id) <= longestID && utf8.ValidString(id) {
			named = "“" + id + "”"
		}
		return record, tenor.Article{}, &httpError{status: http.StatusNotFound, sentence: "No quote " + named + " is in this store. An identifier has 16 characters, " +
			"0 to 9 and a to f, as exports and tenor search give it. A quote whose words or speaker tenor retag read anew has another."}
	}
	if err != nil {
		return record, tenor.Article{}, err
	}
	article, _, err := v.store.Article(r.Context(), record.ArticleID)
	if err != nil || record.Version == 0 {
		return record, article, err
	}
	versions, err := v.store.Versions(r.Context(), record.ArticleID)
	if err != nil {
		return record, article, err
	}
	for _, old := range versions {
		if old.Number == record.Version {
			article.Title, article.Text, article.Published = old.Title, old.Text, old.Published
		}
	}
	record.Copies = 1 // it is counted among no reports
	return record, article, nil
}

// opening is how a text begins.
func opening(text string) string {
	words := strings.Join(strings.Fields(text), " ")
	const most = 60
	if len(words) <= most {
		return words
	}
	return strings.TrimRight(upTo(words, most), " ") + " …"
}

// excerpt is a paragraph around a quote, or a part of one.
type excerpt struct {
	Pieces []piece
	Gap    bool // paragraphs before it are left out
}

// aside is about how many bytes of other words are shown on each side of a quote. Texts
// without paragraphs have the whole article there.
const aside = 400

// around are the paragraphs of a text that hold a quote, and the one before and the one
// after where nothing is left out between.
func around(text string, r *tenor.Record) []excerpt {
	paragraphs := markArticle(text, []tenor.Record{*r}, true)
	holds := func(i int) bool {
		if i < 0 || i >= len(paragraphs) {
			return false
		}
		for _, p := range paragraphs[i].Pieces {
			if len(p.Marks) > 0 {
				return true
			}
		}
		return false
	}
	var list []excerpt
	last := -1
	for i := range paragraphs {
		var pieces []piece
		switch all := paragraphs[i].Pieces; {
		case holds(i):
			pieces = trimmed(all)
			if pieces[0].Text == leftOut && i > 0 && last == i-1 && !holds(i-1) {
				list = list[:len(list)-1]
			}
		case holds(i+1) && holds(i-1):
			pieces = all
		case holds(i + 1):
			pieces = ending(all, aside)
		case holds(i-1) && !cutShort(list[len(list)-1].Pieces):
			pieces = beginning(all, aside)
		default:
			continue
		}
		if len(pieces) == 0 {
			continue
		}
		list = append(list, excerpt{pieces, i > last+1 && pieces[0].Text != leftOut})
		last = i
	}
	return list
}

// trimmed is a paragraph with no more than aside of what stands on either side of
// marked words.
func trimmed(all []piece) []piece {
	var kept []piece
	for i := 0; i < len(all); {
		j := i
		for j < len(all) && len(all[j].Marks) == 0 {
			j++
		}
		between := all[i:j]
		switch n := length(between); {
		case i == 0 && j < len(all):
			between = ending(between, aside)
		case j == len(all) && i > 0:
			between = beginning(between, aside)
		case n > 2*aside:
			between = append(beginning(between, aside), ending(between, aside)...)
		}
		kept = append(kept, between...)
		if j < len(all) {
			kept = append(kept, all[j])
			j++
		}
		i = j
	}
	return kept
}

// What stands for words left out before and after others.
const (
	leftOut = "… "
	cutOff  = " …"
)

func cutShort(pieces []piece) bool { return pieces[len(pieces)-1].Text == cutOff }

func length(pieces []piece) int {
	n := 0
	for i := range pieces {
		n += len(pieces[i].Text)
	}
	return n
}

// beginning are pieces up to about n bytes.
func beginning(pieces []piece, n int) []piece {
	var kept []piece
	for _, p := range pieces {
		if len(p.Text) > n {
			p.Text = upTo(p.Text, n)
			return append(kept, p, piece{Text: cutOff})
		}
		n -= len(p.Text)
		kept = append(kept, p)
	}
	return kept
}

// ending are pieces from about n bytes before their end.
func ending(pieces []piece, n int) []piece {
	from := len(pieces)
	for from > 0 && len(pieces[from-1].Text) <= n {
		from--
		n -= len(pieces[from].Text)
	}
	if from == 0 {
		return pieces
	}
	cut := pieces[from-1]
	at := len(cut.Text) - n
	for at < len(cut.Text) && !utf8.RuneStart(cut.Text[at]) {
		at++
	}
	if i := strings.IndexByte(cut.Text[at:], ' '); i >= 0 && i < n/2 {
		at += i + 1
	}
	cut.Text = cut.Text[at:]
	return append([]piece{{Text: leftOut}, cut}, pieces[from:]...)
}
