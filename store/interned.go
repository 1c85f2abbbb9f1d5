package store

import "strings"

// interned gives each value a small number, for good.
type interned[T ownable[T]] struct {
	list []T
	at   map[T]uint32
}

// ownable is a value that may be part of a longer text; own is one that is not.
type ownable[T any] interface {
	comparable
	own() T
}

func (i *interned[T]) number(v T) uint32 {
	n, ok := i.at[v]
	if !ok {
		if i.at == nil {
			i.at = map[T]uint32{}
		}
		n, v = uint32(len(i.list)), v.own()
		i.list, i.at[v] = append(i.list, v), n
	}
	return n
}

type (
	word  string
	rowID int64
)

func (w word) own() word    { return word(strings.Clone(string(w))) }
func (id rowID) own() rowID { return id }

func (o outletName) own() outletName {
	return outletName{strings.Clone(o.key), strings.Clone(o.name)}
}

func (o originRow) own() originRow {
	return originRow{strings.Clone(o.dateSource), strings.Clone(o.translation)}
}

func (d sourceDay) own() sourceDay {
	return sourceDay{strings.Clone(d.source), strings.Clone(d.day)}
}
