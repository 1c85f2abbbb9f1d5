package crawler

import (
	"strings"
	"testing"

	"tenor"
)

// The title is the headline as a reader sees it, not as machines are given it.
func TestExtractTitle(t *testing.T) {
	og := func(title string) string { return `<meta property="og:title" content="` + title + `">` }
	ld := func(title string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"` + title + `"}</script>`
	}
	for name, test := range map[string]struct{ head, h1, want string }{
		"typographic marks of the page":      {og("Larch 'thin' as buyers wait, it's said..."), "Larch ‘thin’ as buyers wait, it’s said…", "Larch ‘thin’ as buyers wait, it’s said…"},
		"another kicker for sharing":         {og("Copper rush: «Nobody wants to be last in»") + `<meta name="twitter:title" content="Copper rush: «Nobody wants to be last in»">`, `<span>Mines in the north</span> <span>«Nobody wants to be last in»</span>`, "«Nobody wants to be last in»"},
		"the page's own kicker":              {og("Mines in the north: Nobody wants to be last in") + ld("Mines in the north: Nobody wants to be last in"), `<span>Mines in the north</span> <span>Nobody wants to be last in</span>`, "Mines in the north: Nobody wants to be last in"},
		"a colon of the headline":            {og("Ferry strike: why the port of Ostrand stands still") + `<meta name="twitter:title" content="Ferry strike: why the port of Ostrand stands still">`, "Ferry strike: why the port of Ostrand stands still", "Ferry strike: why the port of Ostrand stands still"},
		"the headline over one for machines": {og("Larch price today: what buyers must know about it"), "Larch holds its breath as buyers wait for word from the port", "Larch holds its breath as buyers wait for word from the port"},
	} {
		page := strings.Replace(datedPage(test.head), "Rooms of the exchange stay empty", test.h1, 1)
		if a, err := Extract(&tenor.Page{FetchedAt: importedAt, Body: []byte(page)}); err != nil || a.Title != test.want {
			t.Errorf("%s: %v %q, want %q", name, err, a.Title, test.want)
		}
	}
}
