package crawler

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// rewinder is a file of which the last bytes can be read again, also where it is a
// pipe: after damage the next good member may begin before the place at which the
// decompressor noticed.
type rewinder struct {
	r      io.Reader
	total  int64  // read so far
	kept   []byte // the bytes before total, once those in again are read too
	again  []byte // to be read once more
	forget bool
}

const rewindable = 128 << 10

func (k *rewinder) Read(p []byte) (int, error) {
	if len(k.again) > 0 {
		n := copy(p, k.again)
		k.again = k.again[n:]
		k.total += int64(n)
		return n, nil
	}
	n, err := k.r.Read(p)
	k.total += int64(n)
	if k.forget {
		return n, err
	}
	if len(k.kept)+n > 2*rewindable {
		k.kept = append(k.kept[:0], k.kept[len(k.kept)-min(len(k.kept), rewindable):]...)
	}
	k.kept = append(k.kept, p[:n]...)
	return n, err
}

// back goes back to an offset, or as far as is kept.
func (k *rewinder) back(offset int64) {
	end := k.total + int64(len(k.again))
	first := max(offset, end-int64(len(k.kept)))
	k.again = bytes.Clone(k.kept[len(k.kept)-int(end-first):])
	k.total = first
}

// plainWARC is a file that is not compressed: one long member.
type plainWARC struct {
	kept *rewinder
	file *bufio.Reader
}

func (p *plainWARC) Read(b []byte) (int, error) { return p.file.Read(b) }
func (p *plainWARC) advance() error             { return io.EOF }
func (p *plainWARC) recover() error             { return io.EOF }
func (p *plainWARC) offset() int64              { return p.kept.total - int64(p.file.Buffered()) }

// memberReader unpacks the members of a .gz file one by one.
type memberReader struct {
	kept    *rewinder
	file    *bufio.Reader // compressed
	zip     *gzip.Reader  // nil before the first member
	in      bool          // inside a member
	start   int64         // of the member
	scanned int64         // up to here no member begins that could be read
	err     error         // of the member; told until recover
}

// memberError is damage to the compressed file.
type memberError struct {
	offset int64
	reason string
}

func (e *memberError) Error() string { return e.reason }

func (m *memberReader) offset() int64 { return m.start }

func (m *memberReader) position() int64 { return m.kept.total - int64(m.file.Buffered()) }

func (m *memberReader) Read(p []byte) (int, error) {
	switch {
	case m.err != nil:
		return 0, m.err
	case !m.in:
		return 0, io.EOF
	}
	n, err := m.zip.Read(p)
	if err == nil || n > 0 {
		return n, nil // the error comes again
	}
	m.in = false
	if err == io.EOF {
		return 0, io.EOF
	}
	m.err = m.failed(err)
	return 0, m.err
}

func (m *memberReader) failed(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), err == io.EOF:
		return &memberError{m.start, "the file ends in the middle of a record"}
	case errors.Is(err, gzip.ErrChecksum):
		return &memberError{m.start, "the record is damaged (its checksum is wrong)"}
	case errors.Is(err, gzip.ErrHeader):
		return &memberError{m.start, "no gzip member begins here"}
	case isFlateError(err):
		return &memberError{m.start, "the record is damaged (it cannot be unpacked)"}
	}
	return err
}

func (m *memberReader) advance() error {
	if m.err != nil {
		return m.err
	}
	m.start = m.position()
	if _, err := m.file.Peek(1); err != nil {
		return err
	}
	var err error
	if m.zip == nil {
		m.zip, err = gzip.NewReader(m.file)
	} else {
		err = m.zip.Reset(m.file)
	}
	if err != nil {
		m.in = false
		m.err = m.failed(err)
		return m.err
	}
	m.zip.Multistream(false)
	m.in = true
	return nil
}

// recover looks for the next member that begins with a record. What damage made
// the decompressor swallow is looked at again, but no byte more than once, so that
// a hostile file costs no more than twice its length.
func (m *memberReader) recover() error {
	end := m.position()
	from := max(m.start+1, end-rewindable, m.scanned)
	m.scanned = end
	m.in, m.err = false, nil
	if from < end {
		m.kept.back(from)
		m.file.Reset(m.kept)
	}
	for {
		head, err := m.file.Peek(4096)
		at := bytes.IndexByte(head, 0x1f)
		switch {
		case at < 0 && err != nil:
			m.file.Discard(len(head))
			return err
		case at < 0:
			m.file.Discard(len(head))
			continue
		case at > 0:
			m.file.Discard(at)
			continue
		}
		if beginsRecord(head) {
			return m.advance()
		}
		m.file.Discard(1)
	}
}

// beginsRecord reports whether a gzip member begins here whose first bytes are
// those of a WARC record.
func beginsRecord(head []byte) bool {
	if len(head) < 18 || head[1] != 0x8b || head[2] != 8 || head[3]&0xe0 != 0 {
		return false
	}
	z, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return false
	}
	var first [8]byte
	_, err = io.ReadFull(z, first[:])
	return err == nil && isWARCVersion(first[:])
}

func isFlateError(err error) bool {
	var corrupt flate.CorruptInputError
	var internal flate.InternalError
	return errors.As(err, &corrupt) || errors.As(err, &internal)
}
