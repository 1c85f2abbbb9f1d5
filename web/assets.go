package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed static
var staticFiles embed.FS

// distFiles holds the chart's bundle when it was built (make chart); a tracked
// empty file keeps the folder there without it.
//
//go:embed all:dist
var distFiles embed.FS

const chartBundle = "chart.js"

// HasChart reports whether the chart's script is in this binary.
func HasChart() bool {
	_, err := fs.Stat(distFiles, "dist/"+chartBundle)
	return err == nil
}

// assetSet serves the embedded files under names that change with their content,
// so that browsers may keep them for ever.
type assetSet struct {
	hashed map[string]string // "style.css" → "style.1a2b3c4d.css"
	files  map[string]asset  // by hashed name
}

type asset struct {
	body        []byte
	contentType string
	etag        string
	zipped      func() []byte // the body in gzip, as small as it gets: made once, when first asked for
}

// contentTypes are fixed here: package mime also asks the machine, and some
// machines say that .js is text/plain, which nosniff then refuses to run.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func loadAssets() (*assetSet, error) {
	set := &assetSet{map[string]string{}, map[string]asset{}}
	for _, from := range []struct {
		files embed.FS
		dir   string
	}{{staticFiles, "static"}, {distFiles, "dist"}} {
		entries, err := from.files.ReadDir(from.dir)
		if err != nil {
			return nil, fmt.Errorf("read embedded %s: %w", from.dir, err)
		}
		for _, e := range entries {
			if e.IsDir() || strings.HasPrefix(e.Name(), ".") || e.Name() == "meta.json" {
				continue
			}
			body, err := from.files.ReadFile(from.dir + "/" + e.Name())
			if err != nil {
				return nil, fmt.Errorf("read embedded %s: %w", e.Name(), err)
			}
			set.add(e.Name(), body)
		}
	}
	return set, nil
}

func (s *assetSet) add(name string, body []byte) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + hash + ext
	s.hashed[name] = hashed
	s.files[hashed] = asset{body, contentTypes[ext], hash, sync.OnceValue(func() []byte { return zip(body) })}
}

// path is the address of an asset; empty when it is not in this binary.
func (s *assetSet) path(name string) string {
	if hashed, ok := s.hashed[name]; ok {
		return "/static/" + hashed
	}
	return ""
}

func (s *assetSet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, ok := s.files[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	body, etag := a.body, a.etag
	if takesGzip(r) {
		body, etag = a.zipped(), etag+"-gzip"
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func zip(body []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // a level that it has
	w.Write(body)
	w.Close()
	return b.Bytes()
}

// takesGzip reports whether an answer may be in gzip.
func takesGzip(r *http.Request) bool {
	for one := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, rest, _ := strings.Cut(one, ";")
		weight := strings.TrimLeft(strings.TrimSpace(rest), "q=0.")
		if name = strings.TrimSpace(name); (name == "gzip" || name == "*") && (rest == "" || weight != "") {
			return true
		}
	}
	return false
}
