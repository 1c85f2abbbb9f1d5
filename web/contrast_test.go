package web

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Every text colour can be read on every ground it stands on (WCAG AA: 4.5 to 1),
// and the borders of fields can be seen (3 to 1), in both schemes.
func TestColoursHaveContrast(t *testing.T) {
	css, err := os.ReadFile("static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	colour := regexp.MustCompile(`--([\w-]+): (#[0-9a-f]{6});`)
	light, dark := map[string]string{}, map[string]string{}
	before, after, found := strings.Cut(string(css), "(prefers-color-scheme: dark)")
	if !found {
		t.Fatal("no dark scheme in the stylesheet")
	}
	for _, m := range colour.FindAllStringSubmatch(before, -1) {
		light[m[1]], dark[m[1]] = m[2], m[2]
	}
	after, _, _ = strings.Cut(after, "\n}")
	for _, m := range colour.FindAllStringSubmatch(after, -1) {
		dark[m[1]] = m[2]
	}
	for name, scheme := range map[string]map[string]string{"light": light, "dark": dark} {
		check := func(least float64, above string, grounds ...string) {
			for _, ground := range grounds {
				if c := contrast(scheme[above], scheme[ground]); c < least {
					t.Errorf("%s: %s on %s has %.2f to 1, less than %.1f", name, above, ground, c, least)
				}
			}
		}
		for _, text := range []string{"ink", "soft", "accent", "bullish", "neutral", "fragile", "warn"} {
			check(4.5, text, "ground", "raised", "sunken")
		}
		check(4.5, "ink", "bullish-tint", "neutral-tint", "fragile-tint", "match")
		check(4.5, "accent-ink", "accent")
		check(3, "line-strong", "ground", "raised")
		check(3, "focus", "ground", "raised")
	}
}

// contrast is the ratio of the relative luminances of two colours like #0b6b62.
func contrast(a, b string) float64 {
	luminance := func(hex string) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
			if err != nil {
				panic(err)
			}
			c := float64(n) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
