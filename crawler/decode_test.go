package crawler

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"tenor"
)

// quotes are one sentence said in several alphabets; the ASCII one fits all charsets.
var quotes = map[string]string{
	"ascii":       `"Small caps will lead from here," said Orla Penn of Marsh Lane, who has owned the group since spring and means to keep it.`,
	"western":     `"Les petites valeurs mèneront la danse," a déclaré Zoé Hervé-Brûlé, stratège à la maison Forêt & Côte, qui en achète déjà depuis l'été.`,
	"central":     `"Małe spółki będą górą," powiedziała Łucja Źródłowska z domu maklerskiego Świerk, która kupuje je już od początku września.`,
	"cyrillic":    `"Малые компании будут впереди," сказала Вера Липова из дома Берег, которая держит эту группу с весны и не намерена её продавать.`,
	"japanese":    `「小型株がここから相場を導くだろう」と、みなと証券の高森さくら氏は述べた。同氏は春からこの銘柄群を保有しており、今後も保有を続ける考えだ。`,
	"simplified":  `“小盘股将从这里开始领涨，”湖畔证券的首席策略师林知远说。他从春天起就持有这一板块，并打算继续持有下去，直到明年的业绩公布为止。`,
	"traditional": `「小型股將從這裡開始領漲，」湖畔證券的首席策略師林知遠說。他從春天起就持有這一類股，並打算繼續持有下去，直到明年的業績公布為止。`,
	"korean":      `"소형주가 여기서부터 시장을 이끌 것"이라고 호반증권의 한여울 전략가는 말했다. 그는 봄부터 이 종목들을 보유해 왔으며 앞으로도 보유할 생각이다.`,
}

// charsets lists which of the quotes each can hold.
var charsets = []struct{ name, alphabets string }{
	{"utf-8", "ascii western central cyrillic japanese simplified traditional korean"},
	{"utf-16le", "ascii western central cyrillic japanese simplified traditional korean"},
	{"utf-16be", "ascii western central cyrillic japanese simplified traditional korean"},
	{"windows-1252", "ascii western"}, {"iso-8859-1", "ascii western"}, {"iso-8859-15", "ascii western"},
	{"iso-8859-2", "ascii central"}, {"windows-1250", "ascii central"},
	{"windows-1251", "ascii cyrillic"}, {"koi8-r", "ascii cyrillic"}, {"iso-8859-5", "ascii cyrillic"},
	{"gb18030", "ascii simplified traditional japanese western"}, {"gbk", "ascii simplified"}, {"big5", "ascii traditional"},
	{"shift_jis", "ascii japanese"}, {"euc-jp", "ascii japanese"}, {"iso-2022-jp", "ascii japanese"}, {"euc-kr", "ascii korean"},
}

// H32: a quote is the same text whatever charset its page is served in, and
// however the page says which that is.
func TestExtractReadsEveryCharset(t *testing.T) {
	for _, c := range charsets {
		for alphabet := range strings.FieldsSeq(c.alphabets) {
			quote := norm.NFC.String(quotes[alphabet])
			declared := map[string]*tenor.Page{
				"header": {Body: encodeAs(t, c.name, pageOf(quote, "")), Header: http.Header{"Content-Type": {"text/html; charset=" + c.name}}},
				"meta":   {Body: encodeAs(t, c.name, pageOf(quote, `<meta charset="`+c.name+`">`))},
				"late":   {Body: encodeAs(t, c.name, pageOf(quote, "<script>"+strings.Repeat("var x = 0;", 200)+`</script><meta charset="`+c.name+`">`))},
				"equiv":  {Body: encodeAs(t, c.name, pageOf(quote, `<meta http-equiv="Content-Type" content="text/html; charset=`+strings.ToUpper(c.name)+`">`))},
			}
			if strings.HasPrefix(c.name, "utf") {
				declared["mark"] = &tenor.Page{Body: encodeAs(t, c.name, "\ufeff"+pageOf(quote, ""))}
			}
			if strings.HasPrefix(c.name, "utf-16") {
				delete(declared, "meta") // a <meta> cannot be read before it is known that it is UTF-16
				delete(declared, "equiv")
				delete(declared, "late")
			}
			for how, page := range declared {
				page.FetchedAt = importedAt
				a, err := Extract(page)
				if err != nil || !strings.Contains(a.Text, quote) {
					t.Errorf("%s in %s by %s: %v\ngot  %.90q\nwant %.90q", alphabet, c.name, how, err, a.Text, quote)
				}
			}
		}
	}
}

// Accents written as two letters become one.
func TestExtractNormalises(t *testing.T) {
	a, err := Extract(&tenor.Page{Body: []byte(pageOf(norm.NFD.String(quotes["western"]), "")), FetchedAt: importedAt})
	if err != nil || !strings.Contains(a.Text, quotes["western"]) {
		t.Errorf("%v %q", err, a.Text)
	}
}

// A page that declares nothing is read by its letters.
func TestExtractGuessesCharset(t *testing.T) {
	for name, alphabet := range map[string]string{
		"windows-1252": "western", "windows-1251": "cyrillic", "koi8-r": "cyrillic", "shift_jis": "japanese", "euc-jp": "japanese",
		"gb18030": "simplified", "big5": "traditional", "euc-kr": "korean",
	} {
		a, err := Extract(&tenor.Page{Body: encodeAs(t, name, pageOf(quotes[alphabet], "")), FetchedAt: importedAt})
		if err != nil || !strings.Contains(a.Text, quotes[alphabet]) {
			t.Errorf("%s: %v %.90q", name, err, a.Text)
		}
	}
}

// One broken sign, or a cut inside a letter, does not turn a page of UTF-8 into another charset.
func TestExtractKeepsBrokenUTF8(t *testing.T) {
	body := pageOf(quotes["western"]+strings.Repeat(" Élan, été, forêt, côte.", 20)+"\xe9", "")
	a, err := Extract(&tenor.Page{Body: []byte(body), FetchedAt: importedAt})
	if err != nil || !strings.Contains(a.Text, quotes["western"]) {
		t.Errorf("%v %.90q", err, a.Text)
	}
}

func pageOf(quote, meta string) string {
	return "<html><head>" + meta + "<title>" + quote[:1] + "</title></head><body><article><p>" + quote + "</p><p>" + quote + "</p><p>" + quote + "</p></article></body></html>"
}

func encodeAs(t *testing.T, name, text string) []byte {
	t.Helper()
	enc, _ := charset.Lookup(name)
	switch name {
	case "utf-8":
		return []byte(text)
	case "utf-16le":
		enc = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case "utf-16be":
		enc = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	encoded, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return encoded
}
