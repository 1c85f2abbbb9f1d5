package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"tenor"
)

// seqBits is how many bits of quotes.seq number the quotes of one day.
const seqBits = 24

// firstSeq is the least seq of a quote with a day.
const firstSeq int64 = 1 << seqBits

var errFullDay = errors.New("too many quotes on one day")

// firstDay is the day before the first that seq can express: 1899-12-31. Older
// dates, which no market page truly has, share the first.
var firstDay = tenor.DayOf(time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC))

// daySeq is the least seq of a day. Days sort after undated quotes, whose seqs
// lie below that of the first day.
func daySeq(d tenor.Day) int64 { return int64(max(d-firstDay, 1)) << seqBits }

// seqDay is the day of a seq that has one.
func seqDay(seq int64) tenor.Day { return firstDay + tenor.Day(seq>>seqBits) }

// dateSeq is the least seq of quotes published at d.
func dateSeq(d tenor.Date) int64 {
	if day, ok := d.Day(tenor.Market); ok {
		return daySeq(day)
	}
	return 0
}

// oldQuote is what has to be known of a stored quote to replace it.
type oldQuote struct {
	seq          int64
	id, copyKey  string
	cluster      string
	said         saidBy // as the tagger has it
	spans        string // as it is stored
	person, firm sql.NullInt64
	heard        tenor.Quote // as it is stored, as far as it says who was heard on what
	label        string      // what must stay the same for known_at to stay
	modelAt      int64
}

// saidBy is a voice with its words, white space and marks aside.
type saidBy struct{ voice, words string }

// readyQuote is a quote with all that can be known of its row before the transaction, which
// others wait for.
type readyQuote struct {
	tenor.Record
	text, copyKey, themes, spans, evidence string
	sum                                    int64
}

// readyQuotes are the quotes of an article, as they were given and ready.
type readyQuotes struct {
	given []tenor.Quote
	ready []readyQuote
	ties  []tenor.Tie // between firms
}

func makeReady(a *tenor.Article, quotes []tenor.Quote, tagger string) (readyQuotes, error) {
	q := readyQuotes{quotes, make([]readyQuote, len(quotes)), tenor.FirmTies(a.Text, quotes)}
	for i := range quotes {
		r := &q.ready[i]
		r.Record = tenor.NewRecord(a, quotes[i], tagger)
		r.text, r.themes = r.Text(), joinThemes(r.Themes)
		r.copyKey = tenor.CopyKeyOf(r.text)
		var err error
		if r.spans, r.evidence, err = encodePlaces(&r.Quote, r.Segments); err != nil {
			return q, fmt.Errorf("quote %s: %w", r.ID, err)
		}
		r.sum = checksum(&r.Quote, tagger, r.themes, r.spans, r.evidence)
	}
	return q, nil
}

// saveQuotes makes quotes the quotes of an article that is already written and not
// indexed (batch.unindex). Quotes that were there keep their place and, unless their label
// changed, when they became known. Where the article was changed since (was), those that
// do not stay as they are become past quotes. Copies, persons and the index are settled
// when the batch ends.
func (b *batch) saveQuotes(articleID int64, isNew bool, a *tenor.Article, ready readyQuotes, tagger string, now time.Time, was *pastVersion) error {
	quotes := ready.given
	var old map[string]oldQuote
	if !isNew {
		var err error
		if old, err = oldQuotes(b.ctx, b.tx, articleID); err != nil {
			return err
		}
	}
	w := quoteWriter{batch: b, article: articleID, tagger: tagger, now: unix(now), day: dateSeq(a.Published), past: was}
	if err := w.readCorrections(a.Text, old, quotes); err != nil {
		return err
	}
	renamed := goneByWords(old, quotes)
	saved := map[string]bool{}
	for i := range quotes {
		if saved[quotes[i].ID] { // the same words of the same speaker twice on a page
			continue
		}
		saved[quotes[i].ID] = true
		r := ready.ready[i] // people's words change it, and it may be saved once more
		if w.fixes.removed(r.ID) {
			if err := w.remove(&r.Record, old); err != nil {
				return fmt.Errorf("quote %s: %w", r.ID, err)
			}
			continue // its row, where it has one, goes with those that are gone
		}
		was, exists := old[r.ID]
		if !exists && len(renamed) > 0 {
			if was, exists = renamed[saidBy{r.VoiceKey(), r.copyKey}]; exists {
				delete(renamed, was.said)
				if err := renumber(b.ctx, b.tx, was, r.ID); err != nil {
					return fmt.Errorf("quote %s: %w", r.ID, err)
				}
				w.fixes.follow(was.id, r.ID)
			}
		}
		delete(old, was.id)
		var err error
		if exists {
			w.replaced(was)
			err = w.update(was, &r)
		} else {
			err = w.insert(&r)
		}
		if err != nil {
			return fmt.Errorf("quote %s: %w", r.ID, err)
		}
	}
	for id, was := range old {
		w.replaced(was)
		err := w.past.keep(b.ctx, b.tx, was.seq)
		if err == nil {
			_, err = b.tx.ExecContext(b.ctx, `DELETE FROM quotes WHERE seq = ?`, was.seq)
		}
		if err != nil {
			return fmt.Errorf("quote %s: %w", id, err)
		}
	}
	ties := ready.ties
	if len(w.fixes.said) > 0 || len(w.heard) < len(quotes) {
		ties = tenor.FirmTies(a.Text, w.heard)
	}
	return saveTies(b.ctx, b.tx, articleID, ties, !isNew, &b.changed)
}

