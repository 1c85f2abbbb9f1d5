package web

import (
	"testing"

	"tenor"
)

// Over a million quotes thousands of voices stand on a day: the page lists the latest of
// each stance and says how many more there are; a few are listed whole.
func TestPageListsTheLatestVoicesOfEachStance(t *testing.T) {
	var views []tenor.View
	for i := range 150 {
		views = append(views, tenor.View{Stance: tenor.Bullish, Published: tenor.Day(1000 - i)})
	}
	for range 20 {
		views = append(views, tenor.View{Stance: tenor.Fragile})
	}
	listed, more := latestOfEach(views)
	if len(listed) != 70 || more != 100 || listed[49].Published != 951 || listed[50].Stance != tenor.Fragile {
		t.Errorf("%d listed and %d more, want 70 and 100", len(listed), more)
	}
	if listed, more = latestOfEach(views[:50]); len(listed) != 50 || more != 0 {
		t.Errorf("of 50 voices %d are listed", len(listed))
	}
}
