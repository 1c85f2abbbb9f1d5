// One key each: "/" puts the cursor into the search field, j and k go along a list, "?"
// shows them all, and whatever else has a data-key is pressed, or takes the cursor where
// it is a field. Every page works without.
const off = "tenor-keys-off"; // single keys get in the way of some assistive tools
const items = [...document.querySelectorAll("[data-item], #voices > li, .log > li")];
const help = document.querySelector("dialog.keys");
const box = document.querySelector("#keys-on");
const pressed = (key) => document.querySelector(`[data-key="${CSS.escape(key)}"]`);

// What means nothing on this page is not listed.
const always = ["Esc", "?", ...(items.length ? ["j", "k", "Enter"] : [])];
for (const row of help.querySelectorAll("dl > div")) {
  row.hidden = ![...row.querySelectorAll("kbd")].some(({ textContent: key }) => always.includes(key) || pressed(key));
}
document.querySelector(".keys-button").addEventListener("click", () => help.showModal());
box.checked = !localStorage.getItem(off);
box.addEventListener("change", () => box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"));

// step goes along the list; past its end j turns the page.
function step(by) {
  const at = items.findIndex((item) => item.contains(document.activeElement));
  const item = items[at < 0 ? 0 : at + by];
  if (!item) return by > 0 && document.querySelector("a[rel=next]")?.click();
  item.tabIndex = -1;
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

// open leads to what an item is about: the quote, or its article.
function open(item) {
  ["[data-open]", "a[href^='/quotes/']", "a[href^='/articles/']"].map((at) => item.querySelector(at)).find(Boolean)?.click();
}

let sent = false; // a second key must not correct the page that comes
addEventListener("submit", (event) => { sent = event.target.method !== "dialog"; });
addEventListener("pageshow", () => { sent = false; });
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  if (typing && event.key === "Escape") typing.blur();
  if (typing || sent || event.repeat || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(off)) return;
  if (help.open) {
    if (event.key === "?") help.close();
    return;
  }
  const target = pressed(event.key);
  if (!target) {
    const by = { j: 1, k: -1 }[event.key];
    if (by && items.length) step(by);
    if (event.key === "Enter" && items.includes(event.target)) open(event.target);
    return;
  }
  event.preventDefault();
  for (let d = target.closest("details"); d; d = d.parentElement.closest("details")) {
    if (target.localName !== "summary") d.open = true;
  }
  if (!target.matches("input, select")) return target.click();
  target.focus();
  target.select?.();
});
