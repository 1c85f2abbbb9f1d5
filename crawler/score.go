package crawler

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tenor"
)

// The things that a block is judged by, each between 0 and 1 or thereabouts. Their
// weights stand in data/weights.txt under the names below, in this order.
const (
	fBias = iota
	fKept
	fDense
	fVote
	fInRoot
	fTemplateShare // of the running text written by the block's template, what is voted for
	fTemplateMass  // of the running text voted for, what its template wrote
	fTemplateKnown
	fParentMass // of the running text voted for, what stands in the block's container
	fSaid       // JSON-LD's articleBody has it
	fUnsaid     // and the article, but not this block
	fLinks
	fLinkedVote
	fAllLink
	fParentLinks
	fLength
	fSentence
	fShort
	fTiny
	fHeading
	fHeading1
	fItem
	fRow
	fDiv
	fParagraph
	fBefore // before all, after all running text voted for
	fAfter
	fHead // its first and last twentieth
	fTail
	fBeforeTitle
	fPrevious // share voted for of the four blocks before and after
	fNext
	fPreviousVote
	fNextVote
	fFurniture
	fTitle
	fByline
	fSummary
	fRepeated
	fHeld
	fItalic
	fBold
	fContact
	fQuotation
	fHeadingVote
	fItemVote
	fDivVote
	fTraits     // one for each trait, in order
	numFeatures = fTraits + numTraits
)

var featureNames = strings.Fields(`bias kept dense vote in-root template-share template-mass template-known parent-mass
	said unsaid links linked-vote all-link parent-links length sentence short tiny heading heading-1 item row div paragraph
	before after head tail before-title previous next previous-vote next-vote furniture title byline summary repeated held
	italic bold contact quotation heading-vote item-vote div-vote
	in-body in-summary in-caption in-related in-promo in-share in-author in-comment in-meta in-frame in-box in-title in-hidden
	in-embed nav aside header form figure article blockquote table list article-body in-credit`)

type features [numFeatures]float64

// weights is data/weights.txt.
var weights = loadWeights("data/weights.txt")

func loadWeights(file string) (w features) {
	lines := ruleLines(file)
	if len(lines) != numFeatures {
		panic(file + ": a weight is missing or in excess")
	}
	for i, line := range lines {
		name, number, _ := strings.Cut(line, ": ")
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || name != featureNames[i] {
			panic(file + ": not the weight that is due: " + line)
		}
		w[i] = v
	}
	return w
}

func (f *features) set(i int, is bool) {
	if is {
		f[i] = 1
	}
}

// zone is how many blocks before the first and after the last that is voted for
// can still belong to the article.
const zone = 30

// voted is what the votes say of the page as a whole.
type voted struct {
	total       int // bytes of running text voted for
	first, last int // the first and last block of it
	template    map[uint64]voteSum
	container   map[*html.Node]int
	links       map[*html.Node]linkSum
	said        int
	title       int // the block with the headline, -1 without one
	texts       map[string]int
}

type (
	voteSum struct{ voted, all int }
	linkSum struct{ linked, all int }
)

