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

// Columns is what /timeline.json answers (chartdata.go): of each number by how much it
// differs from the one before.
interface Columns {
  first: string;
  bullish: number[];
  neutral: number[];
  fragile: number[];
  disputed: number[];
  // Of each tally once, in the order of the first days that have it.
  net: (number | null)[];
  below: (number | null)[];
  above: (number | null)[];
  agreement: (number | null)[];
  who: [speaker: string, firm: string][];
  left: number; // earlier views that are left out
  views: { after: number[]; who: number[]; kind: number[] };
}

// CurveColumns is a curve of /overlay.json (overlaydata.go).
interface CurveColumns {
  name: string;
  first: string;
  after: number[];
  value: (number | null)[];
  digits: number;
  plain?: (number | null)[];
}

// Overlay is what is drawn beside the net, from the user's own CSV.
export interface Overlay {
  curve?: Curve;
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

async function load<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? answer.statusText);
  return body;
}

export async function loadTimeline(address: string): Promise<Timeline> {
  const c = await load<Columns>(address);
  const [bullish, neutral, fragile, disputed] = [c.bullish, c.neutral, c.fragile, c.disputed].map(sums) as number[][];
  const [net, below, above, agreement] = [c.net, c.below, c.above, c.agreement].map(sums);
  const told = new Map<string, number>(); // place of a tally's figures
  const points = bullish.map((_, i) => {
    const tally = { bullish: bullish[i], neutral: neutral[i], fragile: fragile[i] };
    const key = Object.values(tally).join();
    const at = told.get(key) ?? told.size;
    told.set(key, at);
    const n = net[at];
    return {
      date: dayAfter(c.first, i), voices: tally.bullish + tally.neutral + tally.fragile, ...tally, disputed: disputed[i],
      net: n === null ? null : n / 10, low: n === null ? null : (n - below[at]!) / 10, high: n === null ? null : (n + above[at]!) / 10,
      agreement: n === null ? null : agreement[at]! / 100,
    };
  });
  const days = sums(c.views.after) as number[];
  return {
    left: c.left, points,
    views: days.map((day, i) => {
      const [who, kind] = [c.who[c.views.who[i]], c.views.kind[i]];
      const marks = Math.floor(kind / stances.length);
      return {
        date: points[day].date, speaker: who[0], firm: who[1], stance: stances[kind % stances.length],
        split: (marks & 1) > 0, disputed: (marks & 2) > 0, monthOnly: (marks & 4) > 0,
      };
    }),
  };
}

export async function loadOverlay(address: string): Promise<Overlay> {
  const { curve, events } = await load<{ curve: CurveColumns | null; events: Event[] }>(address);
  if (!curve) return { events };
  const days = sums(curve.after) as number[];
  const values = curve.plain ?? sums(curve.value).map((v) => (v === null ? null : v / 10 ** curve.digits));
  return { events, curve: { name: curve.name, points: days.map((day, i) => [dayAfter(curve.first, day), values[i]]) } };
}

// sums undoes differences; null is no number, and the next differs from the one before.
function sums(differences: (number | null)[]): (number | null)[] {
  let sum = 0;
  return differences.map((by) => (by === null ? null : (sum += by)));
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
  // A tie goes to the even digit, as on the page: toFixed makes 31.3 of 31.25, Go 31.2.
  const tenths = Math.abs(x) * 10;
  const digits = tenths % 1 === 0.5 && (x * 4) % 1 === 0 ? (2 * Math.round(tenths / 2) / 10).toFixed(1) : Math.abs(x).toFixed(1);
  return digits === "0.0" ? digits : (x < 0 ? "−" : "+") + digits;
}
