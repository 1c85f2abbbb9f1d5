package crawler

import (
	"encoding/json"
	"html"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// ldNode is one object of a page's JSON-LD.
type ldNode map[string]any

// ldGraph holds all JSON-LD objects of a page, outer ones first.
type ldGraph struct {
	nodes []ldNode
	byID  map[string]ldNode
}

// maxLDNodes bounds a page's JSON-LD: live blogs carry hundreds of posts, a
// hostile page could carry millions of empty objects.
const (
	maxLDNodes = 2000
	maxLDDepth = 12
)

// readJSONLD reads every ld+json block that can be read. Publishers write
// comments, trailing semicolons, raw newlines in strings and escaped entities
// into them; a block that still fails is skipped.
func readJSONLD(doc *goquery.Document) ldGraph {
	g := ldGraph{byID: map[string]ldNode{}}
	doc.Find(`script[type*="ld+json"]`).Each(func(_ int, s *goquery.Selection) {
		var value any
		raw := tidyJSON(s.Text())
		if json.Unmarshal([]byte(raw), &value) != nil &&
			json.Unmarshal([]byte(html.UnescapeString(raw)), &value) != nil {
			return
		}
		g.add(value, 0)
	})
	return g
}

func (g *ldGraph) add(value any, depth int) {
	if depth > maxLDDepth || len(g.nodes) >= maxLDNodes {
		return
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			g.add(item, depth+1)
		}
	case map[string]any:
		node := ldNode(v)
		g.nodes = append(g.nodes, node)
		if id := node.text("@id"); id != "" && len(v) > 1 && g.byID[id] == nil {
			g.byID[id] = node
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item",
			"hasPart", "author", "publisher", "isPartOf", "liveBlogUpdate", "video"} {
			if inner, ok := v[key]; ok {
				g.add(inner, depth+1)
			}
		}
	}
}

// article is the object that describes the page as an article: of the objects
// with an article's type, the one that says most (headline, date, author), the
// outermost first. Posts of a live blog never outrank it. Nil when there is none.
func (g *ldGraph) article() ldNode {
	var best ldNode
	bestScore := 0
	for _, n := range g.nodes {
		if !n.isArticle() {
			continue
		}
		score := 1
		for _, key := range []string{"headline", "datePublished", "author", "articleBody", "publisher", "mainEntityOfPage"} {
			if _, ok := n[key]; ok {
				score += 2
			}
		}
		if n.isType("LiveBlogPosting") {
			score += 2
		}
		if score > bestScore {
			best, bestScore = n, score
		}
	}
	return best
}

func (n ldNode) isArticle() bool {
	for _, t := range n.types() {
		if strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "BlogPosting") || t == "Report" ||
			t == "Review" || t == "SocialMediaPosting" || t == "DiscussionForumPosting" || t == "NewsStory" {
			return true
		}
	}
	return false
}

func (n ldNode) isType(name string) bool {
	for _, t := range n.types() {
		if t == name {
			return true
		}
	}
	return false
}

func (n ldNode) types() []string {
	var types []string
	for _, t := range listOf(n["@type"]) {
		if s, ok := t.(string); ok {
			types = append(types, s[strings.LastIndexAny(s, "/#")+1:])
		}
	}
	return types
}

// text is a string property, or the first of several, with entities resolved.
func (n ldNode) text(key string) string {
	for _, v := range listOf(n[key]) {
		switch v := v.(type) {
		case string:
			if s := plainText(v); s != "" {
				return s
			}
		case map[string]any:
			for _, inner := range []string{"@value", "name"} {
				if s, ok := v[inner].(string); ok && s != "" {
					return plainText(s)
				}
			}
		}
	}
	return ""
}

// names lists who a property (author, publisher) points at, in order.
func (g *ldGraph) names(n ldNode, key string) []string {
	var names []string
	for _, v := range listOf(n[key]) {
		switch v := v.(type) {
		case string:
			if s := plainText(v); s != "" && !strings.HasPrefix(s, "http") {
				names = append(names, s)
			}
		case map[string]any:
			entity := ldNode(v)
			if entity.text("name") == "" {
				if linked := g.byID[entity.text("@id")]; linked != nil {
					entity = linked
				}
			}
			for _, name := range listOf(entity["name"]) {
				if s, ok := name.(string); ok && plainText(s) != "" {
					names = append(names, plainText(s))
				}
			}
		}
	}
	return names
}

func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// plainText resolves entities, once more where they were escaped twice, and folds white space.
func plainText(s string) string {
	if strings.Contains(s, "&") {
		s = html.UnescapeString(html.UnescapeString(s))
	}
	return strings.Join(strings.Fields(cleanText(s)), " ")
}

// tidyJSON removes what browsers' JSON-LD readers forgive: comment and CDATA
// wrappers, a final semicolon, raw control characters inside strings, and commas
// before a closing bracket.
func tidyJSON(s string) string {
	s = strings.TrimSpace(s)
	for _, wrapper := range []string{"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["} {
		s = strings.TrimSpace(strings.TrimPrefix(s, wrapper))
	}
	for _, wrapper := range []string{"-->", "//]]>", "/*]]>*/", "]]>", ";", "//"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, wrapper))
	}
	out := make([]byte, 0, len(s))
	inString, escaped := false, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString && c < ' ':
			c = ' '
		case !inString && (c == '}' || c == ']'):
			for len(out) > 0 && (out[len(out)-1] == ',' || out[len(out)-1] <= ' ') {
				out = out[:len(out)-1]
			}
		}
		out = append(out, c)
	}
	return string(out)
}
