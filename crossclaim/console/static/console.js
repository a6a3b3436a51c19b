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
