package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Manifest describes a backup. It lies beside it, as FILE.json.
type Manifest struct {
	Created time.Time        `json:"created"`         // UTC
	Tenor   string           `json:"tenor,omitempty"` // version of the program that made it
	Store   string           `json:"store"`           // name of the store's file
	Schema  int              `json:"schema"`
	SHA256  string           `json:"sha256"` // of the file, hex
	Size    int64            `json:"size"`   // bytes
	Rows    map[string]int64 `json:"rows"`   // by table
	Newest  string           `json:"newest"` // publication of the newest article, as far as it is known
}

// manifestOf is where the manifest of a backup lies.
func manifestOf(path string) string { return path + ".json" }

// backupSuffix ends the names of backups that are made without a name.
const backupSuffix = ".backup.db"

// BackupName is a name for a backup that is made now, beside the store; with seconds
// where that of the minute is taken.
func BackupName(path string, now time.Time) string {
	named := func(layout string) string {
		return filepath.Join(filepath.Dir(path), stem(path)+"-"+now.UTC().Format(layout)+backupSuffix)
	}
	if _, err := os.Lstat(named("2006-01-02T1504")); err == nil {
		return named("2006-01-02T150405")
	}
	return named("2006-01-02T1504")
}

// LastBackup is the newest backup beside the store whose hash is that of its manifest.
func LastBackup(path string) (backup string, m Manifest, ok bool) {
	for _, b := range Backups(path) {
		sum, _, err := hashFile(context.Background(), b.Path, nil)
		if err == nil && sum == b.SHA256 {
			return b.Path, b.Manifest, true
		}
	}
	return "", m, false
}

// BackupFile is a backup and what its manifest says.
type BackupFile struct {
	Path string
	Manifest
}

// Backups are those of the store that lie beside it, the newest first. That their bytes
// are still those of the manifest is not looked into, only their size.
func Backups(path string) []BackupFile {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil
	}
	var list []BackupFile
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok || strings.HasPrefix(name, ".") {
			continue
		}
		file := filepath.Join(filepath.Dir(path), name)
		m, err := readManifest(file)
		if err != nil || m.Store != filepath.Base(path) {
			continue
		}
		if info, err := os.Stat(file); err != nil || info.Size() != m.Size {
			continue
		}
		list = append(list, BackupFile{file, m})
	}
	slices.SortFunc(list, func(a, b BackupFile) int { // of one second: BackupName gives the second of them the longer name
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.Path, a.Path))
	})
	return list
}

func readManifest(path string) (m Manifest, err error) {
	f, err := os.Open(manifestOf(path))
	if err != nil {
		return m, err
	}
	defer f.Close()
	// Other programs keep JSON beside their data too, some of it large.
	if err := json.NewDecoder(io.LimitReader(f, 1<<20)).Decode(&m); err != nil {
		return m, fmt.Errorf("%s: %w", manifestOf(path), err)
	}
	if m.SHA256 == "" || len(m.SHA256) != hex.EncodedLen(sha256.Size) {
		return m, fmt.Errorf("%s is no manifest of a backup", manifestOf(path))
	}
	return m, nil
}

// DropOldBackups removes all but the newest few of the backups beside the store whose
// names BackupName made, and gives the names of those removed. Others it leaves alone.
func DropOldBackups(path string, keep int) (removed []string, err error) {
	own := regexp.MustCompile(`^` + regexp.QuoteMeta(stem(path)) + `-\d{4}-\d\d-\d\dT\d{4}(\d\d)?` + regexp.QuoteMeta(backupSuffix) + `$`)
	for _, b := range Backups(path) {
		if !own.MatchString(filepath.Base(b.Path)) {
			continue
		}
		if keep > 0 {
			keep--
			continue
		}
		// The backup first: a manifest without one is seen by nobody.
		if err := errors.Join(os.Remove(b.Path), os.Remove(manifestOf(b.Path))); err != nil {
			return removed, fmt.Errorf("remove an old backup: %w", err)
		}
		removed = append(removed, b.Path)
	}
	return removed, nil
}
