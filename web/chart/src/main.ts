// The chart of the page "/": finds its place, loads its data, draws it, draws it
// again when the window or the colour scheme changes, and leads from a day to
// its voices.

import { init, use } from "echarts/core";
import { LineChart, ScatterChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, MarkLineComponent, ToolboxComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { load, type Timeline } from "./data";
import { dayAt, options } from "./options";
import { readPalette } from "./palette";

use([LineChart, ScatterChart, DataZoomComponent, GridComponent, MarkLineComponent, ToolboxComponent, TooltipComponent, SVGRenderer]);

const place = document.getElementById("chart");
if (place) {
  draw(place).catch((error: Error) => {
    place.hidden = true;
    note(`The chart could not be drawn (${error.message}). The table below holds the same figures.`);
  });
}

function note(sentence: string): void {
  document.getElementById("chart-note")!.textContent = sentence;
}

async function draw(place: HTMLElement): Promise<void> {
  const timeline = await load(place.dataset.src!);
  const chart = init(place, null, { renderer: "svg" });
  const show = () => {
    chart.setOption(options(timeline, {
      palette: readPalette(),
      narrow: place.clientWidth < 560,
      day: place.dataset.day ?? "",
      noun: place.dataset.noun ?? "voices",
    }), { notMerge: true });
    // Dragging over the chart chooses a range, as in other charts of series.
    chart.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
  };
  show();
  place.dataset.drawn = String(timeline.points.length);

  new ResizeObserver(() => {
    chart.resize();
    show();
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);

  const surface = chart.getZr();
  surface.on("dblclick", () => chart.dispatchAction({ type: "dataZoom", start: 0, end: 100 }));
  surface.on("click", (event: { offsetX: number; offsetY: number }) => {
    const at = [event.offsetX, event.offsetY];
    if (![0, 1, 2, 3].some((gridIndex) => chart.containPixel({ gridIndex }, at))) return;
    const [time] = chart.convertFromPixel({ gridIndex: 0 }, at);
    go(dayAt(timeline, time));
  });
  place.addEventListener("keydown", (event) => step(event, timeline, place));
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