// oldQuotes are the stored quotes of an article, by identifier.
func oldQuotes(ctx context.Context, tx *sql.Tx, articleID int64) (map[string]oldQuote, error) {
	rows, err := tx.QueryContext(ctx, `SELECT seq, id, text, cluster_id, person_id, firm_id, coalesce(model_at, known_at), kind, coalesce(model_speaker_type, speaker_type),
		coalesce(model_stance, stance), coalesce(model_claim, claim), coalesce(model_horizon, horizon), coalesce(model_subject, subject),
		coalesce(model_themes, themes), coalesce(model_firm, firm), coalesce(model_speaker, speaker), spans, speaker, speaker_type, firm, role FROM quotes WHERE article_id = ?`, articleID)
	list, err := collect(rows, err, func(r *sql.Rows, o *oldQuote) error {
		label := make([]string, 8)
		var speaker, text string
		err := r.Scan(&o.seq, &o.id, &text, &o.cluster, &o.person, &o.firm, &o.modelAt, &label[0], &label[1],
			&label[2], &label[3], &label[4], &label[5], &label[6], &label[7], &speaker, &o.spans,
			&o.heard.Speaker, &o.heard.SpeakerType, &o.heard.Firm, &o.heard.Role)
		o.heard.Subject, o.copyKey = tenor.Subject(label[5]), tenor.CopyKeyOf(text)
		q := tenor.Quote{Speaker: speaker, SpeakerType: tenor.SpeakerType(label[1]), Firm: label[7]}
		o.said = saidBy{q.VoiceKey(), o.copyKey}
		o.label = strings.Join(label, "\x00")
		return err
	})
	old := make(map[string]oldQuote, len(list))
	for _, o := range list {
		old[o.id] = o
	}
	return old, err
}

// labelOf is what oldQuote.label is for a stored quote.
func labelOf(q *tenor.Quote, themes string) string {
	return strings.Join([]string{string(q.Kind), string(q.SpeakerType), string(q.Stance), string(q.Claim),
		string(q.Horizon), string(q.Subject), themes, q.Firm}, "\x00")
}

// quoteWriter writes the quotes of one article, and leaves to the batch what else has to
// be settled: copies that may fold otherwise, people and firms that may be gone.
type quoteWriter struct {
	*batch
	article int64
	tagger  string
	now     int64
	day     int64 // least seq of the article's day
	past    *pastVersion
	fixes   fixes
	removed map[string]removedQuote // that were before this save, by their identifier today
	heard   []tenor.Quote           // as they are stored now
}

func (w *quoteWriter) replaced(o oldQuote) {
	w.touched = append(w.touched, touchedQuote{voice{o.person, o.copyKey}, o.seq, o.cluster})
	w.seen.add(&o.heard, o.seq, -1)
	if o.person.Valid {
		w.people = append(w.people, o.person.Int64)
	}
	if o.firm.Valid {
		w.firms = append(w.firms, o.firm.Int64)
	}
}

func (w *quoteWriter) insert(r *readyQuote) error {
	seq, err := w.nextSeq(w.day)
	if err != nil {
		return err
	}
	since := w.since(&r.Record) // before values puts people's words in
	values, err := w.values(r, seq)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(w.ctx, `INSERT INTO quotes (person_id, firm_id, kind, speaker_type,
			stance, claim, horizon, subject, themes, confidence, copy_key, tagger,
			speaker, firm, role, resolved, attribution, spans, evidence, text, model_speaker, model_speaker_type, model_firm, checksum,
			known_at, seq, id, article_id, copies)
		VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,1)`,
		append(values, since, seq, r.ID, w.article)...)
	return err
}

