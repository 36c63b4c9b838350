"use strict";
// Reads the JSON block, builds one row a translation unit, and shows or hides rows. Text only ever enters the page
// as text nodes and attribute values, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const table = document.getElementById("table");
const rows = document.getElementById("rows");
const status = document.getElementById("status");
const search = document.getElementById("search");
const limit = document.getElementById("limit");
const buttons = [...document.querySelectorAll("[data-filter]")];

/** Make an element: its name, attributes, and children (strings become text nodes). */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const percent = (confidence) => confidence.toFixed(2);
const isOmission = (unit) => unit.variants.some((text) => text === null);
const isDoubtful = (unit) => unit.confidence < Number(limit.value);
const isShown = {
  all: () => true,
  doubtful: isDoubtful,
  omissions: isOmission,
};

/** An address becomes a link only when it leads to the web; `javascript:` and the like stay text. */
function place(url, label) {
  return /^https?:\/\//i.test(url) ? make("a", { href: url, rel: "noreferrer" }, label) : label;
}

function showMasthead() {
  const pages = document.getElementById("pages");
  for (const page of data.pages) {
    const item = make("li", {}, make("b", {}, page.name));
    const title = make("span", { lang: page.tag, dir: "auto" }, place(page.url, page.title || page.url));
    const rest = [page.source, page.date].filter(Boolean).join(", ");
    const where = make("span", { class: "where", lang: page.tag, dir: "auto" }, rest ? ` · ${rest}` : "");
    item.append(make("span", {}, title, where));
    item.title = page.url;
    pages.append(item);
  }
  const mean = data.units.reduce((sum, unit) => sum + unit.confidence, 0) / (data.units.length || 1);
  const facts = [
    ["Rows", data.units.length],
    ...data.pages.map((page) => [`Sentences, ${page.name}`, page.sentences]),
    ["Omissions", data.units.filter(isOmission).length],
    ["Mean confidence", data.units.length ? percent(mean) : "–"],
  ];
  const list = document.getElementById("facts");
  for (const [term, value] of facts) list.append(make("div", {}, make("dt", {}, term), make("dd", {}, String(value))));
  document.getElementById("signature").textContent = data.signature;

  table.style.setProperty("--languages", data.pages.length);
  const head = document.getElementById("head");
  head.append(make("div", { role: "columnheader" }, "Confidence"));
  for (const page of data.pages) head.append(make("div", { role: "columnheader" }, page.name));
}

/** Where a variant stands in its page: one line a block. */
function whereabouts(unit, column) {
  return unit.spans[column].map(
    ([block, path, start, end]) => `block ${block + 1}, characters ${start}–${end}, ${path}`,
  );
}

function cell(unit, column) {
  const page = data.pages[column];
  const text = unit.variants[column];
  const element = make("div", { role: "cell", class: "cell" }, make("span", { class: "tag" }, page.name));
  if (text === null) {
    element.append(make("p", { class: "text missing" }, `not in ${page.name}`));
    return element;
  }
  if (unit.headings[column]) element.classList.add("heading");
  element.append(make("p", { class: "text", lang: page.tag, dir: "auto", "data-column": column }, text));
  element.title = [page.url, ...whereabouts(unit, column)].join("\n");
  return element;
}

function row(unit, index) {
  const figures = make(
    "button",
    { type: "button", class: "figures", "aria-expanded": "false" },
    make("span", { class: "number" }, make("span", { class: "hush" }, "Row "), String(index + 1)),
    make("span", { class: "confidence", title: "confidence" }, percent(unit.confidence)),
    make("span", { class: "shape", title: "sentences a side" }, unit.shape.join("–")),
  );
  const element = make("div", { role: "row", class: isOmission(unit) ? "row omission" : "row", id: `u-${unit.id}` });
  // Red 25, amber 80, green 150: the hue goes with the confidence, the number beside it says it exactly.
  element.style.setProperty("--hue", String(Math.round(25 + 125 * unit.confidence ** 2)));
  element.append(make("div", { role: "rowheader" }, figures));
  data.pages.forEach((_, column) => element.append(cell(unit, column)));
  figures.addEventListener("click", () => toggle(unit, element, figures));
  return element;
}

