// The timeline as an ECharts option: net with its interval above, then shares of
// the stances, then how many voices stand, then each view on the day it was
// published. Days without a number are null and stay gaps.

import type { Curve, Event } from "./csv";
import { curveAxis, curveLines } from "./curve";
import { dayLength, disputedNet, full, stances, time, type Point, type Stance, type Timeline, type View } from "./data";
import type { Palette } from "./palette";
import { dateTicks } from "./ticks";

export interface Look {
  palette: Palette;
  width: number; // in pixels
  narrow: boolean;
  saved: boolean; // as a picture: no controls
  day: string; // the chosen one
  noun: string; // what votes are called
  nounOne: string; // and what one is
  range?: [string, string]; // the days in sight; all without
  curve?: Curve; // beside the net
  log: boolean;
  events: Event[];
}

// Where the grids stand, in per cent of the height.
const rows = [
  { top: 6, height: 36 },
  { top: 46.5, height: 12.5 },
  { top: 63.5, height: 6 },
  { top: 74, height: 6.5 },
  { top: 85, height: 5.5 },
];
export const grids = rows.length;

// The same in a chart of a third of the height, where no day has a number.
const bareRows = [...Array(3).fill({ top: 0, height: 0 }), { top: 12, height: 20 }, { top: 50, height: 20 }];

// bare reports whether there is nothing to see but who said what.
export function bare(timeline: Timeline, look: Look): boolean {
  return !look.saved && !look.curve && !look.events.length && !timeline.points.some((p) => p.net !== null);
}

// extent is from where to where a line through all rows goes, in per cent of the height.
export function extent(timeline: Timeline, look: Look): [number, number] {
  const used = bare(timeline, look) ? bareRows.slice(3) : rows;
  const last = used[used.length - 1];
  return [used[0].top, last.top + last.height];
}

export function options(timeline: Timeline, look: Look): object {
  const { palette, narrow } = look;
  const left = narrow ? 38 : 52;
  const right = look.curve ? (narrow ? 44 : 60) : narrow ? 10 : 16;
  const { points } = timeline;
  const empty = bare(timeline, look);
  const at = empty ? bareRows : rows;
  const seen = (i: number) => !empty || i > 2;
  const byDay = new Map(points.map((p) => [p.date, p]));
  const kept = lean(points);
  const from = points.length ? time(points[0].date) : undefined;
  const to = points.length ? time(points[points.length - 1].date) : undefined;
  const [first, last] = look.range ? look.range.map(time) : [from, to];
  const near = nearby(first ?? 0, last ?? 0, look.width);
  const ticks = dateTicks(first ?? 0, last ?? 0, look.width - left - right);
  const customValues = [...ticks.keys()];
  const text = { color: palette.soft, fontFamily: palette.font, fontSize: 11 };
  const titles = ["net", narrow ? "shares" : "stance shares, %", "agreement", look.noun, timeline.left ? `views, the latest ${timeline.views.length}` : "views"];
  const sight = { startValue: first, endValue: last };

  return {
    useUTC: true,
    animation: false,
    textStyle: { fontFamily: palette.font },
    grid: at.map((r) => ({ left, right, top: `${r.top}%`, height: `${r.height}%` })),
    xAxis: rows.map((_, i) => ({
      type: "time", gridIndex: i, minInterval: dayLength, min: look.saved ? first : from, max: look.saved ? last : to,
      axisLine: { show: i !== 0 && seen(i), lineStyle: { color: palette.line } },
      axisTick: { show: i === rows.length - 1, customValues, lineStyle: { color: palette.line } },
      axisLabel: { ...text, show: i === rows.length - 1, hideOverlap: true, customValues, formatter: (t: number) => ticks.get(t) ?? "" },
      splitLine: { show: i === 0 && seen(i), lineStyle: { color: palette.line, opacity: 0.5 } },
    })),
    yAxis: [...yAxes(titles, palette, text).map((axis, i) => ({ ...axis, show: seen(i) })), curveAxis(look, first ?? 0, last ?? 0, text)],
    dataZoom: look.saved ? [] : [
      { ...sight, type: "inside", xAxisIndex: "all", zoomOnMouseWheel: "ctrl", moveOnMouseMove: false, moveOnMouseWheel: false, filterMode: "none", minValueSpan: 7 * dayLength },
      {
        ...sight, type: "slider", xAxisIndex: "all", bottom: 2, height: 18, left, right, show: points.length > 1, filterMode: "none", showDetail: false, brushSelect: false,
        minValueSpan: 7 * dayLength, borderColor: palette.line, fillerColor: palette.accent + "22", showDataShadow: false,
        backgroundColor: "transparent", handleStyle: { color: palette.raised, borderColor: palette.soft }, moveHandleSize: 0,
      },
    ],
    series: [
      ...(empty ? [] : net(kept, look, near)), ...shares(kept, palette), agreement(kept, palette), votes(kept, palette), ...marks(timeline.views, look, near),
      ...curveLines(look, from ?? 0, to ?? 0), ...events(look, byDay, left, right),
    ],
  };
}

