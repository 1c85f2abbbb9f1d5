package tenor

// counts are numbers by key, in a table that is cleared in no time.
type counts struct {
	slots []struct {
		key   uint64
		value int32
		round uint32 // of clear in which the slot was taken
	}
	round uint32
}

// clear makes the table empty, with room for n keys.
func (c *counts) clear(n int) {
	if size := len(c.slots); size < 2*n {
		for size = max(size, 64); size < 2*n; size *= 2 {
		}
		c.slots = append(c.slots[:0:0], make([]struct {
			key   uint64
			value int32
			round uint32
		}, size)...)
		c.round = 0
	}
	if c.round++; c.round == 0 { // after four billion times
		clear(c.slots)
		c.round = 1
	}
}

// at is the place of a key's number, 0 at first.
func (c *counts) at(key uint64) *int32 {
	mask := uint64(len(c.slots) - 1)
	for i := key * 0x9E3779B97F4A7C15 >> 20 & mask; ; i = (i + 1) & mask {
		s := &c.slots[i]
		if s.round != c.round {
			s.key, s.value, s.round = key, 0, c.round
			return &s.value
		}
		if s.key == key {
			return &s.value
		}
	}
}
