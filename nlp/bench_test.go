package nlp

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jdkato/prose/v2"

	"tenor"
)

// stories are the shared market stories, or a skip where they are absent.
func stories(b *testing.B) (articles []*tenor.Article, size int) {
	files, _ := filepath.Glob("../../shared/gold/reuters/*.txt")
	if len(files) == 0 {
		b.Skip("../../shared/gold/reuters is absent")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		articles = append(articles, &tenor.Article{File: file, Text: string(text)})
		size += len(text)
	}
	return articles, size
}

func report(b *testing.B, articles, size int) {
	b.SetBytes(int64(size))
	b.ReportMetric(float64(articles*b.N)/b.Elapsed().Seconds(), "articles/s")
	b.ReportMetric(float64(size)/float64(articles), "bytes/article")
}

// BenchmarkTag takes every shared story through the whole of Tag, on one core.
func BenchmarkTag(b *testing.B) {
	articles, size := stories(b)
	b.ReportAllocs()
	for b.Loop() {
		for _, a := range articles {
			if _, err := shared.Tag(a); err != nil {
				b.Fatal(err)
			}
		}
	}
	report(b, len(articles), size)
}

// BenchmarkProse takes them through all of prose, with its model shared: what
// Tag is measured against.
func BenchmarkProse(b *testing.B) {
	articles, size := stories(b)
	model := prose.ModelFromData("bench")
	b.ReportAllocs()
	for b.Loop() {
		for _, a := range articles {
			if _, err := prose.NewDocument(a.Text, prose.UsingModel(model)); err != nil {
				b.Fatal(err)
			}
		}
	}
	report(b, len(articles), size)
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}
