package store

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"tenor"
)

// Pages lead back as they led on: the same quotes in the same order, whatever is asked.
func TestPagesLeadBack(t *testing.T) {
	for _, resident := range []bool{false, true} {
		s := newsroom(t)
		if resident {
			s = openResident(t, s.path)
		}
		for _, query := range []string{"", "q=small", "q=small&sort=relevance", "q=-small", "asof=2030-01-01", "subject=small-caps", "q=the&asof=2030-01-01&sort=relevance"} {
			f := must[tenor.Filter](t)(tenor.ParseFilter(must[url.Values](t)(url.ParseQuery(query)), tenor.Topics{}))
			for limit := 1; limit <= 4; limit++ {
				name := fmt.Sprint(query, " by ", limit, ", resident ", resident)
				ids := func(r tenor.Results) (list []string) {
					for i := range r.Records {
						list = append(list, r.Records[i].ID)
					}
					return list
				}
				var pages [][]string
				var prev []string
				for cursor := ""; ; {
					r := must[tenor.Results](t)(s.Search(t.Context(), f, cursor, limit))
					pages, prev = append(pages, ids(r)), append(prev, r.Prev)
					if cursor = r.Next; cursor == "" {
						break
					}
				}
				if prev[0] != "" {
					t.Errorf("%s: the first page leads back", name)
				}
				back := prev[len(prev)-1]
				for i := len(pages) - 2; i >= 0; i-- {
					if back == "" {
						t.Fatalf("%s: page %d leads nowhere back", name, i+1)
					}
					r := must[tenor.Results](t)(s.Search(t.Context(), f, back, limit))
					if !slices.Equal(ids(r), pages[i]) {
						t.Errorf("%s: back on page %d are %v, want %v", name, i, ids(r), pages[i])
					}
					if on := must[tenor.Results](t)(s.Search(t.Context(), f, r.Next, limit)); !slices.Equal(ids(on), pages[i+1]) {
						t.Errorf("%s: on again from page %d are %v, want %v", name, i, ids(on), pages[i+1])
					}
					back = r.Prev
				}
				if back != "" {
					t.Errorf("%s: the first page leads back, come to from behind", name)
				}
			}
		}
		for _, bad := range []string{".", "-1", "-1.", "x!", "+1", "1..", "zzzzzzzzzzzzzzzz."} {
			if _, err := s.Search(t.Context(), tenor.Filter{}, bad, 5); !errors.Is(err, tenor.ErrUsage) {
				t.Errorf("cursor %s: %v", strconv.Quote(bad), err)
			}
		}
	}
}
