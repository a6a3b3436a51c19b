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

// What is ticked or typed is added up by the server while one works; without a script a button does it.
const addUp = (form, word, part) => {
  const data = new URLSearchParams(new FormData(form));
  data.set("word", word);
  const turn = (form.turn = (form.turn || 0) + 1);
  fetch(form.action, { method: "POST", body: data, credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => {
      const found = text && new DOMParser().parseFromString(text, "text/html").getElementById(part);
      if (found && turn === form.turn) { document.getElementById(part).replaceChildren(...found.childNodes); }
    })
    .catch(() => {});
};
const soon = (form, word, part) => { clearTimeout(form.waiting); form.waiting = setTimeout(() => addUp(form, word, part), 250); };
for (const form of document.querySelectorAll("form[data-total]")) {
  form.addEventListener("input", () => soon(form, "total", "total"));
}

// Two sides of a day: ticked by keys, or by dragging one item onto another of the other side.
const sides = document.querySelector("form.matching");
if (sides) {
  let dragged = null;
  const tick = (item) => { const box = item && item.querySelector("input[type=checkbox]"); if (box) { box.checked = true; } return box; };
  sides.addEventListener("change", () => soon(sides, "compare", "difference"));
  sides.addEventListener("dragstart", (event) => { dragged = event.target.closest(".item"); });
  sides.addEventListener("dragover", (event) => {
    const over = event.target.closest(".item[draggable]");
    if (over && dragged && over.parentElement !== dragged.parentElement) { event.preventDefault(); over.classList.add("over"); }
  });
  sides.addEventListener("dragleave", (event) => { const over = event.target.closest(".item"); if (over) { over.classList.remove("over"); } });
  sides.addEventListener("drop", (event) => {
    const over = event.target.closest(".item[draggable]");
    if (!over || !dragged) { return; }
    event.preventDefault();
    over.classList.remove("over");
    tick(dragged);
    tick(over);
    addUp(sides, "compare", "difference");
    sides.querySelector("input[name=text]").focus();
  });
  sides.addEventListener("keydown", (event) => {
    if (event.target.type !== "checkbox") { return; }
    const lists = [...sides.querySelectorAll(".items")].map((list) => [...list.querySelectorAll("input[type=checkbox]")]);
    const side = lists.findIndex((list) => list.includes(event.target));
    if (side < 0) { return; }
    const at = lists[side].indexOf(event.target);
    const other = lists[1 - side] || [];
    const to = { ArrowDown: lists[side][at + 1], ArrowUp: lists[side][at - 1], ArrowRight: other[Math.min(at, other.length - 1)], ArrowLeft: other[Math.min(at, other.length - 1)] }[event.key];
    if (to) { event.preventDefault(); to.focus(); }
  });
}
