package store

import (
	"database/sql"
	"fmt"

	"tenor"
)

// storedText is what is stored of an article's text.
type storedText struct {
	plain   string // empty where it is packed
	packed  []byte // zstd; nil where that is no shorter
	simhash sql.NullInt64
}

func storeText(a *tenor.Article) (t storedText, err error) {
	t.simhash = fingerprint(a.Text)
	t.plain, t.packed, err = packText(a.Text)
	return t, err
}

// packText gives an article's text as it is stored: compressed where that is shorter.
func packText(text string) (plain string, packed []byte, err error) {
	enc, err := encoder()
	if err != nil {
		return "", nil, err
	}
	if packed = enc.EncodeAll([]byte(text), nil); len(packed) < len(text) {
		return "", packed, nil
	}
	return text, nil, nil
}

// unpackText reads what packText gave. What was changed on the disk is an error.
func unpackText(plain string, packed []byte) (string, error) {
	if packed == nil {
		return plain, nil
	}
	dec, err := decoder()
	if err != nil {
		return "", err
	}
	text, err := dec.DecodeAll(packed, nil)
	if err != nil {
		return "", fmt.Errorf("the text cannot be read: %w (%w)", errDamaged, err)
	}
	return string(text), nil
}
