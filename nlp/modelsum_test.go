package nlp

import (
	"strings"
	"testing"
)

// TestCheckModel: weights other than those of the card are refused, and named.
func TestCheckModel(t *testing.T) {
	for name, data := range map[string][]byte{"stance.txt": stanceModel, "topics.txt": topicModel, "attribution.txt": attributionModel} {
		if err := checkModel(name, data, modelSums); err != nil {
			t.Error(err)
		}
		if err := checkModel(name, append([]byte("#"), data...), modelSums); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("a changed %s: %v", name, err)
		}
	}
	if err := checkModel("other.txt", nil, modelSums); err == nil {
		t.Error("a model without a sum was taken")
	}
}
