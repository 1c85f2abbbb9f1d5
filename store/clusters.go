package store

import (
	"context"
	"database/sql"

	"tenor"
)

// refold finds the copies anew among all quotes that have one of the keys.
// Whole groups are folded again, so that clusters do not depend on the order in
// which articles were collected: an earlier report that arrives late takes over.
func refold(ctx context.Context, tx *sql.Tx, copyKeys []string) error {
	if len(copyKeys) == 0 {
		return nil
	}
	// Nearly all quotes are alone with their key and already their own cluster.
	rows, err := tx.QueryContext(ctx, `SELECT copy_key FROM quotes WHERE copy_key IN (SELECT value FROM json_each(?))
		GROUP BY copy_key HAVING count(*) > 1 OR max(copies) > 1`, jsonList(copyKeys))
	groups, err := collect(rows, err, func(r *sql.Rows, key *string) error { return r.Scan(key) })
	if err != nil || len(groups) == 0 {
		return err
	}
	records, err := readRecords(ctx, tx, `WHERE q.copy_key IN (SELECT value FROM json_each(?))`, jsonList(groups))
	if err != nil {
		return err
	}
	before := make([]tenor.Record, len(records))
	copy(before, records)
	tenor.FoldCopies(records)
	for i, r := range records {
		if r.Cluster == before[i].Cluster && r.Copies == before[i].Copies {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE quotes SET cluster_id = ?, copies = ? WHERE id = ?`,
			r.Cluster, r.Copies, r.ID); err != nil {
			return err
		}
	}
	return nil
}
