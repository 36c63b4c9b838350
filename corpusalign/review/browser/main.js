// The page put together: data in, rows drawn, the reader's hands connected to actions.

import { loadFile, makeActions } from "./actions.js";
import { Desk } from "./desk.js";
import { byId, fillSelect, make, place } from "./dom.js";
import { prepareForms } from "./forms.js";
import { paintRibbon } from "./ribbon.js";
import { Session } from "./session.js";
import { INTERFACES, changeInterface, chooseInterface, current, languageName, say } from "./strings.js";
import { View } from "./view.js";

/** @type {Data} */
const data = JSON.parse(byId("data").textContent);
const session = new Session(data);
const view = new View(session);
const desk = new Desk(session, view);
const actions = makeActions(desk);
/** @type {Map<string, string>} every key with its action, as the help lists them */
const keys = new Map();
for (const key of byId("helping").querySelectorAll("[data-key]")) {
  keys.set(key.dataset.key, key.closest("tr").dataset.does);
}

/** Do something when nothing else of this kind has happened for some milliseconds. @param {number} pause */
function rested(pause) {
  let timer = 0;
  return (/** @type {() => void} */ action) => {
    clearTimeout(timer);
    timer = setTimeout(action, pause);
  };
}

/** Write all words of the interface. */
function write() {
  desk.names = data.languages.map(({ tag, name }) => languageName(tag, name));
  for (const element of [document, byId("row").content].flatMap((root) => [...root.querySelectorAll("*")])) {
    const { label, hint, hover, say: words } = element.dataset;
    if (words) element.textContent = say(words);
    if (label) element.setAttribute("aria-label", say(label));
    if (hint) element.setAttribute("placeholder", say(hint));
    if (hover) element.setAttribute("title", say(hover));
  }
  const heads = [say("confidence"), ...desk.names].map((name) => make("div", { role: "columnheader" }, name));
  byId("head").replaceChildren(...heads);
  byId("pages").replaceChildren(
    ...data.pages.slice(0, 8).map((page) => {
      const column = session.columnOf.get(page.lang) ?? 0;
      const rest = [page.source, page.date].filter(Boolean).map((each) => ` · ${each}`);
      const { tag } = data.languages[column];
      const link = place(page.url, page.title || page.url);
      const title = make("span", { lang: tag, dir: "auto" }, link, ...rest);
      return make("li", { title: page.url }, make("b", {}, desk.names[column]), title);
    }),
  );
  fillSelect("interface", INTERFACES.map((code) => [code, languageName(code, code)]));
  byId("interface").value = current;
  const columns = desk.names.map((name, column) => [String(column), name]);
  fillSelect("searchIn", [["", say("anyLanguage")], ...columns]);
  byId("title").lang = data.languages[0]?.tag ?? "";
  byId("signature").textContent = [data.signature, data.generator].filter(Boolean).join(" · ");
}

/** Show the rows as they are now. */
function renew() {
  desk.redraw();
  view.fillChoices(session.rows);
  paintRibbon(view);
}

session.listeners.push(({ kind, after, edit }) => {
  const at = view.chosenAt();
  const isGone = after.length > 0 && !after.some((row) => row.id === view.chosen.id);
  if (isGone) view.chosen = { ...view.chosen, id: after[0].id, sentence: 0 };
  renew();
  desk.choose(view.chosenAt() < 0 ? at : view.chosenAt(), view.chosen.column, view.chosen.sentence);
  const what = edit ? say(`did.${edit.do}`, { number: session.locate(view.chosen.id) + 1 }) : "";
  if (what) desk.tell(kind === "undo" ? say("undone", { what }) : what);
  byId("warning").hidden = session.saved;
  byId("warning").textContent = session.saved ? "" : say("notSaved");
});

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const action = target.closest("[data-action]")?.getAttribute("data-action");
  const cell = target.closest("[data-id] .cell, [data-tick]");
  byId("card").hidden = true;
  if (cell) {
    const number = session.locate(cell.closest("[data-id]")?.getAttribute("data-id") ?? "");
    const column = Number(cell.getAttribute("data-column") ?? view.chosen.column);
    const sentence = Number(target.closest("[data-sentence]")?.getAttribute("data-sentence") ?? 0);
    desk.choose(view.shown.indexOf(number), column, sentence, !document.getSelection()?.toString());
    if (target.closest("[data-tick]")) actions.approve();
  }
  if (action) actions[action]();
});

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const modifier = event.ctrlKey || event.metaKey ? "Ctrl+" : event.altKey ? "Alt+" : "";
  const name = modifier + (modifier === "Ctrl+" && event.shiftKey ? event.key.toUpperCase() : event.key);
  const action = keys.get(name);
  if (event.key === "Escape") byId("card").hidden = true;
  if (!action || document.querySelector("dialog[open]")) return;
  const isOnRows = target === document.body || byId("rows").contains(target);
  const isLetter = name.length === 1;
  const isFree = modifier === "Ctrl+" ? name === "Ctrl+s" || !target.matches("input, textarea") : isOnRows;
  if (!isFree || (isLetter && !byId("letters").checked)) return;
  event.preventDefault();
  actions[action]();
});

