package crawler

import (
	"bufio"
	"bytes"
	"compress/gzip" // the yardstick is the standard library
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// newsArchive makes a WARC file of invented pages as a news crawl has them: for each a
// request, the answer (of 60 to 140 KB, mostly scripts and menus around a story), and
// metadata; every eighth answer is no page. plain and packed hold the same records.
func newsArchive(pages int) (plain, zipped []byte) {
	random := rand.New(rand.NewPCG(7, 7))
	words := strings.Fields("shares yields small caps minnows index money growth rates quarter said desk broker fund market week bond higher lower early late strong")
	sentence := func(b *strings.Builder, n int) {
		for range n {
			b.WriteString(words[random.IntN(len(words))])
			b.WriteByte(' ')
		}
	}
	var all, packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	add := func(r string) {
		all.WriteString(r)
		zip.Reset(&packed)
		io.WriteString(zip, r)
		zip.Close()
	}
	for i := range pages {
		url := fmt.Sprintf("https://ledger.example/markets/%d", i)
		var b strings.Builder
		b.WriteString("<!DOCTYPE html><html lang=\"en\"><head><title>Minnows swim upstream</title><script>")
		for size := 30_000 + random.IntN(40_000); b.Len() < size; {
			fmt.Fprintf(&b, "var _%x={id:%d,key:\"%x\"};", random.Uint32(), random.IntN(1000), random.Uint64())
		}
		b.WriteString("</script></head><body>")
		for size := b.Len() + 20_000 + random.IntN(40_000); b.Len() < size; {
			fmt.Fprintf(&b, "<div class=\"menu-%d\"><a href=\"/section/%d\">", random.IntN(9), random.IntN(400))
			sentence(&b, 4)
			b.WriteString("</a></div>\n")
		}
		b.WriteString("<article><h1>Minnows swim upstream</h1>")
		for range 14 {
			b.WriteString("<p>")
			sentence(&b, 60)
			b.WriteString("</p>\n")
		}
		b.WriteString("</article></body></html>")
		media := "text/html; charset=utf-8"
		if i%8 == 7 {
			media = "application/json"
		}
		add(record("request", url, "Content-Type: application/http; msgtype=request\r\n", "GET / HTTP/1.1\r\nHost: ledger.example\r\nUser-Agent: Fern\r\n\r\n"))
		add(record("response", url, "WARC-IP-Address: 192.0.2.1\r\nWARC-Payload-Digest: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ\r\n",
			"HTTP/1.1 200 OK\r\nContent-Type: "+media+"\r\nServer: fern\r\nX-Crawl-Content-Encoding: gzip\r\nCache-Control: max-age=60\r\n\r\n"+b.String()))
		add(record("metadata", url, "Content-Type: application/warc-fields\r\n", "fetchTimeMs: 120\r\ncharset-detected: utf-8\r\n"))
	}
	return all.Bytes(), packed.Bytes()
}

// BenchmarkWARC reads a news archive on one core. MB/s counts the records as they are
// once unpacked; x-gunzip is the speed beside unpacking the same file with the same
// library and throwing the bytes away (beside copying it, where it is not packed):
//
//	skip   every record is passed over
//	parse  every answer becomes a page: header, body, checks
//
// Making articles of the pages is BenchmarkExtract.
func BenchmarkWARC(b *testing.B) {
	plain, zipped := newsArchive(200)
	for _, form := range []struct {
		name    string
		content []byte
	}{{"plain", plain}, {"gzip", zipped}} {
		for _, work := range []string{"skip", "parse"} {
			b.Run(form.name+"/"+work, func(b *testing.B) {
				b.SetBytes(int64(len(plain)))
				b.ReportAllocs()
				var floor, took float64
				for b.Loop() {
					start := b.Elapsed()
					discardArchive(b, form.content)
					mid := b.Elapsed()
					readArchive(b, form.content, work)
					floor += (mid - start).Seconds()
					took += (b.Elapsed() - mid).Seconds()
				}
				b.ReportMetric(float64(len(plain))*float64(b.N)/1e6/took, "MB/s-alone")
				b.ReportMetric(floor/took, "x-gunzip")
			})
		}
	}
}

func discardArchive(b *testing.B, content []byte) {
	file := bufio.NewReader(bytes.NewReader(content))
	var r io.Reader = file
	if content[0] == 0x1f {
		z, err := gzip.NewReader(file)
		if err != nil {
			b.Fatal(err)
		}
		r = z
	}
	if _, err := io.Copy(io.Discard, struct{ io.Reader }{r}); err != nil {
		b.Fatal(err)
	}
}

func readArchive(b *testing.B, content []byte, work string) {
	file := struct{ io.Reader }{bytes.NewReader(content)}
	n := 0
	switch work {
	case "skip":
		w, err := newWARCReader(file)
		for err == nil {
			if _, err = w.next(); err == nil {
				n++
			}
		}
		n = n / 3 * 7 / 8
	case "parse":
		im := &importer{ctx: context.Background(), known: importedAt}
		im.records(im.ctx, "x", file, func(p *archived, err error) bool { n++; return err == nil })
	}
	if n != 175 {
		b.Fatalf("%d pages", n)
	}
}
