// Reads the user's own CSV where it stays in the browser, by the rules of overlaycsv.go;
// testdata/overlay.json holds both to them.

export interface Curve {
  name: string;
  points: [date: string, value: number | null][]; // by day; null is a gap
}

export interface Event {
  date: string;
  label: string;
  url: string;
}

export const maxBytes = 10 << 20;
const maxRows = 100_000;
const maxCurves = 24;
const maxLabel = 200;
const maxFigure = 1e15;

interface Row {
  line: number;
  cells: string[];
}

export function parseCurves(file: string, name: string, text: string): Curve[] {
  let rows = readRows(file, text);
  if (titled(rows)) {
    const title = rows[0].cells;
    rows = rows.slice(1);
    if (title.length === 2 && title[1] && !["value", "close", "price", "adj close", "level", "last"].includes(title[1].toLowerCase())) name = title[1];
  }
  if (!rows.length) throw wrong(file, 0, "there is no row of figures in it; write date,value, like 2025-09-18,4742.83");
  const comma = decimalComma(file, rows);
  const curves = new Map<string, Map<string, { value: number | null; line: number }>>();
  for (const { line, cells } of rows) {
    if (cells.length < 2 || cells.length > 3) throw wrong(file, line, `it has ${columns(cells.length)}, and date,value or date,value,name are read`);
    const date = dayAsWritten(file, line, cells[0]);
    const value = isGap(cells[1]) ? null : figure(file, line, cells[1], comma);
    const one = cells[2] || name;
    if ([...one].length > maxLabel) throw wrong(file, line, `a name has more than ${maxLabel} letters`);
    let points = curves.get(one);
    const before = points?.get(date);
    if (before) throw wrong(file, line, `${date} has a figure on line ${before.line} already`);
    if (!points) {
      if (curves.size === maxCurves) throw wrong(file, line, `it has more than ${maxCurves} series`);
      curves.set(one, (points = new Map()));
    }
    points.set(date, { value, line });
  }
  return [...curves].map(([name, points]) => ({
    name,
    points: [...points].map(([date, { value }]): [string, number | null] => [date, value]).sort(([a], [b]) => (a < b ? -1 : 1)),
  }));
}

export function parseEvents(file: string, text: string): Event[] {
  let rows = readRows(file, text);
  if (rows.length && !moment(rows[0].cells[0]) && !digit(rows[0].cells[0])) rows = rows.slice(1);
  if (!rows.length) throw wrong(file, 0, "there is no event in it; write date,label, like 2025-09-17,Rate cut");
  const lines = new Map<string, number>();
  const events = rows.map(({ line, cells }): Event => {
    if (cells.length < 2 || cells.length > 3) {
      throw wrong(file, line, `it has ${columns(cells.length)}, and date,label or date,label,url are read (put a label with a comma in quotation marks)`);
    }
    const date = dayAsWritten(file, line, cells[0]);
    const label = cells[1];
    if (!label) throw wrong(file, line, "the event has no label");
    if ([...label].length > maxLabel) throw wrong(file, line, `the label has more than ${maxLabel} letters`);
    const before = lines.get(date + label);
    if (before) throw wrong(file, line, `the event stands on line ${before} already`);
    lines.set(date + label, line);
    const url = cells[2] ?? "";
    if (url && !webAddress(url)) throw wrong(file, line, `${quoted(url, 80)} is no address that begins with https:// or http://`);
    return { date, label, url };
  });
  return events.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

// runs are the stretches to draw as one line, as Curve.Runs of overlay.go has them.
export function runs(points: Curve["points"]): [number, number][][] {
  const days = points.map(([date, value]): [number, number | null] => [Date.parse(date + "T00:00:00Z") / 86400000, value]);
  const steps = days.slice(1).map(([day], i) => day - days[i][0]).sort((a, b) => a - b);
  const pause = Math.max(7, steps.length ? 3 * steps[Math.floor(steps.length / 2)] : 0);
  const list: [number, number][][] = [];
  let run: [number, number][] = [];
  let before = 0;
  for (const [day, value] of days) {
    if (run.length && (value === null || day - before > pause)) {
      list.push(run);
      run = [];
    }
    if (value !== null) run.push([day, value]);
    before = day;
  }
  if (run.length) list.push(run);
  return list;
}

const misquoted = "a quotation mark stands where none may: a cell is in quotation marks as a whole, and one inside is written twice";

// readRows splits the text into rows with the lines on which they begin; those without
// content are left out.
function readRows(file: string, text: string): Row[] {
  text = text.replace(/^\ufeff/, "").replace(/\r\n/g, "\n");
  const comma = /[,;\t]/.exec(text.replace(/"[^"]*"?/g, ""))?.[0] ?? ",";
  const rows: Row[] = [];
  let line = 1, begun = 1, cells: string[] = [], at = 0;
  const end = () => {
    cells = cells.map(oneLine);
    while (cells.length > 2 && cells[cells.length - 1] === "") cells.pop(); // spreadsheets pad rows
    if (cells.some((c) => c)) {
      if (rows.push({ line: begun, cells }) > maxRows + 1) throw wrong(file, begun, "it has more than 100,000 rows");
    }
    cells = [];
  };
  while (at < text.length) {
    if (!cells.length) begun = line;
    let cell = "";
    if (text[at] === '"') {
      for (at++; ; at++) {
        if (at >= text.length) throw wrong(file, begun, misquoted);
        if (text[at] === "\n") line++;
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[++at];
        else break;
      }
      at++;
      if (at < text.length && text[at] !== comma && text[at] !== "\n") throw wrong(file, begun, misquoted);
    } else {
      const start = at;
      while (at < text.length && text[at] !== comma && text[at] !== "\n") {
        if (text[at] === '"') throw wrong(file, begun, misquoted);
        at++;
      }
      cell = text.slice(start, at);
    }
    cells.push(cell);
    if (at >= text.length) break;
    if (text[at++] === "\n") {
      line++;
      end();
    } else if (at === text.length) {
      cells.push("");
    }
  }
  if (cells.length) end();
  return rows;
}

const oneLine = (s: string) => s.replace(/[\s\p{Cc}]+/gu, " ").trim();
const digit = (s: string) => /\p{Nd}/u.test(s);
const columns = (n: number) => (n === 1 ? "one column" : `${n} columns`);
const quoted = (s: string, most = 40) => JSON.stringify([...s].slice(0, most).join(""));

function titled(rows: Row[]): boolean {
  return rows.length > 0 && rows[0].cells.length > 1 && !digit(rows[0].cells[0]) && decimalMark(rows[0].cells[1]) === undefined;
}

const moment = (s: string) => /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z| ?[+-]\d{2}:?\d{2})?)?$/.exec(s);

