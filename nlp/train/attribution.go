package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"tenor/nlp"
)

// attribution learns the decisions of who said what.
func attribution(args []string) error {
	flags := flag.NewFlagSet("train attribution", flag.ExitOnError)
	polnear := flags.String("polnear", "", "articles of PolNeAR, .jsonl or .jsonl.gz")
	newswire := flags.String("newswire", "", "labels of news stories, which are read from standard input")
	folds := flags.Int("folds", 0, "cross-validate in so many folds instead of writing a model")
	out := flags.String("o", "", "file to write the model to, once it is whole (standard output without)")
	flags.Parse(args)
	var texts nlp.AttributionTexts
	if *polnear != "" {
		if err := readPolNeAR(&texts, *polnear); err != nil {
			return err
		}
	}
	if *newswire != "" {
		labels, err := os.Open(*newswire)
		if err != nil {
			return err
		}
		defer labels.Close()
		if err := texts.AddNewswire(labels, os.Stdin); err != nil {
			return err
		}
	}
	if flags.NArg() > 0 {
		passages, err := read(flags.Args())
		if err != nil {
			return err
		}
		if err := texts.AddPassages(passages); err != nil {
			return err
		}
	}
	if texts.Len() == 0 {
		return errors.New("nothing to learn from; name labelled passages, -polnear or -newswire")
	}
	fmt.Fprintf(os.Stderr, "%d texts\n", texts.Len())
	if *folds > 0 {
		return crossValidate(&texts, *folds)
	}
	var model bytes.Buffer
	if err := nlp.TrainAttribution(&texts, &model); err != nil {
		return err
	}
	return write(*out, model.Bytes())
}

func readPolNeAR(texts *nlp.AttributionTexts, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
	}
	return texts.AddPolNeAR(in)
}

func crossValidate(texts *nlp.AttributionTexts, folds int) error {
	news, passages, politics, err := nlp.CrossValidateAttribution(texts, folds)
	if err != nil {
		return err
	}
	fmt.Printf("%d folds\n", folds)
	for _, f := range []struct {
		of string
		nlp.AttributionFigures
	}{{"news stories", news}, {"invented passages", passages}, {"political articles", politics}} {
		if f.Quotes == 0 {
			continue
		}
		fmt.Printf("%6d quotes of %s: precision %.3f, recall %.3f, F1 %.3f\n", f.Quotes, f.of, f.Precision(), f.Recall(), f.F1())
		fmt.Print("       right by confidence, in tenths:")
		for _, b := range f.Bands {
			fmt.Printf(" %.2f of %d", float64(b.Good)/float64(max(b.Predicted, 1)), b.Predicted)
		}
		fmt.Println()
	}
	return nil
}
