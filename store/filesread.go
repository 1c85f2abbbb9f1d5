package store

import (
	"context"
	"database/sql"
	"fmt"

	"tenor"
)

// FilesRead are the files of a source that were read, by their paths, each with what was
// noted of it then: the ETag of a fetch of kind file whose address is read:PATH.
func (s *Store) FilesRead(ctx context.Context, source string) (map[string]string, error) {
	type file struct{ path, noted string }
	rows, err := s.read.QueryContext(ctx, `SELECT substr(url, 6), etag FROM fetches WHERE source = ? AND kind = ? AND url LIKE 'read:%'`, source, string(tenor.FetchFile))
	list, err := collect(rows, err, func(r *sql.Rows, f *file) error { return r.Scan(&f.path, &f.noted) })
	if err != nil {
		return nil, fmt.Errorf("list the files that were read of %s: %w", source, err)
	}
	read := make(map[string]string, len(list))
	for _, f := range list {
		read[f.path] = f.noted
	}
	return read, nil
}
