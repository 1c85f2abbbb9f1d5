package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"tenor"
)

// A row of thirty columns costs as many calls from Go into C. So what is read of a million
// comes as texts of some thousand rows, which SQLite puts together: of each row first what
// cannot hold a space and the lengths of its texts, each before a space, then the texts.
// No byte that a page brought can be taken for anything else; a value that damage put a
// space into is taken for damage.

// packedQuote and packedArticle are what is read of a row.
var (
	packedQuote = `concat(seq, ' ', article_id, ' ', coalesce(person_id, 0), ' ', coalesce(firm_id, 0), ' ', id, ' ', cluster_id, ' ', spans, ' ',
		concat_ws(char(31), kind, speaker_type, stance, claim, horizon, subject, label_source), ' ', model_speaker IS NULL, ' ', max(known_at, 0), ' ', ` +
		packedTexts("themes", "speaker", "firm", "model_speaker", "text")
	packedArticle = `concat(id, ' ', ` +
		packedTexts("key", "published", "published_source", "outlet", "outlet_key", "translation", "url", "file", "source", "day")
)

// packedTexts ends a concat: lengths, then texts.
func packedTexts(columns ...string) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString("coalesce(octet_length(" + c + "), 0), ' ', ")
	}
	return b.String() + strings.Join(columns, ", ") + ")"
}

// packed is a text of rows being read.
type packed struct{ rest string }

// word reads what stands before a space.
func (p *packed) word() string {
	word, rest, _ := strings.Cut(p.rest, " ")
	p.rest = rest
	return word
}

// number reads one that stands before a space.
func (p *packed) number() (n int64) {
	i := 0
	for ; i < len(p.rest) && p.rest[i] != ' '; i++ {
		n = n*10 + int64(p.rest[i]-'0')
	}
	p.rest = p.rest[min(i+1, len(p.rest)):]
	return n
}

// text reads one of n bytes. It is part of a longer one: own is for what is kept.
func (p *packed) text(n int64) string {
	n = max(0, min(n, int64(len(p.rest))))
	text := p.rest[:n]
	p.rest = p.rest[n:]
	return text
}

func (p *packed) own(n int64) string { return strings.Clone(p.text(n)) }

// texts reads lengths and then the texts.
func (p *packed) texts(into []string) {
	var lengths [10]int64
	for i := range into {
		lengths[i] = p.number()
	}
	for i := range into {
		into[i] = p.text(lengths[i])
	}
}

// many runs a query of one packed column "one", and reads its rows.
func many(ctx context.Context, tx *sql.Tx, query string, args []any, read func(*packed)) error {
	var text sql.NullString
	if err := tx.QueryRowContext(ctx, `SELECT group_concat(one, '') FROM (`+query+`)`, args...).Scan(&text); err != nil {
		return err
	}
	p := packed{text.String}
	for p.rest != "" {
		read(&p)
	}
	return nil
}

// readArticles reads all articles.
func (r *columnReader) readArticles(ctx context.Context, tx *sql.Tx) error {
	for last := int64(math.MinInt64); ; {
		n := len(r.articles)
		err := r.printings(ctx, tx, `id > ? ORDER BY id LIMIT 4096`, last)
		if err != nil || n == len(r.articles) {
			return err
		}
		last = r.articles[len(r.articles)-1].id
	}
}

// printings are those of the articles that a condition chooses.
func (r *columnReader) printings(ctx context.Context, tx *sql.Tx, where string, args ...any) error {
	var wrong error
	var text [10]string
	err := many(ctx, tx, `SELECT `+packedArticle+` AS one FROM articles WHERE `+where, args, func(p *packed) {
		id := p.number()
		p.texts(text[:])
		key, url, file := text[0], text[6], text[7]
		date, err := tenor.ParseDate(text[1], text[2])
		switch {
		case err != nil:
			wrong = fmt.Errorf("article %d: %w", id, err)
			return
		case url != "" && url != key, url == "" && file != "" && "file:"+file != key:
			wrong = fmt.Errorf("article %d: its key is not that of its address: %w", id, errDamaged)
			return
		}
		day, _ := date.Day(tenor.Market)
		a := printing{
			id: id, key: key, published: text[1], day: int32(day), seqDay: int32(dateSeq(date) >> seqBits),
			outlet: r.outlets.number(outletName{text[4], text[3]}), origin: r.origins.number(originRow{text[2], text[5]}),
			from: r.sources.number(sourceDay{text[8], text[9]}),
		}
		if n, ok := r.number[id]; ok && r.articles[n] == a {
			return
		}
		a.key, a.published = strings.Clone(a.key), strings.Clone(a.published)
		r.number[id] = uint32(len(r.articles))
		r.articles = append(r.articles, a)
	})
	if err == nil {
		err = wrong
	}
	return err
}

