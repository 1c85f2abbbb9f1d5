package crawler

import "testing"

func TestGuessLanguage(t *testing.T) {
	for want, text := range map[string]string{
		"en": "Harrow Metals HRW.N gained 3.1 pct to $41.20 and Skarn Energi SKRN.OL lost 2 pct in Oslo. The Kvitfjell index of Nordic miners was at 1,204 points, its best since May, Norge Marked said. Analysts at Brent & Lund put the fall of Skarn down to the krone, which is up 4 pct for the month.",
		"de": "Die Aktien der kleinen Unternehmen sind in dieser Woche deutlich gestiegen, sagte der Chefstratege der Bank am Donnerstag in Frankfurt. Die Anleger hoffen auf sinkende Zinsen und bessere Gewinne im nächsten Jahr.",
		"fr": "Les petites valeurs ont nettement progressé cette semaine, a déclaré jeudi le stratège de la banque. Les investisseurs espèrent une baisse des taux et de meilleurs bénéfices pour l'année prochaine, mais la prudence reste de mise.",
		"":   "12.4 13.9 – +0.3 %",
	} {
		if got := guessLanguage(text); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}
