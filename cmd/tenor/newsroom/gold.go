package newsroom

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// goldQuote is a labelled quote, with the names of the labelling guide.
type goldQuote struct {
	Segments    []string `json:"segments"`
	Kind        string   `json:"kind"`
	Speaker     string   `json:"speaker"`
	SpeakerType string   `json:"speaker_type"`
	Firm        string   `json:"firm"`
	Role        string   `json:"role"`
	Stance      string   `json:"stance"`
	Themes      []string `json:"themes"`
	Subject     string   `json:"subject"`
	Optional    bool     `json:"optional"`
	Disputed    bool     `json:"disputed,omitempty"`
	Cluster     string   `json:"cluster"` // the same for an utterance and its retellings
}

type goldArticle struct {
	File      string      `json:"file"`
	URL       string      `json:"url"`
	Outlet    string      `json:"outlet"`
	Title     string      `json:"title"`
	Published string      `json:"published"`
	Text      string      `json:"text"`
	Quotes    []goldQuote `json:"quotes"`
}

// WriteGold writes what the newsroom's articles hold, one article a line, in the
// form of labelled articles: text is the body alone, paragraphs separated by a
// blank line, and url is the article's address at base. Articles that are not in
// English are left out.
func WriteGold(w io.Writer, base string) error {
	all, err := load()
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, a := range all.articles {
		if a.lang != "en" {
			continue
		}
		g := goldArticle{
			File: a.key + ".txt", URL: strings.TrimSuffix(base, "/") + a.outlet.path(a), Outlet: a.outlet.Name,
			Title: a.title, Published: a.published.Format(time.RFC3339), Text: a.text(), Quotes: []goldQuote{},
		}
		for _, q := range a.quotes {
			themes := q.themes
			if themes == nil {
				themes = []string{}
			}
			g.Quotes = append(g.Quotes, goldQuote{
				q.segments, q.kind, q.speaker, q.who.kind, q.firm, q.role,
				q.stance, themes, q.subject, q.optional, q.disputed, cluster(a, q),
			})
		}
		if err := out.Encode(g); err != nil {
			return fmt.Errorf("write labelled article %s: %w", a.key, err)
		}
	}
	return nil
}

// cluster names an utterance by the article that reported it first.
func cluster(a *article, q quote) string {
	switch {
	case a.copyOf != "":
		return fmt.Sprintf("%s#%d", a.copyOf, q.number)
	case q.retells != 0:
		return fmt.Sprintf("%s#%d", a.rewriteOf, q.retells)
	}
	return fmt.Sprintf("%s#%d", a.key, q.number)
}
