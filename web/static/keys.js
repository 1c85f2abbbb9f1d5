// One key each: "/" puts the cursor into the search field, and whatever else has a
// data-key is pressed, or takes the cursor where it is a field. Every page works without.
const off = "tenor-keys-off"; // single keys get in the way of some assistive tools
const box = document.querySelector("#keys-on");
if (box) {
  box.checked = !localStorage.getItem(off);
  box.addEventListener("change", () => box.checked ? localStorage.removeItem(off) : localStorage.setItem(off, "1"));
}
let sent = false; // a second key must not correct the page that comes
addEventListener("submit", () => { sent = true; });
addEventListener("pageshow", () => { sent = false; });
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  if (typing && event.key === "Escape") typing.blur();
  if (typing || sent || event.repeat || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(off)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return walk(event);
  event.preventDefault();
  for (let d = target.closest("details"); d; d = d.parentElement.closest("details")) {
    if (target.localName !== "summary") d.open = true;
  }
  if (!target.matches("input, select")) return target.click();
  target.focus();
  target.select?.();
});

// In a list j and k lead to the next and the previous item, and Enter opens it.
function walk(event) {
  const items = [...document.querySelectorAll("[data-item]")];
  const here = items.indexOf(document.activeElement.closest("[data-item]"));
  if (event.key === "Enter" && items[here] === document.activeElement) {
    items[here].querySelector("[data-open]")?.click();
  } else if (event.key === "j" || event.key === "k") {
    const next = items[event.key === "j" ? here + 1 : here < 0 ? 0 : here - 1];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "nearest" });
  } else {
    return;
  }
  event.preventDefault();
}
