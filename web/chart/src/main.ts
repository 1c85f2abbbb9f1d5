// The chart of the page "/": finds its place, loads its data, draws it, draws it
// again when the window or the colour scheme changes, and leads from a day to
// its voices.

import { init, use } from "echarts/core";
import { LineChart, ScatterChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { load, type Timeline } from "./data";
import { dayAt, options } from "./options";
import { readPalette } from "./palette";
import { zoomByDragging } from "./zoom";

use([LineChart, ScatterChart, DataZoomComponent, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

const place = document.getElementById("chart");
if (place) {
  draw(place).catch((error: Error) => {
    place.hidden = true;
    const note = document.getElementById("chart-note")!;
    note.textContent = `The chart could not be drawn (${error.message}). The table below holds the same figures.`;
  });
}

async function draw(place: HTMLElement): Promise<void> {
  const timeline = await load(place.dataset.src!);
  const chart = init(place, null, { renderer: "svg" });
  const show = () => chart.setOption(options(timeline, {
    palette: readPalette(),
    narrow: place.clientWidth < 560,
    day: place.dataset.day ?? "",
    noun: place.dataset.noun ?? "voices",
  }));
  show();

  const all = document.getElementById("chart-all") as HTMLButtonElement;
  const showAll = () => chart.dispatchAction({ type: "dataZoom", start: 0, end: 100 });
  all.addEventListener("click", showAll);
  zoomByDragging(chart, place, {
    onClick: (moment) => go(dayAt(timeline, moment)),
    onRange: (whole) => {
      all.hidden = whole;
      inSight();
    },
  });
  // The days in sight, for whoever reads the page by program.
  const inSight = () => {
    const { startValue, endValue } = (chart.getOption() as any).dataZoom[0];
    place.dataset.shown = `${dayAt(timeline, startValue)}/${dayAt(timeline, endValue)}`;
  };
  inSight();
  place.dataset.drawn = String(timeline.points.length);

  new ResizeObserver(() => {
    chart.resize();
    show();
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") showAll();
    else step(event, timeline, place);
  });
}

// go opens the page of a day under the filters of this one.
function go(day: string | undefined): void {
  if (!day) return;
  const address = new URL(location.href);
  address.searchParams.set("day", day);
  address.hash = "day";
  location.assign(address);
}

// step moves to the days before and after by the arrow keys.
function step(event: KeyboardEvent, timeline: Timeline, place: HTMLElement): void {
  const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const here = timeline.points.findIndex((p) => p.date === place.dataset.day);
  go(timeline.points[here + move]?.date);
}
