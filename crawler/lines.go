package crawler

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// errLongLine: a line was longer than the limit; it has been skipped.
var errLongLine = errors.New("the line is too long")

// lineReader reads lines without ever holding more than one of at most limit bytes.
type lineReader struct {
	r     *bufio.Reader
	limit int
	buf   []byte
}

func newLineReader(r io.Reader, limit int) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 64<<10), limit: limit}
}

// next is the next line without its end; valid until the next call. io.EOF ends it.
func (l *lineReader) next() ([]byte, error) {
	l.buf = l.buf[:0]
	long, any := false, false
	for {
		part, err := l.r.ReadSlice('\n')
		any = any || len(part) > 0
		if len(l.buf)+len(part) > l.limit {
			long = true
			l.buf = l.buf[:0]
		} else if !long {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !(errors.Is(err, io.EOF) && any):
			return nil, err
		case long:
			return nil, fmt.Errorf("%w: more than %d MiB", errLongLine, l.limit>>20)
		}
		line := l.buf
		for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
			line = line[:len(line)-1]
		}
		return line, nil
	}
}
