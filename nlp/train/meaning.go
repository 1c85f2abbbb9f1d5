package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"tenor/nlp"
)

// meaning are the labelled texts from which stance and topics are learned.
type meaning struct {
	sentences, quotes, passages, stories *string
	folds                                *int
	without                              *string
	out                                  *string
}

func meaningFlags(flags *flag.FlagSet, parts []string) *meaning {
	return &meaning{
		sentences: flags.String("sentences", "", "file of labelled news sentences"),
		quotes:    flags.String("quotes", "", "folder of labelled quotes of our own"),
		passages:  flags.String("passages", "", "folder of invented texts with labelled quotes"),
		stories:   flags.String("stories", "", "file of labels of news stories, which come on standard input with blank lines between them"),
		folds:     flags.Int("folds", 0, "cross-validate in so many folds instead of writing a model"),
		without:   flags.String("without", "", "with -folds, learn without one of: "+strings.Join(parts, ", ")),
		out:       flags.String("o", "", "file to write the model to, once it is whole (standard output without)"),
	}
}

// texts reads what the flags name.
func (m *meaning) texts() (*nlp.LabelledTexts, error) {
	if *m.without != "" && *m.folds == 0 {
		return nil, errors.New("-without tries a model that is not written: give -folds too")
	}
	texts := new(nlp.LabelledTexts)
	for _, from := range []struct {
		name string
		add  func(io.Reader) error
	}{
		{*m.sentences, texts.AddSentences},
		{*m.quotes, texts.AddQuotes},
		{*m.passages, texts.AddPassages},
		{*m.stories, func(labels io.Reader) error { return texts.AddStories(labels, os.Stdin) }},
	} {
		if from.name == "" {
			continue
		}
		lines, err := read([]string{from.name})
		if err != nil {
			return nil, err
		}
		if err := from.add(lines); err != nil {
			return nil, err
		}
	}
	if texts.Quotes() == 0 {
		return nil, errors.New("name labelled texts: -sentences, -quotes, -passages, -stories")
	}
	fmt.Fprintln(os.Stderr, texts.Quotes(), "labelled quotes")
	return texts, nil
}

// stance learns the stance model.
func stance(args []string) error {
	o := nlp.DefaultTrainOptions()
	flags := flag.NewFlagSet("train stance", flag.ExitOnError)
	flags.IntVar(&o.Runs, "runs", o.Runs, "runs in different orders, of which the mean is taken")
	flags.IntVar(&o.Epochs, "epochs", o.Epochs, "passes over the quotes")
	flags.Float64Var(&o.Rate, "rate", o.Rate, "learning rate")
	flags.Float64Var(&o.Decay, "decay", o.Decay, "pull of weights to zero")
	flags.IntVar(&o.MinCount, "min", o.MinCount, "quotes in which a word or a run of words must stand")
	flags.Float64Var(&o.Own, "own", o.Own, "what a quote of our own counts")
	flags.IntVar(&o.First, "first", o.First, "with -folds, learn from so many quotes only; 0 for all")
	m := meaningFlags(flags, nlp.StanceParts())
	flags.Parse(args)
	o.Without = *m.without
	texts, err := m.texts()
	if err != nil {
		return err
	}
	if *m.folds > 0 {
		all, err := nlp.CrossValidateStance(texts, o, *m.folds)
		if err != nil {
			return err
		}
		fmt.Printf("%d folds\n", *m.folds)
		for _, f := range all {
			fmt.Printf("%6d %s: accuracy %.3f, macro-F1 %.3f\n", f.Quotes, f.Of, f.Accuracy, f.MacroF1)
		}
		return nil
	}
	var model bytes.Buffer
	if err := nlp.TrainStance(texts, o, &model); err != nil {
		return err
	}
	return write(*m.out, model.Bytes())
}

// topics learns the model of subjects and themes.
func topics(args []string) error {
	flags := flag.NewFlagSet("train topics", flag.ExitOnError)
	m := meaningFlags(flags, nlp.TopicParts())
	flags.Parse(args)
	texts, err := m.texts()
	if err != nil {
		return err
	}
	if *m.folds > 0 {
		all, err := nlp.CrossValidateTopics(texts, *m.without, *m.folds)
		if err != nil {
			return err
		}
		fmt.Printf("%d folds\n", *m.folds)
		for _, f := range all {
			fmt.Printf("%6d %s: subject %.3f, theme F1 %.3f\n", f.Quotes, f.Of, f.Subject, f.ThemeF1)
		}
		return nil
	}
	var model bytes.Buffer
	if err := nlp.TrainTopics(texts, &model); err != nil {
		return err
	}
	return write(*m.out, model.Bytes())
}
