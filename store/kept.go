package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"time"
)

// Columns of a large store are kept beside it from one run to the next, so that the first
// page need not wait for a million quotes to be read: in tenor.db-columns, which anybody
// may delete at any time. It is a copy of one state, and what changed since is read from
// the store. It is used only with the history that it was made from; what does not fit,
// or is damaged, is read anew.

// keptFrom is from how long reading took on the columns are kept.
const keptFrom = 300 * time.Millisecond

// keptMagic begins the file. The number changes with what is in it.
const keptMagic = "tenor columns 3\n"

func keptPath(path string) string { return path + "-columns" }

// dropKept removes what is kept beside a store.
func dropKept(path string) error {
	if err := os.Remove(keptPath(path)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// keptState says of which state columns are, and of which history: a store that was put
// in the place of another has its own.
type keptState struct {
	at      int64
	history uint32 // sum of the last changes up to at
}

// historyRows is how many changes tell one history from another.
const historyRows = 256

// stateOf is the state at a change, false where its changes are no longer known.
func stateOf(ctx context.Context, tx *sql.Tx, at int64) (k keptState, ok bool, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT n, coalesce(seq, -1) FROM changes WHERE n > ? AND n <= ? ORDER BY n`, at-historyRows, at)
	list, err := collect(rows, err, func(r *sql.Rows, change *[2]int64) error { return r.Scan(&change[0], &change[1]) })
	if err != nil || len(list) == 0 {
		return k, false, err
	}
	var b []byte
	for _, change := range list {
		b = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, uint64(change[0])), uint64(change[1]))
	}
	return keptState{at, crc32.Checksum(b, castagnoli)}, list[len(list)-1][0] == at, nil
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// keep writes columns beside the store: of articles, names and words those that rows
// have, so that nothing outlives a takedown.
func (c *columns) keep(path string, k keptState) error {
	articles := c.used(len(c.articles), func(one *chunk) [][]uint32 { return [][]uint32{one.article} })
	words := c.used(len(c.words), func(one *chunk) [][]uint32 { return [][]uint32{one.speaker, one.firmAs} })
	themes := c.used(len(c.themes), func(one *chunk) [][]uint32 { return [][]uint32{one.themes} })
	people := c.used(len(c.people), func(one *chunk) [][]uint32 { return [][]uint32{one.person, {0}} })
	firms := c.used(len(c.firms), func(one *chunk) [][]uint32 { return [][]uint32{one.firm, {0}} })

	b := &keptWriter{b: make([]byte, 0, 80*c.quotes)}
	b.b = append(b.b, keptMagic...)
	b.number(uint64(k.at))
	b.number(uint64(k.history))
	var texts []string // eight of each article
	var ids []int64
	var days []uint32
	for _, i := range articles.list {
		a := &c.articles[i]
		o, from, source := &c.outlets[a.outlet], &c.origins[a.origin], &c.sources[a.from]
		texts = append(texts, a.key, a.published, o.key, o.name, from.dateSource, from.translation, source.source, source.day)
		ids, days = append(ids, a.id), append(days, uint32(a.day), uint32(a.seqDay))
	}
	b.texts(texts)
	keptColumn(b, ids)
	keptColumn(b, days)
	var labels []string
	for _, l := range c.labels {
		labels = append(labels, joinLabels(l))
	}
	for _, list := range [][]string{
		labels, plain(pickOf(c.words, words)), plain(pickOf(c.themes, themes)), pickOf(c.names.people, people), pickOf(c.names.firms, firms),
	} {
		b.texts(list)
	}
	keptColumn(b, pickOf(c.people, people))
	keptColumn(b, pickOf(c.firms, firms))
	b.number(uint64(len(c.chunks)))
	for _, one := range c.chunks {
		keptColumn(b, one.seq)
		keptColumn(b, one.id)
		keptColumn(b, one.cluster)
		as := []*usedNumbers{articles, people, firms, words, words, nil, nil, themes, nil, nil}
		for i, column := range one.numbers() {
			keptColumn(b, as[i].renumber(*column))
		}
	}
	b.b = binary.LittleEndian.AppendUint32(b.b, crc32.Checksum(b.b, castagnoli))
	temp := keptPath(path) + ".tmp"
	err := os.WriteFile(temp, b.b, 0o600)
	if err == nil {
		err = os.Rename(temp, keptPath(path))
	}
	if err != nil {
		os.Remove(temp)
		return fmt.Errorf("keep %s: %w", keptPath(path), err)
	}
	return nil
}

// usedNumbers are the numbers that rows have, in order, and their places in that list.
type usedNumbers struct{ list, place []uint32 }

func (c *columns) used(n int, of func(*chunk) [][]uint32) *usedNumbers {
	marks := make([]bool, n)
	for _, one := range c.chunks {
		for _, column := range of(one) {
			for _, v := range column {
				marks[v] = true
			}
		}
	}
	u := &usedNumbers{place: make([]uint32, n)}
	for i, marked := range marks {
		if marked {
			u.place[i] = uint32(len(u.list))
			u.list = append(u.list, uint32(i))
		}
	}
	return u
}

// renumber gives a column's numbers their places; without u they stay.
func (u *usedNumbers) renumber(column []uint32) []uint32 {
	if u == nil {
		return column
	}
	list := make([]uint32, len(column))
	for i, v := range column {
		list[i] = u.place[v]
	}
	return list
}

func pickOf[T any](list []T, u *usedNumbers) []T {
	some := make([]T, len(u.list))
	for i, n := range u.list {
		some[i] = list[n]
	}
	return some
}

// errNotKept says that there are no columns that fit, or that they are damaged.
var errNotKept = errors.New("no columns are kept")

// readKept reads the columns that keep wrote, and brings them up to the state of tx.
func readKept(ctx context.Context, tx *sql.Tx, path string) (_ *columnReader, kept int64, err error) {
	all, err := os.ReadFile(keptPath(path))
	if err != nil || len(all) < len(keptMagic)+4 || string(all[:len(keptMagic)]) != keptMagic {
		return nil, 0, errNotKept
	}
	body, sum := all[:len(all)-4], binary.LittleEndian.Uint32(all[len(all)-4:])
	if crc32.Checksum(body, castagnoli) != sum {
		return nil, 0, errNotKept
	}
	b := &keptReader{rest: body[len(keptMagic):]}
	k := keptState{int64(b.number()), uint32(b.number())}
	at, err := lastChange(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	switch now, ok, err := stateOf(ctx, tx, k.at); {
	case err != nil:
		return nil, 0, err
	case !ok || now != k || at < k.at || at-k.at > mostChanges:
		return nil, 0, errNotKept
	}
	r := &columnReader{}
	texts, ids, days := b.texts(), keptNumbers[int64](b), keptNumbers[uint32](b)
	r.articles, r.number = make([]printing, 0, len(ids)), make(map[int64]uint32, len(ids))
	for i, id := range ids {
		t := texts[8*i : 8*i+8]
		r.number[id] = uint32(i)
		r.articles = append(r.articles, printing{
			id: id, key: t[0], published: t[1], day: int32(days[2*i]), seqDay: int32(days[2*i+1]),
			outlet: r.outlets.number(outletName{t[2], t[3]}), origin: r.origins.number(originRow{t[4], t[5]}),
			from: r.sources.number(sourceDay{t[6], t[7]}),
		})
	}
	for _, list := range []*interned[word]{&r.dict.labels, &r.dict.words, &r.dict.themes} {
		for _, text := range b.texts() {
			list.number(word(text))
		}
	}
	c := &columns{at: k.at, names: &entityNames{people: b.texts(), firms: b.texts()}}
	for _, list := range []*interned[rowID]{&r.dict.people, &r.dict.firms} {
		for _, id := range keptNumbers[rowID](b) {
			list.number(id)
		}
	}
	for range b.number() {
		one := &chunk{seq: keptNumbers[int64](b), id: keptNumbers[uint64](b), cluster: keptNumbers[uint64](b)}
		for _, column := range one.numbers() {
			*column = keptNumbers[uint32](b)
		}
		c.chunks = append(c.chunks, one)
	}
	r.firmKeys.number("")
	r.publish(c)
	if c.names.outlets, err = readOutlets(ctx, tx); err != nil { // changes since make follow read them again
		return nil, 0, err
	}
	if at != k.at {
		err = r.follow(ctx, tx, at)
	}
	return r, k.at, err
}

// numbers are the columns of a chunk that are numbers of something.
func (c *chunk) numbers() []*[]uint32 {
	return []*[]uint32{&c.article, &c.person, &c.firm, &c.speaker, &c.firmAs, &c.start, &c.end, &c.themes, &c.label, &c.known}
}

// keptWriter writes numbers and lists of them, each with its length before it.
type keptWriter struct{ b []byte }

func (w *keptWriter) number(n uint64) { w.b = binary.LittleEndian.AppendUint64(w.b, n) }

func (w *keptWriter) texts(list []string) {
	lengths := make([]uint32, len(list))
	for i, s := range list {
		lengths[i] = uint32(len(s))
	}
	keptColumn(w, lengths)
	for _, s := range list {
		w.b = append(w.b, s...)
	}
}

func keptColumn[T ~int64 | ~uint64 | ~uint32](w *keptWriter, list []T) {
	w.number(uint64(len(list)))
	w.b, _ = binary.Append(w.b, binary.LittleEndian, list) // such lists have a size
}

// keptReader reads what keptWriter wrote and a sum vouches for.
type keptReader struct{ rest []byte }

func (r *keptReader) number() uint64 {
	n := binary.LittleEndian.Uint64(r.rest)
	r.rest = r.rest[8:]
	return n
}

func (r *keptReader) texts() []string {
	lengths := keptNumbers[uint32](r)
	total := 0
	for _, n := range lengths {
		total += int(n)
	}
	all := string(r.rest[:total]) // one for all
	r.rest = r.rest[total:]
	list := make([]string, len(lengths))
	for i, n := range lengths {
		list[i], all = all[:n], all[n:]
	}
	return list
}

func keptNumbers[T ~int64 | ~uint64 | ~uint32](r *keptReader) []T {
	list := make([]T, r.number())
	n, _ := binary.Decode(r.rest, binary.LittleEndian, list)
	r.rest = r.rest[n:]
	return list
}
