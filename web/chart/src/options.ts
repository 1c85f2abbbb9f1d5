// The timeline as an ECharts option: net with its interval above, then shares of
// the stances, then how many voices stand, then each view on the day it was
// published. Days without a number are null and stay gaps.

import { full, shapes, signed, stances, type Point, type Stance, type Timeline, type View } from "./data";
import type { Palette } from "./palette";

export interface Look {
  palette: Palette;
  narrow: boolean;
  day: string; // the chosen one
  noun: string; // what one vote is called
}

const dayLength = 24 * 3600 * 1000;
const time = (date: string) => Date.parse(date + "T00:00:00Z");

// dayAt is the day of the series nearest to a moment.
export function dayAt(timeline: Timeline, moment: number): string | undefined {
  const { points } = timeline;
  if (!points.length) return undefined;
  const at = Math.round((moment - time(points[0].date)) / dayLength);
  return points[Math.min(Math.max(at, 0), points.length - 1)].date;
}

// Where the four grids stand, in per cent of the height.
const rows = [
  { top: 6, height: 41 },
  { top: 52, height: 14 },
  { top: 70.5, height: 8.5 },
  { top: 83.5, height: 6.5 },
];

export function options(timeline: Timeline, look: Look): object {
  const { palette, narrow } = look;
  const left = narrow ? 38 : 52;
  const right = narrow ? 10 : 16;
  const { points } = timeline;
  const from = points.length ? time(points[0].date) : undefined;
  const to = points.length ? time(points[points.length - 1].date) : undefined;
  const text = { color: palette.soft, fontFamily: palette.font, fontSize: 11 };
  const titles = ["net", narrow ? "shares" : "stance shares, %", look.noun, "views"];

  return {
    useUTC: true,
    animation: false,
    textStyle: { fontFamily: palette.font },
    grid: rows.map((r) => ({ left, right, top: `${r.top}%`, height: `${r.height}%` })),
    xAxis: rows.map((_, i) => ({
      type: "time", gridIndex: i, min: from, max: to,
      axisLine: { show: i !== 0, lineStyle: { color: palette.line } },
      axisTick: { show: i === rows.length - 1, lineStyle: { color: palette.line } },
      axisLabel: { ...text, show: i === rows.length - 1, hideOverlap: true },
      splitLine: { show: i === 0, lineStyle: { color: palette.line, opacity: 0.5 } },
      axisPointer: { label: { show: false }, lineStyle: { color: palette.soft, type: "solid", width: 1 } },
    })),
    yAxis: yAxes(titles, palette, text),
    axisPointer: { link: [{ xAxisIndex: "all" }], triggerTooltip: true },
    tooltip: {
      trigger: "axis", confine: true, transitionDuration: 0,
      backgroundColor: palette.raised, borderColor: palette.line, padding: [8, 12],
      extraCssText: "box-shadow: 0 2px 10px rgb(0 0 0 / .18)",
      formatter: (hit: { axisValue: number }[]) => {
        const day = dayAt(timeline, hit[0].axisValue);
        return figures(points.find((p) => p.date === day)!, timeline.views.filter((v) => v.date === day), look.noun);
      },
    },
    dataZoom: [
      { type: "inside", xAxisIndex: "all", zoomOnMouseWheel: "ctrl", moveOnMouseMove: false, moveOnMouseWheel: false, filterMode: "none", minValueSpan: 7 * dayLength },
      {
        type: "slider", xAxisIndex: "all", bottom: 2, height: 18, left, right, filterMode: "none", showDetail: false, brushSelect: false,
        minValueSpan: 7 * dayLength, borderColor: palette.line, fillerColor: palette.accent + "22", showDataShadow: false,
        backgroundColor: "transparent", handleStyle: { color: palette.raised, borderColor: palette.soft }, moveHandleSize: 0,
      },
    ],
    series: [...net(points, look), ...shares(points, palette), votes(points, palette), ...marks(timeline.views, look)],
  };
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
    { ...base, ...name(2), gridIndex: 2, min: 0, minInterval: 1, splitNumber: 2, axisLabel: text },
    { ...base, ...name(3), gridIndex: 3, min: 0.4, max: 3.6, splitLine: { show: false }, axisLabel: { show: false } },
  ];
}

