package nlp

// table is a map from numbers, without what a Go map costs a lookup: open addressing,
// read-only once it is filled. 0 is no key.
type table[K ~uint32 | ~uint64, V any] struct {
	mask   uint64
	keys   []K // 0 is free
	values []V
}

// newTable has room for n keys.
func newTable[K ~uint32 | ~uint64, V any](n int) *table[K, V] {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return &table[K, V]{mask: uint64(size - 1), keys: make([]K, size), values: make([]V, size)}
}

// place is where a key stands, or where it would.
func (t *table[K, V]) place(k K) uint64 {
	h := uint64(k) * 0x9E3779B97F4A7C15
	for i := (h ^ h>>32) & t.mask; ; i = (i + 1) & t.mask {
		if t.keys[i] == k || t.keys[i] == 0 {
			return i
		}
	}
}

func (t *table[K, V]) set(k K, v V) {
	i := t.place(k)
	t.keys[i], t.values[i] = k, v
}

// get is the value of a key, nil for none.
func (t *table[K, V]) get(k K) *V {
	if i := t.place(k); t.keys[i] == k {
		return &t.values[i]
	}
	return nil
}
