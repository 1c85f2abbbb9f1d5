package tenor

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

// testdata/overlay.json holds what the user may write and what it means; a test of the
// browser holds the page's own reader to the same cases.
func TestOverlayFiles(t *testing.T) {
	data, err := os.ReadFile("testdata/overlay.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Case, Kind, Text, Error string
		Want                    any
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		var got any
		var err error
		if c.Kind == "events" {
			got, err = ParseEvents("file.csv", []byte(c.Text))
		} else {
			got, err = ParseCurves("file.csv", "file", []byte(c.Text))
		}
		if c.Error != "" {
			if err == nil || strings.TrimPrefix(err.Error(), "wrong usage: ") != c.Error || !errors.Is(err, ErrUsage) {
				t.Errorf("%s: error %v, want %s", c.Case, err, c.Error)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.Case, err)
			continue
		}
		var round any
		written, err := json.Marshal(got)
		if err == nil {
			err = json.Unmarshal(written, &round)
		}
		if err != nil || !reflect.DeepEqual(round, c.Want) {
			t.Errorf("%s: %s (%v), want %v", c.Case, written, err, c.Want)
		}
	}
}

func TestOverlayBounds(t *testing.T) {
	if _, err := ParseCurves("f", "f", make([]byte, MaxOverlayBytes+1)); err == nil || !strings.Contains(err.Error(), "10 MiB") {
		t.Errorf("more than 10 MiB: %v", err)
	}
	var rows strings.Builder
	for i := range MaxOverlayRows + 2 {
		fmt.Fprintf(&rows, "%s,1\n", Day(i))
	}
	if _, err := ParseCurves("f", "f", []byte(rows.String())); err == nil || !strings.Contains(err.Error(), "100,000 rows") {
		t.Errorf("more than 100,000 rows: %v", err)
	}
	if _, err := ParseEvents("f", []byte("2025-09-17,Cut\n2025-09-18,caf\xe9\n")); err == nil || !strings.Contains(err.Error(), "line 2: it is not written in UTF-8") {
		t.Errorf("another charset: %v", err)
	}
}

// A line is drawn over a weekend and no hole; monthly figures have other holes.
func TestCurveRuns(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"2025-09-18,1\n2025-09-19,2\n2025-09-22,3\n2025-09-23,4\n", "4"},
		{"2025-09-18,1\n2025-09-19,\n2025-09-22,3\n2025-09-23,4\n", "1 2"},
		{"2025-09-18,1\n2025-09-19,2\n2025-10-06,3\n2025-10-07,4\n", "2 2"},
		{"2025-06-30,1\n2025-07-31,2\n2025-08-31,3\n2025-12-31,4\n", "3 1"},
	} {
		curves, err := ParseCurves("f", "f", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, run := range curves[0].Runs() {
			got = append(got, fmt.Sprint(len(run)))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: runs of %v points, want %s", c.text, got, c.want)
		}
	}
}

// What is read is a calendar of finite figures, and the same when it is written and
// read again.
func FuzzOverlay(f *testing.F) {
	f.Add("date,value\n2025-09-18,\"1,234.5\"\n2025-09-19,\n")
	f.Add("2025-09-18;1.234,5;A\n2025-09-18;2;B\n")
	f.Add("2025-09-17,Cut,https://bank.example\n\"2025-09-18\",\"a \"\"b\"\"\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		curves, err := ParseCurves("f", "f", []byte(text))
		if err == nil {
			var again strings.Builder
			for _, c := range curves {
				for i, p := range c.Points {
					if i > 0 && p.Day <= c.Points[i-1].Day || math.IsNaN(p.Value) || math.IsInf(p.Value, 0) {
						t.Fatalf("%q: %v", text, c.Points)
					}
					value := fmt.Sprintf("%.3f", p.Value) // three digits: no other file's thousand
					if p.Gap {
						value = ""
					}
					fmt.Fprintf(&again, "%s,%s,%s\n", p.Day, value, `"`+strings.ReplaceAll(c.Name, `"`, `""`)+`"`)
				}
				c.Runs()
			}
			if _, err := ParseCurves("f", "f", []byte(again.String())); err != nil {
				t.Fatalf("%q is read, and not as %q: %v", text, again.String(), err)
			}
		}
		if events, err := ParseEvents("f", []byte(text)); err == nil {
			for i, e := range events {
				if e.Label == "" || strings.ContainsAny(e.Label, "\n\r\t") || e.URL != "" && !strings.HasPrefix(e.URL, "http") || i > 0 && e.Day < events[i-1].Day {
					t.Fatalf("%q: %+v", text, e)
				}
			}
		}
	})
}
