package nlp

import (
	"testing"

	"tenor"
)

// TestTitlesAndHouses: in which capacity somebody speaks, and for whom, by what
// stands beside the name or anywhere in the article.
func TestTitlesAndHouses(t *testing.T) {
	for text, want := range map[string]struct {
		firm string
		kind tenor.SpeakerType
	}{
		"“It may last,” said Odo Quill, chief equity strategist at Pell Research.":                                   {"Pell Research", tenor.Analyst},
		"“It may last,” said Odo Quill, CEO of Tarn Motors Inc.":                                                     {"Tarn Motors Inc.", tenor.Executive},
		"“It may last,” Pell Research's chief U.S. equity strategist Odo Quill said.":                                {"Pell Research", tenor.Analyst},
		"“It may last,” said Odo Quill, who manages $2 billion at Pell Capital in Lund.":                             {"Pell Capital", tenor.Analyst},
		"“It may last,” said Odo Quill of Lund, Sweden-based Pell Capital.":                                          {"Pell Capital", tenor.Analyst},
		"“It may last,” said Odo Quill, chief investment officer, Asian equities, at Pell Capital.":                  {"Pell Capital", tenor.Analyst},
		"“It may last,” said Odo Quill, an economist at Tarn, Pell & Lowe.":                                          {"Tarn, Pell & Lowe", tenor.Analyst},
		"The chief economist of the Guild of Realtors, Odo Quill, said the fall may last.":                           {"Guild of Realtors", tenor.Analyst},
		"A hard year for Tarn Motors is behind it. “It may last,” Chief Financial Officer Odo Quill said on a call.": {"Tarn Motors", tenor.Executive},
		"The Federal Reserve left rates alone. “It may last,” Governor Odo Quill said on Monday.":                    {"Federal Reserve", tenor.Official},
		"“It may last,” said Finance Minister Odo Quill.":                                                            {"", tenor.Official},
		"The loudest were at Pell Research, where Odo Quill, a strategist, said that the rally may last.":            {"Pell Research", tenor.Analyst},
		"Pell Bank is the first to say so. Its strategist Odo Quill expects the rally to last.":                      {"Pell Bank", tenor.Analyst},
		"“It may last,” said Odo Quill. The strategist at Pell Bank said that he was buying.":                        {"Pell Bank", tenor.Analyst},
		"“It may last,” said Odo Quill, a professor at Lund University.":                                             {"Lund University", tenor.Other},
		"“It may last,” Odo Quill said. He is senior market analyst at Pell Bros.":                                   {"", tenor.Other},
		"Ines Quill, whose Pell Fund owns the shares, said the rally may last.":                                      {"Pell Fund", tenor.Analyst},
		"“It may last,” said Odo Quill, head of research for the law firm Tarn Lowe.":                                {"Tarn Lowe", tenor.Analyst},
		"“It may last,” People's Bank of China Governor Odo Quill said on Monday.":                                   {"People's Bank of China", tenor.Official},
		"Pell Bank said on Monday that growth would slow.":                                                           {"Pell Bank", tenor.Institution},
	} {
		quotes, err := shared.Tag(&tenor.Article{Text: text})
		if err != nil || len(quotes) == 0 {
			t.Errorf("%s: %v, %v", text, quotes, err)
			continue
		}
		if q := quotes[0]; q.Firm != want.firm || q.SpeakerType != want.kind {
			t.Errorf("%s\n%s is %s of %q, want %s of %q", text, q.Speaker, q.SpeakerType, q.Firm, want.kind, want.firm)
		}
	}
}

// TestHouseOfWhoSpeaksLast: an analyst of no stated house belongs to the one that
// the words before make theirs, and to none where two may.
func TestHouseOfWhoSpeaksLast(t *testing.T) {
	for text, want := range map[string]string{
		"Pell Bank warned that growth would slow. Strategist Odo Quill said the rally may last.":                               "Pell Bank",
		"Pell Bank warned that growth would slow, but Tarn Bank expects a boom. Strategist Odo Quill said the rally may last.": "",
		"Shares of Tarn Motors fell. Strategist Odo Quill said the rally may last.":                                            "",
		"Hallmoor sees more gains. Odo Quill, the firm's chief strategist, said the rally may last.":                           "Hallmoor",
		"Pellmoor Chase joined the crowd. Odo Quill, chief economist at the bank, said the rally may last.":                    "Pellmoor Chase",
		"The rally may last, according to Odo Quill and his team at Pell Bank.":                                                "Pell Bank",
		"The strategist from Pell Street, Odo Quill, said the rally may last.":                                                 "Pell Street",
		"“It may last,” Pell Bank strategists together with Odo Quill wrote.\n\nQuill said that profits were growing.":         "Pell Bank",
	} {
		quotes, err := shared.Tag(&tenor.Article{Text: text})
		if err != nil || len(quotes) == 0 || quotes[len(quotes)-1].Speaker != "Odo Quill" || quotes[len(quotes)-1].Firm != want {
			t.Errorf("%s\n%v, %v, want Odo Quill of %q", text, quotes, err, want)
		}
	}
}

// TestAliases: the names of one house in an article are one.
func TestAliases(t *testing.T) {
	for text, want := range map[string]string{
		"Tarn Economic Advisors opened in May. Tarn said on Monday that growth would slow.":                        "Tarn Economic Advisors",
		"Tarn & Pell raised its forecast. T&P said on Monday that growth would slow.":                              "Tarn & Pell",
		"Tarn Motors Inc. cut its forecast on Monday. Tarn Motors said that growth would slow.":                    "Tarn Motors Inc.",
		"Estridge Asset Management (EAM) opened in May. EAM said on Monday in a note that growth would slow soon.": "Estridge Asset Management",
	} {
		quotes, err := shared.Tag(&tenor.Article{Text: text})
		if err != nil || len(quotes) == 0 || quotes[len(quotes)-1].Speaker != want {
			t.Errorf("%s\n%v, %v, want %s", text, quotes, err, want)
		}
	}
}
