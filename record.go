package tenor

import (
	"encoding/json"
	"math"
	"slices"
	"time"
)

// Record is a quote together with what its article says about it: a row of the
// CSV, an object of the JSON, a line of a search page, and what the consensus
// counts. It stands on its own, so it carries its words.
type Record struct {
	Quote
	Segments []string

	ArticleID  int64
	ArticleKey string
	File       string
	URL        string
	Outlet     string
	Title      string
	Published  Date
	KnownAt    time.Time // when the quote was first collected, or its label last changed; UTC

	// Voice is the identity of whoever speaks, as the store knows it; empty where
	// only the name does (VoiceKey).
	Voice       string
	Translation Translation // of the article
	Forwarded   string      // the outlet that first ran the article, where it says so

	Cluster     string // the ID of the earliest report of this utterance
	Copies      int    // reports of the utterance, this one included; 1 when nobody copied it
	LabelSource LabelSource
	Tagger      string // version of the tagger that made the labels

	// Until is when a later version of the article was collected in which the quote no
	// longer stands so; zero for what stands. Version is the last in which it did, whose
	// text Spans count bytes of.
	Until   time.Time
	Version int
}

// LabelSource says who decided the stance of a quote.
type LabelSource string

const (
	LabelModel LabelSource = "model"
	LabelHuman LabelSource = "human"
)

// NewRecord joins a quote to its article. The record is its own cluster until
// FoldCopies finds others.
func NewRecord(a *Article, q Quote, tagger string) Record {
	q.Confidence = math.Round(q.Confidence*1e4) / 1e4 // further digits mean nothing, and CSV and JSON are to agree
	q.Attribution = math.Round(q.Attribution*1e4) / 1e4
	q.Evidence = slices.Clone(q.Evidence)
	for i := range q.Evidence {
		q.Evidence[i].Text = q.Evidence[i].Span.In(a.Text)
	}
	return Record{
		Quote: q, Segments: q.Segments(a.Text),
		ArticleID: a.ID, ArticleKey: a.Key(), File: a.File, URL: a.URL,
		Outlet: a.Outlet, Title: a.Title, Published: a.Published, KnownAt: a.KnownAt,
		Translation: a.Translation, Forwarded: a.Forwarded,
		Cluster: q.ID, Copies: 1, LabelSource: LabelModel, Tagger: tagger,
	}
}

// Text is the quote's words, its segments joined by a space.
func (r *Record) Text() string {
	if len(r.Segments) == 1 {
		return r.Segments[0]
	}
	return joinSpace(r.Segments)
}

// recordJSON is the record as outside scripts know it: names and order are fixed.
type recordJSON struct {
	ID                 string         `json:"id"`
	File               string         `json:"file,omitempty"`
	ArticleID          int64          `json:"article_id,omitempty"`
	URL                string         `json:"url"`
	Outlet             string         `json:"outlet"`
	Title              string         `json:"title"`
	Published          string         `json:"published"`
	PublishedPrecision Precision      `json:"published_precision"`
	PublishedSource    string         `json:"published_source"`
	KnownAt            string         `json:"known_at"`
	Segments           []string       `json:"segments"`
	Spans              []Span         `json:"spans"`
	Text               string         `json:"text"`
	Kind               Kind           `json:"kind"`
	Speaker            string         `json:"speaker"`
	SpeakerType        SpeakerType    `json:"speaker_type"`
	Firm               string         `json:"firm"`
	Role               string         `json:"role"`
	Resolved           Resolution     `json:"resolved,omitempty"`
	Attribution        float64        `json:"attribution,omitempty"`
	Stance             Stance         `json:"stance"`
	Confidence         float64        `json:"confidence"`
	Claim              Claim          `json:"claim"`
	Horizon            Horizon        `json:"horizon"`
	Subject            Subject        `json:"subject"`
	Themes             []Theme        `json:"themes"`
	Evidence           []evidenceJSON `json:"evidence"`
	Cluster            string         `json:"cluster"`
	Copies             int            `json:"copies"`
	LabelSource        LabelSource    `json:"label_source"`
	Tagger             string         `json:"tagger"`
	Until              string         `json:"until,omitempty"`
	Version            int            `json:"version,omitempty"`
}

type evidenceJSON struct {
	Tag  string `json:"tag"`
	Span Span   `json:"span"`
	Text string `json:"text"`
}

// MarshalJSON writes the record under the names that scripts rely on. Lists are
// never null.
func (r Record) MarshalJSON() ([]byte, error) {
	evidence := make([]evidenceJSON, len(r.Evidence))
	for i, e := range r.Evidence {
		evidence[i] = evidenceJSON(e)
	}
	return json.Marshal(recordJSON{
		ID: r.ID, File: r.File, ArticleID: r.ArticleID, URL: r.URL, Outlet: r.Outlet, Title: r.Title,
		Published: r.Published.String(), PublishedPrecision: r.Published.Precision,
		PublishedSource: r.Published.Source, KnownAt: formatTime(r.KnownAt),
		Segments: notNil(r.Segments), Spans: notNil(r.Spans), Text: r.Text(), Kind: r.Kind,
		Speaker: r.Speaker, SpeakerType: r.SpeakerType, Firm: r.Firm, Role: r.Role,
		Resolved: r.Resolved, Attribution: r.Attribution, Stance: r.Stance, Confidence: r.Confidence, Claim: r.Claim, Horizon: r.Horizon,
		Subject: r.Subject, Themes: notNil(r.Themes), Evidence: evidence,
		Cluster: r.Cluster, Copies: r.Copies, LabelSource: r.LabelSource, Tagger: r.Tagger,
		Until: formatTime(r.Until), Version: r.Version,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Record) UnmarshalJSON(data []byte) error {
	var j recordJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	published, err := ParseDate(j.Published, j.PublishedSource)
	if err != nil {
		return err
	}
	var known, until time.Time
	if known, err = parseTime(j.KnownAt); err != nil {
		return err
	}
	if until, err = parseTime(j.Until); err != nil {
		return err
	}
	evidence := make([]Evidence, len(j.Evidence))
	for i, e := range j.Evidence {
		evidence[i] = Evidence(e)
	}
	*r = Record{
		Quote: Quote{
			ID: j.ID, Spans: j.Spans, Kind: j.Kind, Speaker: j.Speaker, SpeakerType: j.SpeakerType,
			Firm: j.Firm, Role: j.Role, Resolved: j.Resolved, Attribution: j.Attribution, Stance: j.Stance, Confidence: j.Confidence, Claim: j.Claim,
			Horizon: j.Horizon, Subject: j.Subject, Themes: j.Themes, Evidence: evidence,
		},
		Segments: j.Segments, ArticleID: j.ArticleID, File: j.File, URL: j.URL, Outlet: j.Outlet,
		Title: j.Title, Published: published, KnownAt: known,
		Cluster: j.Cluster, Copies: j.Copies, LabelSource: j.LabelSource, Tagger: j.Tagger, Until: until, Version: j.Version,
	}
	return nil
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// parseTime reads what formatTime wrote.
func parseTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
