package nlp

import (
	"strings"
	"testing"

	"tenor"
)

// wording is a way of saying who said what. want lists the quotes as "speaker: words",
// parts of the words joined by " … "; none means that nobody is quoted.
type wording struct {
	text string
	want []string
}

// forms are the constructions of the field, each in one or two invented
// sentences. A form that goes wrong in an article belongs here and, with a dozen
// others like it, into train/attribution.
var forms = map[string][]wording{
	"direct": {
		{"“It may well last,” said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: It may well last,"}},
		{"\"It may well last,\" Odo Quill, strategist at Pell Research, said.", []string{"Odo Quill: It may well last,"}},
		{"“It may well last,” Pell Research strategist Odo Quill said on Monday.", []string{"Odo Quill: It may well last,"}},
		{"Odo Quill, chief economist of Pell Research, said: “It may well last.”", []string{"Odo Quill: It may well last."}},
		{"“It may well last,” Odo Quill of Pell Research told the agency. “We are buyers.”", []string{"Odo Quill: It may well last, … We are buyers."}},
		{"“It may well,” said Odo Quill of Pell Research, “last until the spring.”", []string{"Odo Quill: It may well, … last until the spring."}},
		{"“Is it over?” asked Odo Quill of Pell Research.", []string{"Odo Quill: Is it over?"}},
		{"“It may well last.” Odo Quill, an analyst at Pell Research, said in a note.", []string{"Odo Quill: It may well last."}},
	},
	"marks": {
		{"‘It may well last for a year,’ said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: It may well last for a year,"}},
		{"«It may well last», said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: It may well last"}},
		{"``It may well last,'' said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: It may well last,"}},
		{"''It may well last,'' said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: It may well last,"}},
		{"“It may well last,\" said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: It may well last,"}},
		{"”It may well last,\" said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: It may well last,"}},
		{"Odo Quill, strategist at Pell Research, said: “It may well last.", []string{"Odo Quill: It may well last."}},
		{"“It is the ‘everything chase’ again,” said Odo Quill of Pell Research.", []string{"Odo Quill: It is the ‘everything chase’ again,"}},
	},
	"over paragraphs": {
		{"“It may well last,” said Odo Quill, strategist at Pell Research. “The Fed helps.\n\n“And so do profits.”", []string{"Odo Quill: It may well last, … The Fed helps. … And so do profits."}},
		{"“The Fed helps.\n\n“And so do profits,” said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: The Fed helps. … And so do profits,"}},
		{"Odo Quill of Pell Research wrote:\n\nSmall companies have room to run, and rates are on their side.", []string{"Odo Quill: Small companies have room to run, and rates are on their side."}},
		{"The list rose again, but will it last, says Pell Research investment director Odo Quill.\n\n“We have seen this film a few times.\n\n“Home-grown names lag, as they did in May.\n\n“Over there it looks like foam to me.”", []string{"Odo Quill: The list rose again, but will it last", "Odo Quill: We have seen this film a few times. … Home-grown names lag, as they did in May. … Over there it looks like foam to me."}},
		{"Odo Quill, an analyst at Pell Research, sums up the day:\n\n“Traders got what they had come for, and went home early.”", []string{"Odo Quill: Traders got what they had come for, and went home early."}},
	},
	"indirect": {
		{"Odo Quill, strategist at Pell Research, said that the rally may last.", []string{"Odo Quill: the rally may last."}},
		{"The rally may last until spring, Odo Quill of Pell Research said in a note to clients.", []string{"Odo Quill: The rally may last until spring"}},
		{"The rally may last until spring, said Odo Quill, strategist at Pell Research.", []string{"Odo Quill: The rally may last until spring"}},
		{"The rally, Odo Quill of Pell Research said, may last until spring.", []string{"Odo Quill: The rally … may last until spring."}},
		{"According to Odo Quill of Pell Research, the rally may last until spring.", []string{"Odo Quill: the rally may last until spring."}},
		{"The rally may last until spring, according to Odo Quill of Pell Research.", []string{"Odo Quill: The rally may last until spring"}},
		{"In the view of Odo Quill of Pell Research, the rally may last until spring.", []string{"Odo Quill: the rally may last until spring."}},
		{"For Odo Quill, strategist at Pell Research, the rally has further to run.", []string{"Odo Quill: the rally has further to run."}},
		{"Pell Research strategist Odo Quill expects two rate cuts this year.", []string{"Odo Quill: two rate cuts this year."}},
		{"Odo Quill of Pell Research sees the index ending the year at 2,400.", []string{"Odo Quill: the index ending the year at 2,400."}},
		{"In a note titled “Brace for Impact,” Odo Quill of Pell Research put the odds of a slump at 60%.", []string{"Odo Quill: the odds of a slump at 60%."}},
		{"According to the Daily Ledger, Odo Quill of Pell Research said that stocks would rise next year.", []string{"Odo Quill: stocks would rise next year."}},
		{"For now, though, according to Odo Quill of Pell Research, the outlook is good.", []string{"Odo Quill: the outlook is good."}},
		{"Odo Quill, economist at Pell Research, writes that inflation has peaked.", []string{"Odo Quill: inflation has peaked."}},
		{"Odo Quill, economist at Pell Research, does not think that inflation has peaked.", []string{"Odo Quill: does not think that inflation has peaked."}},
	},
	"mixed": {
		{"Odo Quill of Pell Research said the rally was “a gift to the patient” and would last.", []string{"Odo Quill: the rally was “a gift to the patient” and would last."}},
		{"Odo Quill of Pell Research called the rally “a gift to the patient.”", []string{"Odo Quill: the rally “a gift to the patient.”"}},
	},
	"houses": {
		{"Pell Research expects two rate cuts this year.", []string{"Pell Research: two rate cuts this year."}},
		{"Pell Research strategists said the rally may last until spring.", []string{"Pell Research: the rally may last until spring."}},
		{"Pell Research's Wall Street strategists said the rally may last until spring.", []string{"Pell Research: the rally may last until spring."}},
		{"A study by Pell Research's Wall Street team shows that the rally may last until spring.", []string{"Pell Research: the rally may last until spring."}},
		{"Pell Research sees 2,400 by June.", []string{"Pell Research: 2,400 by June."}},
		{"Hallmoor upgraded the shares to buy. Hallmoor expects two rate cuts this year.", []string{"Hallmoor: upgraded the shares to buy.", "Hallmoor: two rate cuts this year."}},
		{"Analysts at Pell Research wrote that the rally may last until spring.", []string{"Pell Research: the rally may last until spring."}},
		{"Strategists at Pell Research led by Odo Quill expect the rally to last.", []string{"Odo Quill: the rally to last."}},
		{"Led by Odo Quill, Pell Research strategists said that the rally may last.", []string{"Odo Quill: the rally may last."}},
		{"Pell Research raised its year-end target for the index to 2,400 from 2,100.", []string{"Pell Research: raised its year-end target for the index to 2,400 from 2,100."}},
	},
	"several in one sentence": {
		{"Pell Research expects growth of 2 percent, while Tarn Bank forecasts a recession.", []string{"Pell Research: growth of 2 percent", "Tarn Bank: a recession."}},
		{"Odo Quill of Pell Research says the rally will last, but Ines Tarn of Moor Bank thinks it is over.", []string{"Odo Quill: the rally will last", "Ines Tarn: it is over."}},
		{"“It may well last,” Odo Quill and Ines Tarn of Pell Research wrote in a note.", []string{"Odo Quill: It may well last,"}},
	},
	"apposition": {
		{"Odo Quill, chief executive of Tarn Advisors and portfolio manager of the Pell Fund, said the rally may last.", []string{"Odo Quill: the rally may last."}},
		{"“It may well last,” said Odo Quill, who manages $2 billion at Pell Capital in Lund.", []string{"Odo Quill: It may well last,"}},
		{"“It may well last,” Pell Research's chief U.S. equity strategist, Odo Quill, said.", []string{"Odo Quill: It may well last,"}},
		{"Pell Research raised its target. Quill, the firm's chief strategist, wrote that the rally may last.", []string{"Pell Research: raised its target.", "Quill: the rally may last."}},
		{"UBS's Odo Quill said the rally may last until spring.", []string{"Odo Quill: the rally may last until spring."}},
	},
	"coreference": {
		{"Ines Quill is a strategist at Pell Research. “It may well last,” she said.", []string{"Ines Quill: It may well last,"}},
		{"“It may well last,” said Odo Quill, strategist at Pell Research. He expects two cuts this year.", []string{"Odo Quill: It may well last,", "Odo Quill: two cuts this year."}},
		{"“It may well last,” said Odo Quill, strategist at Pell Research. Quill added that profits are growing.", []string{"Odo Quill: It may well last,", "Odo Quill: profits are growing."}},
		{"“It may well last,” said Odo Quill, an economist at Pell Research. Lower rates would help, the economist added.", []string{"Odo Quill: It may well last,", "Odo Quill: Lower rates would help"}},
		{"Pell Bank cut its forecast on Monday. The bank said that growth would slow next year.", []string{"Pell Bank: cut its forecast on Monday.", "Pell Bank: growth would slow next year."}},
	},
	"without a clause": {
		{"“It may well last,” said Odo Quill, strategist at Pell Research.\n\n“We have been buying since May, and we are not done.”", []string{"Odo Quill: It may well last,", "Odo Quill: We have been buying since May, and we are not done."}},
		{"“It may well last, and I like it.” — Odo Quill, strategist, Pell Research", []string{"Odo Quill: It may well last, and I like it."}},
	},
	"layouts": {
		{"ODO QUILL, CHIEF STRATEGIST, PELL RESEARCH\n\n“It may well last for a year.”", []string{"ODO QUILL: It may well last for a year."}},
		{"HOST: Will it last?\n\nODO QUILL, PELL RESEARCH: It may well last for a year, I think.\n\nINES TARN, MOOR BANK: I would not bet on that, with rates so high.", []string{"ODO QUILL: It may well last for a year, I think.", "INES TARN: I would not bet on that, with rates so high."}},
	},
	"nobody": {
		{"Some analysts believe that the rally has room to run.", nil},
		{"A strategist at Pell Research, who asked not to be named, said the rally may last.", nil},
		{"“It may well last,” said one trader in Lund.", nil},
		{"The index has gained 12 percent this year, according to FactSet.", nil},
		{"The “Furious Five” led the “everything chase”.", nil},
		{"Investors expect two rate cuts this year.", nil},
		{"Investors in the United States remain cautious.", nil},
		{"(Reporting by Odo Quill; editing by Ines Tarn)", nil},
		{"I'm PortAI, I can summarize articles.", nil},
		{"Odo Quill of Pell Research declined to comment.", nil},
	},
}

func TestForms(t *testing.T) {
	for name, list := range forms {
		for _, f := range list {
			quotes, err := shared.Tag(&tenor.Article{File: "f.txt", Text: f.text})
			if err != nil {
				t.Fatal(err)
			}
			checkSpans(t, f.text, quotes)
			var got []string
			for _, q := range quotes {
				got = append(got, q.Speaker+": "+strings.Join(q.Segments(f.text), " … "))
			}
			if strings.Join(got, "\n") != strings.Join(f.want, "\n") {
				t.Errorf("%s: %s\n got %q\nwant %q", name, f.text, got, f.want)
			}
		}
	}
}