func (p *pageBlocks) count(title string) voted {
	v := voted{first: -1, last: -1, title: -1, template: map[uint64]voteSum{}, container: map[*html.Node]int{},
		links: map[*html.Node]linkSum{}, texts: map[string]int{}}
	for i, b := range p.list {
		v.texts[b.text]++
		l := v.links[b.node.Parent]
		v.links[b.node.Parent] = linkSum{l.linked + b.linked, l.all + len(b.text)}
		if v.title < 0 && isHeading(b.node) && len(b.text) < 300 && squash(b.text) == title {
			v.title = i
		}
		if b.prose == 0 {
			continue
		}
		s := v.template[b.sig]
		if s.all += b.prose; b.vote {
			s.voted += b.prose
			v.total += b.prose
			v.container[container(b.node)] += b.prose
			if v.first < 0 {
				v.first = i
			}
			v.last = i
			if p.said != nil && p.said.share(b.text) > 0.6 {
				v.said += b.prose
			}
		}
		v.template[b.sig] = s
	}
	return v
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// contactLine: an address to write to, or a name on a social network.
var contactLine = regexp.MustCompile(`[\w.-]+@[\w-]+\.\w|(?:^|\s)@\w{3,}|https?://|\bwww\.`)

// describe is what is known of every block within the zone; first is the index of
// the first of them. a holds what the page says of itself.
func (p *pageBlocks) describe(a *tenor.Article, summary string) (first int, all []features) {
	p.traits.setRoot(p.findRoot())
	title, lead := squash(a.Title), squash(summary)
	v := p.count(title)
	from, to := 0, len(p.list)
	if v.first >= 0 {
		from, to = max(v.first-zone, 0), min(v.last+zone+1, len(p.list))
	}
	all = make([]features, to-from)
	seen := 0
	for i := from; i < to; i++ {
		b, f := &p.list[i], &all[i-from]
		b.traits = p.traits.within(b.node)
		p.standing(b, f, &v, seen)
		f.set(fBefore, v.first < 0 || i < v.first)
		f.set(fAfter, v.last < 0 || i > v.last)
		f.set(fBeforeTitle, i < v.title)
		f[fPrevious], f[fNext] = p.near(i-4, i), p.near(i+1, i+5)
		f.set(fPreviousVote, i > 0 && p.list[i-1].vote)
		f.set(fNextVote, i+1 < len(p.list) && p.list[i+1].vote)
		wording(b, f, a, title, lead)
		if b.vote {
			seen += b.prose
		}
	}
	return from, all
}

// near is the share voted for of the blocks from and up to, long ones counting more.
func (p *pageBlocks) near(from, to int) float64 {
	votes, all := 0, 1
	for _, b := range p.list[max(from, 0):max(min(to, len(p.list)), 0)] {
		size := min(len(b.text), 300)
		if all += size; b.vote {
			votes += size
		}
	}
	return float64(votes) / float64(all)
}

// standing is what the block's place on the page says.
func (p *pageBlocks) standing(b *scored, f *features, v *voted, seen int) {
	f[fBias] = 1
	f.set(fKept, b.kept)
	f.set(fDense, b.dense)
	f.set(fVote, b.vote)
	f.set(fInRoot, b.traits&outside == 0)
	total := float64(max(v.total, 1))
	s := v.template[b.sig]
	if b.prose > 0 { // its own vote is counted already
		if s.all -= b.prose; b.vote {
			s.voted -= b.prose
		}
	}
	if s.all > 0 {
		f[fTemplateShare] = float64(s.voted) / float64(s.all)
		f[fTemplateMass] = float64(s.voted) / total
		f[fTemplateKnown] = 1
	}
	f[fParentMass] = float64(v.container[container(b.node)]) / total
	if p.said != nil && len(b.text) > 15 {
		share := p.said.share(b.text)
		f.set(fSaid, share > 0.6)
		f.set(fUnsaid, share < 0.3 && v.said*2 > v.total)
	}
	f.set(fHead, float64(seen) < total/20)
	f.set(fTail, float64(seen) > total*19/20)
	l := v.links[b.node.Parent]
	f[fParentLinks] = math.Min(float64(l.linked)/float64(max(l.all, 1)), 1)
	f.set(fRepeated, v.texts[b.text] > 1)
	switch {
	case b.node.DataAtom == atom.H1:
		f[fHeading1] = 1
	case isHeading(b.node):
		f[fHeading] = 1
		f.set(fHeadingVote, b.vote)
	case b.node.DataAtom == atom.Li, b.node.DataAtom == atom.Dd, b.node.DataAtom == atom.Dt:
		f[fItem] = 1
		f.set(fItemVote, b.vote)
	case b.node.DataAtom == atom.Tr:
		f[fRow] = 1
	case b.node.DataAtom == atom.P:
		f[fParagraph] = 1
	default:
		f[fDiv] = 1
		f.set(fDivVote, b.vote)
	}
	for bit := range numTraits {
		f.set(fTraits+bit, b.traits&(1<<bit) != 0)
	}
}

// wording is what the block's own text says.
func wording(b *scored, f *features, a *tenor.Article, title, lead string) {
	size := float64(len(b.text))
	f[fLinks] = math.Min(float64(b.linked)/size, 1)
	f.set(fAllLink, f[fLinks] > 0.9)
	if b.vote {
		f[fLinkedVote] = f[fLinks]
	}
	f[fHeld] = math.Min(float64(b.held)/size, 1)
	f.set(fItalic, float64(b.italic) > size*0.8)
	f.set(fBold, float64(b.bold) > size*0.8)
	f[fLength] = math.Min(math.Log(size), 6.5) - 3
	end, _ := utf8.DecodeLastRuneInString(strings.TrimRight(b.text, `"”’')»]“`))
	f.set(fSentence, strings.ContainsRune(".!?。！？…:।", end))
	f.set(fShort, size < 80)
	f.set(fTiny, size < 25)
	f.set(fQuotation, strings.ContainsAny(b.text, "“„«「\""))
	if len(b.text) > maxFurniture {
		return
	}
	f.set(fFurniture, isFurniture(strings.ToLower(b.text)))
	f.set(fByline, repeatsHead(b.text, a))
	f.set(fContact, (strings.Contains(b.text, "@") || strings.Contains(b.text, "http") || strings.Contains(b.text, "www.")) && contactLine.MatchString(b.text))
	flat := squash(b.text)
	f.set(fTitle, flat != "" && flat == title)
	f.set(fSummary, len(flat) > 20 && lead != "" && (strings.HasPrefix(lead, flat) || strings.HasPrefix(flat, lead)))
}
