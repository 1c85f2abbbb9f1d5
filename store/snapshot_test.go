package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"tenor"
)

// A snapshot is the whole store, opens as one, and leaves nothing behind.
func TestSnapshotIsTheStore(t *testing.T) {
	s := newsroom(t)
	want := dump(t, s)
	dir := filepath.Dir(s.path)
	before := files(t, dir)
	snap, size, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	late := tenor.Article{URL: "https://ledger.example/late", Title: "Late", Text: "Written while the copy is read.", PageType: tenor.PageArticle, KnownAt: known}
	save(t, s, &late, nil)
	path := filepath.Join(t.TempDir(), "copy.db")
	f := must[*os.File](t)(os.Create(path))
	if n, err := io.Copy(f, snap); err != nil || n != size {
		t.Errorf("%d bytes of %d (%v)", n, size, err)
	}
	f.Close()
	if err := errors.Join(snap.Close(), snap.Close()); err != nil {
		t.Error(err)
	}
	if after := files(t, dir); after != before {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
	again := open(t, path)
	if got := dump(t, again); got != want {
		t.Errorf("the copy is\n%s\nwant\n%s", got, want)
	}
	if d := must[Diagnosis](t)(again.Doctor(t.Context(), nil)); !d.Well() {
		t.Errorf("%+v", d.Checks)
	}
}

// What was taken down is in no copy, nor are its bytes.
func TestSnapshotHasNothingForgotten(t *testing.T) {
	s := newsroom(t)
	a := tenor.Article{URL: "https://ledger.example/secret", Title: "Unrepeatable", Text: "Unrepeatable words.", PageType: tenor.PageArticle, Language: "en", KnownAt: known}
	save(t, s, &a, nil)
	if _, err := s.Forget(t.Context(), tenor.Takedown{Article: a.URL}); err != nil {
		t.Fatal(err)
	}
	snap, _, err := s.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	data := must[[]byte](t)(io.ReadAll(snap))
	if bytes.Contains(data, []byte("Unrepeatable")) {
		t.Error("the copy holds what was taken down")
	}
	if !bytes.Contains(data, []byte(a.URL)) {
		t.Error("the copy does not know what is not to be collected again")
	}
}

// A request that is given up leaves nothing.
func TestSnapshotGivenUp(t *testing.T) {
	s := newsroom(t)
	before := files(t, filepath.Dir(s.path))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := s.Snapshot(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if after := files(t, filepath.Dir(s.path)); after != before {
		t.Errorf("left behind: %s", after)
	}
}