/** Open or close the places in the pages that a row's texts come from. */
function toggle(unit, element, figures) {
  const open = figures.getAttribute("aria-expanded") === "true";
  figures.setAttribute("aria-expanded", String(!open));
  if (open) {
    for (const line of element.querySelectorAll(".origin, .more")) line.remove();
    return;
  }
  element.querySelectorAll(".cell").forEach((target, column) => {
    if (unit.variants[column] === null) return;
    const page = data.pages[column];
    const lines = whereabouts(unit, column).flatMap((line) => [line, make("br")]);
    target.append(make("p", { class: "origin" }, ...lines, place(page.url, page.url)));
  });
  const scores = Object.entries(unit.scores).map(([name, value]) => `${name} ${value}`);
  const more = [`unit ${unit.id}`, ...scores, unit.note].filter(Boolean).join(" · ");
  element.append(make("p", { class: "more", role: "note" }, more));
}

/** Write a text into its element with the hits of the search marked. */
function mark(element, text, pattern) {
  if (!pattern) {
    element.textContent = text;
    return;
  }
  const parts = [];
  let last = 0;
  for (const hit of text.matchAll(pattern)) {
    parts.push(text.slice(last, hit.index), make("mark", {}, hit[0]));
    last = hit.index + hit[0].length;
  }
  element.replaceChildren(...parts, text.slice(last));
}

let filter = "all";
let marked = new Set();

function applyFilters() {
  const words = search.value.trim();
  const pattern = words ? new RegExp(words.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "gi") : null;
  const nowMarked = new Set();
  let shown = 0;
  // Rows that are not built yet come to this function again when they are.
  [...rows.children].forEach((element, index) => {
    const unit = data.units[index];
    const hit = !pattern || unit.variants.some((text) => text !== null && text.search(pattern) >= 0);
    const visible = hit && isShown[filter](unit);
    if (element.hidden === visible) element.hidden = !visible;
    shown += visible ? 1 : 0;
    if (visible && pattern) nowMarked.add(index);
  });
  for (const index of new Set([...marked, ...nowMarked])) {
    for (const text of rows.children[index].querySelectorAll("[data-column]")) {
      mark(text, data.units[index].variants[text.dataset.column], nowMarked.has(index) ? pattern : null);
    }
  }
  marked = nowMarked;
  status.textContent = shown === data.units.length ? "" : `${shown} of ${data.units.length} rows`;
  document.getElementById("nothing").hidden = shown > 0;
}

function showCounts() {
  for (const button of buttons) {
    const count = data.units.filter(isShown[button.dataset.filter]).length;
    button.querySelector(".count").textContent = String(count);
  }
}

let waiting = 0;
/** Wait until the typing rests: marking thousands of rows at every key would be felt. */
function soon(action) {
  clearTimeout(waiting);
  waiting = setTimeout(action, 120);
}

/** Build rows a few milliseconds at a time, so that the page answers while it grows. */
function build(from) {
  const until = performance.now() + 12;
  const batch = document.createDocumentFragment();
  let index = from;
  while (index < data.units.length && (index < from + 40 || performance.now() < until)) {
    batch.append(row(data.units[index], index));
    index += 1;
  }
  rows.append(batch);
  if (index < data.units.length) setTimeout(build, 0, index);
  else {
    document.documentElement.dataset.ready = "true";
    applyFilters();
  }
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    filter = button.dataset.filter;
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    applyFilters();
  });
}
search.addEventListener("input", () => soon(applyFilters));
limit.addEventListener("input", () => {
  showCounts();
  soon(applyFilters);
});

// The column heads stick below the toolbar, however many lines that takes.
const toolbar = document.querySelector(".toolbar");
new ResizeObserver(() => {
  const sticks = getComputedStyle(toolbar).position === "sticky";
  table.style.setProperty("--toolbar", sticks ? `${toolbar.offsetHeight}px` : "0px");
}).observe(toolbar);

showMasthead();
showCounts();
build(0);
