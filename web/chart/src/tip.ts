// What the chart says of a day: on the pointer, and in words for who listens.

import { disputedNet, shapes, signed, stances, type Point, type View } from "./data";
import type { Look } from "./options";

// figures is the content of the tooltip. Names come from strangers, so they
// enter as text, never as markup.
export function figures(p: Point, published: View[], look: Look): HTMLElement {
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
    add(tip, "div", "", p.voices ? `too few ${look.noun} for a number` : `no view stands`);
  } else {
    const head = add(tip, "div", "", "");
    add(head, "span", "net", signed(p.net));
    head.append(`  [${signed(p.low!)}, ${signed(p.high!)}]`);
    add(tip, "div", "", `agreement ${p.agreement!.toFixed(2)}`);
  }
  if (p.voices) {
    const tally = add(tip, "div", "", "");
    for (const s of stances) add(tally, "span", `stance ${s}`, `${shapes[s]} ${p[s]}`);
    tally.append(counted(p, look));
  }
  if (p.disputed) add(tip, "div", "", disputed(p));
  const value = look.curve?.points.find(([date]) => date === p.date)?.[1];
  if (value != null) add(tip, "div", "", `${look.curve!.name}: ${value}`);
  for (const e of look.events) if (e.date === p.date) add(tip, "div", "event", e.label);
  for (const v of published.slice(0, 5)) {
    add(tip, "div", `stance ${v.stance}`, `${shapes[v.stance]} ${v.speaker}${v.firm ? ", " + v.firm : ""}${v.monthOnly ? " (month only)" : ""}`);
  }
  if (published.length > 5) add(tip, "div", "", `and ${published.length - 5} more`);
  return tip;
}

const counted = (p: Point, look: Look) => `${p.voices} ${p.voices === 1 ? look.nounOne : look.noun}`;

function disputed(p: Point): string {
  const bounds = disputedNet(p);
  return `${p.disputed} disputed` + (bounds ? `: net would lie between ${signed(bounds[0])} and ${signed(bounds[1])}` : "");
}

// spoken is a day's figures as a sentence.
export function spoken(p: Point, look: Look): string {
  const parts = [p.date];
  if (p.net !== null) parts.push(`net ${signed(p.net)}, from ${signed(p.low!)} to ${signed(p.high!)}`, `agreement ${p.agreement!.toFixed(2)}`);
  else parts.push(p.voices ? "too few for a number" : "no view stands");
  if (p.voices) parts.push(`${counted(p, look)}: ${stances.map((s) => `${p[s]} ${s}`).join(", ")}`);
  if (p.disputed) parts.push(disputed(p));
  const value = look.curve?.points.find(([date]) => date === p.date)?.[1];
  if (value != null) parts.push(`${look.curve!.name} ${value}`);
  parts.push(...look.events.filter((e) => e.date === p.date).map((e) => e.label));
  return parts.join("; ");
}
