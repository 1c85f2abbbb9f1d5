package tenor

import "time"

// Article is a page or file reduced to what a reader would call the article.
type Article struct {
	ID      int64  // row in the store; 0 before it is saved
	File    string // the path given on the command line, for imported files
	URL     string // canonical address; empty for files that carry none
	Outlet  string // the publisher as a reader would name it
	Title   string // the headline as displayed, without the site's name
	Authors []string

	Published Date
	// Modified is the page's own statement of its last change; unknown where it
	// states none, or none after Published.
	Modified Date
	// DateNote says in a clause why a date that the page states is not Published:
	// it lies after the fetch, or the text contradicts it. Empty otherwise.
	DateNote string
	// Captured is a day printed on the page that is not its publication: the
	// "today" of a site header, above the weather. It bounds Published.
	Captured Date

	PageType PageType
	Language string // BCP 47, lower case ("en", "zh"); empty when unknown

	// Forwarded names the outlet that first ran the piece, where the page says
	// so ("Article forwarded from: …"). Translation is how it came into English.
	Forwarded   string
	Translation Translation

	// Text is UTF-8 in Unicode form NFC, lines ended by \n, paragraphs separated
	// by a blank line where they are known. Every Span counts bytes of it.
	Text string

	Truncated bool      // the page was cut at the size limit: kept, never tagged
	KnownAt   time.Time // when it was first collected, UTC
}

// Key identifies the article wherever it is stored: its address, or else its
// file's path, or else a hash of its text. It is never empty.
func (a *Article) Key() string {
	switch {
	case a.URL != "":
		return a.URL
	case a.File != "":
		return "file:" + a.File
	}
	return "text:" + digest(a.Title, a.Text)
}

// PageType says what a page is. Only articles are tagged.
type PageType string

const (
	PageArticle PageType = "article"
	PageListing PageType = "listing" // links to articles, little text of its own
	PageVideo   PageType = "video"
	PagePaywall PageType = "paywall" // a stub with the rest withheld
	PageOther   PageType = "other"
)

// Translation says how a text came into its language.
type Translation string

const (
	TranslationUnknown Translation = ""
	TranslationNone    Translation = "none" // a native original
	TranslationHuman   Translation = "human"
	TranslationMachine Translation = "machine"
)

// ArticleJSON is an article as outside scripts know it: names and order are fixed.
type ArticleJSON struct {
	ID                 int64       `json:"id,omitempty"`
	File               string      `json:"file"`
	URL                string      `json:"url"`
	PageType           PageType    `json:"page_type"`
	Title              string      `json:"title"`
	Authors            []string    `json:"authors"`
	Outlet             string      `json:"outlet"`
	Published          string      `json:"published"`
	PublishedPrecision Precision   `json:"published_precision"`
	PublishedSource    string      `json:"published_source"`
	Modified           string      `json:"modified,omitempty"`
	ModifiedSource     string      `json:"modified_source,omitempty"`
	DateNote           string      `json:"date_note,omitempty"`
	Forwarded          string      `json:"forwarded,omitempty"`
	Translation        Translation `json:"translation,omitempty"`
	Language           string      `json:"language"`
	Text               string      `json:"text"`
}

// JSON is the article for encoding. Lists are never null.
func (a *Article) JSON() ArticleJSON {
	return ArticleJSON{
		ID: a.ID, File: a.File, URL: a.URL, PageType: a.PageType, Title: a.Title, Authors: notNil(a.Authors), Outlet: a.Outlet,
		Published: a.Published.String(), PublishedPrecision: a.Published.Precision, PublishedSource: a.Published.Source,
		Modified: a.Modified.String(), ModifiedSource: a.Modified.Source, DateNote: a.DateNote,
		Forwarded: a.Forwarded, Translation: a.Translation, Language: a.Language, Text: a.Text,
	}
}
