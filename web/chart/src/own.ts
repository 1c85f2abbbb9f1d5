// The user's own price and events, read from files that stay in this browser: kept in
// IndexedDB until they are removed, and drawn in the place of the server's.

import { maxBytes, parseCurves, parseEvents, type Curve, type Event } from "./csv";

export interface Own {
  curve?: Curve;
  events?: Event[];
}

interface Kept {
  name: string; // of the file
  text: string;
  pick?: string; // of several series, the one to draw
}

type Kind = "series" | "events";

const id = <T extends HTMLElement>(name: string) => document.getElementById(name) as T;

// watchOwn calls back with what the user chose, now and whenever that changes.
export async function watchOwn(changed: (own: Own) => void): Promise<void> {
  const own: Own = {};
  const note = id("own-note");
  const say = (text: string, bad = false) => {
    note.textContent = text;
    note.classList.toggle("warn", bad);
  };
  const pick = id<HTMLSelectElement>("own-pick");
  let series: Kept | undefined;

  const read = (kind: Kind, kept: Kept): void => {
    const off = id(`own-${kind}-off`);
    if (kind === "events") {
      own.events = parseEvents(kept.name, kept.text);
    } else {
      const curves = parseCurves(kept.name, kept.name.replace(/\.[^.]*$/, ""), kept.text);
      own.curve = curves.find((c) => c.name === kept.pick) ?? curves[0];
      pick.replaceChildren(...curves.map((c) => new Option(c.name, c.name, false, c === own.curve)));
      pick.hidden = curves.length < 2;
      series = kept;
    }
    off.hidden = false;
    off.textContent = `Remove ${kept.name}`;
    id<HTMLDetailsElement>("own").open = true;
  };

  const remove = async (kind: Kind) => {
    if (kind === "events") own.events = undefined;
    else own.curve = undefined;
    if (kind === "series") pick.hidden = true;
    id(`own-${kind}-off`).hidden = true;
    id<HTMLInputElement>(`own-${kind}`).value = "";
    await put(kind, undefined);
    say("");
    changed(own);
  };

  for (const kind of ["series", "events"] as const) {
    const input = id<HTMLInputElement>(`own-${kind}`);
    input.addEventListener("change", async () => {
      const file = input.files?.[0];
      if (!file) return;
      try {
        if (file.size > maxBytes) throw new Error(`${file.name}: it is larger than 10 MiB`);
        const kept: Kept = { name: file.name, text: await utf8(file) };
        read(kind, kept);
        changed(own);
        const drawn = kind === "events" ? `${own.events!.length} events` : `${own.curve!.name}, ${own.curve!.points.length} days`;
        const where = (await put(kind, kept)) ? "kept in this browser" : "until the page is left: this browser keeps nothing";
        say(`${file.name} is drawn: ${drawn}, ${where}.`);
      } catch (error) {
        say(`${(error as Error).message}.`, true);
      }
    });
    id(`own-${kind}-off`).addEventListener("click", () => remove(kind));
  }
  pick.addEventListener("change", async () => {
    if (!series) return;
    series.pick = pick.value;
    read("series", series);
    changed(own);
    await put("series", series);
  });

  for (const kind of ["series", "events"] as const) {
    const kept = await get(kind);
    if (!kept) continue;
    try {
      read(kind, kept);
    } catch (error) {
      say(`${(error as Error).message}.`, true);
      id(`own-${kind}-off`).hidden = false;
    }
  }
  if (own.curve || own.events) changed(own);
}

async function utf8(file: File): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(`${file.name}: it is not written in UTF-8; save it as CSV UTF-8`);
  }
}

// A browser that keeps nothing, as in a private window of some, still draws.
function store(): Promise<IDBDatabase | undefined> {
  return new Promise((resolve) => {
    try {
      const open = indexedDB.open("tenor", 1);
      open.onupgradeneeded = () => open.result.createObjectStore("own");
      open.onsuccess = () => resolve(open.result);
      open.onerror = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}

async function get(kind: Kind): Promise<Kept | undefined> {
  const db = await store();
  if (!db) return undefined;
  return new Promise((resolve) => {
    const asked = db.transaction("own").objectStore("own").get(kind);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(undefined);
  }).finally(() => db.close()) as Promise<Kept | undefined>;
}

async function put(kind: Kind, kept: Kept | undefined): Promise<boolean> {
  const db = await store();
  if (!db) return false;
  return new Promise<boolean>((resolve) => {
    const change = db.transaction("own", "readwrite");
    if (kept) change.objectStore("own").put(kept, kind);
    else change.objectStore("own").delete(kind);
    change.oncomplete = () => resolve(true);
    change.onabort = change.onerror = () => resolve(false);
  }).finally(() => db.close());
}
