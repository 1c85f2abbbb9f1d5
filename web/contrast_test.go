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
	for name, scheme := range schemes(t) {
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

// schemes are the colours of the stylesheet by name, light and dark.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
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
	return map[string]map[string]string{"light": light, "dark": dark}
}

// The stances can be told apart by colour alone, though they never have to be (each has its
// shape and its word), by readers who lack red, green or blue cones, as Viénot, Brettel and
// Mollon (1999) simulate them. A difference of 20 in CIE 1976 is about ten times what can
// just be seen.
func TestColourBlindReadersTellStancesApart(t *testing.T) {
	identity := [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	for eyes, m := range map[string][3][3]float64{
		"all cones": identity,
		"protan":    {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
		"deutan":    {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
		"tritan":    {{1, 0.14461, -0.14461}, {0, 0.85924, 0.14076}, {0, 0.85924, 0.14076}},
	} {
		for name, scheme := range schemes(t) {
			for _, pair := range [][2]string{{"bullish", "fragile"}, {"bullish", "neutral"}, {"fragile", "neutral"}} {
				d := difference(seen(scheme[pair[0]], m), seen(scheme[pair[1]], m))
				t.Logf("%s, %s: %s and %s differ by %.0f", eyes, name, pair[0], pair[1], d)
				if d < 20 {
					t.Errorf("%s, %s: %s and %s differ by %.0f only", eyes, name, pair[0], pair[1], d)
				}
			}
		}
	}
}

// linear is a colour like #0b6b62 as linear red, green and blue from 0 to 1.
func linear(hex string) (rgb [3]float64) {
	for i := range rgb {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			panic(err)
		}
		if c := float64(n) / 255; c <= 0.04045 {
			rgb[i] = c / 12.92
		} else {
			rgb[i] = math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return rgb
}

// seen is a colour through other eyes, as CIE L*a*b*.
func seen(hex string, eyes [3][3]float64) (lab [3]float64) {
	rgb := linear(hex)
	times := func(m [3][3]float64, v [3]float64) (out [3]float64) {
		for i := range out {
			for j := range v {
				out[i] += m[i][j] * v[j]
			}
		}
		return out
	}
	xyz := times([3][3]float64{{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}, times(eyes, rgb))
	for i, white := range []float64{0.9505, 1, 1.089} {
		if xyz[i] /= white; xyz[i] > 0.008856 {
			xyz[i] = math.Cbrt(xyz[i])
		} else {
			xyz[i] = 7.787*xyz[i] + 16.0/116
		}
	}
	return [3]float64{116*xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])}
}

func difference(a, b [3]float64) float64 {
	return math.Sqrt(math.Pow(a[0]-b[0], 2) + math.Pow(a[1]-b[1], 2) + math.Pow(a[2]-b[2], 2))
}

// contrast is the ratio of the relative luminances of two colours like #0b6b62.
func contrast(a, b string) float64 {
	luminance := func(hex string) float64 {
		c := linear(hex)
		return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
