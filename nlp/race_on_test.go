//go:build race

package nlp

const raceDetector = true
