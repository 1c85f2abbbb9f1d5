package store

// CheckBuild says, in one sentence, what is wrong with the build of this binary:
// that it lacks full-text search, which go-sqlite3 has only under a build tag.
func CheckBuild() error {
	if !fullText {
		return errNoFTS5
	}
	return nil
}
