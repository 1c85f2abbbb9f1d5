package crawler

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// A WARC file (ISO 28500, versions 1.0 and 1.1) is a row of records: a version
// line, named fields, an empty line, a block of Content-Length bytes, two line
// ends. In .warc.gz each record is most often a gzip member of its own; members
// that hold several records, or a piece of one, are read too.

const (
	maxWARCHeader = 64 << 10 // of one record: the fields, and also a single line
	warcBuffer    = 64 << 10
)

// warcDamage is a place in a file that could not be read. The reader goes on
// behind it.
type warcDamage struct {
	offset int64 // in the file as it lies on disk
	reason string
}

func (d *warcDamage) Error() string { return fmt.Sprintf("at byte %d: %s", d.offset, d.reason) }

// warcSource gives the decoded bytes. Read ends with io.EOF at the end of each
// gzip member; advance goes on to the next one, or says io.EOF at the end of the file.
type warcSource interface {
	io.Reader
	advance() error
	// recover goes on to the next place where reading can begin, after an error of
	// Read or advance other than io.EOF.
	recover() error
	// offset is where the bytes that were read last begin: of the member, or, where
	// there are none, of what is not yet read.
	offset() int64
}

// warcReader reads the records of a file one after the other. It holds one buffer,
// whatever the file holds.
type warcReader struct {
	src     warcSource
	in      *bufio.Reader
	packed  bool
	left    int64 // of the block at hand
	start   int64 // offset of the record at hand
	header  warcHeader
	line    []byte
	records int   // seen so far
	fault   error // of the block at hand, to be told by next
}

// newWARCReader recognises gzip by its first bytes.
func newWARCReader(r io.Reader) (*warcReader, error) {
	kept := &rewinder{r: r}
	file := bufio.NewReaderSize(kept, warcBuffer)
	magic, err := file.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	w := &warcReader{packed: len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b}
	if w.packed {
		w.src = &memberReader{kept: kept, file: file}
	} else {
		kept.forget = true
		w.src = &plainWARC{kept: kept, file: file}
	}
	w.in = bufio.NewReaderSize(w.src, warcBuffer)
	return w, nil
}

// next goes to the next record, whose block can then be read. It returns io.EOF at
// the end, and a *warcDamage where something could not be read, after which it may
// be called again. Other errors are the file system's.
func (w *warcReader) next() (*warcHeader, error) {
	if w.left > 0 {
		w.skip()
	}
	if w.fault != nil {
		return nil, w.mend(w.fault)
	}
	for {
		w.start = w.offset()
		line, err := w.readLine()
		switch {
		case err == io.EOF:
			return nil, io.EOF
		case err != nil:
			return nil, w.mend(err)
		case len(line) == 0:
			continue
		}
		if w.packed {
			w.start = w.src.offset()
		}
		if !isWARCVersion(line) {
			return nil, w.mend(w.damage("no WARC record begins here"))
		}
		if err := w.readFields(); err != nil {
			return nil, w.mend(err)
		}
		w.records++
		w.left = w.header.length
		return &w.header, nil
	}
}

func isWARCVersion(line []byte) bool {
	return len(line) >= 8 && len(line) <= 16 && string(line[:5]) == "WARC/" && line[5] >= '0' && line[5] <= '9' && line[6] == '.'
}

func (w *warcReader) offset() int64 {
	if w.packed {
		return w.src.offset()
	}
	return w.src.offset() - int64(w.in.Buffered())
}

func (w *warcReader) damage(format string, args ...any) *warcDamage {
	return &warcDamage{w.start, fmt.Sprintf(format, args...)}
}

var errLineTooLong = errors.New("a line of its header is too long")

