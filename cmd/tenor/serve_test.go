package main

import (
	"sync"
	"testing"

	"tenor"
	"tenor/nlp"
)

// Who asks while the tagger is being loaded waits for it, and it is loaded once.
func TestPagesWaitForTheTagger(t *testing.T) {
	loads, begun, free := 0, make(chan struct{}), make(chan struct{})
	load := lazyTagger(sync.OnceValues(func() (*nlp.Tagger, error) {
		loads++
		close(begun)
		<-free
		return nlp.NewWith(tenor.Topics{})
	}))
	warm, asked := make(chan struct{}), make(chan error)
	go func() { load.warm(); close(warm) }()
	<-begun
	go func() {
		_, err := load.ExplainAll(&tenor.Article{Text: "The market for small companies was quiet on the exchange today, and so it was the day before."})
		asked <- err
	}()
	close(free)
	if err := <-asked; err != nil {
		t.Error(err)
	}
	if <-warm; loads != 1 {
		t.Errorf("loaded %d times", loads)
	}
}
