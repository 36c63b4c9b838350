// The page put together: data in, rows drawn, the reader's hands connected to actions.

import { KEYS, keyName, loadFile, makeActions } from "./actions.js";
import { byId, make, place } from "./dom.js";
import { prepareForms } from "./forms.js";
import { VirtualList } from "./list.js";
import { paintRibbon, placeLens } from "./ribbon.js";
import { rowElement, whereabouts } from "./row.js";
import { Session } from "./session.js";
import { INTERFACES, chooseInterface, interfaceLanguage, languageName, rememberInterface, say } from "./strings.js";
import { View, fillSelect } from "./view.js";

const NARROW = 190;
const data = JSON.parse(byId("data").textContent);
const session = new Session(data);
const view = new View(session);
/** @type {string[]} */
let names = [];
let width = 0;
let isStacked = false;

const isSticky = (/** @type {HTMLElement} */ element) => ["sticky", "fixed"].includes(getComputedStyle(element).position);
const list = new VirtualList(
  byId("rows"),
  {
    count: () => view.shown.length,
    key: (at) => session.rows[view.shown[at]].id,
    stamp: (at) => stampOf(at),
    estimate: (at) => estimate(session.rows[view.shown[at]]),
    build: (at) => buildRow(at),
  },
  () => [
    isSticky(byId("toolbar")) ? byId("table").querySelector(".head").getBoundingClientRect().bottom : 0,
    byId("bar").getBoundingClientRect().top,
  ],
);

/** @type {WeakMap<object, {stamp: number, number: number, value: object}>} */
const stamps = new WeakMap();

/** A row's element stays good while the row, its number and the look of all rows stay the same. @param {number} at */
function stampOf(at) {
  const number = view.shown[at];
  const row = session.rows[number];
  const known = stamps.get(row);
  if (known?.stamp === view.stamp && known.number === number) return known.value;
  const value = {};
  stamps.set(row, { stamp: view.stamp, number, value });
  return value;
}

/** @type {WeakMap<Row, number>} guesses at heights, good for one width */
let guesses = new WeakMap();

/** How high a row will be, roughly. @param {Row} row */
function estimate(row) {
  const guess = guesses.get(row);
  if (guess) return guess;
  const room = (isStacked ? width : (width - 130) / names.length) / 8;
  const lines = row.cells.map((cell) => Math.ceil(((cell?.text.length ?? 1) * (/[\u3000-\u9fff]/.test(cell?.text.slice(0, 20) ?? "") ? 2 : 1)) / room));
  const height = isStacked ? 60 + 28 * lines.reduce((sum, each) => sum + each + 1, 0) : 30 + 26 * Math.max(2, ...lines);
  guesses.set(row, height);
  return height;
}

/** @param {number} at */
function buildRow(at) {
  const number = view.shown[at];
  const row = session.rows[number];
  const element = rowElement(session, row, {
    number: number + 1, reasons: view.reasons(row), names, pattern: view.pattern, searched: view.searched, isContext: view.contexts.has(number),
  });
  if (row.id === view.chosen.id) markChosen(element);
  return element;
}

/** @param {HTMLElement} element */
function markChosen(element) {
  element.classList.add("chosen");
  element.setAttribute("aria-selected", "true");
  const sentence = sentenceIn(element);
  sentence?.classList.add("chosen");
  sentence?.setAttribute("tabindex", "0");
}

/** @param {Element | null} element @returns {HTMLElement | null} */
function sentenceIn(element) {
  const { column, sentence } = view.chosen;
  const cell = element?.querySelector(`[data-column="${column}"]`);
  return cell?.querySelector(`[data-sentence="${sentence}"]`) ?? cell?.querySelector("[data-sentence]") ?? null;
}

/** Choose a row, a language and a sentence. @param {number} at @param {number} [column] @param {number} [sentence] @param {boolean} [withFocus] */
function choose(at, column = view.chosen.column, sentence = 0, withFocus = true) {
  const row = session.rows[view.shown[Math.max(0, Math.min(at, view.shown.length - 1))]];
  if (!row) return;
  view.chosen = { id: row.id, column, sentence: Math.min(sentence, row.cells[column]?.cuts.length ?? 0) };
  if (withFocus) list.reveal(view.chosenAt());
  showChosen(withFocus);
}

/** @param {boolean} withFocus */
function showChosen(withFocus) {
  for (const old of byId("rows").querySelectorAll(".chosen")) {
    old.classList.remove("chosen");
    old.removeAttribute("aria-selected");
    if (old.hasAttribute("tabindex")) old.setAttribute("tabindex", "-1");
  }
  const at = view.chosenAt();
  const element = at < 0 ? null : list.element(at);
  if (element) markChosen(element);
  if (withFocus) (sentenceIn(element) ?? byId("rows")).focus({ preventScroll: true });
  const { id, column, sentence } = view.chosen;
  const number = session.locate(id) + 1;
  byId("chosen").textContent = number ? say("chosen", { number, language: names[column], sentence: sentence + 1 }) : "";
  for (const button of byId("bar").querySelectorAll("button")) button.disabled = !number;
  byId("bar").querySelector("[data-action=undo]").disabled = !session.done.length;
  byId("bar").querySelector("[data-action=redo]").disabled = !session.undone.length;
}

