package store

import (
	"context"
	"database/sql"

	"tenor"
)

// mostKnown is how many names and how many firms are known at most: few megabytes.
const mostKnown = 50_000

// mostFellows is how many fellows are known at most, likewise.
const mostFellows = 500_000

// nameMemory is what the writer remembers of the names in the store from one batch to the next,
// for a crawl meets the same people and firms all the time. It is only what the tables
// say, and is forgotten as soon as anybody else has written to them.
type nameMemory struct {
	version, written int64 // of the file, as others changed it; of this store's other writes

	people  map[spelledName]int64 // of aliases; 0 is nobody's
	firms   map[string]int64      // of firms, by the name as articles write it
	heard   map[heardName]int64   // of heard_names
	sources map[string]struct{}   // that have a row
	several map[string]bool       // keys, heard of at several firms or at most at one
	like    map[string]fellows    // of keys
	near    map[nearTo][]string   // those of them whose fellows a name like this may change
	held    int                   // strings in like
}

// fellows are the keys that one is so like that evidence may tie them together (alike).
type fellows struct {
	keys []string
	// plain: these are full names, and so is the one whose fellows they are, and none was
	// ever heard of without a firm. Who is who among such does not depend on subjects and
	// years (tenor.Name.MayBe), unless one was heard of at several firms.
	plain bool
}

// nearTo is a surname, or a forename at a firm: what two names have in common that may be
// one person's (alike).
type nearTo struct{ surname, forename, root string }

func newNameMemory() *nameMemory {
	k := &nameMemory{}
	k.forget()
	return k
}

func (k *nameMemory) forget() {
	k.people, k.firms, k.heard, k.sources = map[spelledName]int64{}, map[string]int64{}, map[heardName]int64{}, map[string]struct{}{}
	k.several, k.like, k.near, k.held = map[string]bool{}, map[string]fellows{}, map[nearTo][]string{}, 0
}

// begin forgets everything if somebody else has written since: another program, which
// changes the data_version of the connection, or this one otherwise than by batches,
// which it counts.
func (k *nameMemory) begin(ctx context.Context, tx *sql.Tx, written int64) error {
	var version int64
	if err := tx.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&version); err != nil {
		return err
	}
	known := len(k.people) + len(k.firms) + len(k.heard) + len(k.several)
	if k.people == nil || version != k.version || written != k.written || known > mostKnown || k.held > mostFellows {
		k.forget()
	}
	k.version, k.written = version, written
	return nil
}

// fellowsOf are the fellows of a key, which are asked for once.
func (k *nameMemory) fellowsOf(ctx context.Context, tx *sql.Tx, key string) (fellows, error) {
	if f, ok := k.like[key]; ok {
		return f, nil
	}
	keys, err := alike(ctx, tx, key, nil)
	if err != nil {
		return fellows{}, err
	}
	f := fellows{keys: keys}
	forename, surname := tenor.SplitPersonKey(key)
	if surname == "" {
		return f, nil // of a firm: they are those of the firms that are one with it
	}
	if decided, err := decidedRoots(ctx, tx, key); err != nil || len(decided) > 0 {
		return f, err
	}
	if f.plain = forename != ""; f.plain {
		for _, other := range keys {
			if forename, _ := tenor.SplitPersonKey(other); forename == "" {
				f.plain = false
			}
		}
	}
	if f.plain {
		err := tx.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM heard_names WHERE firm = '' AND key IN (SELECT value FROM json_each(?)))`,
			jsonList(append([]string{key}, keys...))).Scan(&f.plain)
		if err != nil {
			return f, err
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT root FROM aliases WHERE key = ?`, key)
	roots, err := collect(rows, err, scanText)
	if err != nil {
		return f, err
	}
	at := []nearTo{{surname: surname}}
	for _, root := range roots {
		at = append(at, nearTo{forename: forename, root: root})
	}
	for _, other := range keys { // one of them may be heard of without a firm
		if _, last := tenor.SplitPersonKey(other); last != surname {
			at = append(at, nearTo{surname: last})
		}
	}
	for _, n := range at {
		k.near[n] = append(k.near[n], key)
	}
	k.like[key] = f
	k.held += len(keys) + len(at)
	return f, nil
}

// metName forgets the fellows of those names that a new one may be like.
func (k *nameMemory) metName(n heardName) {
	delete(k.several, n.key)
	forename, surname := tenor.SplitPersonKey(n.key)
	for _, at := range []nearTo{{surname: surname}, {forename: forename, root: tenor.FirmRoot(n.firm)}} {
		for _, key := range k.near[at] {
			delete(k.like, key)
		}
		delete(k.near, at)
	}
}

// severalFirms reports whether a name was heard of at more than one firm.
func (k *nameMemory) severalFirms(ctx context.Context, tx *sql.Tx, key string) (several bool, err error) {
	several, ok := k.several[key]
	if ok {
		return several, nil
	}
	err = tx.QueryRowContext(ctx, `SELECT count(*) > 1 FROM heard_names WHERE key = ? AND firm <> ''`, key).Scan(&several)
	if err == nil {
		k.several[key] = several
	}
	return several, err
}
