// Command train learns the models of package nlp: attribution (who said what), stance
// and topics (what it means). make train calls it with the data of each, make
// validate tries them in cross-validation; train MODEL -h lists the flags.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	models := map[string]func(args []string) error{"stance": stance, "topics": topics, "attribution": attribution}
	if len(os.Args) < 2 || models[os.Args[1]] == nil {
		log.Fatal("usage: train attribution|stance|topics [flags]\n  train attribution -h and so on list the flags.")
	}
	if err := models[os.Args[1]](os.Args[2:]); err != nil {
		log.Fatalf("train %s: %v", os.Args[1], err)
	}
}

// write writes a model once it is whole, to standard output without a name.
func write(name string, model []byte) error {
	if name == "" {
		_, err := os.Stdout.Write(model)
		return err
	}
	return os.WriteFile(name, model, 0o644)
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
				return nil, fmt.Errorf("read examples: %w", err)
			}
			all.Write(append(bytes.TrimRight(data, "\n"), '\n'))
		}
	}
	return &all, nil
}
