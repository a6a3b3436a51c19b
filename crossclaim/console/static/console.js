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
const here = (at) => new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16).replace("T", " ");
const told = () => {
  for (const time of document.querySelectorAll("main time[datetime]")) {
    const at = new Date(time.dateTime);
    if (time.title || Number.isNaN(at.getTime())) { continue; }
    time.title = `${here(at)} (${own.timeZone})`;
    if (at.getTimezoneOffset() !== -480 && time.closest(".clocks")) { time.append(` (${here(at)} ${own.timeZone})`); }
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

// In a list j and k or the arrows move from row to row, x marks; Tab goes on as ever.
document.addEventListener("keydown", (event) => {
  const typing = /^(TEXTAREA|SELECT)$/.test(event.target.tagName) || (event.target.tagName === "INPUT" && event.target.type !== "checkbox");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
  const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const arrow = here >= 0 && (event.key === "ArrowDown" || event.key === "ArrowUp");
  const move = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (rows.length && move && (arrow || event.key.length === 1)) {
    const next = rows[Math.min(Math.max(here + move, 0), rows.length - 1)];
    const link = next.querySelector("th a, td a, a");
    if (link) { event.preventDefault(); link.focus(); }
  }
  if (event.key === "x" && here >= 0) {
    const box = rows[here].querySelector("input[type=checkbox]");
    if (box) { event.preventDefault(); box.checked = !box.checked; }
  }
});

// A long file says how far it is; without this the browser fetches it as any other.
for (const form of document.querySelectorAll("form[data-download]")) {
  form.addEventListener("submit", async (event) => {
    const button = event.submitter, told = form.querySelector("output");
    if (!button || !window.ReadableStream) { return; }
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form));
    const get = form.method === "get";
    const address = button.formAction + (get ? `?${data}` : "");
    const say = (words, done, all) => { told.value = words.replace("{done}", done).replace("{all}", all); };
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, get ? {} : { method: "POST", body: data });
      if (!answer.ok || !answer.headers.get("X-Rows")) { throw new Error("no file"); }
      const all = Number(answer.headers.get("X-Rows")), lines = address.includes(".csv");
      const reader = answer.body.getReader(), parts = [];
      let done = 0, bytes = 0;
      for (;;) {
        const { done: over, value } = await reader.read();
        if (over) { break; }
        parts.push(value);
        bytes += value.length;
        if (lines) { for (const byte of value) { if (byte === 10) { done += 1; } } }
        say(form.dataset.progress, lines ? Math.max(done - 1, 0) : `${Math.round(bytes / 1024)} KB …`, all);
      }
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(parts));
      link.download = new URL(address, location.href).pathname.split("/").pop();
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      say(form.dataset.over, all, all);
    } catch { told.value = form.dataset.broken; }
    form.removeAttribute("aria-busy");
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
