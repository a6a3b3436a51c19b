// What is wrong with the page at hand beyond axe's rules, each as [what, where].
(asked) => {
  const faults = [];
  const root = document.documentElement;
  const where = (el) => el.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const scrolls = (style) => /auto|scroll/.test(style.overflowX);
  const shown = (el) => {
    if (!el.checkVisibility({ visibilityProperty: true })) { return false; }
    const box = el.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right > 0;
  };
  const inScroller = (el) => {
    for (let at = el; at && at !== document.body; at = at.parentElement) {
      if (scrolls(getComputedStyle(at))) { return true; }
    }
    return false;
  };

  if (root.lang !== asked.language) { faults.push(["lang", root.lang]); }
  if (asked.theme && root.dataset.theme !== asked.theme) { faults.push(["theme", root.dataset.theme]); }
  if (!document.title.trim()) { faults.push(["no title", location.pathname]); }
  const heads = [...document.querySelectorAll("h1")].filter(shown);
  if (heads.length !== 1) { faults.push(["headings of the first level", String(heads.length)]); }

  // Wider than its window.
  if (root.scrollWidth > window.innerWidth) {
    const wide = [...document.body.querySelectorAll("*")].filter((el) =>
      shown(el) && el.getBoundingClientRect().right > window.innerWidth + 1 && !inScroller(el));
    faults.push(["wider than its window", wide.slice(-1).map(where).join()]);
  }

  // Texts: where they are cut, and where two of them lie over each other.
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const seen = new Set();
  while (walker.nextNode()) {
    const node = walker.currentNode, el = node.parentElement;
    if (!node.data.trim() || /^(SCRIPT|STYLE|OPTION|TEXTAREA|NOSCRIPT)$/.test(el.tagName) || !shown(el)) { continue; }
    texts.push([node, el]);
    if (!seen.has(el)) {
      seen.add(el);
      const style = getComputedStyle(el);
      const boxed = style.display !== "inline" && !(el instanceof SVGElement);
      if (boxed && !scrolls(style) && el.scrollWidth > el.clientWidth + 1 && el.clientWidth > 0) {
        faults.push(["text cut", where(el)]);
      }
    }
  }
  const boxes = [];
  for (const [node, el] of texts) {
    if (el instanceof SVGElement || el.closest(".drop > div, .preferences > div")) { continue; }
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width > 2 && box.height > 2) { boxes.push([box, el]); }
    }
  }
  boxes.sort((a, b) => a[0].top - b[0].top);
  let laid = 0;
  boxes.forEach(([one, el], n) => {
    for (let k = n + 1; k < boxes.length && laid < 5; k += 1) {
      const [two, other] = boxes[k];
      if (two.top >= one.bottom) { break; }
      const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (across <= 3 || down <= 0.5 * Math.min(one.height, two.height)) { continue; }
      if (inScroller(el) || inScroller(other) || el.closest(".chosen") || other.closest(".chosen")) { continue; }
      laid += 1;
      faults.push(["two texts at one place", `${where(el)} / ${where(other)}`]);
    }
  });

  // What a person can work with is reached by keys, in the order in which it stands, and is seen.
  const usable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const before = document.activeElement;
  for (const el of document.querySelectorAll(usable)) {
    if (el.disabled || el.closest("[aria-hidden=true]") || !el.checkVisibility()) { continue; }
    if (el.tabIndex < 0) { faults.push(["no key reaches it", where(el)]); continue; }
    if (el.tabIndex > 0) { faults.push(["reached out of order", where(el)]); }
    el.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement !== el) { faults.push(["takes no focus", where(el)]); continue; }
    const style = getComputedStyle(el);
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) {
      faults.push(["its focus is not seen", where(el)]);
    }
  }
  if (before && before !== document.body) { before.focus({ preventScroll: true }); } else { document.activeElement.blur(); }
  if (!asked.chinese) { return { title: document.title, faults, words: [] }; }

  // Words of another language than the page's, but for codes, names, and what people wrote.
  const left = "pre, code, .code, .keys, .address, .body, .answered, .words, .whole-text, .whole, q, td.value, time, [lang]:not(html)";
  const words = new Set();
  const said = texts.filter(([, el]) => !el.closest(left)).map(([node]) => node.data);
  for (const el of document.querySelectorAll("[title], [aria-label], [placeholder], [alt]")) {
    if (el.closest(left)) { continue; }
    said.push(...["title", "aria-label", "placeholder", "alt"].map((name) => el.getAttribute(name) || ""));
  }
  said.push(document.title, ...[...document.querySelectorAll("option:not(.code)")].map((one) => one.textContent));
  for (const text of said) {
    const ours = asked.written.reduce((left, one) => left.replaceAll(one, " "), text);
    for (const word of ours.match(/[A-Za-z][A-Za-z0-9_.:/@-]*/g) || []) { words.add(word); }
  }
  return { title: document.title, faults, words: [...words] };
}
