// The days in sight live in the address, and in every link of the page that leads back to
// it, so that a page that is shared or gone back to shows the same days.

export type Range = [string, string];

const day = /^\d{4}-\d{2}-\d{2}$/;

// rangeHere reads the days in sight from the address, within those of the series.
export function rangeHere(first: string, last: string): Range | undefined {
  const ends = (new URL(location.href).searchParams.get("zoom") ?? "").split("..");
  if (ends.length !== 2 || !ends.every((d) => day.test(d))) return undefined;
  const [from, to] = [ends[0] > first ? ends[0] : first, ends[1] < last ? ends[1] : last];
  return from < to ? [from, to] : undefined;
}

// writeRange puts them there; as a new step of the browser's history unless it is said
// already.
export function writeRange(range: Range | undefined): void {
  const here = new URL(location.href);
  set(here, range);
  if (here.href !== location.href) history.pushState(null, "", here);
  carry(range);
}

// carry puts them on the links and forms of the page.
export function carry(range: Range | undefined): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".switches a, .chips a, .step a, .day > .note a, #figures a, .downloads a[href^='/timeline.svg']")) {
    const address = new URL(link.href);
    if (address.pathname !== "/" && address.pathname !== "/timeline.svg") continue;
    set(address, range);
    link.href = address.href;
  }
  for (const form of document.querySelectorAll<HTMLFormElement>(".controls form, .between")) {
    form.querySelector('input[name="zoom"]')?.remove();
    if (!range) continue;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "zoom";
    field.value = range.join("..");
    form.append(field);
  }
  const moved = document.getElementById("chart-moved") as HTMLAnchorElement;
  moved.hidden = !range;
  if (range) {
    const address = new URL(location.href);
    address.searchParams.set("moved", range.join(".."));
    address.hash = "moved";
    moved.href = address.href;
  }
}

function set(address: URL, range: Range | undefined): void {
  if (range) address.searchParams.set("zoom", range.join(".."));
  else address.searchParams.delete("zoom");
}
