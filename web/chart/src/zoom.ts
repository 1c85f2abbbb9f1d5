// Zooming by dragging over the chart with the mouse: a veil shows the range, and
// letting go shows it alone. A press without a drag is a click on a day.

import type { EChartsType } from "echarts/core";

export interface Zoom {
  onClick: (moment: number) => void;
  onRange: (all: boolean) => void;
}

// As many grids as options.ts stacks; all share one axis of time.
const grids = [0, 1, 2, 3];
const slack = 4; // pixels that a hand moves in a click

export function zoomByDragging(chart: EChartsType, place: HTMLElement, zoom: Zoom): void {
  const veil = document.createElement("div");
  veil.className = "veil";
  veil.hidden = true;
  place.append(veil);

  const moment = (x: number): number => chart.convertFromPixel({ xAxisIndex: 0 }, x) as unknown as number;
  let from: number | undefined;
  const where = (event: PointerEvent) => {
    const box = place.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const inside = ({ x, y }: { x: number; y: number }) => grids.some((gridIndex) => chart.containPixel({ gridIndex }, [x, y]));

  place.addEventListener("pointerdown", (event) => {
    const at = where(event);
    from = event.button === 0 && inside(at) ? at.x : undefined;
  });
  place.addEventListener("pointermove", (event) => {
    // Fingers scroll the page; the slider below the chart zooms for them.
    if (from === undefined || event.pointerType !== "mouse") return;
    const { x } = where(event);
    if (Math.abs(x - from) <= slack) return;
    place.setPointerCapture(event.pointerId);
    veil.hidden = false;
    veil.style.left = `${Math.min(x, from)}px`;
    veil.style.width = `${Math.abs(x - from)}px`;
  });
  const end = (event: PointerEvent) => {
    if (from === undefined) return;
    const start = from;
    const { x } = where(event);
    from = undefined;
    veil.hidden = true;
    if (event.type === "pointercancel") return;
    if (Math.abs(x - start) <= slack) {
      zoom.onClick(moment(x));
    } else if (event.pointerType === "mouse") {
      const ends = [moment(start), moment(x)].sort((a, b) => a - b);
      chart.dispatchAction({ type: "dataZoom", startValue: ends[0], endValue: ends[1] });
    }
  };
  place.addEventListener("pointerup", end);
  place.addEventListener("pointercancel", end);

  chart.on("datazoom", () => {
    const { start, end } = (chart.getOption() as { dataZoom: { start: number; end: number }[] }).dataZoom[0];
    zoom.onRange(start <= 0 && end >= 100);
  });
}
