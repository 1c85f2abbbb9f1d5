// The chart's data as the server sends it, and how figures are written.

import type { Curve, Event } from "./csv";

export interface Point {
  date: string;
  voices: number;
  bullish: number;
  neutral: number;
  fragile: number;
  net: number | null;
  low: number | null;
  high: number | null;
  agreement: number | null;
  disputed: number;
}

export type Stance = "bullish" | "neutral" | "fragile";

export interface View {
  date: string;
  speaker: string;
  firm: string;
  stance: Stance;
  split: boolean;
  disputed: boolean;
  monthOnly: boolean; // its day is the last of the month that is known
}

// Columns is what /timeline.json answers (chartdata.go).
interface Columns {
  first: string;
  bullish: number[];
  neutral: number[];
  fragile: number[];
  disputed: number[];
  net: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  agreement: (number | null)[];
  who: [speaker: string, firm: string][];
  left: number; // earlier views that are left out
  views: [day: number, who: number, stance: number, marks: number][];
}

// Overlay is what is drawn beside the net, from the user's own CSV.
export interface Overlay {
  series: Curve[];
  events: Event[];
}

export interface Timeline {
  points: Point[];
  views: View[];
  left: number; // earlier views that are left out
}

export const stances: Stance[] = ["bullish", "neutral", "fragile"];
export const shapes: Record<Stance, string> = { bullish: "▲", neutral: "●", fragile: "▼" };

// Fewer voices than `full` are drawn as hollow markers on a thin line. The server
// decides below how many there is no number at all: net is null then.
export const full = 5;

export async function load<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? answer.statusText);
  return body;
}

export async function loadTimeline(address: string): Promise<Timeline> {
  const c = await load<Columns>(address);
  const dates = c.bullish.map((_, i) => dayAfter(c.first, i));
  return {
    left: c.left,
    points: dates.map((date, i) => ({
      date, voices: c.bullish[i] + c.neutral[i] + c.fragile[i], bullish: c.bullish[i], neutral: c.neutral[i], fragile: c.fragile[i],
      net: c.net[i], low: c.low[i], high: c.high[i], agreement: c.agreement[i], disputed: c.disputed[i],
    })),
    views: c.views.map(([day, who, stance, marks]) => ({
      date: dates[day], speaker: c.who[who][0], firm: c.who[who][1], stance: stances[stance],
      split: (marks & 1) > 0, disputed: (marks & 2) > 0, monthOnly: (marks & 4) > 0,
    })),
  };
}

const dayAfter = (date: string, days: number) => new Date(time(date) + days * dayLength).toISOString().slice(0, 10);

export const dayLength = 24 * 3600 * 1000;

export const time = (date: string): number => Date.parse(date + "T00:00:00Z");

// dayAt is the day of the series nearest to a moment.
export function dayAt(points: Point[], moment: number): string | undefined {
  if (!points.length) return undefined;
  const at = Math.round((moment - time(points[0].date)) / dayLength);
  return points[Math.min(Math.max(at, 0), points.length - 1)].date;
}

// disputedNet is between which values the net would lie if the disputed voices counted.
export function disputedNet(p: Point): [number, number] | undefined {
  const n = p.voices + p.disputed;
  if (!p.disputed || n < 3) return undefined;
  return [(100 * (p.bullish - p.fragile - p.disputed)) / n, (100 * (p.bullish - p.fragile + p.disputed)) / n];
}

export function signed(x: number): string {
  const digits = Math.abs(x).toFixed(1);
  return digits === "0.0" ? digits : (x < 0 ? "−" : "+") + digits;
}
