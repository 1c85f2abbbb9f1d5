package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
)

// What it costs to look for damage: the structure at opening, every quote against its
// identifier when it is read (beside reading alone), everything by the doctor; and a
// backup.
func BenchmarkDamage(b *testing.B) {
	s := benchStore(b)
	info, err := os.Stat(s.path)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("open-check", func(b *testing.B) {
		b.SetBytes(info.Size())
		for b.Loop() {
			if err := quickCheck(b.Context(), s.read); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, scan := range map[string]func(*sql.Rows, *place) error{
		"read-unchecked": func(r *sql.Rows, p *place) error { return scanStored(r, p) },
		"read-checked":   scanRecord,
	} {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				rows, err := s.read.Query(`SELECT ` + recordColumns + ` FROM quotes q JOIN articles a ON a.id = q.article_id`)
				if err != nil {
					b.Fatal(err)
				}
				for rows.Next() {
					var p place
					if err := scan(rows, &p); err != nil {
						b.Fatal(err)
					}
					n++
				}
				rows.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/quote")
		})
	}
	b.Run("doctor", func(b *testing.B) {
		b.SetBytes(info.Size())
		for b.Loop() {
			if d, err := s.Doctor(b.Context(), nil); err != nil || !d.Well() {
				b.Fatal(err, d.Checks)
			}
		}
	})
	b.Run("backup", func(b *testing.B) {
		b.SetBytes(info.Size())
		for b.Loop() {
			path := filepath.Join(b.TempDir(), "b.db")
			if _, err := s.Backup(b.Context(), path, "", nil); err != nil {
				b.Fatal(err)
			}
		}
	})
}
