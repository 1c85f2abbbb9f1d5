package tenor

import (
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// story is n words in sentences, repeatable and invented.
func story(seed uint64, n int) []string {
	rng := rand.New(rand.NewPCG(seed, 31))
	syllables := strings.Fields("ka lo mi ter dun ves pol rin sha gor bel tun")
	words := make([]string, n)
	for i := range words {
		for k := int(1500 * rng.Float64() * rng.Float64() * rng.Float64()); ; k /= len(syllables) { // few words often, as in real text
			if words[i] += syllables[k%len(syllables)]; k == 0 {
				break
			}
		}
	}
	return words
}

// The reruns among real stories are found, and no two others.
func TestSimhashOfGoldStories(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join("..", "shared", "gold", "reuters", "*.txt"))
	if len(paths) == 0 {
		t.Skip("../shared/gold/reuters is not here: reruns in it are not looked for")
	}
	var texts []string
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	var found []string
	for i := range texts {
		for j := range i {
			if bits.OnesCount64(Simhash(texts[i])^Simhash(texts[j])) <= SimhashBits && Overlap(texts[i], texts[j]) > 0.7 {
				found = append(found, filepath.Base(paths[j])[:4]+filepath.Base(paths[i])[:4])
			}
		}
	}
	if got := strings.Join(found, " "); got != "r006r032 r000r035 r056r058" {
		t.Errorf("reruns %s", got)
	}
}

func TestSimhash(t *testing.T) {
	differ := func(a, b []string) int {
		return bits.OnesCount64(Simhash(strings.Join(a, " ")) ^ Simhash(strings.Join(b, " ")))
	}
	for seed := range uint64(20) {
		a := story(seed, 600)
		if n := differ(a, strings.Fields(strings.ToUpper(strings.Join(a, ", ")))); n != 0 {
			t.Errorf("case and commas change %d bits", n)
		}
		edited := append([]string{}, a...)
		edited[300] = "otherwise"
		if n := differ(a, edited); n > SimhashBits {
			t.Errorf("a word in six hundred changes %d bits", n)
		}
		if n := differ(a, story(seed+100, 600)); n <= 2*SimhashBits {
			t.Errorf("two stories differ in %d bits only", n)
		}
	}
	if Simhash("Four short words here") != 0 {
		t.Error("a line has a fingerprint")
	}
	a, b := strings.Join(story(1, 100), " "), strings.Join(story(2, 100), " ")
	if got := Overlap(a, a+" "+b); got != 1 {
		t.Errorf("a text inside another overlaps by %v", got)
	}
	if got := Overlap(a, b); got > 0.1 {
		t.Errorf("strangers overlap by %v", got)
	}
}
