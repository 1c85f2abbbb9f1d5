package crawler

import (
	"strings"
	"testing"

	"tenor"
)

func TestCleanAuthors(t *testing.T) {
	for _, test := range []struct{ raw, outlet, want string }{
		{"By Petra Lindqvist", "", "Petra Lindqvist"},
		{"By Petra Lindqvist and Tobias Renn", "", "Petra Lindqvist|Tobias Renn"},
		{"Von Jörg Ödling, Łucja Świerk und Zoë O’Hara-Núñez", "", "Jörg Ödling|Łucja Świerk|Zoë O’Hara-Núñez"},
		{"Par Anaïs Forêt", "", "Anaïs Forêt"},
		{"林知远、高森さくら", "", "林知远|高森さくら"},
		{"文/林知远", "", "林知远"},
		{"By ROSA HOLM, AP Markets Writer", "", "ROSA HOLM"},
		{"By ROSA HOLM and ERIK DAHL Associated Press", "", "ROSA HOLM|ERIK DAHL"},
		{"Rosa Holm. Meadow Post", "Meadow Post", "Rosa Holm"},
		{"Rosa Holm, Meadow Business", "Meadow", "Rosa Holm"},
		{"Rosa Holm, Meadow editor-at-large", "Meadow", "Rosa Holm"},
		{"Von Rosa Holm, Frankfurt", "", "Rosa Holm"},
		{"Rosa Holm, CFA, Ph.D.", "", "Rosa Holm"},
		{"Rosa Holm rosa.holm@meadow.example", "", "Rosa Holm"},
		{"Rosa Holm @rholm", "", "Rosa Holm"},
		{"Rosa Holm Published 10:02 AM EST Nov. 19, 2019", "", "Rosa Holm"},
		{"Rosa Holm in Oslo and Erik Dahl in Bergen; Editing by Kai Lund", "", "Rosa Holm|Erik Dahl"},
		{"Rosa Holm Monday, November 18", "", "Rosa Holm"},
		{"Topic: Hardware", "", ""},
		{"Rosa Holm / Journalist", "", "Rosa Holm"},
		{"Senior Markets Editor", "", ""},
		{"admin", "", ""}, {"siteadmin", "", ""}, {"https://meadow.example/rosa", "", ""},
		{"Meadow Post", "Meadow Post", ""},
		{"Reuters", "Meadow Post", "Reuters"},
		{"Rosa Holm; Rosa Holm", "", "Rosa Holm"},
		{"Ludwig van der Aa", "", "Ludwig van der Aa"},
		{"Rosa Holm Senior Markets Writer", "", "Rosa Holm"},
		{"Published by Rosa Holm", "", "Rosa Holm"},
		{"Publicado por Rosa Holm", "", "Rosa Holm"},
		{"Propos recueillis par Rosa Holm et Erik Dahl", "", "Rosa Holm|Erik Dahl"},
		{"Ein Gastkommentar von Rosa Holm", "", "Rosa Holm"},
		{"Interview: Rosa Holm", "", "Rosa Holm"},
		{"a cura di Rosa Holm", "", "Rosa Holm"},
		{"Rosa Holm e Erik Dahl", "", "Rosa Holm|Erik Dahl"},
		{"Rosa Holm i Erik Dahl i Kai Lund", "", "Rosa Holm|Erik Dahl|Kai Lund"},
		{"Rosa Holm ve Erik Dahl", "", "Rosa Holm|Erik Dahl"},
		{"Rosa da Costa e Silva", "", "Rosa da Costa e Silva"},
		{"Автор: Роза Холм", "", "Роза Холм"},
		{"Роза Холм, корреспондент", "", "Роза Холм"},
		{"Par Rosa Holm avec AFP", "", "Rosa Holm|AFP"},
		{"dpa/AFP", "", "dpa|AFP"},
		{"홍예솔 기자 yesol@meadow.example", "", "홍예솔"},
		{"【记者 林知远 报道】", "", "林知远"},
		{"記者林知遠／台北報導", "", "林知遠"},
		{"Rosa Holm Rosa Holm", "", "Rosa Holm"},
		{"Rosa Holm, Meadow", "Meadow Post", "Rosa Holm"},
		{"Foto: Rosa Holm", "", ""},
	} {
		if got := strings.Join(cleanAuthors([]string{test.raw}, test.outlet), "|"); got != test.want {
			t.Errorf("%q of %q: %q, want %q", test.raw, test.outlet, got, test.want)
		}
	}
}

