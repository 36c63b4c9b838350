// What of the rows is shown, and in which order; which row, language and sentence is chosen.

import { byId, make } from "./dom.js";
import { REASONS, doubt, factsOf, usualLengths } from "./reasons.js";
import { reasonName, say } from "./strings.js";
import { searchPattern } from "./text.js";

const SHOWN = ["all", "doubtful", "omissions", "open", "approved", "rejected", "mended", "commented"];

export class View {
  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    this.lengths = usualLengths(session.rows);
    /** @type {number[]} the rows shown, by number, in the order shown */
    this.shown = [];
    /** @type {Set<number>} rows shown only because a neighbour is */
    this.contexts = new Set();
    /** @type {RegExp | null} */
    this.pattern = null;
    this.chosen = { id: session.rows[0]?.id ?? "", column: 0, sentence: 0 };
    /** @type {Map<string, number>} how many rows each choice of the toolbar has */
    this.counts = new Map();
    /** grows when rows have to be drawn anew, though they are the same */
    this.stamp = 0;
    this.look = "";
  }

  get limit() {
    return Number(byId("limit").value) || 0;
  }

  /** @type {number | null} */
  get searched() {
    return byId("searchIn").value === "" ? null : Number(byId("searchIn").value);
  }

  /** @param {Row} row */
  facts(row) {
    return factsOf(row, this.lengths);
  }

  /** @param {Row} row @returns {Reason[]} */
  reasons(row) {
    const { reasons } = this.facts(row);
    return row.confidence < this.limit ? ["low", ...reasons] : reasons;
  }

  /** @param {Row} row */
  doubt(row) {
    return doubt(row, this.facts(row), this.limit);
  }

  /** @param {Row} row @param {string} which */
  #belongs(row, which) {
    if (which === "doubtful") return this.doubt(row) >= 0;
    if (which === "omissions") return this.facts(row).reasons.includes("omission");
    if (which === "mended") return row.mended;
    if (which === "commented") return row.comment !== "";
    return which === "all" || row.verdict === which;
  }

  /** Find the rows to show, by what the toolbar says. */
  filter() {
    const [which, reason, shape, order] = ["show", "reason", "shape", "order"].map((id) => byId(id).value);
    const look = ["search", "searchIn", "limit", "context", "interface"].map((id) => `${byId(id).value} ${byId(id).checked}`).join();
    if (look !== this.look || byId("context").checked) this.stamp += 1;
    this.look = look;
    const { rows } = this.session;
    const { searched } = this;
    this.pattern = searchPattern(byId("search").value);
    const hits = this.pattern && new RegExp(this.pattern.source, "iu");
    const isShown = (/** @type {Row} */ row) =>
      this.#belongs(row, which) &&
      (!reason || this.reasons(row).includes(reason)) &&
      (!shape || this.facts(row).shape === shape) &&
      (!hits || row.cells.some((cell, column) => cell && (searched === null || searched === column) && hits.test(cell.text)));
    const found = [...rows.keys()].filter((index) => isShown(rows[index]));
    this.contexts = new Set();
    this.shown = found;
    if (byId("context").checked && found.length < rows.length) {
      const wanted = new Set(found);
      const around = new Set(found.flatMap((index) => [index - 1, index, index + 1]).filter((index) => index in rows));
      this.contexts = new Set([...around].filter((index) => !wanted.has(index)));
      this.shown = [...around].sort((a, b) => a - b);
    } else if (order === "doubt") {
      const weight = found.map((index) => this.doubt(rows[index]));
      this.shown = found.map((_, at) => at).sort((a, b) => weight[b] - weight[a] || a - b).map((at) => found[at]);
    }
    byId("table").setAttribute("aria-rowcount", String(rows.length + 1));
    byId("nothing").hidden = this.shown.length > 0;
    byId("status").textContent = say("status", { shown: found.length, all: rows.length });
  }

  /** Count the rows anew for the toolbar's choices. */
  countAll() {
    this.counts.clear();
    this.count(this.session.rows, 1);
  }

  /** Count rows that have come (or, by -1, gone). @param {Row[]} rows @param {1 | -1} by */
  count(rows, by) {
    const add = (/** @type {string} */ key) => this.counts.set(key, (this.counts.get(key) ?? 0) + by);
    for (const row of rows) {
      for (const which of SHOWN) if (this.#belongs(row, which)) add(which);
      for (const reason of this.reasons(row)) add(reason);
      add(this.facts(row).shape);
    }
  }

  /** Fill the toolbar's choices, each with how many rows it has; what is chosen stays so. */
  fillChoices() {
    const option = (/** @type {string} */ key, /** @type {string} */ label) => [key, `${label} (${this.counts.get(key) ?? 0})`];
    const there = [...this.counts.keys()].filter((key) => this.counts.get(key));
    const reasons = there.filter((key) => REASONS.includes(key) || !(SHOWN.includes(key) || /^\d/.test(key)));
    const shapes = there.filter((key) => /^\d/.test(key)).sort((a, b) => (this.counts.get(b) ?? 0) - (this.counts.get(a) ?? 0));
    fillSelect("show", SHOWN.map((which) => option(which, say(`show.${which}`))));
    fillSelect("reason", [["", say("any")], ...reasons.map((key) => option(key, reasonName(key)))]);
    fillSelect("shape", [["", say("any")], ...shapes.map((key) => option(key, key))]);
    fillSelect("order", ["page", "doubt"].map((order) => [order, say(`order.${order}`)]));
  }

  /** Where the chosen row is shown, -1 where it is not. */
  chosenAt() {
    return this.shown.indexOf(this.session.locate(this.chosen.id));
  }

  /** Where the next doubtful row is shown, seen from a place; -1 where there is none. @param {number} from @param {1 | -1} step */
  nextDoubtful(from, step) {
    const { rows } = this.session;
    for (let at = from + step; at >= 0 && at < this.shown.length; at += step) {
      if (this.doubt(rows[this.shown[at]]) >= 0) return at;
    }
    return -1;
  }
}

/** Give a select its options as [value, label]; what is chosen stays so. @param {string} id @param {string[][]} options */
export function fillSelect(id, options) {
  const select = byId(id);
  const { value } = select;
  select.replaceChildren(...options.map(([key, label]) => make("option", { value: key }, label)));
  select.value = options.some(([key]) => key === value) ? value : options[0]?.[0];
}
