package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenor"
)

// loseIndex makes an index forget changes, as a lost write of the disk does.
func loseIndex(t testing.TB, path, index, change string) {
	execFile(t, path, fmt.Sprintf(`CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE name = '%s';
		PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = '%[1]s'`, index))
	execFile(t, path, change)
	execFile(t, path, `PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM kept; PRAGMA writable_schema = RESET; DROP TABLE kept`)
}

func wrong(d *Diagnosis) string {
	var names []string
	for _, c := range d.Checks {
		if c.Wrong > 0 {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, ", ")
}

// changeText is SQL that changes a word in the texts of the newsroom's articles.
func changeText(t *testing.T, from, to string) (sql string) {
	for a, err := range newsroom(t).Articles(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer(from, to, "'", "''").Replace(a.Text)
		sql += fmt.Sprintf("UPDATE articles SET packed = NULL, text = '%s' WHERE id = %d;", text, a.ID)
	}
	return sql
}

func TestDoctor(t *testing.T) {
	const first = `(SELECT min(seq) FROM quotes)`
	for _, c := range []struct {
		name, damage string
		lose         string // index that does not hear of it
		want         string
		unmendable   bool
	}{
		{name: "well"},
		{name: "word in a quote", damage: `UPDATE quotes SET text = 'x' || substr(text, 2) WHERE seq = ` + first, want: "quotes, full-text index"},
		{name: "length of a quote", damage: `UPDATE quotes SET text = 'xx' || text WHERE seq = ` + first, want: "quotes, full-text index"},
		{name: "word in an article", damage: changeText(t, "we", "me"), want: "quotes"},
		{name: "text of an article", damage: `UPDATE articles SET text = '', packed = x'28b52ffd04ff' WHERE id = 1`, want: "quotes", unmendable: true},
		{name: "speaker", damage: `UPDATE quotes SET speaker = 'Nobody Here' WHERE seq = ` + first, want: "quotes, people and firms, full-text index", unmendable: true},
		{name: "stance", damage: `UPDATE quotes SET stance = CASE stance WHEN 'bullish' THEN 'fragile' ELSE 'bullish' END WHERE seq = ` + first, want: "quotes", unmendable: true},
		{name: "day", damage: `UPDATE articles SET published = '2024-01-01' WHERE published <> ''`, want: "quotes", unmendable: true},
		{name: "title", damage: `UPDATE articles SET title = 'Hmall caps' WHERE id = 1`, want: "full-text index"},
		{name: "clusters", damage: `UPDATE quotes SET copies = 7, copy_of = 'none' WHERE seq = ` + first, want: "copies"},
		{name: "articles of a source", damage: `UPDATE source_days SET articles = articles + 1; INSERT INTO source_days VALUES ('gone', '2025-01-01', 2)`, want: "sources"},
		{name: "a source", damage: `DELETE FROM source_days`, want: "sources"},
		{name: "orphans", damage: `INSERT INTO people (name, institution) VALUES ('Nobody', 0); INSERT INTO firms (key, name) VALUES ('none', 'None')`, want: "orphans"},
		{name: "index", damage: `UPDATE quotes SET firm_id = NULL`, lose: "quotes_by_firm", want: "structure"},
		{name: "article gone", damage: `DELETE FROM articles WHERE id = 1`, want: "references, full-text index"},
		{name: "firm gone", damage: `DELETE FROM firms WHERE id = (SELECT max(firm_id) FROM quotes)`, want: "references"},
		{name: "label of a quote that is gone", damage: `INSERT INTO labels (quote_id, field, value, who, at) VALUES ('gone', 'stance', 'bullish', 'nell', 1)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newsroom(t)
			backup, _ := makeBackup(t, s)
			before := drain(t, s.Records(t.Context(), tenor.Filter{}))
			s.Close()
			switch {
			case c.lose != "":
				loseIndex(t, s.path, c.lose, c.damage)
			case c.damage != "":
				execFile(t, s.path, c.damage)
			}
			damaged, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			ro := must[*Store](t)(Open(t.Context(), s.path, Options{ReadOnly: true}))
			d := must[Diagnosis](t)(ro.Doctor(t.Context(), nil))
			ro.Close()
			if got := wrong(&d); got != c.want {
				t.Fatalf("found %q, want %q: %+v", got, c.want, d.Checks)
			}
			if now, err := os.ReadFile(s.path); err != nil || string(now) != string(damaged) {
				t.Errorf("the examination changed the file (%v)", err)
			}
			if d.Backup != backup || d.Manifest == nil || d.Rows["quotes"] == 0 {
				t.Errorf("%+v", d)
			}
			if strings.HasPrefix(c.name, "label") && !strings.Contains(fmt.Sprint(d.Checks), "1 labels of people are for quotes that are gone") {
				t.Errorf("%+v", d.Checks)
			}
			if c.want == "" {
				return
			}
			w := must[*Store](t)(Open(t.Context(), s.path, Options{Check: CheckNever}))
			defer w.Close()
			kept, did, err := w.Repair(t.Context(), &d, nil)
			if err != nil {
				t.Fatal(err)
			}
			as := must[*Store](t)(Open(t.Context(), kept, Options{ReadOnly: true}))
			was := must[Diagnosis](t)(as.Doctor(t.Context(), nil))
			as.Close()
			if got := wrong(&was); got != c.want {
				t.Errorf("%s is not the file as it was: %q is wrong with it", filepath.Base(kept), got)
			}
			after := must[Diagnosis](t)(w.Doctor(t.Context(), nil))
			if after.Well() == c.unmendable {
				t.Errorf("after %v: %+v", did, after.Checks)
			}
			if c.unmendable || c.lose != "" || c.name == "title" || c.name == "article gone" {
				return
			}
			if got := drain(t, w.Records(t.Context(), tenor.Filter{})); fmt.Sprint(got) != fmt.Sprint(before) {
				t.Errorf("repaired:\n%v\nwant:\n%v", got, before)
			}
		})
	}
}

// What is known of people and firms is counted anew and mended; whoever is asked twice says
// the same, whatever was written in between.
func TestDoctorCountsNamesAnew(t *testing.T) {
	s := newStore(t)
	other := open(t, s.path)
	put(t, s, 1, "2025-03-01", said{speaker: "Ada Marsh", firm: "Quill Securities", words: "one"})
	put(t, s, 2, "2025-04-01", said{speaker: "Ada Marsh", firm: "Quill", words: "two"}, said{speaker: "Ada Marsh", firm: "Quill Securities", words: "three"})
	for i := range 4 {
		if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() {
			t.Fatalf("asked the %d. time: %+v", i+1, d.Checks)
		}
		put(t, []*Store{s, other}[i%2], 10+i, "2025-05-01", said{speaker: "Nell Oakes", firm: "Reed Bank", words: fmt.Sprint("words ", i)})
	}
	before := tables(t, s) + joinedRows(t, s)
	for _, damage := range []string{
		`UPDATE heard SET quotes = quotes + 1`, `UPDATE heard SET months = 0`, `DELETE FROM heard WHERE name IN (SELECT id FROM heard_names WHERE firm = 'quill')`, `DELETE FROM firm_ties`,
		`DELETE FROM joined`, `DELETE FROM outlets`, `UPDATE aliases SET spelling = 'Ada Quill' WHERE firm = 'quill'`, `INSERT INTO joined VALUES ('firm', 'reed bank', 'quill')`,
	} {
		if _, err := s.write.Exec(damage); err != nil {
			t.Fatal(err)
		}
		d := must[Diagnosis](t)(s.Doctor(t.Context(), nil))
		if d.Well() || !d.Repairable() {
			t.Errorf("%s: %+v", damage, d.Checks)
		}
		if _, _, err := s.Repair(t.Context(), &d, nil); err != nil {
			t.Fatal(err)
		}
		if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() {
			t.Errorf("%s, repaired: %+v", damage, d.Checks)
		}
		if after := tables(t, s) + joinedRows(t, s); after != before {
			t.Errorf("%s, repaired:\n%s\nwant\n%s", damage, after, before)
		}
	}
}

// The words of quotes that an article no longer has are found as of a day, and their index
// is compared and mended too.
func TestDoctorLooksAtPastWords(t *testing.T) {
	s := newStore(t)
	put(t, s, 1, "2025-03-01", said{speaker: "Ada Marsh", words: "we like bonds"})
	put(t, s, 1, "2025-03-01", said{speaker: "Ada Marsh", words: "we avoid bonds"})
	found := func() (n int) {
		if err := s.read.QueryRow(`SELECT count(*) FROM past_fts WHERE past_fts MATCH 'like'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if found() != 1 {
		t.Fatal("nothing is past")
	}
	if _, err := s.write.Exec(`INSERT INTO past_fts (past_fts) VALUES ('delete-all')`); err != nil {
		t.Fatal(err)
	}
	d := must[Diagnosis](t)(s.Doctor(t.Context(), nil))
	if got := wrong(&d); got != "full-text index" {
		t.Errorf("found %q", got)
	}
	if _, _, err := s.Repair(t.Context(), &d, nil); err != nil {
		t.Fatal(err)
	}
	if d := must[Diagnosis](t)(s.Doctor(t.Context(), nil)); !d.Well() || found() != 1 {
		t.Errorf("repaired: %d found, %+v", found(), d.Checks)
	}
}
