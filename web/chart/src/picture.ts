// The chart as a picture to keep: what is in sight, at the size of a page, with what it
// counts written on it. It is drawn anew and not taken from the screen, so that a
// telephone saves the same one.

import { init } from "echarts/core";
import type { Timeline } from "./data";
import { options, type Look } from "./options";

const width = 1200;
const plot = 660;
const top = 64;
const height = top + plot + 26;

export interface Caption {
  title: string; // the filter
  rule: string; // what is counted
  file: string; // name without days
}

// days are the first and last of the picture.
function days(timeline: Timeline, look: Look): [string, string] {
  return look.range ?? [timeline.points[0].date, timeline.points[timeline.points.length - 1].date];
}

export function fileName(timeline: Timeline, look: Look, caption: Caption): string {
  return `${caption.file}-${days(timeline, look).join("-")}`;
}

// drawSVG is the picture as a file.
export function drawSVG(timeline: Timeline, look: Look, caption: Caption): string {
  // ECharts writes names of fonts into attributes as they are.
  const palette = { ...look.palette, font: look.palette.font.replace(/"/g, "'") };
  look = { ...look, palette, saved: true, narrow: false, width };
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height: plot });
  chart.setOption(options(timeline, look));
  const drawn = chart.renderToSVGString();
  chart.dispose();
  const [from, to] = days(timeline, look);
  const seen = timeline.points.filter((p) => from <= p.date && p.date <= to).map((p) => p.voices);
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  const about = `${caption.rule} · ${from} to ${to} · n = ${least}${most > least ? ` to ${most}` : ""}`;
  const beside = look.curve ? ` Line: ${look.curve.name}, right axis.` : "";
  const key = `▲ bullish  ● neutral  ▼ fragile. Band: 90 % interval. Dashed, hollow: three or four ${look.noun}. A gap: fewer than three.${beside}`;
  const text = (y: number, fill: string, size: number, weight: number, content: string) =>
    `<text x="20" y="${y}" fill="${fill}" font-family="${escape(palette.font)}" font-size="${size}" font-weight="${weight}">${escape(content)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">` +
    `<title>${escape(caption.title)}</title><desc>${escape(about)}</desc><rect width="${width}" height="${height}" fill="${palette.raised}"/>` +
    text(30, palette.ink, 18, 650, cut(caption.title, 120)) + text(52, palette.soft, 13, 400, cut(about, 180)) +
    drawn.replace("<svg", `<svg y="${top}"`) + text(height - 12, palette.soft, 12, 400, cut(key, 190)) + "</svg>";
}

const cut = (s: string, most: number) => ([...s].length > most ? [...s].slice(0, most - 1).join("") + "…" : s);

function escape(s: string): string {
  return s.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

// drawPNG is the picture in dots, two for each pixel.
export async function drawPNG(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture came of it"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