function dayAsWritten(file: string, line: number, s: string): string {
  const m = moment(s);
  if (!m) throw wrong(file, line, `${quoted(s)} is no day like 2025-09-18`);
  const t = Date.parse(m[1] + "T00:00:00Z");
  if (Number.isNaN(t) || new Date(t).toISOString().slice(0, 10) !== m[1] || t < -365000 * 86400000) throw wrong(file, line, `${quoted(s)} is no day of the calendar`);
  return m[1];
}

const isGap = (s: string) => ["", ".", "-", "–", "—", "na", "n/a", "#n/a", "nan", "null", "none"].includes(s.toLowerCase());
const bare = (s: string) => s.replace(/[ '’]/g, "").replace(/−/g, "-");
const unsigned = (s: string) => bare(s).replace(/^[+-]/, "");

// decimalMark is the decimal mark that a figure shows, "" where it leaves that open, and
// undefined for what is no figure.
function decimalMark(s: string): "." | "," | "" | undefined {
  s = unsigned(s);
  if (!/^[0-9.,]*[0-9][0-9.,]*$/.test(s)) return undefined;
  const points = s.split(".").length - 1;
  const commas = s.split(",").length - 1;
  const last = Math.max(s.lastIndexOf("."), s.lastIndexOf(","));
  if (last < 0) return "";
  const mark = s[last] as "." | ",";
  if (points > 1 && commas > 1) return undefined;
  if (points > 0 && commas > 0) return (mark === "." ? points : commas) === 1 ? mark : undefined;
  if (points > 1) return ",";
  if (commas > 1) return ".";
  return s.length - last - 1 === 3 && last > 0 && last <= 3 && s[0] !== "0" ? "" : mark;
}

function decimalComma(file: string, rows: Row[]): boolean {
  const seen: Record<string, number> = {};
  for (const { line, cells } of rows) {
    if (cells.length < 2 || isGap(cells[1])) continue;
    const mark = decimalMark(cells[1]);
    if (!mark || seen[mark]) continue;
    seen[mark] = line;
    const other = seen[mark === "," ? "." : ","];
    if (other) throw wrong(file, line, `${quoted(cells[1])} has another decimal mark than line ${other}`);
  }
  return "," in seen;
}

function figure(file: string, line: number, s: string, comma: boolean): number {
  const no = wrong(file, line, `${quoted(s)} is no number`);
  if (decimalMark(s) === undefined) throw no;
  const [group, decimal] = comma ? [".", ","] : [",", "."];
  const digits = unsigned(s);
  const cut = digits.indexOf(decimal);
  const whole = cut < 0 ? digits : digits.slice(0, cut);
  const fraction = cut < 0 ? "" : digits.slice(cut + 1);
  const parts = whole.split(group);
  if (parts.length > 1 && parts.some((p, i) => (i === 0 ? !p.length || p.length > 3 : p.length !== 3))) throw no;
  if (!/^[0-9]*$/.test(fraction)) throw no;
  const value = Number(`${parts.join("")}.${fraction}0`);
  if (value > maxFigure) throw wrong(file, line, `${quoted(s)} is too large to draw`);
  return bare(s).startsWith("-") ? 0 - value : value;
}

function webAddress(s: string): boolean {
  try {
    return /^https?:\/\/[^/]/i.test(s) && new URL(s).host !== "";
  } catch {
    return false;
  }
}

function wrong(file: string, line: number, message: string): Error {
  return new Error(`${file}${line ? `, line ${line}` : ""}: ${message}`);
}