/** Go to the next or previous sentence, through the languages of a row and on to its neighbours. @param {number} by */
function step(by) {
  const at = view.chosenAt();
  const row = session.rows[view.shown[at]];
  if (!row) return choose(0);
  const { column, sentence } = view.chosen;
  const last = row.cells[column]?.cuts.length ?? 0;
  if (sentence + by >= 0 && sentence + by <= last) return choose(at, column, sentence + by);
  const next = column + by;
  if (next >= 0 && next < names.length) return choose(at, next, by < 0 ? Infinity : 0);
  const there = at + by;
  if (there >= 0 && there < view.shown.length) choose(there, by < 0 ? names.length - 1 : 0, by < 0 ? Infinity : 0);
}

/** @param {string} text */
function tell(text) {
  byId("status").textContent = text;
}

/** Show where the chosen (or a pointed at) sentence comes from. @param {Element | null} [sentence] */
function showCard(sentence = byId("rows").querySelector(".sentence.chosen")) {
  const card = byId("card");
  const row = session.rows[session.locate(sentence?.closest("[data-id]")?.getAttribute("data-id") ?? "")];
  const column = Number(sentence?.closest("[data-column]")?.getAttribute("data-column"));
  card.hidden = !row;
  if (!row || !sentence) return;
  card.replaceChildren(...whereabouts(session, row, column, Number(sentence.getAttribute("data-sentence")), names[column]));
  const box = sentence.getBoundingClientRect();
  const below = box.bottom + 8;
  card.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 8))}px`;
  card.style.top = `${below + card.offsetHeight > byId("bar").getBoundingClientRect().top ? Math.max(8, box.top - card.offsetHeight - 8) : below}px`;
}

/** @type {Desk} */
const desk = { session, view, get names() { return names; }, choose, step, tell, showCard: () => showCard() };
const actions = makeActions(desk);

/** Show what the toolbar asks for; rows that have not changed keep their elements. */
function redraw() {
  view.filter();
  list.refresh();
  placeLens(view, list.seen());
}

let typing = 0;
/** Wait until the typing rests. @param {() => void} action */
function soon(action) {
  clearTimeout(typing);
  typing = setTimeout(action, 150);
}

/** Write all words of the interface. */
function write() {
  names = data.languages.map((/** @type {Language} */ language) => languageName(language.tag, language.name));
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.getAttribute("data-say") ?? "");
  for (const [data, attribute] of [["label", "aria-label"], ["hint", "placeholder"], ["hover", "title"]]) {
    for (const element of document.querySelectorAll(`[data-${data}]`)) element.setAttribute(attribute, say(element.getAttribute(`data-${data}`) ?? ""));
  }
  byId("head").replaceChildren(make("div", { role: "columnheader" }, say("confidence")), ...names.map((name) => make("div", { role: "columnheader" }, name)));
  byId("pages").replaceChildren(
    ...data.pages.slice(0, 8).map((/** @type {Page} */ page) => {
      const column = session.columnOf.get(page.lang) ?? 0;
      const rest = [page.source, page.date].filter(Boolean).join(", ");
      const title = make("span", { lang: data.languages[column].tag, dir: "auto" }, place(page.url, page.title || page.url), rest ? ` · ${rest}` : "");
      return make("li", { title: page.url }, make("b", {}, names[column]), title);
    }),
  );
  fillSelect("interface", INTERFACES.map((code) => [code, languageName(code, code)]));
  byId("interface").value = interfaceLanguage();
  fillSelect("searchIn", [["", say("anyLanguage")], ...names.map((name, column) => [String(column), name])]);
  byId("title").lang = data.languages[0]?.tag ?? "";
  byId("signature").textContent = [data.signature, data.generator].filter(Boolean).join(" · ");
}

session.listeners.push(({ kind, before, after, edit }) => {
  const at = view.chosenAt();
  if (kind === "load") view.countAll();
  view.count(before, -1);
  view.count(after, 1);
  view.fillChoices();
  if (after.length && !after.some((row) => row.id === view.chosen.id)) view.chosen = { ...view.chosen, id: after[0].id, sentence: 0 };
  redraw();
  paintRibbon(view);
  if (view.shown.length) choose(view.chosenAt() < 0 ? at : view.chosenAt(), view.chosen.column, view.chosen.sentence);
  const what = edit ? say(`did.${edit.do}`, { number: session.locate(view.chosen.id) + 1 }) : "";
  if (what) tell(kind === "undo" ? say("undone", { what }) : what);
  byId("warning").hidden = session.saved;
  byId("warning").textContent = session.saved ? "" : say("notSaved");
});

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const action = target.closest("[data-action]")?.getAttribute("data-action");
  const sentence = target.closest("[data-id] .cell, [data-tick]");
  byId("card").hidden = true;
  if (sentence) {
    const id = sentence.closest("[data-id]")?.getAttribute("data-id") ?? "";
    const column = Number(sentence.getAttribute("data-column") ?? view.chosen.column);
    choose(view.shown.indexOf(session.locate(id)), column, Number(target.closest("[data-sentence]")?.getAttribute("data-sentence") ?? 0), !document.getSelection()?.toString());
    if (target.closest("[data-tick]")) void actions.approve();
  }
  if (action) void actions[action]();
});
document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const name = keyName(event);
  const action = KEYS.get(name);
  if (event.key === "Escape") byId("card").hidden = true;
  if (!action || document.querySelector("dialog[open]")) return;
  const isOnRows = target === document.body || byId("rows").contains(target);
  const isCommand = name.startsWith("Ctrl+") && !target.matches("input, textarea");
  if (!isCommand && name !== "Ctrl+s" && (!isOnRows || (name.length === 1 && !byId("letters").checked))) return;
  event.preventDefault();
  void actions[action]();
});
let hovering = 0;
byId("rows").addEventListener("pointerover", (/** @type {PointerEvent} */ event) => {
  const sentence = /** @type {Element} */ (event.target).closest(".sentence");
  clearTimeout(hovering);
  if (sentence && event.pointerType === "mouse") hovering = setTimeout(() => showCard(sentence), 600);
  else hovering = setTimeout(() => (byId("card").hidden = true), 300);
});
byId("card").addEventListener("pointerenter", () => clearTimeout(hovering));
byId("card").addEventListener("pointerleave", () => (byId("card").hidden = true));
for (const id of ["show", "reason", "shape", "order", "searchIn", "context"]) {
  byId(id).addEventListener("change", () => {
    redraw();
    window.scrollTo({ top: Math.min(window.scrollY, byId("table").offsetTop), behavior: "instant" });
  });
}
byId("search").addEventListener("input", () => soon(redraw));
byId("limit").addEventListener("input", () => soon(() => {
  view.countAll();
  view.fillChoices();
  redraw();
  paintRibbon(view);
}));
byId("interface").addEventListener("change", () => {
  rememberInterface(byId("interface").value);
  write();
  view.fillChoices();
  redraw();
  showChosen(false);
});
byId("file").addEventListener("change", () => {
  const [file] = byId("file").files;
  if (file) void loadFile(desk, file);
  byId("file").value = "";
});
byId("ribbon").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  const box = byId("ribbon").getBoundingClientRect();
  const number = Math.floor(((event.clientX - box.left) / box.width) * session.rows.length);
  const nearest = view.shown.reduce((best, each, at) => (Math.abs(each - number) < Math.abs(view.shown[best] - number) ? at : best), 0);
  choose(nearest);
});
byId("ribbon").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const at = view.nextDoubtful(view.chosenAt(), /** @type {1 | -1} */ (by));
  if (at >= 0) choose(at);
  byId("ribbon").focus();
});
window.addEventListener("scroll", () => placeLens(view, list.seen()), { passive: true });
window.addEventListener("beforeprint", () => list.print(true));
window.addEventListener("afterprint", () => list.print(false));
// Another window of the same page has worked: its edits are the newest.
window.addEventListener("storage", (event) => {
  const edits = event.key === session.storageKey ? session.remembered() : null;
  if (edits && JSON.stringify(edits) !== JSON.stringify(session.edits())) session.load(edits);
});
new ResizeObserver(() => {
  if (byId("table").clientWidth !== width) fit();
}).observe(byId("table"));
new ResizeObserver(() => {
  byId("table").style.setProperty("--toolbar", isSticky(byId("toolbar")) ? `${byId("toolbar").offsetHeight}px` : "0px");
  document.body.style.setProperty("--bar", `${byId("bar").offsetHeight}px`);
}).observe(byId("bar"));

/** Lay the rows out for the width that there is. */
function fit() {
  const table = byId("table");
  width = table.clientWidth;
  isStacked = width / (names.length + 0.6) < NARROW;
  guesses = new WeakMap();
  table.classList.toggle("stacked", isStacked);
  table.style.setProperty("--languages", String(names.length));
  list.forget();
}

/** Look at all rows, a few milliseconds at a time, so that the page answers while it learns what is doubtful. */
async function survey() {
  let until = performance.now() + 30;
  for (const row of session.rows) {
    view.facts(row);
    if (performance.now() < until) continue;
    await new Promise((done) => setTimeout(done));
    until = performance.now() + 30;
  }
  view.countAll();
  view.fillChoices();
  const remembered = session.remembered();
  if (remembered?.length) session.load(remembered);
  else list.refresh();
  paintRibbon(view);
  document.documentElement.dataset.ready = "true";
}

chooseInterface(data.interface);
write();
prepareForms();
view.fillChoices();
view.filter();
fit();
placeLens(view, list.seen());
showChosen(false);
performance.mark("rows");
void survey();
