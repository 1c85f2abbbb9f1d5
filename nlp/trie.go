package nlp

import (
	"slices"
	"unicode/utf8"
)

// trie finds a word or a name of the lists in one walk over its bytes, without
// regard to case, accents or the shape of apostrophes. It is compiled once.
type trie struct {
	nodes []trieNode
	edges []trieEdge
}

type trieNode struct {
	first int32 // into edges
	count int32
	entry int32 // 1 + what ends here; 0 for nothing
}

type trieEdge struct {
	b    byte
	next int32
}

// compileTrie builds the trie of keys, which are folded already; what ends at a
// key is its place in the list.
func compileTrie(keys []string) *trie {
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if keys[a] < keys[b] {
			return -1
		}
		return 1
	})
	t := &trie{nodes: make([]trieNode, 1, 4*len(keys)+1)}
	t.grow(0, keys, order, 0)
	return t
}

// grow makes the edges of a node, which the keys of order share up to depth.
func (t *trie) grow(node int, keys []string, order []int, depth int) {
	if len(order) > 0 && len(keys[order[0]]) == depth {
		t.nodes[node].entry = int32(order[0]) + 1
		order = order[1:]
	}
	first := len(t.edges)
	var ends []int // of the keys with one next byte
	for i, k := range order {
		if b := keys[k][depth]; i == 0 || keys[order[i-1]][depth] != b {
			t.edges = append(t.edges, trieEdge{b: b, next: int32(len(t.nodes))})
			t.nodes = append(t.nodes, trieNode{})
			ends = append(ends, i)
		} else {
			ends[len(ends)-1] = i
		}
	}
	t.nodes[node].first, t.nodes[node].count = int32(first), int32(len(ends))
	start := 0
	for n, end := range ends {
		t.grow(int(t.edges[first+n].next), keys, order[start:end+1], depth+1)
		start = end + 1
	}
}

// find returns 1 + the place of the key that w spells, 0 for none, and a number
// for the word that is the same for all its spellings.
func (t *trie) find(w string) (entry int32, number uint32) {
	number = 2166136261
	node := int32(0)
	for i := 0; i < len(w); {
		c, size := foldByte(w, i)
		i += size
		if c == 0 {
			continue
		}
		number = (number ^ uint32(c)) * 16777619
		if node >= 0 {
			node = t.step(node, c)
		}
	}
	if node >= 0 {
		entry = t.nodes[node].entry
	}
	return entry, number | 1<<31 // apart from the numbers of shapes
}

func (t *trie) step(node int32, c byte) int32 {
	n := &t.nodes[node]
	for _, e := range t.edges[n.first : n.first+n.count] {
		if e.b == c {
			return e.next
		}
	}
	return -1
}

// plain is the letter without its accent for each of U+00C0 to U+00FF.
const plain = "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy"

// foldByte is the character at w[i] as the lists spell it, and how many bytes it
// takes: small, without an accent, a straight apostrophe, a plain space. 0 stands
// for what is left out.
func foldByte(w string, i int) (byte, int) {
	c := w[i]
	switch {
	case c >= 'A' && c <= 'Z':
		return c + 'a' - 'A', 1
	case c == '\n' || c == '\t' || c == '\r':
		return ' ', 1
	case c < utf8.RuneSelf:
		return c, 1
	case c == 0xE2 && i+2 < len(w) && w[i+1] == 0x80 && w[i+2] == 0x99: // ’
		return '\'', 3
	case c == 0xC2 && i+1 < len(w) && w[i+1] == 0xA0: // no-break space
		return ' ', 2
	case c == 0xC3 && i+1 < len(w) && w[i+1] >= 0x80 && w[i+1] <= 0xBF:
		return plain[w[i+1]-0x80], 2
	}
	return c, 1
}

// foldKey is a key of a list as the trie holds it.
func foldKey(s string) string {
	folded := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		c, size := foldByte(s, i)
		i += size
		if c != 0 {
			folded = append(folded, c)
		}
	}
	return string(folded)
}
