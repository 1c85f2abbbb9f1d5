package main

import (
	"strings"
	"testing"
)

func TestSavedSearchesInTheTerminal(t *testing.T) {
	db := imported(t, writeFile(t, "story.txt", story))
	if _, stderr := wants(t, exitDone, "searches", "--db", db); !strings.Contains(stderr, "No search is saved yet") {
		t.Errorf("an empty list says %q", stderr)
	}
	wants(t, exitDone, "searches", "save", "Reed, doubting", "rebound", "--stance", "fragile", "--who", "nell", "--db", db)
	if _, stderr := wants(t, exitUsage, "searches", "save", "reed doubting", "cheap", "--db", db); !strings.Contains(stderr, "--replace") {
		t.Errorf("a name that is taken says %q", stderr)
	}
	if stdout, _ := wants(t, exitDone, "searches", "list", "--db", db); !strings.Contains(stdout, "Reed, doubting  “rebound”, stance fragile  nell") {
		t.Errorf("the list is\n%s", stdout)
	}
	if stdout, _ := wants(t, exitDone, "searches", "show", "reed doubting", "--db", db); !strings.Contains(stdout, "Bo Reed, Marsh Bank") || strings.Contains(stdout, "Ada Quill") {
		t.Errorf("it finds\n%s", stdout)
	}
	wants(t, exitDone, "searches", "save", "Reed doubting", "cheap", "--replace", "--db", db)
	if stdout, _ := wants(t, exitDone, "searches", "show", "reed doubting", "--db", db); !strings.Contains(stdout, "Ada Quill") {
		t.Errorf("in its place it finds\n%s", stdout)
	}
	if stdout, _ := wants(t, exitDone, "searches", "--format", "json", "--db", db); !strings.Contains(stdout, `"query": "q=cheap"`) {
		t.Errorf("as JSON it is\n%s", stdout)
	}
	wants(t, exitDone, "searches", "remove", "REED DOUBTING", "--db", db)
	for _, command := range []string{"show", "remove"} {
		if _, stderr := wants(t, exitFailed, "searches", command, "reed doubting", "--db", db); !strings.Contains(stderr, "tenor searches lists them") {
			t.Errorf("%s of none says %q", command, stderr)
		}
		wants(t, exitUsage, "searches", command, "--db", db)
	}
}
