package tenor

import (
	"cmp"
	"slices"
)

// copyDays is for how many days after its first report the same utterance is a
// copy of it rather than said again.
const copyDays = 7

// FoldCopies finds the records that are one utterance reported more than once
// and sets Cluster and Copies of each. Two records are copies when the same
// voice says the same words, letters and digits compared, within copyDays of the
// first; an undated one joins the earliest. The result depends neither on the
// order of the records nor on what Cluster and Copies were before.
func FoldCopies(records []Record) {
	groups := map[string][]*Record{}
	for i := range records {
		key := records[i].CopyKey()
		groups[key] = append(groups[key], &records[i])
	}
	for _, group := range groups {
		foldGroup(group)
	}
}

// foldGroup folds records that share a CopyKey.
func foldGroup(group []*Record) {
	var cluster []*Record // being gathered; its first member names it
	var last Day          // on which a copy still belongs to it
	closeCluster := func() {
		for _, r := range cluster {
			r.Cluster, r.Copies = cluster[0].ID, len(cluster)
		}
	}
	var dated, undated []*Record
	for _, r := range group {
		if _, ok := r.Published.Day(Market); ok {
			dated = append(dated, r)
		} else {
			undated = append(undated, r)
		}
	}
	slices.SortFunc(dated, earlier)
	slices.SortFunc(undated, earlier)
	for i, r := range dated {
		day, _ := r.Published.Day(Market)
		if i == 0 || day > last {
			closeCluster()
			cluster, last = nil, day+copyDays
		}
		cluster = append(cluster, r)
		if i == 0 {
			cluster = append(cluster, undated...)
		}
	}
	if len(dated) == 0 {
		cluster = undated
	}
	closeCluster()
}

// CopyKey is equal for records that FoldCopies may join: the voice and its words.
func (r *Record) CopyKey() string { return digest(r.VoiceKey(), FoldText(r.Text())) }

// earlier orders records by day of publication, then by identifier, so that the
// order is the same in every run. Undated ones have day 0.
func earlier(a, b *Record) int {
	dayA, _ := a.Published.Day(Market)
	dayB, _ := b.Published.Day(Market)
	return cmp.Or(cmp.Compare(dayA, dayB), cmp.Compare(a.ID, b.ID))
}