const hovering = rested(500);
byId("rows").addEventListener("pointerover", (/** @type {PointerEvent} */ event) => {
  const target = /** @type {Element} */ (event.target);
  hovering(() => desk.showCard(event.pointerType === "mouse" ? target.closest(".sentence") : null));
});
byId("card").addEventListener("pointerenter", () => hovering(() => {}));
byId("card").addEventListener("pointerleave", () => (byId("card").hidden = true));

for (const id of ["show", "reason", "shape", "order", "searchIn", "context"]) {
  byId(id).addEventListener("change", () => {
    desk.redraw();
    window.scrollTo({ top: Math.min(window.scrollY, byId("table").offsetTop), behavior: "instant" });
  });
}
const typing = rested(150);
byId("search").addEventListener("input", () => typing(() => desk.redraw()));
byId("limit").addEventListener("input", () => typing(renew));
byId("interface").addEventListener("change", () => {
  changeInterface(byId("interface").value);
  write();
  renew();
  desk.showChosen(false);
});
byId("file").addEventListener("change", () => {
  const [file] = byId("file").files;
  if (file) void loadFile(desk, file);
  byId("file").value = "";
});

byId("ribbon").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  const box = byId("ribbon").getBoundingClientRect();
  const number = Math.floor(((event.clientX - box.left) / box.width) * session.rows.length);
  const far = (/** @type {number} */ at) => Math.abs(view.shown[at] - number);
  desk.choose([...view.shown.keys()].reduce((best, at) => (far(at) < far(best) ? at : best), 0));
});
byId("ribbon").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  const action = { ArrowRight: "nextDoubtful", ArrowLeft: "previousDoubtful" }[event.key];
  if (!action) return;
  event.preventDefault();
  actions[action]();
  byId("ribbon").focus();
});

window.addEventListener("scroll", () => desk.placeLens(), { passive: true });
window.addEventListener("beforeprint", () => desk.list.print(true));
window.addEventListener("afterprint", () => desk.list.print(false));
// Another window of the same page has worked: its edits are the newest.
window.addEventListener("storage", (event) => {
  const edits = event.key === session.storageKey ? session.remembered() : null;
  if (edits && JSON.stringify(edits) !== JSON.stringify(session.edits())) session.load(edits);
});
for (const id of ["table", "bar", "toolbar"]) new ResizeObserver(() => desk.fit()).observe(byId(id));

/**
 * Look at all rows, a few milliseconds at a time, so that the page answers while it learns what is doubtful.
 */
async function survey() {
  let until = performance.now() + 30;
  for (const row of session.rows) {
    view.facts(row);
    if (performance.now() < until) continue;
    await new Promise((done) => setTimeout(done));
    until = performance.now() + 30;
  }
  const remembered = session.remembered();
  if (remembered?.length) session.load(remembered);
  else renew();
  document.documentElement.dataset.ready = "true";
}

chooseInterface(data.interface);
prepareForms();
write();
view.fillChoices([]);
view.filter();
desk.fit();
desk.placeLens();
desk.showChosen(false);
performance.mark("rows");
void survey();