func (w *quoteWriter) update(was oldQuote, r *readyQuote) error {
	seq, at := was.seq, was.modelAt
	moved := seq < w.day || seq >= w.day+1<<seqBits // its article's date changed
	relabelled := was.label != labelOf(&r.Quote, r.themes)
	if relabelled {
		at = w.now
	}
	if relabelled || moved {
		if err := w.past.keep(w.ctx, w.tx, was.seq); err != nil {
			return err
		}
	}
	if moved {
		var err error
		if seq, err = w.nextSeq(w.day); err != nil {
			return err
		}
		if _, err := w.tx.ExecContext(w.ctx, `UPDATE quotes SET seq = ? WHERE seq = ?`, seq, was.seq); err != nil {
			return err
		}
	}
	values, err := w.values(r, seq)
	if err != nil {
		return err
	}
	// The trigger quotes_labels settles what this means for stance and the rest.
	_, err = w.tx.ExecContext(w.ctx, `UPDATE quotes SET person_id = ?, firm_id = ?, kind = ?, speaker_type = ?,
			model_stance = ?, model_claim = ?, model_horizon = ?, model_subject = ?, model_themes = ?, confidence = ?,
			copy_key = ?, tagger = ?, speaker = ?, firm = ?, role = ?, resolved = ?, attribution = ?, spans = ?, evidence = ?, text = ?,
			model_speaker = ?, model_speaker_type = ?, model_firm = ?, checksum = ?, model_at = ?
		WHERE seq = ?`, append(values, at, seq)...)
	return err
}

// values are the columns that both statements above begin with. It makes the
// person and firm where they are new.
func (w *quoteWriter) values(r *readyQuote, seq int64) ([]any, error) {
	was := w.fixes.apply(&r.Record)
	person, err := w.personRow(&r.Quote)
	if err != nil {
		return nil, err
	}
	firm, err := w.firmRow(&r.Quote)
	if err != nil {
		return nil, err
	}
	w.seen.add(&r.Quote, seq, +1)
	w.heard = append(w.heard, r.Quote)
	copyKey := sql.NullString{String: r.copyKey}
	w.touched = append(w.touched, touchedQuote{voice: voice{person, copyKey.String}, seq: seq})
	copyKey.Valid = !person.Valid || seq < firstSeq
	return []any{
		person, firm, string(r.Kind), string(r.SpeakerType),
		string(r.Stance), string(r.Claim), string(r.Horizon), string(r.Subject), r.themes, r.Confidence,
		copyKey, w.tagger, r.Speaker, r.Firm, r.Role, string(r.Resolved), r.Attribution, r.spans, r.evidence, r.text,
		was.speaker, was.speakerType, was.firm, r.sum,
	}, nil
}

func joinThemes(themes []tenor.Theme) string {
	list := make([]string, len(themes))
	for i, t := range themes {
		list[i] = string(t)
	}
	return strings.Join(list, "|")
}

func splitThemes(s string) []tenor.Theme {
	if s == "" {
		return nil
	}
	var themes []tenor.Theme
	for t := range strings.SplitSeq(s, "|") {
		themes = append(themes, tenor.Theme(t))
	}
	return themes
}

// encodePlaces writes spans as [[start, end], …] and evidence as [[tag, start, end], …],
// with the words where they are none of the quote's, as a title's.
func encodePlaces(q *tenor.Quote, segments []string) (spans, evidence string, err error) {
	places := make([][]any, len(q.Evidence))
	for i, e := range q.Evidence {
		places[i] = []any{e.Tag, e.Span.Start(), e.Span.End()}
		if words, ok := wordsAt(q.Spans, segments, e.Span); !ok || words != e.Text {
			places[i] = append(places[i], e.Text)
		}
	}
	s, err := json.Marshal(append([]tenor.Span{}, q.Spans...))
	if err != nil {
		return "", "", err
	}
	e, err := json.Marshal(places)
	return string(s), string(e), err
}

// wordsAt are the words of a place within one of a quote's segments.
func wordsAt(spans []tenor.Span, segments []string, at tenor.Span) (string, bool) {
	for i, s := range spans {
		if i < len(segments) && at.Start() >= s.Start() && at.End() <= s.End() && at.Len() > 0 && s.Len() == len(segments[i]) {
			return segments[i][at.Start()-s.Start() : at.End()-s.Start()], true
		}
	}
	return "", false
}
