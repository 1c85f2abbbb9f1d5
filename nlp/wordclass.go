package nlp

// class is a set of the word classes that attribution asks about. One lookup of
// a token yields all of them, so the stages after it only test bits.
type class uint64

const (
	isHe class = 1 << iota
	isShe
	isThey
	isIt
	isI
	isWho
	isThat
	isDet
	isBe
	isAux
	isNot
	isAdv
	isPrep
	isTime
	isConj
	isWh   // "what", "how", "whether"
	isVerb // common verbs that no ending shows
	isDoc
	isAudience
	isHouseNoun // "bank", "company": nouns for an organisation
	isTeam
	isPaper    // documents that speak: "report", "survey"
	isGoingOn  // open a sentence that goes on with what was reported
	isHouse    // kinds of business that stand before a firm's name: "asset manager Tarn"
	isStart    // opens sentences in capitals without being a name
	isParticle // "van", "de" inside a name
	isMr
	isMrs
	isDr

	cueSay // as in cues.txt
	cueTell
	cueThink
	cueCall
	cueAct // verbs that change a target or a rating
	formBase
	formThird
	formPast
	formGerund

	roleAnalyst // as in roles.txt
	rolePlain
	roleOfficial
	roleExecutive
	roleOther
	roleModifier

	firmFinance // as in firmwords.txt
	firmLegal
	firmPublic
	firmMedia

	nameMale
	nameFemale
	nameEither

	isAnonymous
	isAbbreviation

	isAttitude // "bullish", said of somebody
	isRating   // what a verb changes: a target, odds, a stance
	isViewNoun // what somebody's view can be called
	isStay     // "remains", before an attitude
	isSource   // "according", before "to"
	isEither   // nouns that are verbs too
	isTurning  // verbs that turn what they report into its opposite: "doubts"
	isTrading  // words of the markets
	isLinking  // nouns of phrases that link sentences: "in addition"

	isCue      = cueSay | cueTell | cueThink | cueCall
	isRoleHead = roleAnalyst | rolePlain | roleOfficial | roleExecutive | roleOther
	isFirmWord = firmFinance | firmLegal | firmPublic | firmMedia
	isForename = nameMale | nameFemale | nameEither
	isPronoun  = isHe | isShe | isThey | isIt | isI
)

// classNames maps the labels of the "label: words" files to bits.
var classNames = map[string]class{
	"he": isHe, "she": isShe, "they": isThey, "it": isIt, "i": isI, "who": isWho, "that": isThat,
	"det": isDet, "be": isBe, "aux": isAux, "not": isNot, "adv": isAdv, "prep": isPrep, "time": isTime, "conj": isConj,
	"wh": isWh, "verb": isVerb, "doc": isDoc, "audience": isAudience, "housenoun": isHouseNoun, "teamnoun": isTeam,
	"paper": isPaper, "house": isHouse, "goingon": isGoingOn, "start": isStart, "particle": isParticle,
	"title-m": isMr, "title-f": isMrs, "title-n": isDr,
	"analyst": roleAnalyst, "plain": rolePlain, "official": roleOfficial, "executive": roleExecutive,
	"other": roleOther, "modifier": roleModifier,
	"finance": firmFinance, "legal": firmLegal, "public": firmPublic, "media": firmMedia,
	"m": nameMale, "f": nameFemale, "n": nameEither,
	"say": cueSay, "tell": cueTell, "think": cueThink, "call": cueCall, "act": cueAct,
	"attitude": isAttitude, "rating": isRating, "view": isViewNoun, "stay": isStay, "either": isEither, "turning": isTurning, "connective": isLinking, "trading": isTrading,
}
