// Command train learns the stance model of package nlp.
//
//	go run ./nlp/train ../shared/data/stance_silver.jsonl > nlp/model/stance.txt
//	go run ./nlp/train -folds 10 ../shared/data/stance_silver.jsonl
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"tenor/nlp"
)

func main() {
	log.SetFlags(0)
	o := nlp.DefaultTrainOptions()
	flag.IntVar(&o.Epochs, "epochs", o.Epochs, "passes over the quotes")
	flag.Float64Var(&o.Rate, "rate", o.Rate, "learning rate")
	flag.Float64Var(&o.Decay, "decay", o.Decay, "pull of weights to zero")
	flag.IntVar(&o.MinCount, "min", o.MinCount, "quotes in which a word must stand")
	flag.Float64Var(&o.Own, "own", o.Own, "what a quote of our own counts")
	folds := flag.Int("folds", 0, "cross-validate in so many folds instead of writing a model")
	flag.Parse()
	if flag.NArg() == 0 {
		log.Fatal("usage: train [flags] QUOTES.jsonl...")
	}
	var files []io.Reader
	for _, name := range flag.Args() {
		f, err := os.Open(name)
		if err != nil {
			log.Fatal(err)
		}
		defer f.Close()
		files = append(files, f)
	}
	all := io.MultiReader(files...)
	if *folds > 0 {
		news, own, err := nlp.CrossValidate(all, o, *folds)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d folds: %d news sentences, accuracy %.3f, macro-F1 %.3f; %d quotes of our own, accuracy %.3f, macro-F1 %.3f\n",
			*folds, news.Quotes, news.Accuracy, news.MacroF1, own.Quotes, own.Accuracy, own.MacroF1)
		return
	}
	if err := nlp.TrainStance(all, o, os.Stdout); err != nil {
		log.Fatal(err)
	}
}
