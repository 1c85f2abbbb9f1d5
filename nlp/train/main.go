// Command train learns the stance model of package nlp.
//
//	go run ./nlp/train ../shared/data/stance_silver.jsonl > nlp/model/stance.txt
//	go run ./nlp/train -folds 10 ../shared/data/stance_silver.jsonl
package main

import (
	"flag"
	"fmt"
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
	folds := flag.Int("folds", 0, "cross-validate in so many folds instead of writing a model")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: train [flags] QUOTES.jsonl")
	}
	f, err := os.Open(flag.Arg(0))
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	if *folds > 0 {
		fig, err := nlp.CrossValidate(f, o, *folds)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%d quotes, %d folds: accuracy %.3f, macro-F1 %.3f\n", fig.Quotes, *folds, fig.Accuracy, fig.MacroF1)
		return
	}
	if err := nlp.TrainStance(f, o, os.Stdout); err != nil {
		log.Fatal(err)
	}
}
