package crawler

import (
	"testing"
	"time"

	"tenor"
)

// Every passage is invented. want is what Date.String prints: as many digits as
// the words support, "" where they do not settle the year.
func TestDateText(t *testing.T) {
	for _, test := range []struct{ name, text, captured, want string }{
		{"yesterday with a day and a decision", "Small companies touched a peak yesterday, September 17, after the Fed cut rates by 25 basis points. “It will not last,” said Orla Penn of Marsh Lane.", "", "2025-09-18"},
		{"two decisions fit", "Small companies touched a peak yesterday, September 17, after the Fed's rate-cut decision. “It will not last,” said Orla Penn of Marsh Lane.", "", ""},
		{"decision day in Asian time", "The Fed cut rates by 25 basis points at two on Thursday morning, Beijing time, its first rate cut in nine months. The little gauge added a hair.", "", "2025-09-18"},
		{"a hike named by its weekday", "The Federal Reserve raised interest rates by 75 basis points on Wednesday, its first increase of that size since 1994. Stocks, which had peaked in January 2022, rallied. Traders expect another such step in July.", "", "2022-06"},
		{"data of a month, a meeting to come, a bound", "Softer June inflation data last week lit the fuse. Nobody on the desk doubts that the Federal Reserve will lower rates at its September meeting, which would be its first rate cut since 2020.", "2025-01-15", "2024-07"},
		{"as of a day, a cut awaited this week", "As of Sept. 16, the group traded at 16 times earnings. The Fed is expected to begin cutting rates on Wednesday, its first rate cut of the year, and traders see a 60% chance of a 50 basis point move this week. Only the Magnificent Seven have done better, with growth put at 15% through 2025.", "", "2024-09"},
		{"today with its date", "Shares fell today, March 12, 2021, said Oren Vasquez of Quarry Hill, as yields rose.", "", "2021-03-12"},
		{"yesterday with a full date", "The index, which closed at 2,010 yesterday (November 8, 2023), has gone nowhere, wrote Mina Holt.", "", "2023-11-09"},
		{"a weekday leaves one year of the era", "The gauge fell 2% on Friday, March 10, after the collapse of Silicon Valley Bank, and chair Jerome Powell faced questions. Shares of lenders sank.", "", "2023-03"},
		{"an emergency cut", "The Fed cut rates by 50 basis points on Tuesday in an emergency move as the coronavirus spread, the first rate cut in four months.", "", "2020-03-04"},
		{"a quarter point and the year so far", "The Fed raised interest rates by a quarter point on Wednesday. So far in 2023 the small caps have gained 3%, and chair Powell said that June inflation data, out earlier this month, were welcome.", "", "2023-07"},

		{"history only: since a month", "The index crossed its record for the first time since November 2021. “We like it,” said Orla Penn of Marsh Lane.", "", ""},
		{"history only: since a day", "It was the best day since March 12, 2009, said Oren Vasquez of Quarry Hill, and breadth was superb.", "", ""},
		{"the session after, of an unnamed bank", "The gauge reached a peak on Thursday, the day after the central bankers eased, and brokers cheered.", "", ""},
		{"the session after a decision of known size", "The gauge reached a peak on Thursday, the day after the Fed cut rates by 25 basis points, its first rate cut in nine months.", "", "2025-09-18"},
		{"no date at all", "Small caps may have further to run, said Mina Holt, a strategist at Fern & Co. Larger peers look dear.", "", ""},
		{"a month and a day of no year", "Shares rose on June 3, said Mina Holt of Fern & Co., and the rally has legs.", "", ""},
		{"weekdays only", "Stocks fell on Monday, bounced on Tuesday and closed flat on Wednesday, and traders yawned.", "", ""},
		{"numbers that look like years", "The Russell 2000 rose to 2010.5 points while the Nikkei 225 lost 1995 points, and the S&P 500 was flat.", "", ""},
		{"another central bank", "The European Central Bank cut rates by 25 basis points on Thursday. Stocks rose, said Mina Holt of Fern & Co.", "", ""},
		{"a target years away", "Profits should double by 2030, said Oren Vasquez of Quarry Hill, who sees the index at 4,000 by then.", "", ""},
		{"an anniversary", "On this day, September 15, in 2008, a bank fell, and markets have remembered it each year since.", "", ""},
		{"a president and nothing else", "President Biden met executives. The small caps rose on the day, traders said.", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			captured, err := tenor.ParseDate(test.captured, "header")
			if err != nil {
				t.Fatal(err)
			}
			got := dateText(test.text, captured, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
			if got.String() != test.want {
				t.Errorf("dated %q, want %q", got, test.want)
			}
			if got.Known() && got.Source != "text" {
				t.Errorf("source is %q", got.Source)
			}
		})
	}
}

// A text is never dated after it was captured or collected.
func TestDateTextStaysBeforeCapture(t *testing.T) {
	text := "Small companies touched a peak yesterday, September 17, after the Fed's rate-cut decision."
	captured := dayDate(2025, time.March, 1, "header")
	if got := dateText(text, captured, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); got.Known() && got.Time.After(captured.Time) {
		t.Errorf("dated %s, after its capture on %s", got, captured)
	}
	if got := dateText(text, tenor.Date{}, time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)); got.Known() {
		t.Errorf("dated %s before the web", got)
	}
}

func TestFindDates(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"Fri Jan 6, 2012 6:39pm EST", "2012-01-06T18:39:00-05:00"},
		{"2024.07.18 02:00", "2024-07-18"},
		{"2025-09-17 15:32:51", "2025-09-17"},
		{"27/Jun/2016", "2016-06-27"},
		{"06.01.2026", "2026-01-06"},
		{"11/16/2023", "2023-11-16"},
		{"16/11/2023", "2023-11-16"},
		{"Tuesday 12 Dec 2023", "2023-12-12"},
		{"26th Jan 21 11:27 am", "2021-01-26"},
		{"Feb 6, 2023 at 8:55 p.m. UTC", "2023-02-06T20:55:00Z"},
		{"Sunday, Aug 17, 2025 4:17 pm ET1min read", "2025-08-17T16:17:00-04:00"},
		{"(June 3, 2025)", "2025-06-03"},
		{"March 23, 2018", "2018-03-23"},
		{"September 5th 2019", "2019-09-05"},
		{"3rd of June 2014", "2014-06-03"},
		{"2025年9月18日", "2025-09-18"},
		{"article 09-09-2025", "2025-09-09"},
		{"February 30, 2024", ""},
		{"version 1.2.2024.1", ""},
		{"May 2024", ""},
		{"S&P 500 fell 12 May be more", ""},
		{"S&P 500 at 5,000.10", ""},
	} {
		got := ""
		for _, m := range findDates(test.text) {
			if m.year > 0 {
				got = m.date("header").String()
				break
			}
		}
		if got != test.want {
			t.Errorf("%q: read %q, want %q", test.text, got, test.want)
		}
	}
}
