package tenor

// Copying is how the reports of an outlet stand to those of others.
type Copying struct {
	First  int           // utterances that it reported first and others after it
	Copied int           // reports of what another had reported before
	From   []OutletCount // whose reports those were first, the most first
	By     []OutletCount // who repeated what it had reported first
}

// OutletCount is an outlet and how many reports.
type OutletCount struct {
	Outlet  string
	Reports int
}
