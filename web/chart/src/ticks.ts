// Which days the axis names, by the rule of draw.go. ECharts' own ticks name a month at its
// first day alone, which a few days may not have, and repeat bare numbers ("17, 17, 17").

import { dayLength } from "./data";

const names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const labelWidth = 64; // in pixels, with the room around it

// dateTicks are moments to name between two, with their names: firsts of a year, quarter or
// month or, of a short stretch, every few days.
export function dateTicks(first: number, last: number, width: number): Map<number, string> {
  const most = Math.max(2, Math.floor(width / labelWidth));
  const days = Math.round((last - first) / dayLength) + 1;
  const ticks = new Map<number, string>();
  if (days <= 62) {
    const step = Math.ceil(days / most) * dayLength;
    for (let t = first; t <= last; t += step) ticks.set(t, `${names[new Date(t).getUTCMonth()]} ${new Date(t).getUTCDate()}`);
    return ticks;
  }
  const step = [1, 3, 6, 12, 24, 60, 120].find((months) => days / 30 / months <= most) ?? 240;
  const begin = new Date(first).getUTCFullYear();
  let dated = false; // a year stands among them
  for (let month = Math.floor((begin * 12) / step) * step; ; month += step) {
    const t = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (t > last) break;
    if (t < first) continue;
    ticks.set(t, month % 12 ? names[month % 12] : String(month / 12));
    dated ||= month % 12 === 0;
  }
  if (!dated) for (const [t, name] of ticks) ticks.set(t, `${name} ${new Date(t).getUTCFullYear()}`);
  return ticks;
}
