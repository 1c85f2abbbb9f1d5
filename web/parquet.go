package web

import (
	"fmt"
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"

	"tenor"
)

// parquetRow is a quote as Parquet has it: the columns of the CSV, typed, and the day.
// Text that is empty there is null here.
type parquetRow struct {
	QuoteID            string   `parquet:"quote_id"`
	Published          string   `parquet:"published,optional"`
	PublishedPrecision string   `parquet:"published_precision,optional,dict"`
	Analyst            string   `parquet:"analyst,optional,dict"`
	SpeakerType        string   `parquet:"speaker_type,dict"`
	Firm               string   `parquet:"firm,optional,dict"`
	Role               string   `parquet:"role,optional,dict"`
	Stance             string   `parquet:"stance,dict"`
	Confidence         float64  `parquet:"confidence"`
	Horizon            string   `parquet:"horizon,optional,dict"`
	Subject            string   `parquet:"subject,optional,dict"`
	Themes             []string `parquet:"themes,list"`
	Kind               string   `parquet:"kind,dict"`
	Quote              string   `parquet:"quote"`
	Outlet             string   `parquet:"outlet,optional,dict"`
	Title              string   `parquet:"title,optional,dict"`
	URL                string   `parquet:"url,optional,dict"`
	ClusterID          string   `parquet:"cluster_id"`
	Copies             int32    `parquet:"copies"`
	KnownAt            int64    `parquet:"known_at,timestamp(millisecond)"` // UTC
	LabelSource        string   `parquet:"label_source,dict"`
	Tagger             string   `parquet:"tagger,dict"`
	PublishedDay       *int32   `parquet:"published_day,optional,date"`
}

func newParquetRow(r *tenor.Record) parquetRow {
	row := parquetRow{
		QuoteID: r.ID, Published: r.Published.String(), PublishedPrecision: string(r.Published.Precision), Analyst: r.Speaker,
		SpeakerType: string(r.SpeakerType), Firm: r.Firm, Role: r.Role, Stance: string(r.Stance), Confidence: r.Confidence,
		Horizon: string(r.Horizon), Subject: string(r.Subject), Themes: plainNames(r.Themes), Kind: string(r.Kind), Quote: r.Text(),
		Outlet: r.Outlet, Title: r.Title, URL: r.URL, ClusterID: r.Cluster, Copies: int32(r.Copies),
		KnownAt: r.KnownAt.UnixMilli(), LabelSource: string(r.LabelSource), Tagger: r.Tagger,
	}
	if p := r.Published.Precision; p == tenor.PrecisionDay || p == tenor.PrecisionTime {
		if day, ok := r.Published.Day(tenor.Market); ok {
			days := int32(day)
			row.PublishedDay = &days
		}
	}
	return row
}

const (
	// parquetGroup is how many rows are in memory until they are written: some 10 MB.
	parquetGroup = 20_000
	parquetBatch = 500 // rows handed over at once
)

// WriteParquet streams records as Parquet, compressed with zstd, and says how many rows
// it wrote. The same records under the same filter give the same bytes, so the file does
// not say when it was made. It stops at the first error of either side.
func WriteParquet(w io.Writer, records iter.Seq2[tenor.Record, error], f tenor.Filter) (rows int, err error) {
	out := parquet.NewGenericWriter[parquetRow](w,
		parquet.Compression(&parquet.Zstd),
		parquet.MaxRowsPerRowGroup(parquetGroup),
		parquet.CreatedBy("tenor", "", ""),
		parquet.KeyValueMetadata("tenor.filter", f.Values().Encode()),
	)
	batch := make([]parquetRow, 0, parquetBatch)
	flush := func() error {
		n, err := out.Write(batch)
		rows += n
		batch = batch[:0]
		return err
	}
	for r, err := range records {
		if err != nil {
			return rows, fmt.Errorf("write Parquet after row %d: %w", rows+len(batch), err)
		}
		batch = append(batch, newParquetRow(&r))
		if len(batch) == cap(batch) {
			if err := flush(); err != nil {
				return rows, fmt.Errorf("write Parquet row %d: %w", rows+1, err)
			}
		}
	}
	err = flush()
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return rows, fmt.Errorf("write Parquet: %w", err)
	}
	return rows, nil
}
