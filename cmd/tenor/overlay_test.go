package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenor/cmd/tenor/newsroom"
)

// The files stand beside tenor.toml and are read again when they, or it, change. What is
// broken is told of, and what was read before stays.
func TestChartFilesAreReadAgain(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	clock := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	o := &overlayFiles{config: filepath.Join(folder, "tenor.toml"), now: func() time.Time {
		clock = clock.Add(2 * overlayLook)
		return clock
	}}
	if got, err := o.overlay(); err != nil || len(got.Curves)+len(got.Events) > 0 {
		t.Errorf("without a file: %+v, %v", got, err)
	}
	write("prices.csv", "2025-09-18,1\n")
	write("events.csv", "2025-09-17,Cut\n")
	write("tenor.toml", "[crawl]\ndelay = \"2s\"\n\n[chart]\nseries = [\"prices.csv\"]\nevents = [\"events.csv\"]\n")
	got, err := o.overlay()
	if err != nil || len(got.Curves) != 1 || got.Curves[0].Name != "prices" || len(got.Events) != 1 {
		t.Fatalf("the files of tenor.toml: %+v, %v", got, err)
	}
	write("prices.csv", "2025-09-18,1\n2025-09-19,2\n")
	if got, err = o.overlay(); err != nil || len(got.Curves[0].Points) != 2 {
		t.Errorf("a day was added: %+v, %v", got, err)
	}
	write("prices.csv", "2025-09-18,1\n2025-09-19,2\n19 September,3\n")
	if got, err = o.overlay(); err == nil || !strings.Contains(err.Error(), "prices.csv, line 3") || len(got.Curves[0].Points) != 2 {
		t.Errorf("a broken line: %+v, %v", got, err)
	}
	write("prices.csv", "2025-09-18,1\n")
	if got, err = o.overlay(); err != nil || len(got.Curves[0].Points) != 1 {
		t.Errorf("mended: %+v, %v", got, err)
	}
	write("tenor.toml", "[chart]\nserie = [\"prices.csv\"]\n")
	if _, err = o.overlay(); err == nil || !strings.Contains(err.Error(), "line 2: unknown key chart.serie; did you mean series?") {
		t.Errorf("a mistyped key: %v", err)
	}
}

// Whoever names a file that cannot be drawn hears so before anything is served.
func TestServeRefusesBadChartFiles(t *testing.T) {
	db := imported(t, writeFile(t, "a.txt", "Small caps rose.\n\n“We favor small caps,” said Ada Quill, strategist at Harrow Lane."))
	bad := writeFile(t, "prices.csv", "date,value\n2025-09-18,dear\n")
	if _, stderr := wants(t, exitUsage, "serve", "--db", db, "--addr", "127.0.0.1:0", "--series", bad); !strings.Contains(stderr, `prices.csv, line 2: "dear" is no number`) {
		t.Error(stderr)
	}
	if _, stderr := wants(t, exitFailed, "serve", "--db", db, "--addr", "127.0.0.1:0", "--events", "/nowhere/events.csv"); !strings.Contains(stderr, "/nowhere/events.csv") {
		t.Error(stderr)
	}
}

func TestNewsroomHasAnOverlay(t *testing.T) {
	o, err := newsroom.Overlay()
	if err != nil || len(o.Curves) != 1 || len(o.Events) == 0 {
		t.Errorf("%+v, %v", o, err)
	}
}
