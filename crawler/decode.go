package crawler

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// decodeText turns bytes as served into UTF-8 in form NFC. contentType is the
// Content-Type header, "" when there is none. Bytes that are valid UTF-8 and not
// plain ASCII are UTF-8 whatever the page declares: servers that relabel their
// pages are far more common than other charsets that happen to be valid UTF-8.
// Otherwise the byte order mark decides, the header, the page's <meta>, and last
// the statistics of its letters.
// ASCII still goes through the declared charset, since ISO-2022-JP is 7 bits.
func decodeText(body []byte, contentType string) (string, error) {
	if utf16 := utf16WithoutMark(body, contentType); utf16 != nil {
		return cleanText(string(utf16)), nil
	}
	if isBinary(body) {
		return "", errors.New("it is not text")
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if !mostlyUTF8(body) || isASCII(body) {
		enc, name, certain := charset.DetermineEncoding(body, contentType)
		if !certain && name == undeclared {
			enc, name = guessEncoding(body, enc, name)
		}
		if name != "utf-8" {
			decoded, err := enc.NewDecoder().Bytes(body)
			if err != nil {
				return "", fmt.Errorf("decode %s: %w", name, err)
			}
			body = bytes.TrimPrefix(decoded, []byte("\ufeff"))
		}
	}
	return cleanText(string(body)), nil
}

// cleanText makes text storable and changes nothing else: valid UTF-8, form NFC,
// lines ended by \n, no control characters but tab and newline.
func cleanText(s string) string {
	if !utf8.ValidString(s) { // which is the quicker of the two
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if hasControl(s) {
		s = strings.Map(dropControl, s)
	}
	return norm.NFC.String(s)
}

func hasControl(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return true
		}
	}
	return strings.Contains(s, "\ufeff")
}

func isControl(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == '\ufeff'
}

func dropControl(r rune) rune {
	switch {
	case r == '\r':
		return '\n'
	case isControl(r):
		return -1
	}
	return r
}

// isBinary reports whether bytes are an image, a program or the like under a
// text's name: one in twenty of the first is a control character, where texts, in
// whatever 8-bit charset, have a stray one at most. UTF-16 and UTF-32 say what they
// are by their mark; ESC begins each change of alphabet in ISO-2022-JP.
func isBinary(b []byte) bool {
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return false
	}
	sample, controls := b[:min(len(b), 4096)], 0
	for _, c := range sample {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b {
			controls++
		}
	}
	return controls*20 > len(sample)
}

// mostlyUTF8: valid UTF-8, but for one byte in a hundred of those beyond ASCII:
// templates paste in a broken sign, and a page is cut inside a letter. Text in
// another charset hardly ever holds a valid sequence.
func mostlyUTF8(b []byte) bool {
	if utf8.Valid(b) {
		return true
	}
	good, bad := 0, 0
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			bad++
		} else {
			good++
		}
		b = b[size:]
	}
	return bad*100 <= good
}

// undeclared is what the standard takes a page for that declares no charset, or
// declares it below the first KiB.
const undeclared = "windows-1252"

// minCharsetConfidence is the least that a guessed charset must score, of 100. A
// paragraph of Russian, Japanese or Chinese scores 50 and more in its own.
const minCharsetConfidence = 40

var lateCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]+)`)

// guessEncoding reads a declaration that stands further down, and guesses the
// charset of a page without one from its letters; it is the standard's where they
// do not settle it.
func guessEncoding(b []byte, fallback encoding.Encoding, name string) (encoding.Encoding, string) {
	head := b[:min(len(b), 64<<10)]
	label := ""
	if m := lateCharset.FindSubmatch(head); m != nil {
		label = string(m[1])
	} else if result, err := chardet.NewHtmlDetector().DetectBest(head); !isASCII(b) && err == nil && result.Confidence >= minCharsetConfidence {
		label = strings.Replace(result.Charset, "GB-18030", "gb18030", 1)
	}
	if guessed, canonical := charset.Lookup(label); guessed != nil {
		return guessed, canonical
	}
	return fallback, name
}

// utf16WithoutMark decodes UTF-16 that carries no byte order mark, as files saved
// by some Windows programs do, recognised by a zero in nearly every second byte, or
// as the Content-Type says. It is nil for anything else.
func utf16WithoutMark(b []byte, contentType string) []byte {
	sample := b[:min(len(b), 512)&^1]
	if len(sample) < 8 || sample[0] == 0xff || sample[0] == 0xfe {
		return nil
	}
	var zero [2]int
	for i, c := range sample {
		if c == 0 {
			zero[i&1]++
		}
	}
	half := len(sample) / 2
	order := unicode.LittleEndian
	header := strings.ToLower(contentType)
	switch {
	case zero[0]+zero[1] > 0 && strings.Contains(header, "utf-16le"):
	case zero[0]+zero[1] > 0 && strings.Contains(header, "utf-16be"):
		order = unicode.BigEndian
	case zero[1]*10 > half*8 && zero[0]*10 < half:
	case zero[0]*10 > half*8 && zero[1]*10 < half:
		order = unicode.BigEndian
	default:
		return nil
	}
	decoded, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(b)
	if err != nil {
		return nil
	}
	return decoded
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
