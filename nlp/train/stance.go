package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"

	"tenor/nlp"
)

// stance learns the stance model from files of labelled quotes, or folders of them.
func stance(args []string) error {
	o := nlp.DefaultTrainOptions()
	flags := flag.NewFlagSet("train stance", flag.ExitOnError)
	flags.IntVar(&o.Epochs, "epochs", o.Epochs, "passes over the quotes")
	flags.Float64Var(&o.Rate, "rate", o.Rate, "learning rate")
	flags.Float64Var(&o.Decay, "decay", o.Decay, "pull of weights to zero")
	flags.IntVar(&o.MinCount, "min", o.MinCount, "quotes in which a word or a run of words must stand")
	flags.Float64Var(&o.Own, "own", o.Own, "what a quote of our own counts")
	folds := flags.Int("folds", 0, "cross-validate in so many folds instead of writing a model")
	out := flags.String("o", "", "file to write the model to, once it is whole (standard output without)")
	flags.Parse(args)
	if flags.NArg() == 0 {
		return errors.New("name files of labelled quotes, or folders of them")
	}
	quotes, err := read(flags.Args())
	if err != nil {
		return err
	}
	if *folds > 0 {
		news, own, err := nlp.CrossValidate(quotes, o, *folds)
		if err != nil {
			return err
		}
		fmt.Printf("%d folds\n", *folds)
		for _, f := range []struct {
			of string
			nlp.Figures
		}{{"news sentences", news}, {"quotes of our own", own}} {
			fmt.Printf("%6d %s: accuracy %.3f, macro-F1 %.3f\n", f.Quotes, f.of, f.Accuracy, f.MacroF1)
		}
		return nil
	}
	var model bytes.Buffer
	if err := nlp.TrainStance(quotes, o, &model); err != nil {
		return err
	}
	return write(*out, model.Bytes())
}
