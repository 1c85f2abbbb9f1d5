package nlp

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
)

// modelSums are the SHA-256 sums that belong to the card of the models, as sha256sum
// writes them. make train renews them.
//
//go:embed model/SHA256SUMS
var modelSums string

// checkModel refuses a model that is not the one that its card speaks of: figures
// that were measured with other weights mean nothing.
func checkModel(name string, data []byte, sums string) error {
	for line := range strings.Lines(sums) {
		sum, file, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || file != name {
			continue
		}
		if have := sha256.Sum256(data); hex.EncodeToString(have[:]) != sum {
			return fmt.Errorf("model/%s is not the model of its card (SHA-256 %x, want %s): run make train, or restore it", name, have, sum)
		}
		return nil
	}
	return fmt.Errorf("model/%s has no sum in model/SHA256SUMS: run make train", name)
}
