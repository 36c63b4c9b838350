// The desk: the rows as they are shown, which sentence is chosen, and the ways from one to another.

import { byId } from "./dom.js";
import { VirtualList } from "./list.js";
import { placeLens } from "./ribbon.js";
import { rowElement, whereabouts } from "./row.js";
import { say } from "./strings.js";

const NARROW = 190;

/** The height of the toolbar where it stays in the window. */
function toolbarHeight() {
  const toolbar = byId("toolbar");
  return getComputedStyle(toolbar).position === "sticky" ? toolbar.offsetHeight : 0;
}

export class Desk {
  /** @param {Session} session @param {View} view */
  constructor(session, view) {
    this.session = session;
    this.view = view;
    /** @type {string[]} the languages, as the interface calls them */
    this.names = [];
    this.width = 0;
    this.isStacked = false;
    this.list = new VirtualList(byId("rows"), this);
  }

  count = () => this.view.shown.length;
  row = (/** @type {number} */ at) => this.session.rows[this.view.shown[at]];
  key = (/** @type {number} */ at) => this.row(at).id;
  placeLens = () => placeLens(this.view, this.list.seen());

  /** @param {string} text */
  tell = (text) => {
    byId("status").textContent = text;
  };

  /** A row's element stays good while these stay the same. @param {number} at */
  stamp(at) {
    const number = this.view.shown[at];
    return [this.row(at), number, this.view.look, this.view.contexts.has(number)];
  }

  /** How high a row will be, roughly. @param {number} at */
  estimate(at) {
    const room = (this.isStacked ? this.width : (this.width - 130) / this.names.length) / 8;
    const lines = this.row(at).cells.map((cell) => {
      const { text = " " } = cell ?? {};
      return Math.ceil((text.length * (/[\u3000-\u9fff]/.test(text.slice(0, 20)) ? 2 : 1)) / room);
    });
    const sum = lines.reduce((total, each) => total + each + 1, 0);
    return this.isStacked ? 60 + 28 * sum : 30 + 26 * Math.max(2, ...lines);
  }

  /** @param {number} at */
  build(at) {
    const { contexts, pattern, searched, shown } = this.view;
    const row = this.row(at);
    const look = {
      number: shown[at] + 1, reasons: this.view.reasons(row), names: this.names, pattern, searched,
      isContext: contexts.has(shown[at]),
    };
    const element = rowElement(this.session, row, look);
    if (row.id === this.view.chosen.id) this.#mark(element);
    return element;
  }

  /** The part of the window that nothing covers. @returns {[number, number]} */
  clear() {
    const [head, bar] = ["head", "bar"].map((id) => byId(id).getBoundingClientRect());
    return [Math.max(toolbarHeight(), head.bottom), bar.top];
  }

  /** @param {Element} element */
  #mark(element) {
    element.classList.add("chosen");
    element.setAttribute("aria-selected", "true");
    this.#sentenceIn(element)?.classList.add("chosen");
    this.#sentenceIn(element)?.setAttribute("tabindex", "0");
  }

  /** @param {Element} [element] @returns {HTMLElement | null | undefined} */
  #sentenceIn(element) {
    const { column, sentence } = this.view.chosen;
    const cell = element?.querySelector(`[data-column="${column}"]`);
    return cell?.querySelector(`[data-sentence="${sentence}"]`) ?? cell?.querySelector("[data-sentence]");
  }

  /**
   * Choose a row, a language and a sentence.
   * @param {number} at @param {number} [column] @param {number} [sentence] @param {boolean} [withFocus]
   */
  choose(at, column = this.view.chosen.column, sentence = 0, withFocus = true) {
    const row = this.row(Math.max(0, Math.min(at, this.count() - 1)));
    if (!row) return;
    const last = row.cells[column]?.cuts.length ?? 0;
    this.view.chosen = { id: row.id, column, sentence: Math.min(sentence, last) };
    if (withFocus) this.list.reveal(this.view.chosenAt());
    this.showChosen(withFocus);
  }

  /** @param {boolean} withFocus */
  showChosen(withFocus) {
    for (const old of byId("rows").querySelectorAll(".chosen")) {
      old.classList.remove("chosen");
      old.removeAttribute("aria-selected");
      if (old.hasAttribute("tabindex")) old.setAttribute("tabindex", "-1");
    }
    const element = this.list.element(this.view.chosenAt());
    if (element) this.#mark(element);
    if (withFocus) (this.#sentenceIn(element) ?? byId("rows")).focus({ preventScroll: true });
    const { id, column, sentence } = this.view.chosen;
    const number = this.session.locate(id) + 1;
    const said = say("chosen", { number, language: this.names[column], sentence: sentence + 1 });
    byId("chosen").textContent = number ? said : "";
    for (const button of byId("bar").querySelectorAll("button")) button.disabled = !number;
    byId("bar").querySelector("[data-action=undo]").disabled = !this.session.done.length;
    byId("bar").querySelector("[data-action=redo]").disabled = !this.session.undone.length;
  }

  /**
   * Go to the next or previous sentence, through the languages of a row and on to its neighbours.
   * @param {1 | -1} by
   */
  step(by) {
    const { column, sentence } = this.view.chosen;
    const at = this.view.chosenAt();
    if (at < 0) return this.choose(0);
    const end = by < 0 ? Infinity : 0;
    const last = this.row(at).cells[column]?.cuts.length ?? 0;
    if (sentence + by >= 0 && sentence + by <= last) this.choose(at, column, sentence + by);
    else if (column + by in this.names) this.choose(at, column + by, end);
    else if (at + by in this.view.shown) this.choose(at + by, by < 0 ? this.names.length - 1 : 0, end);
  }

  /** Show where a sentence comes from. @param {Element | null} sentence */
  showCard(sentence) {
    const card = byId("card");
    const id = sentence?.closest("[data-id]")?.getAttribute("data-id") ?? "";
    const row = this.session.rows[this.session.locate(id)];
    card.hidden = !row;
    if (!row || !sentence) return;
    const column = Number(sentence.closest("[data-column]")?.getAttribute("data-column"));
    const place = { id, column, sentence: Number(sentence.getAttribute("data-sentence")) };
    card.replaceChildren(...whereabouts(this.session, row, place, this.names[column]));
    const box = sentence.getBoundingClientRect();
    const [below, above] = [box.bottom + 8, Math.max(8, box.top - card.offsetHeight - 8)];
    const right = document.documentElement.clientWidth - card.offsetWidth - 8;
    card.style.left = `${Math.max(8, Math.min(box.left, right))}px`;
    card.style.top = `${below + card.offsetHeight > this.clear()[1] ? above : below}px`;
  }

  /** Show what the toolbar asks for; rows that have not changed keep their elements. */
  redraw() {
    this.view.filter();
    this.list.refresh();
    this.placeLens();
  }

  /** Lay the rows out for the width that there is. */
  fit() {
    const table = byId("table");
    table.style.setProperty("--languages", String(this.names.length));
    table.style.setProperty("--toolbar", `${toolbarHeight()}px`);
    document.body.style.setProperty("--bar", `${byId("bar").offsetHeight}px`);
    if (this.width === table.clientWidth) return;
    this.width = table.clientWidth;
    this.isStacked = this.width / (this.names.length + 0.6) < NARROW;
    table.classList.toggle("stacked", this.isStacked);
    this.list.heights.clear();
    this.list.refresh();
  }
}
