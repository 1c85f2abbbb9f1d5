// Package nlp finds who said what in an article, and what it means.
//
// The stages of attribution tell the story in order, each in a file that can be
// read alone:
//
//	paragraph.go, boilerplate.go   paragraphs, and what of the page is no article
//	mark.go                        stretches in quotation marks
//	token.go, sentence.go          words and sentences
//	mention.go, names.go, alias.go names: people, houses and places; who is whom
//	firm.go                        titles, houses and capacities of people
//	titlehouse.go                  houses that only the words around tell
//	shape.go, nounphrase.go        the coarse alphabet in which clauses are read
//	cue.go                         reporting words and their subjects
//	content.go                     the words that a clause reports
//	speaker.go, referent.go,
//	coreference.go,
//	housecoreference.go            whom a subject stands for: "she", "the bank", "the note"
//	voice.go                       quotations without a clause
//	layout.go, signed.go           what a page shows without words: labels, bylines, notes
//	sayings.go                     the walk over all of it
//	confidence.go                  how sure that is
//	tagger.go                      quotes with their evidence
//
// Rules propose: they list the words that may report, the phrases that may be
// their subjects, the places where what is said may begin and end, the people for
// whom a pronoun may stand. Each choice among them is made by a linear model over
// facts about the alternatives (cuefacts.go, contentfacts.go and so on), whose
// weights are learned from labelled texts (lesson.go, trainattribution.go) and
// kept in model/attribution.txt. The last model tells how likely a quote is right
// as a whole; below leastConfidence the tagger abstains.
//
// label.go gives quotes their stance, themes, subject, claim and horizon. Phrase lists
// find what is named and which way it leans (phraselist.go, signal.go, negation.go,
// compare.go); a linear model weighs that together with the words for the stance
// (model.go, gram.go, model/stance.txt; turn.go splits where it turns, reason.go and
// round.go choose the words that are shown for it), another for subject and themes
// (topic.go, topicmodel.go, model/topics.txt); a user's own are found beside them by their
// phrases (ownphrases.go, owntopics.go). Both models are learned from labelled texts
// (labelled.go, train.go, traintopic.go); withhold.go tells what each part is worth.
package nlp
