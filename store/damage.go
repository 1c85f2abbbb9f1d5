package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"

	"tenor"
)

// Disks and memory change bytes, and SQLite has no checksums. Three things keep a
// damaged file from telling lies:
//
//   - Before a file is written to, its structure is checked (Options.Check), so that
//     damage does not spread.
//   - Every quote that is read is held against its identifier, a digest of the
//     article's key, the speaker and the words, and its day against its place
//     (intact). The words of an article are held against those of its quotes. What the
//     tagger said of a quote has a checksum, which holds where no person says otherwise;
//     an article's compressed text has one too.
//   - Doctor compares everything that is stored twice.
//
// What nothing is stored twice of can change unseen between two visits of the doctor: an
// article's title and outlet, and what people say.

// Check says when Open looks for damage in the file's structure before it writes.
// It reads the whole file, a GiB in about a second where that lies in memory.
type Check int

const (
	// CheckSome looks into files up to checkedSize, and into those whose last writer
	// left its log behind: it writes now, or did not end well.
	CheckSome Check = iota
	CheckAlways
	CheckNever // for those who repair it
)

// checkedSize is up to which size, in bytes, the check costs less than anybody notices.
const checkedSize = 256 << 20

// errDamaged is in every error about stored bytes that cannot be what was written.
var errDamaged = errors.New("the store is damaged")

// isDamage reports whether the error says that the file is damaged.
func isDamage(err error) bool {
	var e sqlite3.Error
	return errors.Is(err, errDamaged) ||
		errors.As(err, &e) && (e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB)
}

// Explain adds what to do to an error about a damaged store; other errors it gives
// back as they are.
func Explain(path string, err error) error {
	var open *OpenError
	if err == nil || errors.As(err, &open) || !isDamage(err) {
		return err
	}
	return fmt.Errorf("%w; %s", err, damaged(path, err).Remedy)
}

// damaged is the one sentence for a damaged file.
func damaged(path string, err error) *OpenError {
	name := " --db " + quoteArgument(path)
	remedy := "no backup of it lies beside it; tenor doctor" + name + " says what is wrong, and --repair mends what can be"
	if b, m, ok := LastBackup(path); ok {
		remedy = fmt.Sprintf("tenor doctor%s says what is wrong; the last good backup, of %s, comes back with: tenor restore %s%s --force",
			name, m.Created.UTC().Format("2006-01-02 15:04 UTC"), quoteArgument(b), name)
	}
	return &OpenError{path, "is damaged", remedy, err}
}

// quoteArgument is a path as a shell takes it.
func quoteArgument(path string) string {
	if strings.ContainsAny(path, " \t'\"\\$&;|<>()*?[]#~`!{}") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

// wanted reports whether the file is to be checked now.
func (c Check) wanted(path string) bool {
	switch c {
	case CheckAlways:
		return true
	case CheckNever:
		return false
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.Size() <= checkedSize
}

// quickCheck finds damage in the structure of the file: pages, records, the order of
// rows. It cannot see a letter that changed. It goes from table to table, since the
// check of a whole file also walks through the full-text index, which takes longer than
// all the rest, can be built anew, and serves nobody's words.
func quickCheck(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')`)
	tables, err := collect(rows, err, func(r *sql.Rows, name *string) error { return r.Scan(name) })
	if err != nil {
		return err
	}
	for _, table := range tables {
		found, err := pragmaCheck(ctx, db, `quick_check('`+strings.ReplaceAll(table, `'`, `''`)+`')`)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("%s: %w", found[0], errDamaged)
		}
	}
	return nil
}

// pragmaCheck runs one of SQLite's checks and gives what it found.
func pragmaCheck(ctx context.Context, db *sql.DB, check string) ([]string, error) {
	rows, err := db.QueryContext(ctx, `PRAGMA `+check)
	list, err := collect(rows, err, func(r *sql.Rows, line *string) error { return r.Scan(line) })
	if err != nil {
		return nil, err
	}
	if len(list) == 1 && list[0] == "ok" {
		return nil, nil
	}
	return list, nil
}

// intact is an error where a quote cannot be as it was written.
func intact(p *place) error {
	r := &p.Record
	speaker := r.Speaker
	if p.said.Valid {
		speaker = p.said.String
	}
	switch {
	case tenor.QuoteID(r.ArticleKey, speaker, r.Segments) != p.written,
		r.URL != "" && r.URL != r.ArticleKey, r.URL == "" && r.File != "" && "file:"+r.File != r.ArticleKey:
		return fmt.Errorf("quote %s: its words, its speaker or its article are not those that were stored: %w", r.ID, errDamaged)
	case p.seq>>seqBits != dateSeq(r.Published)>>seqBits:
		return fmt.Errorf("quote %s: the day of its article is not the one that was stored: %w", r.ID, errDamaged)
	case !slices.Contains(tenor.Stances(), r.Stance), !slices.Contains(tenor.Kinds(), r.Kind), !slices.Contains(tenor.SpeakerTypes(), r.SpeakerType),
		r.LabelSource != tenor.LabelModel && r.LabelSource != tenor.LabelHuman:
		return fmt.Errorf("quote %s: its labels are none: %w", r.ID, errDamaged)
	case p.sum.Valid && r.LabelSource == tenor.LabelModel && p.sum.Int64 != checksum(&r.Quote, r.Tagger, joinThemes(r.Themes), p.places[0], p.places[1]):
		return fmt.Errorf("quote %s: its labels, firm or role are not those that were stored; tenor retag writes them anew: %w", r.ID, errDamaged)
	}
	return nil
}

// checksum is the CRC-32 of what the tagger said of a quote, as it is stored, its words
// aside: the identifier is theirs.
func checksum(q *tenor.Quote, tagger, themes, spans, evidence string) int64 {
	var room [512]byte
	b := room[:0]
	for _, s := range []string{string(q.Kind), q.Speaker, string(q.SpeakerType), q.Firm, q.Role, string(q.Stance), string(q.Claim),
		string(q.Horizon), string(q.Subject), themes, string(q.Resolved), tagger, spans, evidence} {
		b = append(append(b, s...), 0)
	}
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(q.Confidence))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(q.Attribution))
	return int64(crc32.ChecksumIEEE(b))
}

// inText is an error where the article's text does not have the quote's words at its
// spans.
func inText(text string, r *tenor.Record) error {
	for i, s := range r.Spans {
		if s.Start() < 0 || s.End() > len(text) || s.End() < s.Start() || s.In(text) != r.Segments[i] {
			return fmt.Errorf("quote %s: the article does not have its words at %v: %w", r.ID, s, errDamaged)
		}
	}
	return nil
}