// Near says which of the single marks to draw: thousands are slow, and a smear.
interface Near {
  from: number; // what lies further off than the days in sight are long is not needed
  to: number;
  each: number; // milliseconds to which marks of one kind are thinned out
}

function nearby(first: number, last: number, width: number): Near {
  const span = last - first + dayLength;
  return { from: first - span, to: last + span, each: Math.ceil(span / dayLength / (Math.max(width, 300) / 4)) * dayLength };
}

function yAxes(titles: string[], palette: Palette, text: object): object[] {
  const name = (i: number) => ({
    name: titles[i], nameLocation: "end", nameGap: i === 0 ? 10 : 5,
    nameTextStyle: { ...text, align: "left", fontWeight: 600 },
  });
  const base = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { lineStyle: { color: palette.line, opacity: 0.6 } } };
  return [
    { ...base, ...name(0), gridIndex: 0, min: -100, max: 100, interval: 50, axisLabel: { ...text, formatter: (v: number) => (v > 0 ? `+${v}` : v < 0 ? `−${-v}` : "0") } },
    { ...base, ...name(1), gridIndex: 1, min: 0, max: 100, interval: 50, axisLabel: text },
    { ...base, ...name(2), gridIndex: 2, min: 0, max: 1, interval: 1, axisLabel: text },
    { ...base, ...name(3), gridIndex: 3, min: 0, minInterval: 1, splitNumber: 2, axisLabel: text },
    { ...base, ...name(4), gridIndex: 4, min: 0.4, max: 3.6, splitLine: { show: false }, axisLabel: { show: false } },
  ];
}

// lean are the points on which something changed and those just before: all that lines
// in steps need.
function lean(points: Point[]): Point[] {
  const same = (a: Point, b: Point) => a.bullish === b.bullish && a.neutral === b.neutral && a.fragile === b.fragile && a.disputed === b.disputed;
  return points.filter((p, i) => i === 0 || i === points.length - 1 || !same(p, points[i - 1]) || !same(p, points[i + 1]));
}

// net is the line of the index over its interval. Runs of few voices are thin and
// dashed; a marker stands wherever the value changed, hollow for few.
function net(points: Point[], look: Look, near: Near): object[] {
  const { palette } = look;
  const few = (p: Point) => p.voices < full;
  const line = (thin: boolean) => points.map((p, i) => {
    const before = points[i - 1];
    // The line that ends and the one that begins share a day, so that no hole
    // gapes where the number of voices passes five.
    const joined = before !== undefined && before.net !== null && few(before) === thin;
    return [time(p.date), p.net !== null && (few(p) === thin || joined) ? p.net : null];
  });
  const crowded = near.each > 2 * dayLength; // then only hollow markers say something
  const changed = points.filter((p, i) => {
    if (p.net === null || (crowded && !few(p)) || time(p.date) < near.from || time(p.date) > near.to) return false;
    const before = points[i - 1];
    return !before || before.net !== p.net || before.voices !== p.voices;
  });
  const base = { xAxisIndex: 0, yAxisIndex: 0, silent: true, connectNulls: false };
  const chosen = !look.saved && points.length && points[0].date <= look.day && look.day <= points[points.length - 1].date ? [look.day] : [];
  const across = points.length ? [points[0], points[points.length - 1]].map((p) => [time(p.date), 0]) : [];
  return [
    { ...base, type: "line", name: "zero", symbol: "none", z: 1, lineStyle: { color: palette.soft, width: 1 }, data: across },
    upright("chosen day", chosen, { color: palette.ink, type: "dotted", width: 1.5 }),
    { ...base, type: "line", name: "low", stack: "band", stackStrategy: "all", symbol: "none", step: "middle", lineStyle: { opacity: 0 }, data: points.map((p) => [time(p.date), p.low]) },
    {
      ...base, type: "line", name: "band", stack: "band", stackStrategy: "all", symbol: "none", step: "middle", lineStyle: { opacity: 0 },
      areaStyle: { color: palette.accent, opacity: 0.15 },
      data: points.map((p) => [time(p.date), p.low === null ? null : p.high! - p.low]),
    },
    {
      ...base, type: "line", name: "net", symbol: "none", step: "middle", z: 4,
      lineStyle: { color: palette.accent, width: 2.25 }, data: line(false),
    },
    ...[0, 1].filter(() => points.some((p) => p.disputed)).map((end) => ({
      ...base, type: "line", name: `disputed ${end}`, symbol: "none", step: "middle", z: 3, lineStyle: { color: palette.accent, width: 1, type: [1, 3] },
      data: points.map((p) => [time(p.date), disputedNet(p)?.[end] ?? null]),
    })),
    { ...base, type: "line", name: "net, few", symbol: "none", step: "middle", z: 4, lineStyle: { color: palette.accent, width: 1.25, type: [4, 3] }, data: line(true) },
    {
      ...base, type: "scatter", name: "changes", z: 5, symbol: "circle",
      data: changed.map((p) => ({
        value: [time(p.date), p.net],
        symbolSize: (few(p) ? 7 : 4.5) * (look.narrow ? 0.7 : 1),
        itemStyle: few(p) ? { color: palette.raised, borderColor: palette.accent, borderWidth: 1.5 } : { color: palette.accent },
      })),
    },
  ];
}

