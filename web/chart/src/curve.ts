// The user's own figure beside the net: raw on an axis of its own at the right, whose
// lines fall on those of the net; or its logarithm.

import { runs } from "./csv";
import type { Look } from "./options";

const dayLength = 24 * 3600 * 1000;

// curveAxis is the axis, for the figures between two moments.
export function curveAxis(look: Look, from: number, to: number, text: object): object {
  const base = { type: "value", gridIndex: 0, position: "right", axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  const scale = scaleOf(look);
  const seen: number[] = [];
  for (const [date, value] of look.curve?.points ?? []) {
    const t = Date.parse(date + "T00:00:00Z");
    if (value !== null && from <= t && t <= to) seen.push(scale(value));
  }
  if (!seen.length) return { ...base, show: false, min: 0, max: 1, name: "" };
  const low = seen.reduce((a, b) => Math.min(a, b));
  const high = seen.reduce((a, b) => Math.max(a, b));
  const [min, step] = ticks(low, high, logOf(look));
  return {
    ...base, show: true, min, max: min + 4 * step, interval: step,
    name: look.curve!.name + (logOf(look) ? " (log)" : ""), nameLocation: "end", nameGap: 10,
    nameTextStyle: { ...text, align: "right", fontWeight: 600, width: 260, overflow: "truncate" },
    axisLabel: { ...text, formatter: (v: number) => label(logOf(look) ? Math.exp(v) : v) },
  };
}

// curveLines are the lines, one for each stretch without a gap, and dots for days alone.
export function curveLines(look: Look, from: number, to: number): object[] {
  if (!look.curve) return [];
  const scale = scaleOf(look);
  const line: [number, number | null][] = [];
  const alone: [number, number][] = [];
  for (const run of runs(look.curve.points)) {
    const inside = run.map(([day, value]): [number, number] => [day * dayLength, scale(value)]).filter(([t]) => from <= t && t <= to);
    if (inside.length === 1) alone.push(inside[0]);
    else if (inside.length) line.push(...inside, [inside[inside.length - 1][0] + 1, null]);
  }
  const base = { xAxisIndex: 0, yAxisIndex: 5, silent: true, z: 3 };
  const color = look.palette.ink;
  return [
    { ...base, type: "line", name: "curve", symbol: "none", connectNulls: false, lineStyle: { color, width: 1.25, opacity: 0.75 }, data: line },
    { ...base, type: "scatter", name: "curve, days alone", symbolSize: 4, itemStyle: { color, opacity: 0.75 }, data: alone },
  ];
}

// logOf: a figure that is not above zero has no logarithm.
const logOf = (look: Look): boolean => look.log && !look.curve!.points.some(([, value]) => value !== null && value <= 0);
const scaleOf = (look: Look): ((x: number) => number) => (look.curve && logOf(look) ? Math.log : (x) => x);

// ticks are the first of five figures at equal distance that hold all between low and
// high, and that distance; as axisTicks of drawcurve.go.
function ticks(low: number, high: number, log: boolean): [number, number] {
  if (high - low < 1e-9 * Math.max(1, Math.abs(high))) {
    const pad = Math.max(Math.abs(low) * 0.01, 1e-6);
    low -= pad;
    high += pad;
  }
  const step = (high - low) / 4;
  if (log) return [low, step];
  for (let unit = 10 ** Math.floor(Math.log10(step)); ; unit *= 10) {
    for (const times of [1, 2, 2.5, 5]) {
      const min = Math.floor(low / (times * unit)) * times * unit;
      if (min + 4 * times * unit >= high) return [min, times * unit];
    }
  }
}

function label(x: number): string {
  const a = Math.abs(x);
  if (a >= 1e7 || (a > 0 && a < 1e-4)) return x.toPrecision(3);
  return String(Number(x.toFixed(a > 0 && a < 1000 ? Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(a)))) : 0))).replace("-", "−");
}