// Authors stand in many places; the page's most explicit statement counts.
func TestExtractAuthors(t *testing.T) {
	ld := func(author string) string {
		return `<script type="application/ld+json">{"@type":"NewsArticle","headline":"x","publisher":{"name":"Meadow Post"},"author":` + author + `}</script>`
	}
	for name, test := range map[string]struct{ head, body, want string }{
		"json-ld string":                {ld(`"By Rosa Holm and Erik Dahl"`), "", "Rosa Holm|Erik Dahl"},
		"json-ld list of strings":       {ld(`["Rosa Holm","Erik Dahl"]`), "", "Rosa Holm|Erik Dahl"},
		"json-ld list of objects":       {ld(`[{"@type":"Person","name":"Rosa Holm"},{"@type":"Person","name":["Erik Dahl"]}]`), "", "Rosa Holm|Erik Dahl"},
		"json-ld graph and id":          {`<script type="application/ld+json">{"@graph":[{"@type":"Article","author":{"@id":"#r"}},{"@id":"#r","@type":"Person","name":"Rosa Holm"}]}</script>`, "", "Rosa Holm"},
		"json-ld names the site":        {ld(`{"@type":"Organization","name":"Meadow Post"}`), "", "Meadow Post"},
		"site there, a person in meta":  {ld(`{"name":"Meadow Post"}`) + `<meta name="author" content="Rosa Holm">`, "", "Rosa Holm"},
		"a card":                        {`<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Rosa Holm">`, "", "Rosa Holm"},
		"an address in meta, a card":    {`<meta name="author" content="r.holm@meadow.example"><meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Rosa Holm">`, "", "Rosa Holm"},
		"rel=author":                    {"", `<a rel="author" href="/r">Rosa Holm</a>`, "Rosa Holm"},
		"a class":                       {"", `<span class="story__author">Von Rosa Holm, Zürich</span>`, "Rosa Holm"},
		"a line":                        {"", `<div><span>Von:</span> <span><a href="/r">Rosa Holm</a>, </span><span>Erik Dahl</span></div>`, "Rosa Holm|Erik Dahl"},
		"a form for readers":            {"", `<form class="comment-form"><label class="author">Name</label><span class="author">Your Name</span></form>`, ""},
		"the staff, and another story":  {`<meta property="og:site_name" content="Meadow Post"><meta name="author" content="Meadow Post Staff">`, `<div class="teaser-author"><a>Erik Dahl</a></div>`, "Meadow Post Staff"},
		"a line that is no byline":      {"", `<div>By Tuesday Morning it was over</div>`, ""},
		"first of several in json-ld":   {ld(`{"name":"Rosa Holm"}`), `<div class="byline">By Rosa Holm, Erik Dahl and Kai Lund</div>`, "Rosa Holm|Erik Dahl|Kai Lund"},
		"first of several, links":       {ld(`{"name":"Erik Dahl"}`), `<div class="bylines"><div class="byline"><a rel="author" href="/r"><b>Rosa</b> <b>Holm</b></a></div><div class="byline"><a rel="author" href="/e">Erik Dahl</a></div></div>`, "Rosa Holm|Erik Dahl"},
		"a picture's name and the name": {ld(`{"name":"Erik Dahl"}`), `<div class="byline"><a rel="author" href="/e">Erik Dahl <span itemprop="name">Erik Dahl</span></a></div>`, "Erik Dahl"},
		"the site in meta, von":         {`<meta property="og:site_name" content="Meadow Post"><meta name="author" content="Meadow Post">`, `<p class="meta-info">von <a href="/r">Dr. Rosa Holm</a></p>`, "Dr. Rosa Holm"},
		"a row of facts":                {`<meta property="og:site_name" content="Meadow Post"><meta name="author" content="Meadow Post">`, `<ul><li><strong>Datum</strong> 01.02.2025</li><li><strong>Autorin/Autor</strong> Rosa Holm</li></ul>`, "Rosa Holm"},
		"a row that names nobody":       {"", `<ul><li><strong>Author</strong> of the best-known novel of the year</li></ul>`, ""},
		"the desk's line":               {"", `<p>(Reporting by Rosa Holm in Oslo and Erik Dahl; Editing by Kai Lund)</p>`, "Rosa Holm|Erik Dahl"},
	} {
		page := strings.Replace(datedPage(test.head), "</h1>", "</h1>"+test.body, 1)
		if strings.HasPrefix(test.body, "<p>(") {
			page = strings.Replace(datedPage(test.head), "</article>", test.body+"</article>", 1)
		}
		a, err := Extract(&tenor.Page{FetchedAt: importedAt, Body: []byte(page)})
		if got := strings.Join(a.Authors, "|"); err != nil || got != test.want {
			t.Errorf("%s: %v %q, want %q", name, err, got, test.want)
		}
	}
}

func FuzzCleanAuthors(f *testing.F) {
	f.Add("By ROSA HOLM, AP Markets Writer", "Meadow Post")
	f.Add("文/林知远、高森", "")
	f.Fuzz(func(t *testing.T, raw, outlet string) {
		for _, name := range cleanAuthors([]string{raw}, outlet) {
			if strings.TrimSpace(name) != name || name == "" {
				t.Errorf("%q gives %q", raw, name)
			}
		}
	})
}