// shares are the stances' parts of the votes, where there is a number at all.
function shares(points: Point[], palette: Palette): object[] {
  return stances.map((stance) => ({
    type: "line", name: stance, xAxisIndex: 1, yAxisIndex: 1, stack: "shares", symbol: "none", silent: true, step: "middle", connectNulls: false,
    lineStyle: { width: 0 }, areaStyle: { color: palette[stance], opacity: stance === "neutral" ? 0.45 : 0.8 },
    data: points.map((p) => [time(p.date), p.net === null ? null : (100 * p[stance]) / p.voices]),
  }));
}

// agreement is 1 where all agree and 0 where the ends are even.
function agreement(points: Point[], palette: Palette): object {
  return {
    type: "line", name: "agreement", xAxisIndex: 2, yAxisIndex: 2, symbol: "none", silent: true, step: "middle", connectNulls: false,
    lineStyle: { color: palette.accent, width: 1.25 }, areaStyle: { color: palette.accent, opacity: 0.1 },
    data: points.map((p) => [time(p.date), p.agreement]),
  };
}

// upright are lines through the net on some days.
function upright(name: string, days: string[], lineStyle: object): object {
  return {
    type: "line", name, xAxisIndex: 0, yAxisIndex: 0, symbol: "none", silent: true, connectNulls: false, z: 5, lineStyle,
    data: days.map(time).flatMap((t) => [[t, -100], [t, 100], [t + 1, null]]),
  };
}

const labelWidth = 170;
const letterWidth = 6; // about, at 11 pixels

// events are lines through the net, with labels where there is room for them: in two rows,
// so that events within a few days of each other both have theirs. They stand on days of
// the series only.
function events(look: Look, byDay: Map<string, Point>, left: number, right: number): object[] {
  const { palette } = look;
  const shown = look.events.filter((e) => byDay.has(e.date));
  const days = look.range ?? [[...byDay.keys()][0], [...byDay.keys()].pop()!];
  const each = (look.width - left - right) / (time(days[1]) - time(days[0]) || dayLength);
  const free = [-Infinity, -Infinity]; // from where on each row is
  const row = (e: Event) => {
    const x = (time(e.date) - time(days[0])) * each;
    const at = free.findIndex((until) => until <= x);
    if (at >= 0 && x >= 0) free[at] = x + Math.min(labelWidth, [...e.label].length * letterWidth) + 12;
    return x >= 0 ? at : -1;
  };
  return [
    upright("events, lines", shown.map((e) => e.date), { color: palette.warn, type: [2, 3], width: 1 }),
    {
      type: "scatter", name: "events", xAxisIndex: 0, yAxisIndex: 0, silent: true, symbol: "diamond", symbolSize: 5, z: 6, itemStyle: { color: palette.warn },
      label: { show: true, position: "right", distance: 3, color: palette.warn, fontSize: 11, fontFamily: palette.font, width: labelWidth, overflow: "truncate", formatter: (hit: { name: string }) => hit.name },
      data: shown.map((e) => {
        const at = look.narrow && !look.saved ? -1 : row(e);
        return { name: e.label, value: [time(e.date), 100], label: { show: at >= 0, offset: [0, at ? 22 : 9] } };
      }),
    },
  ];
}

// votes is how many voices stand each day.
function votes(points: Point[], palette: Palette): object {
  return {
    type: "line", name: "votes", xAxisIndex: 3, yAxisIndex: 3, symbol: "none", silent: true, step: "middle", connectNulls: false,
    lineStyle: { color: palette.soft, width: 1 }, areaStyle: { color: palette.soft, opacity: 0.25 },
    data: points.map((p) => [time(p.date), p.voices || null]),
  };
}

const triangle: Record<Stance, [string, number]> = { bullish: ["triangle", 0], neutral: ["circle", 0], fragile: ["triangle", 180] };

// marks are the views, a row and a shape a stance; split and disputed ones are hollow.
function marks(views: View[], look: Look, near: Near): object[] {
  const { palette } = look;
  const seen = new Set<string>();
  const shown = views.filter((v) => {
    const t = time(v.date);
    const place = `${Math.floor(t / near.each)} ${v.stance} ${v.split || v.disputed}`;
    return t >= near.from && t <= near.to && !seen.has(place) && seen.add(place);
  });
  return stances.map((stance, i) => ({
    type: "scatter", name: `views, ${stance}`, xAxisIndex: 4, yAxisIndex: 4, silent: true,
    symbol: triangle[stance][0], symbolRotate: triangle[stance][1], symbolSize: look.narrow ? 6 : 8,
    data: shown.filter((v) => v.stance === stance).map((v) => ({
      value: [time(v.date), 3 - i],
      itemStyle: v.split || v.disputed ? { color: palette.raised, borderColor: palette[stance], borderWidth: 1.5 } : { color: palette[stance], opacity: 0.85 },
    })),
  }));
}
