// The little that a page cannot do without a script; every page works without it too.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.getElementById("find");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  }
});

for (const range of document.querySelectorAll("input[type=range]")) {
  range.addEventListener("input", () => { range.parentElement.querySelector("output").value = range.value; });
}

// A table that is wider than its page is scrolled by keys as well.
const reachable = (entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) { target.tabIndex = 0; } else { target.removeAttribute("tabindex"); }
  }
};
if (window.ResizeObserver) {
  const widths = new ResizeObserver(reachable);
  const watch = () => document.querySelectorAll(".table").forEach((table) => widths.observe(table));
  watch();
  document.addEventListener("htmx:afterSettle", watch);
}

// A story that goes on is fetched anew when the server says that it has changed.
const story = document.querySelector("[data-follow]");
if (story && window.EventSource) {
  const source = new EventSource(story.dataset.follow);
  source.addEventListener("changed", () => {
    window.htmx.ajax("GET", window.location.href, { target: "main", select: "main", swap: "outerHTML" });
  });
  source.addEventListener("over", () => {
    source.close();
    window.htmx.ajax("GET", window.location.href, { target: "main", select: "main", swap: "outerHTML" });
  });
}

// What refreshes by itself leaves the reader alone: not while he marks a text, sits on something that
// would be gone, looks elsewhere, or has been away for ten minutes, so that no session is kept alive.
let touched = Date.now();
for (const kind of ["keydown", "pointermove", "pointerdown", "wheel"]) {
  document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
}
const AWAY_MS = 10 * 60 * 1000;
document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.target;
  if (!part.matches("[data-refreshes]")) { return; }
  const focused = document.activeElement;
  const marked = window.getSelection && String(window.getSelection()) !== "";
  const held = part.contains(focused) && !focused.id;
  if (document.hidden || marked || held || Date.now() - touched > AWAY_MS) { event.preventDefault(); }
});
let unfolded = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (!part.id || !part.matches("[data-refreshes]")) { return; }
  // An answer that has not this part, of a session that is over for one, replaces nothing.
  if (!event.detail.serverResponse.includes(`id="${part.id}"`)) { event.detail.shouldSwap = false; return; }
  unfolded = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) { const one = document.getElementById(id); if (one) { one.open = true; } }
  unfolded = [];
});
