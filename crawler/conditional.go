package crawler

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"tenor"
)

// maxETag bounds what is kept of a server's own name for a version; real ones have
// some 40 bytes.
const maxETag = 512

// conditional asks for a page only if it is not the version that is known (RFC 9110,
// 13.1). Servers that know no ETag go by the date.
func conditional(header http.Header, known *tenor.Validators) {
	if known.ETag != "" {
		header["If-None-Match"] = []string{known.ETag}
	}
	if known.LastModified != "" {
		header["If-Modified-Since"] = []string{known.LastModified}
	}
}

// validators are what the answer says of its version; none when it says nothing
// that can be relied on.
func validators(record *hopRecord) tenor.Validators {
	v := tenor.Validators{URL: record.url}
	if tag := record.header.Get("ETag"); len(tag) <= maxETag && strings.HasSuffix(tag, `"`) {
		v.ETag = tag
	}
	if date := record.header.Get("Last-Modified"); date != "" {
		if _, err := http.ParseTime(date); err == nil {
			v.LastModified = date
		}
	}
	if v.ETag == "" && v.LastModified == "" || record.cut {
		return tenor.Validators{}
	}
	return v
}

// readAs is what a fetch is taken for: its kind, and all that the configuration says
// of its source. Where that changes (another pattern of links), the same page may
// mean something else and must be read again.
func (r *run) readAs(source string, kind tenor.FetchKind) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.source(source)
	if s.settings == "" {
		text, _ := json.Marshal(s.Source) // of plain values, which cannot fail
		sum := sha256.Sum256(text)
		s.settings = hex.EncodeToString(sum[:8])
	}
	return string(kind) + " " + s.settings
}

// known is what a fetch may be asked for conditionally with, and the kind that it
// was read as.
func (r *run) known(f *tenor.Fetch) (tenor.Validators, tenor.FetchKind) {
	kind, _, _ := strings.Cut(f.Validators.ReadAs, " ")
	if kind == "" || f.Validators.ReadAs != r.readAs(f.Source, tenor.FetchKind(kind)) {
		return tenor.Validators{}, ""
	}
	return f.Validators, tenor.FetchKind(kind)
}
