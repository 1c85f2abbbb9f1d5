package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"tenor"
)

// toldBy is what the article, and so the tagger, says where people say otherwise.
type toldBy struct {
	speaker, speakerType, firm sql.NullString // not valid: as shown
}

// removedQuote is a quote that a person said is none, as its tagger gave it.
type removedQuote struct {
	tenor.Record
	tagger  string
	modelAt int64
}

func readRemoved(ctx context.Context, db querier, clause string, args ...any) ([]removedQuote, error) {
	rows, err := db.QueryContext(ctx, `SELECT id, model_at, tagger, quote FROM removed_quotes `+clause, args...)
	return collect(rows, err, func(r *sql.Rows, q *removedQuote) error {
		var id string
		var text sql.RawBytes
		if err := r.Scan(&id, &q.modelAt, &q.tagger, &text); err != nil {
			return err
		}
		if err := json.Unmarshal(text, &q.Record); err != nil || q.ID != id {
			return fmt.Errorf("quote %s, which was removed: %w", id, errors.Join(err, errDamaged))
		}
		return nil
	})
}

// fixes are what people say of who speaks and of what is a quote, for the quotes of an
// article.
type fixes struct {
	said     map[string]map[string]string // by quote and field
	labelled map[string]bool              // quotes with any label that stands
}

func readFixes(ctx context.Context, tx *sql.Tx, ids []string) (fixes, error) {
	f := fixes{map[string]map[string]string{}, map[string]bool{}}
	if len(ids) == 0 {
		return f, nil
	}
	type label struct{ id, field, value string }
	rows, err := tx.QueryContext(ctx, `SELECT quote_id, field, value FROM labels INDEXED BY labels_by_quote
		WHERE quote_id IN (SELECT value FROM json_each(?)) AND undone_at IS NULL ORDER BY at, id`, jsonList(ids))
	list, err := collect(rows, err, func(r *sql.Rows, l *label) error { return r.Scan(&l.id, &l.field, &l.value) })
	for _, l := range list {
		f.labelled[l.id] = true
		if f.said[l.id] == nil {
			f.said[l.id] = map[string]string{}
		}
		f.said[l.id][l.field] = l.value // the latest wins
	}
	return f, err
}

// removed reports whether a person said that this is no quote.
func (f *fixes) removed(id string) bool { return f.said[id][tenor.FieldQuote] == tenor.NotAQuote }

// follow gives what people said of one quote to another: its identifier changed.
func (f *fixes) follow(from, to string) {
	if f.labelled[from] {
		f.said[to], f.labelled[to] = f.said[from], true
	}
}

// apply makes a record say what people say of its speaker, and gives what it said.
func (f *fixes) apply(r *tenor.Record) (was toldBy) {
	set := func(field, now string, keep *sql.NullString) string {
		value, ok := f.said[r.ID][field]
		if !ok || value == now {
			return now
		}
		*keep = sql.NullString{String: now, Valid: true}
		return value
	}
	r.Speaker = set(tenor.FieldSpeaker, r.Speaker, &was.speaker)
	r.SpeakerType = tenor.SpeakerType(set(tenor.FieldSpeakerType, string(r.SpeakerType), &was.speakerType))
	r.Firm = set(tenor.FieldFirm, r.Firm, &was.firm)
	return was
}

// heirs are the new quotes that go on for those that are gone and have labels, by the old
// identifier: the tagger names another speaker now, or cuts the words otherwise. Where the
// text is the same they share half of the longer one's letters at least; of a removed quote
// the same words of the same voice will do as well, which goneByWords finds of the others.
func (w *quoteWriter) heirs(spans map[string][]tenor.Span, old map[string]oldQuote, quotes []tenor.Quote, text string) map[string]string {
	free := map[string]*tenor.Quote{} // new quotes that no old one is
	byWords := map[saidBy]string{}
	for i := range quotes {
		q := &quotes[i]
		if spans[q.ID] == nil {
			free[q.ID] = q
			byWords[saidBy{q.VoiceKey(), copyKeyOf(q, text)}] = q.ID
		}
	}
	here := map[string]bool{}
	for i := range quotes {
		here[quotes[i].ID] = true
	}
	list := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(spans)) {
		if here[id] || !w.fixes.labelled[id] {
			continue
		}
		said := old[id].said
		if gone, ok := w.removed[id]; ok {
			said = saidBy{gone.VoiceKey(), gone.CopyKey()}
			if to := byWords[said]; free[to] != nil {
				list[id] = to
				delete(free, to)
				continue
			}
		}
		if byWords[said] != "" || w.past != nil {
			continue
		}
		best, most := "", 0
		for _, to := range slices.Sorted(maps.Keys(free)) {
			n := shared(spans[id], free[to].Spans)
			if n > most && 2*n >= max(letters(spans[id]), letters(free[to].Spans)) {
				best, most = to, n
			}
		}
		if best != "" {
			list[id] = best
			delete(free, best)
		}
	}
	return list
}

func copyKeyOf(q *tenor.Quote, text string) string {
	r := tenor.Record{Quote: *q, Segments: q.Segments(text)}
	return r.CopyKey()
}

func letters(spans []tenor.Span) (n int) {
	for _, s := range spans {
		n += s.Len()
	}
	return n
}

