// The chart of the page "/": finds its place, loads its data, draws it, draws it again
// when something changes, and leads from a day to its voices.

import { init, use } from "echarts/core";
import { LineChart, ScatterChart } from "echarts/charts";
import { DataZoomComponent, GridSimpleComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { carry, rangeHere, writeRange, type Range } from "./address";
import { dayAt, loadOverlay, loadTimeline, type Overlay, type Timeline } from "./data";
import { hoverOver, type Hover } from "./hover";
import { bare, extent, options, type Look } from "./options";
import { watchOwn, type Own } from "./own";
import { readPalette } from "./palette";
import { drawPNG, drawSVG, fileName, save } from "./picture";
import { figures, spoken } from "./tip";
import { zoomByDragging } from "./zoom";

use([LineChart, ScatterChart, DataZoomComponent, GridSimpleComponent, SVGRenderer]);

const place = document.getElementById("chart");
if (place) {
  draw(place).catch((error: Error) => {
    place.hidden = true;
    tell(`The chart could not be drawn (${error.message}). The table below holds the same figures.`);
  });
}

function tell(text: string): void {
  document.getElementById("chart-note")!.textContent = text;
}

async function draw(place: HTMLElement): Promise<void> {
  const [timeline, overlay] = await Promise.all([
    loadTimeline(place.dataset.src!),
    place.dataset.overlay ? loadOverlay(place.dataset.overlay) : { events: [] } as Overlay,
  ]);
  const { points } = timeline;
  const [first, last] = [points[0].date, points[points.length - 1].date];
  const chart = init(place, null, { renderer: "svg" });
  let range = rangeHere(first, last);
  let own: Own = {};

  const look = (palette = readPalette()): Look => ({
    palette, range,
    width: place.clientWidth,
    narrow: place.clientWidth < 560,
    saved: false,
    day: place.dataset.day ?? "",
    noun: place.dataset.noun ?? "voices",
    nounOne: place.dataset.nounOne ?? "voice",
    curve: own.curve ?? overlay.curve,
    log: "log" in place.dataset,
    events: own.events ?? overlay.events,
  });
  const byDay = new Map(points.map((p) => [p.date, p]));
  const hover = hoverOver(chart, place, (day) => figures(byDay.get(day)!, timeline.views.filter((v) => v.date === day), look()), () => extent(timeline, look()));
  const show = () => {
    const now = look();
    place.classList.toggle("bare", bare(timeline, now));
    chart.setOption(options(timeline, now), { replaceMerge: ["series"] });
    hover.hide();
    key("key-disputed", points.some((p) => p.disputed) && "disputed");
    key("key-curve", now.curve && `${now.curve.name}, right axis`);
    key("key-event", now.events.some((e) => first <= e.date && e.date <= last) && "event");
  };
  const all = document.getElementById("chart-all") as HTMLButtonElement;
  // settle makes page, address and pictures say which days are in sight.
  const settle = () => {
    all.hidden = !range;
    place.dataset.shown = (range ?? [first, last]).join("/");
    show();
    forPaper(() => drawSVG(timeline, look(readPalette(paper)), captionOf(place)));
  };
  const zoomTo = (to: Range | undefined) => {
    range = to;
    settle();
  };

  settle();
  carry(range);
  const user = (to: Range | undefined) => {
    zoomTo(to);
    writeRange(to);
  };
  all.addEventListener("click", () => user(undefined));
  addEventListener("popstate", () => {
    zoomTo(rangeHere(first, last));
    carry(range);
  });
  zoomByDragging(chart, place, {
    onMove: (moment) => (moment === undefined ? hover.hide() : hover.show(dayAt(points, moment)!)),
    onClick: (moment) => go(dayAt(points, moment)),
    onRange: (from, to) => {
      const [a, b] = [dayAt(points, from)!, dayAt(points, to)!];
      user(a <= first && b >= last ? undefined : [a, b]);
    },
  });
  place.dataset.drawn = String(points.length);

  new ResizeObserver(() => {
    if (!place.clientWidth) return; // on paper the picture stands for it
    chart.resize();
    show();
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", settle);
  keys(hover, place, timeline, look, () => user(undefined));
  for (const kind of ["svg", "png"] as const) {
    document.getElementById(`save-${kind}`)!.addEventListener("click", async () => {
      try {
        const svg = drawSVG(timeline, look(), captionOf(place));
        const content = kind === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await drawPNG(svg);
        save(content, `${fileName(timeline, look(), captionOf(place))}.${kind}`);
      } catch (error) {
        tell(`The picture could not be made (${(error as Error).message}).`);
      }
    });
  }
  await watchOwn((chosen) => {
    own = chosen;
    settle();
  });
}

const captionOf = (place: HTMLElement) => ({ title: place.dataset.title!, rule: place.dataset.rule!, file: place.dataset.file! });

// key shows or hides an entry of the legend.
function key(id: string, text: string | false | undefined): void {
  const entry = document.getElementById(id)!;
  entry.hidden = !text;
  const name = entry.querySelector("bdi");
  if (name) name.textContent = text || "";
}

// The chart on paper: a picture in light colours that stands ready, as printing waits for
// none to load.
const paper = document.createElement("img");
paper.className = "paper";
paper.alt = "";
let waiting = 0;
function forPaper(svg: () => string): void {
  if (!paper.isConnected) place!.after(paper);
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    URL.revokeObjectURL(paper.src);
    paper.src = URL.createObjectURL(new Blob([svg()], { type: "image/svg+xml" }));
  }, 800);
}

// go opens the page of a day under the filters of this one.
function go(day: string | undefined): void {
  if (!day) return;
  const address = new URL(location.href);
  address.searchParams.set("day", day);
  address.hash = "day";
  location.assign(address);
}

// keys move over the days by the arrows, a month with shift, and show their figures; Enter
// opens the day.
function keys(hover: Hover, place: HTMLElement, timeline: Timeline, look: () => Look, showAll: () => void): void {
  const { points } = timeline;
  let at = Math.max(0, points.findIndex((p) => p.date === place.dataset.day));
  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 30 : 1;
    const from = points.findIndex((p) => p.date === (look().range?.[0] ?? points[0].date));
    const to = points.findIndex((p) => p.date === (look().range?.[1] ?? points[points.length - 1].date));
    const next = { ArrowLeft: at - step, ArrowRight: at + step, Home: from, End: to }[event.key];
    if (event.key === "Escape") showAll();
    else if (event.key === "Enter") go(points[at].date);
    else if (next === undefined) return;
    else {
      at = Math.min(Math.max(next, from), to);
      hover.show(points[at].date);
      document.getElementById("chart-said")!.textContent = spoken(points[at], look());
    }
    event.preventDefault();
  });
  place.addEventListener("blur", () => hover.hide());
}
