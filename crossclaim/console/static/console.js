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
  if ("sends" in range.dataset) { range.addEventListener("change", () => range.form.requestSubmit()); }
}

// Times stand in the region's zone; a reader elsewhere is told his own as well.
const own = Intl.DateTimeFormat().resolvedOptions();
const told = () => {
  for (const time of document.querySelectorAll("main time[datetime]")) {
    const at = new Date(time.dateTime);
    if (time.title || Number.isNaN(at.getTime())) { continue; }
    time.title = `${at.toLocaleString(own.locale)} (${own.timeZone})`;
    if (at.getTimezoneOffset() !== -480 && time.closest(".clocks")) { time.append(` (${at.toLocaleString(document.documentElement.lang)} ${own.timeZone})`); }
  }
};
told();
document.addEventListener("htmx:afterSettle", told);

// A table that is wider than its page is scrolled by keys as well.
const reachable = (entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight) { target.tabIndex = 0; } else { target.removeAttribute("tabindex"); }
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