// shared is how many bytes two lists of spans have in common.
func shared(a, b []tenor.Span) (n int) {
	for _, x := range a {
		for _, y := range b {
			n += max(0, min(x.End(), y.End())-max(x.Start(), y.Start()))
		}
	}
	return n
}

// modelQuotes are the quotes of an article as its tagger gave them, those that people
// removed included.
func modelQuotes(ctx context.Context, tx *sql.Tx, article int64) (quotes []tenor.Quote, tagger string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+recordColumns+`, coalesce(q.model_stance, q.stance), coalesce(q.model_claim, q.claim),
			coalesce(q.model_horizon, q.horizon), coalesce(q.model_subject, q.subject), coalesce(q.model_themes, q.themes),
			coalesce(q.model_speaker, q.speaker), coalesce(q.model_speaker_type, q.speaker_type), coalesce(q.model_firm, q.firm)
		FROM quotes q JOIN articles a ON a.id = q.article_id WHERE q.article_id = ? ORDER BY q.seq`, article)
	quotes, err = collect(rows, err, func(r *sql.Rows, q *tenor.Quote) error {
		var p place
		var said tenor.Quote
		var themes string
		err := scanStored(longer{r, []any{&said.Stance, &said.Claim, &said.Horizon, &said.Subject, &themes,
			&said.Speaker, &said.SpeakerType, &said.Firm}}, &p)
		*q = p.Quote
		q.Stance, q.Claim, q.Horizon, q.Subject, q.Themes = said.Stance, said.Claim, said.Horizon, said.Subject, splitThemes(themes)
		q.Speaker, q.SpeakerType, q.Firm = said.Speaker, said.SpeakerType, said.Firm
		if err == nil {
			p.Quote, p.said, p.LabelSource = *q, sql.NullString{}, tenor.LabelModel
			err = intact(&p)
		}
		tagger = max(tagger, p.Tagger)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	gone, err := readRemoved(ctx, tx, `WHERE article_id = ?`, article)
	for i := range gone {
		quotes = append(quotes, gone[i].Quote)
		tagger = max(tagger, gone[i].tagger)
	}
	return quotes, tagger, err
}

// readCorrections reads what people say of the quotes that an article has and had, and
// gives it to those that go on for others.
func (w *quoteWriter) readCorrections(text string, old map[string]oldQuote, quotes []tenor.Quote) error {
	if any, err := w.exists(&w.labelled, `SELECT 1 FROM labels UNION ALL SELECT 1 FROM removed_quotes`); err != nil || !any {
		return err
	}
	gone, err := readRemoved(w.ctx, w.tx, `WHERE article_id = ?`, w.article)
	if err != nil {
		return err
	}
	var ids []string
	for i := range quotes {
		ids = append(ids, quotes[i].ID)
	}
	for id := range old {
		ids = append(ids, id)
	}
	for i := range gone {
		ids = append(ids, gone[i].ID)
	}
	if w.fixes, err = readFixes(w.ctx, w.tx, ids); err != nil || len(w.fixes.labelled) == 0 && len(gone) == 0 {
		return err
	}
	spans := map[string][]tenor.Span{}
	w.removed = map[string]removedQuote{}
	for i := range gone {
		w.removed[gone[i].ID] = gone[i]
		spans[gone[i].ID] = gone[i].Spans
	}
	for id, o := range old {
		var s []tenor.Span
		if err := json.Unmarshal([]byte(o.spans), &s); err != nil {
			return fmt.Errorf("quote %s: %w (%w)", id, errDamaged, err)
		}
		spans[id] = s
	}
	if _, err := w.tx.ExecContext(w.ctx, `DELETE FROM removed_quotes WHERE article_id = ?`, w.article); err != nil {
		return err
	}
	for from, to := range w.heirs(spans, old, quotes, text) {
		was, here := old[from]
		if !here {
			was.id = from
		}
		if err := renumber(w.ctx, w.tx, was, to); err != nil {
			return fmt.Errorf("quote %s: %w", from, err)
		}
		w.fixes.follow(from, to)
		if here {
			delete(old, from)
			was.id = to
			old[to] = was
		} else {
			w.removed[to] = w.removed[from]
		}
	}
	return nil
}

// remove keeps a quote among those that people said are none.
func (w *quoteWriter) remove(r *tenor.Record, old map[string]oldQuote) error {
	at := w.since(r)
	if was, ok := old[r.ID]; ok && was.label == labelOf(&r.Quote, joinThemes(r.Themes)) {
		at = was.modelAt
	}
	r.KnownAt = instant(at)
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(w.ctx, `INSERT OR REPLACE INTO removed_quotes (id, article_id, model_at, tagger, quote) VALUES (?, ?, ?, ?, ?)`,
		r.ID, w.article, at, w.tagger, string(text))
	return err
}

// since is when the model's labels of a new row became known: now, unless it is a removed
// quote that comes back as it was.
func (w *quoteWriter) since(r *tenor.Record) int64 {
	if was, ok := w.removed[r.ID]; ok && labelOf(&was.Quote, joinThemes(was.Themes)) == labelOf(&r.Quote, joinThemes(r.Themes)) {
		return was.modelAt
	}
	return w.now
}
