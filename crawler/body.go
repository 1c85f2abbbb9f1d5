package crawler

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// readBody reads and unpacks a body, at most limit bytes of it once unpacked, and
// says whether there was more. A file packed with gzip (sitemap.xml.gz) is
// unpacked too, under the same limit: 1 MiB of it can hold 1 GiB.
func readBody(resp *http.Response, limit int64) (body []byte, cut bool, err error) {
	// What is packed is never larger than what comes out, save for headers;
	// this ends streams of empty gzip members.
	var r io.Reader = io.LimitReader(resp.Body, limit+1<<20)
	var codings []string
	for _, h := range resp.Header.Values("Content-Encoding") {
		for c := range strings.SplitSeq(h, ",") {
			if c = strings.ToLower(strings.TrimSpace(c)); c != "" && c != "identity" {
				codings = append(codings, c)
			}
		}
	}
	if len(codings) > 2 {
		return nil, false, failed("the page is packed %d times over", len(codings))
	}
	slices.Reverse(codings)
	for _, coding := range codings {
		if r, err = unpack(coding, r); err != nil {
			return nil, false, err
		}
	}
	buffered := readers.Get().(*bufio.Reader)
	buffered.Reset(r)
	defer func() {
		buffered.Reset(nil)
		readers.Put(buffered)
	}()
	r = buffered
	if magic, _ := buffered.Peek(3); bytes.Equal(magic, []byte{0x1f, 0x8b, 8}) {
		if r, err = gzip.NewReader(buffered); err != nil {
			return nil, false, failed("the page is not packed as it says (gzip)")
		}
	}
	out := buffers.Get().(*bytes.Buffer)
	out.Reset()
	_, err = out.ReadFrom(io.LimitReader(r, min(limit+1, maxPooled)))
	if left := limit + 1 - int64(out.Len()); err == nil && left > 0 && out.Len() >= maxPooled {
		out.Grow(int(left) + bytes.MinRead) // at once: what doubles holds three times the page for a while
		_, err = out.ReadFrom(io.LimitReader(r, left))
	}
	body, cut = out.Bytes()[:min(int64(out.Len()), limit)], int64(out.Len()) > limit
	if out.Cap() <= 2*maxPooled || len(body) < out.Cap()/2 {
		body = bytes.Clone(body)
	}
	if out.Cap() <= 2*maxPooled {
		buffers.Put(out)
	}
	if cut {
		return body, true, nil
	}
	var corrupt flate.CorruptInputError
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) || errors.Is(err, zlib.ErrChecksum) || errors.As(err, &corrupt) {
		p := failed("the page is damaged: it cannot be unpacked")
		p.cause = err
		return nil, false, p
	}
	return body, false, err
}

func unpack(coding string, r io.Reader) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
		buffered := bufio.NewReader(r)
		if _, err := buffered.Peek(1); err == io.EOF {
			return buffered, nil // an empty body, said to be packed
		}
		z, err := gzip.NewReader(buffered)
		if errors.Is(err, gzip.ErrHeader) {
			return nil, failed("the page is not packed as it says (gzip)")
		}
		return z, err
	case "deflate":
		// The standard means zlib; some servers send bare deflate.
		buffered := bufio.NewReader(r)
		head, err := buffered.Peek(2)
		if err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
			return zlib.NewReader(buffered)
		}
		return flate.NewReader(buffered), nil
	}
	return nil, failed("the page is packed as %s, which was not asked for", sentence(clip(coding)))
}

// Bodies are read into buffers that are used again, since few servers say how long
// they are; what is kept of one has the size it needs. A large buffer would be held
// for the sake of one large page.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var readers = sync.Pool{New: func() any { return bufio.NewReader(nil) }}

const maxPooled = 1 << 20

func isBrokenConnection(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}
