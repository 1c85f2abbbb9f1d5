package tenor

import (
	"errors"
	"fmt"
)

// Sentinels that callers test with errors.Is. Everything else is wrapped with
// what was being done and to what, and is only shown.
var (
	// ErrNotFound: the store holds no such article, quote or source.
	ErrNotFound = errors.New("not found")
	// ErrUsage: the caller asked for something that cannot be asked. The
	// command line exits with 2 and the web answers 400.
	ErrUsage = errors.New("wrong usage")
	// ErrTaken: a name is that of something else already.
	ErrTaken = errors.New("name taken")
	// ErrNoArticle: a page was read and holds no article.
	ErrNoArticle = errors.New("no article")
	// ErrNotEnglish: the article is in a language that the tagger does not read.
	ErrNotEnglish = errors.New("not in English")
	// ErrTruncated: the page was cut at the size limit, so it is kept but not tagged.
	ErrTruncated = errors.New("page cut at the size limit")
	// ErrForgotten: the article, or all of its outlet, was taken down here and is not
	// taken again.
	ErrForgotten = errors.New("was taken down here, and is not collected again")
	// ErrDiskFull: there is no room to write the store. What was stored is whole and
	// can be read.
	ErrDiskFull = errors.New("the disk is full")
)

// NoRoomError says that a file was not made, since the disk has too little room for it.
// It is an ErrDiskFull.
type NoRoomError struct{ Need, Free int64 } // bytes

func (e *NoRoomError) Error() string {
	return fmt.Sprintf("a copy of the store takes %d MB, and the disk has %d MB free: free some space there, then try again",
		e.Need/1e6+1, e.Free/1e6)
}

func (e *NoRoomError) Unwrap() error { return ErrDiskFull }
