// Command train learns the stance model of package nlp from files of labelled
// quotes, or folders of them.
//
//	go run ./nlp/train -o nlp/model/stance.txt ../shared/data/stance_silver.jsonl nlp/train/quotes
//	go run ./nlp/train -folds 5 ../shared/data/stance_silver.jsonl nlp/train/quotes
//	go run ./nlp/train -o nlp/model/stance.txt -min 2 nlp/train/quotes
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"tenor/nlp"
)

func main() {
	log.SetFlags(0)
	o := nlp.DefaultTrainOptions()
	flag.IntVar(&o.Epochs, "epochs", o.Epochs, "passes over the quotes")
	flag.Float64Var(&o.Rate, "rate", o.Rate, "learning rate")
	flag.Float64Var(&o.Decay, "decay", o.Decay, "pull of weights to zero")
	flag.IntVar(&o.MinCount, "min", o.MinCount, "quotes in which a word or a run of words must stand")
	flag.Float64Var(&o.Own, "own", o.Own, "what a quote of our own counts")
	folds := flag.Int("folds", 0, "cross-validate in so many folds instead of writing a model")
	out := flag.String("o", "", "file to write the model to, once it is whole (standard output without)")
	flag.Parse()
	if flag.NArg() == 0 {
		log.Fatal("usage: train [flags] QUOTES.jsonl|FOLDER...")
	}
	quotes, err := read(flag.Args())
	if err != nil {
		log.Fatal(err)
	}
	if *folds > 0 {
		news, own, err := nlp.CrossValidate(quotes, o, *folds)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d folds\n", *folds)
		for _, f := range []struct {
			of string
			nlp.Figures
		}{{"news sentences", news}, {"quotes of our own", own}} {
			fmt.Printf("%6d %s: accuracy %.3f, macro-F1 %.3f\n", f.Quotes, f.of, f.Accuracy, f.MacroF1)
		}
		return
	}
	var model bytes.Buffer
	if err := nlp.TrainStance(quotes, o, &model); err != nil {
		log.Fatal(err)
	}
	if *out == "" {
		_, err = os.Stdout.Write(model.Bytes())
	} else {
		err = os.WriteFile(*out, model.Bytes(), 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// read joins the lines of files, and of every .jsonl file of folders by name.
func read(names []string) (io.Reader, error) {
	var all bytes.Buffer
	for _, name := range names {
		files := []string{name}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if files, err = filepath.Glob(filepath.Join(name, "*.jsonl")); err != nil || len(files) == 0 {
				return nil, fmt.Errorf("no .jsonl files in %s", name)
			}
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("read quotes: %w", err)
			}
			all.Write(append(bytes.TrimRight(data, "\n"), '\n'))
		}
	}
	return &all, nil
}
