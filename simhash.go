package tenor

// Simhash is a fingerprint of a text (Charikar 2002): each content word votes on
// every bit, as often as it occurs, so that texts which share nearly all of their
// words differ in few bits. It is 0 for a text too short to tell. In whole words it
// bears more editing than in runs of them; that the order is the same is for
// Overlap to check.
func Simhash(text string) uint64 {
	words, entries := foldWords(text), synonyms()
	if len(words) < leastWords {
		return 0
	}
	var votes [64]int
	for _, w := range words {
		if w = stem(w); entries[w].stop {
			continue
		}
		h := mix(classOf(w))
		for bit := range votes {
			votes[bit] += int(h>>bit&1)*2 - 1
		}
	}
	var hash uint64
	for bit, v := range votes {
		if v > 0 {
			hash |= 1 << bit
		}
	}
	return hash
}

// leastWords is how many words a text needs for a fingerprint that means something:
// two pages of a site that share a frame and little else must not look alike.
const leastWords = 40

// SimhashBits is in how many bits the fingerprints of near-duplicates may differ.
const SimhashBits = 3

// Reprint is another printing of an article's story.
type Reprint struct {
	ArticleID int64
	Outlet    string
	Title     string
	Published Date
}

// Overlap is the share of the runs of three words of the shorter text that the other
// has too, 0 to 1.
func Overlap(a, b string) float64 {
	wordsA, wordsB := foldWords(a), foldWords(b)
	if len(wordsA) > len(wordsB) {
		wordsA, wordsB = wordsB, wordsA
	}
	has := map[uint64]bool{}
	shingles(wordsB, func(h uint64) { has[h] = true })
	shared, all := 0, 0
	shingles(wordsA, func(h uint64) {
		all++
		if has[h] {
			shared++
		}
	})
	if all == 0 {
		return 0
	}
	return float64(shared) / float64(all)
}

// shingles hashes every run of three words.
func shingles(words []string, yield func(uint64)) {
	for i := 0; i+3 <= len(words); i++ {
		h := uint64(0)
		for _, w := range words[i : i+3] {
			h = mix(h ^ classOf(w))
		}
		yield(h)
	}
}

// mix spreads a hash over all its bits (the finalizer of MurmurHash3): FNV's high
// bits hardly change with the last letters.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
