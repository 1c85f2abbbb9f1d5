package crawler

import (
	"strings"
	"testing"

	"tenor"
)

func TestProvenance(t *testing.T) {
	const body = "Shares rose, said Orla Penn of Marsh Lane, and the small ones most.\n"
	for _, test := range []struct {
		text, forwarded string
		translation     tenor.Translation
	}{
		{"Article forwarded from: Saltmarsh Wire\n" + body, "Saltmarsh Wire", ""},
		{body + "This article was originally published by Saltmarsh Wire on June 3 and is republished here.", "Saltmarsh Wire", ""},
		{body + "This piece first appeared in The Harbour Review, and has been edited.", "The Harbour Review", ""},
		{body + "Reposted with permission from harbour.example.com.", "", ""}, // lower case could be any word
		{body + "The post Small caps rise appeared first on Harbour Review.", "Harbour Review", ""},
		{body + "Zuerst erschienen bei Hafenblatt.", "Hafenblatt", ""},
		{"By Saltmarsh Wire via Harbour\n" + body, "Saltmarsh Wire", ""},
		{"OSLO, June 3 (Reuters) - Shares rose.\n" + body, "Reuters", ""},
		{"OSLO (AP) — Shares rose.\n" + body, "Associated Press", ""},
		{"OSLO (Some Broker) - Shares rose.\n" + body, "", ""},
		{body + "Source: Dow Jones Newswires", "Dow Jones Newswires", ""},
		{body + "Quelle: dpa", "dpa", ""},
		{body + "Source: the company's own figures", "", ""},
		{body + "来源：新华社", "新华社", ""},
		{body + "The AI translation of this story was checked by Kai Lund.", "", tenor.TranslationMachine},
		{body + "Translated with DeepL.", "", tenor.TranslationMachine},
		{body + "Dieser Text wurde maschinell übersetzt.", "", tenor.TranslationMachine},
		{body + "本文由机器翻译。", "", tenor.TranslationMachine},
		{body + "Translated from the Norwegian by Kai Lund.", "", tenor.TranslationHuman},
		{body + "Übersetzt von Kai Lund", "", tenor.TranslationHuman},
		{body + "Traduction : Anaïs Forêt", "", tenor.TranslationHuman},
		{body + "The Thai translation of this is hard to find.", "", ""},
		{body + "Translation Services of Bergen rose 3 per cent.", "", ""},
		{body + "The rally translated by Monday into orders.", "", ""},
	} {
		forwarded, translation := provenance(test.text)
		if forwarded != test.forwarded || translation != test.translation {
			t.Errorf("%q: %q, %q, want %q, %q", strings.Replace(test.text, body, "… ", 1), forwarded, translation, test.forwarded, test.translation)
		}
	}
}

func TestExtractForwarded(t *testing.T) {
	for name, test := range map[string]struct{ head, body, want string }{
		"canonical on another site":      {`<link rel="canonical" href="https://wire.saltmarsh.com/a">`, "", "saltmarsh.com"},
		"canonical on a host of its own": {`<link rel="canonical" href="https://m.meadow.com/a">`, "", ""},
		"an agency is the only author":   {`<meta name="author" content="Reuters">`, "", "Reuters"},
		"its own agency":                 {`<meta property="og:site_name" content="Reuters"><meta name="author" content="Reuters">`, "", ""},
		"a note beside the text":         {"", `<div class="story-attribution">This article was originally published by Saltmarsh Wire.</div>`, "Saltmarsh Wire"},
	} {
		page := strings.Replace(datedPage(test.head), "</article>", "</article>"+test.body, 1)
		a, err := Extract(&tenor.Page{URL: "https://www.meadow.com/a", FetchedAt: importedAt, Body: []byte(page)})
		if err != nil || a.Forwarded != test.want {
			t.Errorf("%s: %v %q, want %q", name, err, a.Forwarded, test.want)
		}
	}
}
