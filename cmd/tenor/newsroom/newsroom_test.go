package newsroom

import (
	"testing"
)

func TestEveryArticleParses(t *testing.T) {
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d articles", len(all.articles))
}

func TestSiteIsBuilt(t *testing.T) {
	s := newSite("http://127.0.0.1:8099")
	t.Logf("%d pages", len(s.pages))
}
