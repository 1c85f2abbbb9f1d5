// Zooming: dragging over the chart with the mouse, where a veil shows the range and letting
// go shows it alone; the slider below it, and the wheel with the control key. A press
// without a drag is a click on a day.

import type { EChartsType } from "echarts/core";
import { grids } from "./options";

export interface Zoom {
  onMove: (moment: number | undefined) => void; // undefined: the pointer is on no day
  onClick: (moment: number) => void;
  onRange: (from: number, to: number) => void;
}

const slack = 4; // pixels that a hand moves in a click
const least = 7 * 24 * 3600 * 1000; // a week is the shortest range
const rest = 350; // milliseconds without a move that end one by slider or wheel

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
  const inside = ({ x, y }: { x: number; y: number }) => Array.from({ length: grids }, (_, gridIndex) => gridIndex).some((gridIndex) => chart.containPixel({ gridIndex }, [x, y]));

  place.addEventListener("pointerdown", (event) => {
    const at = where(event);
    from = event.button === 0 && inside(at) ? at.x : undefined;
  });
  place.addEventListener("pointermove", (event) => {
    // Fingers scroll the page; the slider below the chart zooms for them.
    if (event.pointerType !== "mouse") return;
    const { x, y } = where(event);
    zoom.onMove(inside({ x, y }) ? moment(x) : undefined);
    if (from === undefined) return;
    if (Math.abs(x - from) <= slack) return;
    place.setPointerCapture(event.pointerId);
    veil.hidden = false;
    veil.style.left = `${Math.min(x, from)}px`;
    veil.style.width = `${Math.abs(x - from)}px`;
  });
  place.addEventListener("pointerleave", () => zoom.onMove(undefined));
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
      const [a, b] = [moment(start), moment(x)].sort((a, b) => a - b);
      const widen = Math.max(0, least - (b - a)) / 2;
      zoom.onRange(a - widen, b + widen);
    }
  };
  place.addEventListener("pointerup", end);
  place.addEventListener("pointercancel", end);

  // Slider and wheel move in many steps, of which only the last is one for the address.
  // The steps that the page dispatches itself come without a range of theirs to report.
  let settled = 0;
  chart.on("datazoom", (event) => {
    const { batch, dataZoomId } = event as { batch?: unknown; dataZoomId?: string };
    if (!batch && !dataZoomId) return;
    clearTimeout(settled);
    settled = setTimeout(() => {
      const { startValue, endValue } = (chart.getOption() as { dataZoom: { startValue: number; endValue: number }[] }).dataZoom[0];
      zoom.onRange(startValue, endValue);
    }, rest);
  });
}