// rows are the quotes that a condition chooses. Each is held against its identifier, as
// all that are read: where one is damaged, there are no columns. The articles are known.
func (r *columnReader) rows(ctx context.Context, tx *sql.Tx, d *dictionary, where string, args ...any) (list []quoteRow, err error) {
	var wrong error
	var scratch []byte
	var spans []tenor.Span
	var text [5]string
	list = make([]quoteRow, 0, chunkRows)
	err = many(ctx, tx, `SELECT `+packedQuote+` AS one FROM quotes WHERE `+where, args, func(p *packed) {
		q := quoteRow{seq: p.number()}
		article, person, firm := p.number(), p.number(), p.number()
		id, cluster, places, labels, asWritten := p.word(), p.word(), p.word(), word(p.word()), p.number() == 1
		q.known = uint32(min(p.number(), math.MaxUint32))
		p.texts(text[:])
		themes, speaker, firmAs, said, words := text[0], text[1], text[2], text[3], text[4]
		fail := func(what string) {
			if wrong == nil {
				wrong = fmt.Errorf("quote %s: %s: %w", strings.Clone(id), what, errDamaged)
			}
		}
		var ok1, ok2 bool
		q.id, ok1 = hexNumber(id)
		q.cluster, ok2 = hexNumber(cluster)
		n, known := r.number[article]
		switch {
		case !ok1 || !ok2:
			fail("its identifier or cluster is not 16 hex digits")
			return
		case !known:
			fail("its article is missing")
			return
		case q.seq>>seqBits != int64(r.articles[n].seqDay):
			fail("the day of its article is not the one that was stored")
			return
		}
		var err error
		if spans, err = appendSpans(spans[:0], places); err != nil || len(spans) == 0 {
			fail("its spans are none")
			return
		}
		if asWritten {
			said = speaker
		}
		var sum uint64
		if sum, scratch, err = sumQuote(scratch, r.articles[n].key, said, words, spans); err != nil || sum != q.id {
			fail("its words, its speaker or its article are not those that were stored")
			return
		}
		if _, known = d.labels.at[labels]; !known && !exist(splitLabels(labels)) {
			fail("its labels are none")
			return
		}
		q.article, q.person, q.firm = n, d.people.number(rowID(person)), d.firms.number(rowID(firm))
		q.speaker, q.firmAs = d.words.number(word(speaker)), d.words.number(word(firmAs))
		q.themes, q.labels = d.themes.number(word(themes)), d.labels.number(labels)
		q.start, q.end = uint32(spans[0].Start()), uint32(spans[len(spans)-1].End())
		list = append(list, q)
	})
	if err == nil {
		err = wrong
	}
	return list, err
}

// splitLabels takes apart what packedQuote joined; what does not fit becomes no labels.
func splitLabels(joined word) (l labelRow) {
	list := strings.Split(string(joined), "\x1f")
	if len(list) == 7 {
		l = labelRow{list[0], list[1], list[2], list[3], list[4], list[5], list[6]}
	}
	return l
}

func joinLabels(l labelRow) string {
	return strings.Join([]string{l.kind, l.speakerType, l.stance, l.claim, l.horizon, l.subject, l.source}, "\x1f")
}

// exist reports whether there are such labels, as far as they decide what is counted.
func exist(l labelRow) bool {
	return slices.Contains(tenor.Stances(), tenor.Stance(l.stance)) && slices.Contains(tenor.Kinds(), tenor.Kind(l.kind)) &&
		slices.Contains(tenor.SpeakerTypes(), tenor.SpeakerType(l.speakerType)) &&
		(l.source == string(tenor.LabelModel) || l.source == string(tenor.LabelHuman))
}

// sumQuote is the identifier of a quote whose words are joined in text.
func sumQuote(scratch []byte, articleKey, speaker, text string, spans []tenor.Span) (uint64, []byte, error) {
	segments, err := cutSegments(text, spans)
	if err != nil {
		return 0, scratch, err
	}
	sum, scratch := tenor.QuoteSum(scratch, articleKey, speaker, segments...)
	return binary.BigEndian.Uint64(sum[:]), scratch, nil
}