// readLine reads a line without its end. A line that is cut by the end of a member
// goes on in the next, unless a record begins there. io.EOF is the end of the file.
func (w *warcReader) readLine() ([]byte, error) {
	w.line = w.line[:0]
	for {
		piece, err := w.in.ReadSlice('\n')
		if len(w.line)+len(piece) > maxWARCHeader {
			return nil, errLineTooLong
		}
		switch {
		case err == nil && len(w.line) == 0:
			return bytes.TrimRight(piece, "\r\n"), nil
		case err == nil:
			w.line = append(w.line, piece...)
			return bytes.TrimRight(w.line, "\r\n"), nil
		case err == bufio.ErrBufferFull:
			return nil, errLineTooLong
		}
		w.line = append(w.line, piece...)
		if err != io.EOF {
			return nil, err
		}
		if err := w.src.advance(); err != nil {
			if err == io.EOF && len(w.line) > 0 {
				return nil, io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if len(bytes.TrimSpace(w.line)) > 0 && w.atRecord() {
			return nil, errCutRecord
		}
	}
}

// errCutRecord: the next member begins a record where this one is not at its end.
var errCutRecord = errors.New("the record ends too early")

func (w *warcReader) atRecord() bool {
	head, _ := w.in.Peek(8)
	return isWARCVersion(head)
}

// Read reads the block of the record at hand. A block that ends too early gives
// io.ErrUnexpectedEOF, and next then says where.
func (w *warcReader) Read(p []byte) (int, error) {
	if w.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > w.left {
		p = p[:w.left]
	}
	n, err := w.in.Read(p)
	w.left -= int64(n)
	if err == nil || n > 0 {
		return n, nil
	}
	return 0, w.crossed(err)
}

// skip passes over the rest of the block.
func (w *warcReader) skip() {
	for w.left > 0 {
		n, err := w.in.Discard(int(min(w.left, 1<<30)))
		w.left -= int64(n)
		if err != nil && w.crossed(err) != nil {
			return
		}
	}
}

// whole passes over the rest of the record, and reports whether all of it was
// there and, where it is packed, has its checksum. If not, next says so.
func (w *warcReader) whole() bool {
	w.skip()
	if w.fault == nil && w.packed {
		var packed *memberError
		if _, err := w.in.Peek(5); errors.As(err, &packed) { // two line ends, and what is behind them
			w.fault = err
		}
	}
	return w.fault == nil
}

// crossed goes on behind the end of a member in the middle of a block; nil when
// the block goes on there.
func (w *warcReader) crossed(err error) error {
	if err == io.EOF {
		switch err = w.src.advance(); {
		case err == io.EOF:
			err = io.ErrUnexpectedEOF
		case err == nil && w.atRecord():
			err = errCutRecord
		}
	}
	if err != nil {
		w.left, w.fault = 0, err
		return io.ErrUnexpectedEOF
	}
	return nil
}

// mend makes a *warcDamage of an error and goes to the next place where a record
// can begin. Errors of the file itself stay what they are.
func (w *warcReader) mend(err error) error {
	w.left, w.fault = 0, nil
	d := &warcDamage{offset: w.start}
	var packed *memberError
	switch {
	case errors.As(err, &d): // told by the reader of records: look for the next one from here
		return unlessFatal(w.resync(), d)
	case err == errCutRecord: // the next one begins right here
		d.reason = err.Error()
		return d
	case err == errLineTooLong:
		d.reason = err.Error()
		return unlessFatal(w.resync(), d)
	case err == io.ErrUnexpectedEOF:
		d.reason = "the file ends in the middle of a record"
		return d
	case errors.As(err, &packed):
		d.offset, d.reason = packed.offset, packed.reason
		w.in.Reset(w.src)
		return unlessFatal(w.src.recover(), d)
	}
	return err
}

// unlessFatal is the damage, unless going on failed for a reason of the file system.
func unlessFatal(err error, d *warcDamage) error {
	var packed *memberError
	if err != nil && err != io.EOF && !errors.As(err, &packed) {
		return err
	}
	return d
}

// resync passes over lines until one begins a record.
func (w *warcReader) resync() error {
	for begins := true; ; {
		if begins && w.atRecord() {
			return nil
		}
		_, err := w.in.ReadSlice('\n')
		begins = err == nil
		switch {
		case err == nil || err == bufio.ErrBufferFull:
		case err == io.EOF:
			if err := w.src.advance(); err != nil {
				w.fault = notEOF(err)
				return err
			}
			begins = true
		default:
			w.fault = err
			return nil
		}
	}
}

func notEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
