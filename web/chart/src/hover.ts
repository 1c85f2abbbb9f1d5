// The figures of the day under the pointer, and a line through all rows there. ECharts'
// own tooltip and axis pointer are a tenth of its weight.

import type { EChartsType } from "echarts/core";
import { time } from "./data";

export interface Hover {
  show: (day: string) => void;
  hide: () => void;
}

const distance = 16; // in pixels, of the figures from the line

export function hoverOver(chart: EChartsType, place: HTMLElement, figures: (day: string) => HTMLElement, extent: () => [top: number, bottom: number]): Hover {
  const line = document.createElement("div");
  line.className = "pointer";
  const box = document.createElement("div");
  box.className = "tip-box";
  const show = (shown: boolean) => {
    line.hidden = box.hidden = !shown;
  };
  show(false);
  place.append(line, box);
  let last = "";
  return {
    show(day) {
      const x = chart.convertToPixel({ xAxisIndex: 0 }, time(day)) as unknown as number;
      show(true);
      const [top, bottom] = extent();
      line.style.top = `${top}%`;
      line.style.bottom = `${100 - bottom}%`;
      line.style.left = `${x}px`;
      if (day !== last) box.replaceChildren(figures(day));
      last = day;
      const right = x + distance + box.offsetWidth < place.clientWidth;
      box.style.left = `${right ? x + distance : Math.max(0, x - distance - box.offsetWidth)}px`;
    },
    hide() {
      show(false);
      last = ""; // what is drawn may change until it is shown again
    },
  };
}
