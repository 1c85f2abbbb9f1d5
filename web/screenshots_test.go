package web

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"tenor"
	"tenor/store"
)

var (
	screenshots = flag.String("screenshots", "", "folder for screenshots of every page; none are taken when empty")
	shotsDB     = flag.String("shots-db", "", "take them of a copy of this store, as of its last day; of the tests' own without")
	shotsFor    = flag.String("shots", "all", "all: every page, wide and narrow, light and dark; docs: those of the README")
)

// TestScreenshots takes a picture of every page for people to look at: make screenshots.
func TestScreenshots(t *testing.T) {
	if *screenshots == "" {
		t.Skip("no -screenshots folder given: make screenshots")
	}
	if err := os.MkdirAll(*screenshots, 0o755); err != nil {
		t.Fatal(err)
	}
	r := openShowroom(t)
	o := r.options()
	if *shotsDB != "" {
		r = furnish(t, *shotsDB)
		o = r.options()
		o.Now = func() time.Time { return lastDay(t, r) }
	}
	b := openWith(t, r, o)
	if *shotsFor == "docs" {
		b.docsShots(t, r)
		return
	}
	for _, width := range []int64{1280, 360} {
		for _, scheme := range []string{"light", "dark"} {
			b.look(t, width, scheme)
			for _, s := range r.scenes() {
				b.shoot(t, s.address, width)
				if s.name == "article" || s.name == "corrected" {
					js[bool](t, b, `document.querySelectorAll(".reasons, .more").forEach((d, i) => d.open = i === 0), true`)
				}
				picture, err := chromedp.Run(b, chromedp.FullScreenshot(100))
				if err != nil {
					t.Fatal(err)
				}
				file := filepath.Join(*screenshots, fmt.Sprintf("%s-%d-%s.png", s.name, width, scheme))
				if err := os.WriteFile(file, picture, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// shoot opens a page as somebody looks at it: the chart drawn, the pointer on it.
func (b *browser) shoot(t *testing.T, address string, width int64) {
	t.Helper()
	b.visit(t, address)
	b.settle(t)
	if js[bool](t, b, `!!document.querySelector("#chart")`) {
		if err := chromedp.Do(b, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, float64(width)*0.8, 400)); err != nil {
			t.Fatal(err)
		}
	}
	until(t, b, `document.fonts.status === "loaded"`)
}

// docsShots are the pictures of the README: what a window shows, in few enough colours
// to weigh little, and the same bytes for the same picture.
func (b *browser) docsShots(t *testing.T, r *showroom) {
	for _, shot := range []struct{ name, scene, scheme string }{
		{"consensus", "consensus", "light"}, {"search", "search", "light"}, {"article", "article", "dark"}, {"quote", "quote", "light"},
	} {
		i := slices.IndexFunc(r.scenes(), func(s scene) bool { return s.name == shot.scene })
		b.look(t, 1200, shot.scheme)
		b.shoot(t, r.scenes()[i].address, 1200)
		picture, err := chromedp.Run(b, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		small, err := fewColours(picture, 200)
		if err != nil {
			t.Fatal(err)
		}
		if len(small) > 150_000 {
			t.Errorf("%s weighs %d bytes", shot.name, len(small))
		}
		if err := os.WriteFile(filepath.Join(*screenshots, shot.name+".png"), small, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// fewColours is a PNG of at most n colours: the commonest that can be told from each other,
// to which the others go.
func fewColours(picture []byte, n int) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fmt.Errorf("read a screenshot: %w", err)
	}
	area := full.Bounds()
	at := func(x, y int) color.RGBA { return color.RGBAModel.Convert(full.At(x, y)).(color.RGBA) }
	counts := map[color.RGBA]int{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			counts[at(x, y)]++
		}
	}
	number := func(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }
	common := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], number(a)-number(b))
	})
	apart := func(a, b color.RGBA) int {
		return max(int(a.R)-int(b.R), int(b.R)-int(a.R)) + max(int(a.G)-int(b.G), int(b.G)-int(a.G)) + max(int(a.B)-int(b.B), int(b.B)-int(a.B))
	}
	var chosen []color.RGBA
	var palette color.Palette
	for _, c := range common {
		if len(chosen) < n && !slices.ContainsFunc(chosen, func(o color.RGBA) bool { return apart(c, o) < 12 }) {
			chosen, palette = append(chosen, c), append(palette, c)
		}
	}
	small := image.NewPaletted(area, palette)
	nearest := map[color.RGBA]uint8{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c := at(x, y)
			i, known := nearest[c]
			if !known {
				i = uint8(palette.Index(c))
				nearest[c] = i
			}
			small.SetColorIndex(x, y, i)
		}
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	return out.Bytes(), err
}

// lastDay is the day after the latest quote, so that the demo is seen as it was meant.
func lastDay(t testing.TB, s *showroom) time.Time {
	res, err := s.Search(t.Context(), tenor.Filter{}, "", 1)
	if err != nil || len(res.Records) == 0 {
		t.Fatalf("a store without quotes (%v)", err)
	}
	return res.Records[0].Published.Time.Add(24 * time.Hour)
}

// furnish finds the places of a copy of a store that show most, and corrects two quotes.
func furnish(t testing.TB, path string) *showroom {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "shots.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	open := func(now func() time.Time) *showroom {
		s, err := store.Open(context.Background(), path, store.Options{Resident: now != nil, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return &showroom{s, places{subject: "small-caps", word: "small"}}
	}
	// The store's clock stands as that of the pages does, or a series would go on for as
	// long as views stand.
	now := lastDay(t, open(nil))
	r := open(func() time.Time { return now })
	s := r.Store
	perArticle, perPerson, perFirm, perOutlet := map[int64]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	most, days := 0, []string{}
	var free []tenor.Record
	for q, err := range s.Records(t.Context(), tenor.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if q.SpeakerType != tenor.Analyst || !q.Published.Known() {
			continue
		}
		days = append(days, q.Published.Time.Format(time.DateOnly))
		perArticle[q.ArticleID]++
		perPerson[q.Speaker]++
		perFirm[q.Firm]++
		perOutlet[q.Outlet]++
		if q.Copies > most {
			most, r.copied = q.Copies, q.ID
		}
		if q.Copies == 1 {
			free = append(free, q)
		}
		if r.contradicted == "" && q.Copies > 1 {
			if c, err := s.Chain(t.Context(), q.ID, 10); err == nil && c.Better != nil {
				r.contradicted = q.ID
			}
		}
		if v, err := s.Versions(t.Context(), q.ArticleID); err == nil && len(v) > 1 {
			r.changed = q.ArticleID
		}
	}
	delete(perFirm, "")
	r.article, r.analyst, r.firm, r.outlet = commonest(perArticle), commonest(perPerson), commonest(perFirm), commonest(perOutlet)
	slices.Sort(days)
	r.day = days[len(days)*3/4]
	r.moved = days[len(days)/2] + ".." + r.day
	if r.changed == 0 {
		r.changed = r.article
	}
	if r.contradicted == "" {
		r.contradicted = r.copied
	}
	r.saveSearch(t)
	correct := func(q tenor.Record, labels ...tenor.Label) {
		if r.done, err = s.Correct(t.Context(), q.ID, labels, "nell", "She waits, and says so two lines below"); err != nil {
			t.Fatal(err)
		}
	}
	r.corrected, r.removed = free[0].ID, free[1].ID
	correct(free[0], tenor.Label{Field: "stance", Value: "neutral"}, tenor.Label{Field: "themes", Value: "rates|credit"})
	correct(free[0], tenor.Label{Field: "speaker", Value: strings.TrimSpace(free[0].Speaker) + "-Holt"})
	correct(free[1], tenor.Label{Field: "quote", Value: "no"})
	return r
}

// commonest is the key that was counted most.
func commonest[K int64 | string](counts map[K]int) (best K) {
	for k, n := range counts {
		if n > counts[best] || n == counts[best] && k < best {
			best = k
		}
	}
	return best
}