// net is the line of the index over its interval. Runs of few voices are thin and
// dashed; a marker stands wherever the value changed, hollow for few.
function net(points: Point[], look: Look): object[] {
  const { palette } = look;
  const few = (p: Point) => p.voices < full;
  const line = (thin: boolean) => points.map((p, i) => {
    const before = points[i - 1];
    // The line that ends and the one that begins share a day, so that no hole
    // gapes where the number of voices passes five.
    const joined = before !== undefined && before.net !== null && few(before) === thin;
    return [time(p.date), p.net !== null && (few(p) === thin || joined) ? p.net : null];
  });
  const changed = points.filter((p, i) => {
    if (p.net === null) return false;
    const before = points[i - 1];
    return !before || before.net !== p.net || before.voices !== p.voices;
  });
  const base = { xAxisIndex: 0, yAxisIndex: 0, silent: true, connectNulls: false };
  const chosen = points.some((p) => p.date === look.day) ? [{ xAxis: time(look.day) }] : [];
  return [
    { ...base, type: "line", name: "low", stack: "band", stackStrategy: "all", symbol: "none", step: "middle", lineStyle: { opacity: 0 }, data: points.map((p) => [time(p.date), p.low]) },
    {
      ...base, type: "line", name: "band", stack: "band", stackStrategy: "all", symbol: "none", step: "middle", lineStyle: { opacity: 0 },
      areaStyle: { color: palette.accent, opacity: 0.15 },
      data: points.map((p) => [time(p.date), p.low === null ? null : p.high! - p.low]),
    },
    {
      ...base, type: "line", name: "net", symbol: "none", step: "middle", z: 4,
      lineStyle: { color: palette.accent, width: 2.25 }, data: line(false),
      markLine: {
        silent: true, symbol: "none", label: { show: false },
        data: [{ yAxis: 0, lineStyle: { color: palette.soft, type: "solid", width: 1 } }, ...chosen.map((c) => ({ ...c, lineStyle: { color: palette.ink, type: "dotted", width: 1.5 } }))],
      },
    },
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

// votes is how many voices stand each day.
function votes(points: Point[], palette: Palette): object {
  return {
    type: "line", name: "votes", xAxisIndex: 2, yAxisIndex: 2, symbol: "none", silent: true, step: "middle", connectNulls: false,
    lineStyle: { color: palette.soft, width: 1 }, areaStyle: { color: palette.soft, opacity: 0.25 },
    data: points.map((p) => [time(p.date), p.voices || null]),
  };
}

const triangle: Record<Stance, [string, number]> = { bullish: ["triangle", 0], neutral: ["circle", 0], fragile: ["triangle", 180] };

// marks are the views, a row and a shape a stance; split and disputed ones are hollow.
function marks(views: View[], look: Look): object[] {
  const { palette } = look;
  return stances.map((stance, i) => ({
    type: "scatter", name: `views, ${stance}`, xAxisIndex: 3, yAxisIndex: 3, silent: true,
    symbol: triangle[stance][0], symbolRotate: triangle[stance][1], symbolSize: look.narrow ? 6 : 8,
    data: views.filter((v) => v.stance === stance).map((v) => ({
      value: [time(v.date), 3 - i],
      itemStyle: v.split || v.disputed ? { color: palette.raised, borderColor: palette[stance], borderWidth: 1.5 } : { color: palette[stance], opacity: 0.85 },
    })),
  }));
}

// figures is the content of the tooltip. Names come from strangers, so they
// enter as text, never as markup.
function figures(p: Point, published: View[], noun: string): HTMLElement {
  const tip = document.createElement("div");
  tip.className = "tip";
  const add = (parent: HTMLElement, name: string, className: string, content: string) => {
    const child = document.createElement(name);
    child.className = className;
    child.textContent = content;
    parent.append(child);
    return child;
  };
  add(tip, "div", "", p.date);
  if (p.net === null) {
    add(tip, "div", "", p.voices ? `too few ${noun} for a number` : `no view stands`);
  } else {
    const head = add(tip, "div", "", "");
    add(head, "span", "net", signed(p.net));
    head.append(`  [${signed(p.low!)}, ${signed(p.high!)}]`);
    add(tip, "div", "", `agreement ${p.agreement!.toFixed(2)}`);
  }
  if (p.voices) {
    const tally = add(tip, "div", "", "");
    for (const s of stances) add(tally, "span", `stance ${s}`, `${shapes[s]} ${p[s]}`);
    tally.append(`${p.voices} ${noun}`);
  }
  if (p.disputed) add(tip, "div", "", `${p.disputed} disputed`);
  for (const v of published.slice(0, 5)) {
    add(tip, "div", `stance ${v.stance}`, `${shapes[v.stance]} ${v.speaker}${v.firm ? ", " + v.firm : ""}${v.precision === "month" ? " (month only)" : ""}`);
  }
  if (published.length > 5) add(tip, "div", "", `and ${published.length - 5} more`);
  return tip;
}
