package crawler

import (
	"hash/maphash"
	"net/url"
	"strings"

	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// scored is a block and what speaks for and against its being the article's text.
type scored struct {
	block
	kept   bool // go-trafilatura takes it for the article's text
	dense  bool // it stands in the page's densest part
	vote   bool // it is taken for the article's text so far
	prose  int  // bytes of running text: 0 for links, labels, headings
	traits trait
	sig    uint64 // the template it was written by: its element and the two around it
}

// pageBlocks is a page as a list of blocks with what is known of each.
type pageBlocks struct {
	list   []scored
	traits traitReader
	said   grams // word groups of JSON-LD's articleBody; nil without one
}

// readBlocks is the page block by block, and which of them go-trafilatura takes
// for the article; where that is less than a quarter of the running text in the
// page's densest part, it has taken a teaser or a side column, and the blocks of the
// densest part are taken instead.
func readBlocks(root *html.Node, address, articleBody string) (*pageBlocks, error) {
	blocks := blocksOf(root)
	if len(blocks) > maxBlocks {
		return nil, noArticle("it has more than %d paragraphs", maxBlocks)
	}
	p := &pageBlocks{list: make([]scored, len(blocks))}
	p.traits = traitReader{own: map[*html.Node]trait{}, under: map[*html.Node]trait{}}
	for i, b := range blocks {
		p.list[i] = scored{block: b, prose: proseSize(b), sig: signature(b.node)}
	}
	dense := p.findDense()
	kept := 0
	if len(blocks) <= maxAsked {
		kept = p.askTrafilatura(root, address)
	}
	for i := range p.list {
		b := &p.list[i]
		if b.vote = b.kept; kept*4 < dense {
			b.vote = b.dense
		}
	}
	if len(articleBody) > 300 {
		p.said = gramsOf(strings.Join(bodyLines(articleBody), "\n"))
	}
	return p, nil
}

// proseSize is the size of a block that reads like a sentence or more, else 0.
func proseSize(b block) int {
	if len(b.text) < 60 || b.linked*2 > len(b.text) || b.held*2 > len(b.text) {
		return 0
	}
	switch b.node.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Tr, atom.Figcaption:
		return 0
	}
	if !strings.ContainsAny(b.text, ".!?。！？…:;।") {
		return 0
	}
	return len(b.text)
}

func signature(n *html.Node) uint64 {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	for range 3 {
		if n == nil || n.Type != html.ElementNode {
			break
		}
		h.WriteString(n.Data)
		for _, a := range n.Attr {
			if a.Key == "class" {
				h.WriteString(a.Val[:min(len(a.Val), 200)])
			}
		}
		h.WriteByte(0)
		n = n.Parent
	}
	return h.Sum64()
}

const besideText = tagNav | tagAside | tagForm | tagFigure | inComment | inRelated | inFrame | inPromo

// findDense marks the blocks of the element whose paragraphs hold the most running
// text, their parents counting in full and their grandparents by half. It says how
// much that is.
func (p *pageBlocks) findDense() (size int) {
	weight := map[*html.Node]float64{}
	for _, b := range p.list {
		if b.prose == 0 || p.traits.within(b.node)&besideText != 0 {
			continue
		}
		if up := b.node.Parent; up != nil {
			weight[up] += float64(b.prose)
			if up.Parent != nil {
				weight[up.Parent] += float64(b.prose) / 2
			}
		}
	}
	var best *html.Node
	for _, b := range p.list { // in document order, so that ties go to the first
		for n, i := b.node.Parent, 0; n != nil && i < 2; n, i = n.Parent, i+1 {
			if weight[n] > 0 && (best == nil || weight[n] > weight[best]) {
				best = n
			}
		}
	}
	if best == nil {
		return 0
	}
	p.traits.setRoot(best)
	for i := range p.list {
		if b := &p.list[i]; p.traits.within(b.node)&outside == 0 {
			b.dense = true
			size += b.prose
		}
	}
	p.traits.setRoot(nil)
	return size
}

// firstMark is a private-use character: the first of those that number the blocks
// of a page while go-trafilatura works on a copy of it.
const firstMark, lastMark = 0xf0000, 0x10fffd

// askTrafilatura marks the blocks that go-trafilatura keeps and says how much
// running text that is. Its own text is not used: it has no paragraphs, and words
// on both sides of a link or a line break are glued together in it.
func (p *pageBlocks) askTrafilatura(root *html.Node, address string) (kept int) {
	base, _ := url.Parse(address)
	plain := make([]string, len(p.list))
	for i, b := range p.list {
		plain[i] = b.piece.Data
		b.piece.Data += string(rune(min(firstMark+i, lastMark)))
	}
	restore := hideClaims(root)
	result, err := trafilatura.ExtractDocument(root, trafilatura.Options{
		OriginalURL: base, ExcludeComments: true, HtmlDateOverride: &noDate,
	})
	restore()
	for i := len(p.list) - 1; i >= 0; i-- { // one text can hold several blocks
		p.list[i].piece.Data = plain[i]
	}
	if err != nil || result.ContentNode == nil {
		return 0
	}
	for n := range result.ContentNode.Descendants() {
		if n.Type != html.TextNode {
			continue
		}
		for _, r := range n.Data {
			if i := int(r) - firstMark; i >= 0 && i < len(p.list) && !p.list[i].kept {
				p.list[i].kept = true
				kept += p.list[i].prose
			}
		}
	}
	return kept
}

// findRoot is the lowest element that holds four fifths of the running text
// voted for; nil when nothing is.
func (p *pageBlocks) findRoot() *html.Node {
	total := 0
	mass := map[*html.Node]int{}
	for _, b := range p.list {
		if b.vote && b.prose > 0 {
			total += b.prose
			mass[container(b.node)] += b.prose
		}
	}
	var root *html.Node
	var walk func(n *html.Node) int
	walk = func(n *html.Node) int {
		sum := mass[n]
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				sum += walk(c)
			}
		}
		if sum*5 >= total*4 && root == nil {
			root = n
		}
		return sum
	}
	if total > 0 {
		top := p.list[0].node
		for top.Parent != nil {
			top = top.Parent
		}
		walk(top)
	}
	return root
}

// container is the element that holds a paragraph and its siblings; for an item,
// what holds the list.
func container(n *html.Node) *html.Node {
	up := n.Parent
	for up != nil && (up.DataAtom == atom.Ul || up.DataAtom == atom.Ol || up.DataAtom == atom.Blockquote) {
		up = up.Parent
	}
	return up
}

// grams are hashes of the groups of three words that follow each other in a text.
type grams map[uint64]bool

func gramsOf(text string) grams {
	g := grams{}
	eachGram(text, func(h uint64) { g[h] = true })
	return g
}

// share is the part of a text's word groups that are among them.
func (g grams) share(text string) float64 {
	hits, all := 0, 0
	eachGram(text, func(h uint64) {
		if all++; g[h] {
			hits++
		}
	})
	return float64(hits) / float64(max(all, 1))
}

// eachGram yields every group of three words; of three letters where there are no
// such words.
func eachGram(text string, yield func(uint64)) {
	list := words(text)
	if len(list) < 3 {
		list = strings.Split(strings.Join(list, ""), "")
	}
	for i := 0; i+3 <= len(list); i++ {
		var h maphash.Hash
		h.SetSeed(hashSeed)
		for _, w := range list[i : i+3] {
			h.WriteString(w)
			h.WriteByte(0)
		}
		yield(h.Sum64())
	}
}
