package store

import (
	"context"
	"database/sql"

	"tenor"
)

// mostKnown is how many names and how many firms are known at most: few megabytes.
const mostKnown = 50_000

// nameMemory is what the writer remembers of the names in the store from one batch to the next,
// for a crawl meets the same people and firms all the time. It is only what the tables
// say, and is forgotten as soon as anybody else has written to them.
type nameMemory struct {
	version, written int64 // of the file, as others changed it; of this store's other writes

	people  map[spelledName]int64 // of aliases; 0 is nobody's
	firms   map[string]int64      // of firms, by the name as articles write it
	heard   map[heardName]int64   // of heard_names
	sources map[string]struct{}   // that have a row
	lonely  map[string]struct{}   // keys that no other is like
	near    map[nearTo][]string   // those of them that a name like this would be like
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
	k.lonely, k.near = map[string]struct{}{}, map[nearTo][]string{}
}

// begin forgets everything if somebody else has written since: another program, which
// changes the data_version of the connection, or this one otherwise than by batches,
// which it counts.
func (k *nameMemory) begin(ctx context.Context, tx *sql.Tx, written int64) error {
	var version int64
	if err := tx.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&version); err != nil {
		return err
	}
	if k.people == nil || version != k.version || written != k.written || len(k.people)+len(k.firms)+len(k.heard)+len(k.lonely) > mostKnown {
		k.forget()
	}
	k.version, k.written = version, written
	return nil
}

// isLonely reports whether a key is known to be like no other.
func (k *nameMemory) isLonely(key string) bool {
	_, ok := k.lonely[key]
	return ok
}

// addLonely notes that no other key is like this one, which is heard of at firms with these
// roots.
func (k *nameMemory) addLonely(key string, roots []string) {
	forename, surname := tenor.SplitPersonKey(key)
	k.lonely[key] = struct{}{}
	at := nearTo{surname: surname}
	k.near[at] = append(k.near[at], key)
	for _, root := range roots {
		at := nearTo{forename: forename, root: root}
		k.near[at] = append(k.near[at], key)
	}
}

// metName makes those names lonely no longer that a new one may be like.
func (k *nameMemory) metName(n heardName) {
	forename, surname := tenor.SplitPersonKey(n.key)
	for _, at := range []nearTo{{surname: surname}, {forename: forename, root: tenor.FirmRoot(n.firm)}} {
		for _, key := range k.near[at] {
			delete(k.lonely, key)
		}
		delete(k.near, at)
	}
}
