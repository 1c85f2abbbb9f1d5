package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/klauspost/compress/zstd"

	"tenor"
)

// packedPage is a page as it is stored.
type packedPage struct {
	*tenor.Page
	header string
	sha256 string
	body   []byte // zstd
}

// maxPage bounds what a stored page may unpack to, should the file be damaged or
// forged. The crawler stops at 10 MiB.
const maxPage = 64 << 20

// The encoder and decoder hold buffers of megabytes, so there is one of each,
// made when first used.
var (
	encoder = sync.OnceValues(func() (*zstd.Encoder, error) {
		return zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	})
	decoder = sync.OnceValues(func() (*zstd.Decoder, error) {
		return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxPage))
	})
)

// pack compresses a page. Cookies are left out: they are keys to a session, and
// nobody reads an archived one.
func pack(p *tenor.Page) (*packedPage, error) {
	enc, err := encoder()
	if err != nil {
		return nil, err
	}
	kept := p.Header.Clone()
	for _, name := range []string{"Set-Cookie", "Set-Cookie2", "Authorization", "Proxy-Authorization"} {
		kept.Del(name)
	}
	if kept == nil {
		kept = http.Header{}
	}
	header, err := json.Marshal(kept)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(p.Body)
	return &packedPage{p, string(header), hex.EncodeToString(sum[:]), enc.EncodeAll(p.Body, nil)}, nil
}

func savePage(ctx context.Context, tx *sql.Tx, articleID int64, p *packedPage) error {
	_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO pages
			(article_id, url, status, header, truncated, fetched_at, sha256, size, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		articleID, p.URL, p.Status, p.header, p.Truncated, unix(p.FetchedAt), p.sha256, len(p.Body), p.body)
	return err
}

// Page is what the server sent for an article, as it came, or tenor.ErrNotFound
// for an article that was imported. A page that no longer has its hash is an error.
func (s *Store) Page(ctx context.Context, articleID int64) (*tenor.Page, error) {
	var p tenor.Page
	var header, sum string
	var packed []byte
	var fetched int64
	err := s.read.QueryRowContext(ctx, `SELECT url, status, header, truncated, fetched_at, sha256, body
		FROM pages WHERE article_id = ?`, articleID).
		Scan(&p.URL, &p.Status, &header, &p.Truncated, &fetched, &sum, &packed)
	if err != nil {
		return nil, fmt.Errorf("page of article %d: %w", articleID, noRows(err))
	}
	p.FetchedAt = instant(fetched)
	if err := json.Unmarshal([]byte(header), &p.Header); err != nil {
		return nil, fmt.Errorf("page of article %d: header: %w", articleID, err)
	}
	dec, err := decoder()
	if err != nil {
		return nil, err
	}
	if p.Body, err = dec.DecodeAll(packed, nil); err != nil {
		return nil, fmt.Errorf("page of article %d: %w", articleID, err)
	}
	if got := sha256.Sum256(p.Body); hex.EncodeToString(got[:]) != sum {
		return nil, fmt.Errorf("page of article %d: its bytes are not those that were stored", articleID)
	}
	return &p, nil
}
