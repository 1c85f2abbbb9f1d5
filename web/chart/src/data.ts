// What /api/v1/timeline answers, and how figures are written.

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
  quotes: number;
  articles: number;
}

export type Stance = "bullish" | "neutral" | "fragile";

export interface View {
  date: string;
  speaker: string;
  firm: string;
  stance: Stance;
  split: boolean;
  disputed: boolean;
  precision: string; // of the date: time, day or month
  quote_id: string;
}

export interface Timeline {
  points: Point[];
  views: View[];
}

export const stances: Stance[] = ["bullish", "neutral", "fragile"];
export const shapes: Record<Stance, string> = { bullish: "▲", neutral: "●", fragile: "▼" };

// Fewer voices than `full` are drawn as hollow markers on a thin line. The server
// decides below how many there is no number at all: net is null then.
export const full = 5;

export async function load(address: string): Promise<Timeline> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? answer.statusText);
  return body;
}

export function signed(x: number): string {
  const digits = Math.abs(x).toFixed(1);
  return digits === "0.0" ? digits : (x < 0 ? "−" : "+") + digits;
}
