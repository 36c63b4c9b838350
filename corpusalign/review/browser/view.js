// What of the rows is shown, and in which order; which row, language and sentence is chosen.

import { byId, fillSelect } from "./dom.js";
import { doubt, factsOf, usualLengths } from "./reasons.js";
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
    /** @type {Place} */
    this.chosen = { id: session.rows[0]?.id ?? "", column: 0, sentence: 0 };
    this.limit = 0;
    /** @type {number | null} the only language that is searched */
    this.searched = null;
    /** what the toolbar says that changes how a row is drawn */
    this.look = "";
  }

  facts = (/** @type {Row} */ row) => factsOf(row, this.lengths);
  doubt = (/** @type {Row} */ row) => doubt(row, this.facts(row), this.limit);

  /** @type {(row: Row) => Reason[]} */
  reasons = (row) => [...(row.confidence < this.limit ? ["low"] : []), ...this.facts(row).reasons];

  /** Everything by which a row is found in the toolbar. @param {Row} row */
  #keys(row) {
    const { reasons, shape } = this.facts(row);
    const belongs = ["all", row.verdict, ...this.reasons(row), shape];
    if (this.doubt(row) >= 0) belongs.push("doubtful");
    if (reasons.includes("omission")) belongs.push("omissions");
    if (row.mended) belongs.push("mended");
    if (row.comment) belongs.push("commented");
    return belongs;
  }

  /** Find the rows to show, by what the toolbar says. */
  filter() {
    const { rows } = this.session;
    const choices = ["show", "reason", "shape"].map((id) => byId(id).value);
    const wanted = choices.filter((key) => key && key !== "all");
    const hasContext = byId("context").checked;
    this.limit = Number(byId("limit").value) || 0;
    this.searched = byId("searchIn").value === "" ? null : Number(byId("searchIn").value);
    this.pattern = searchPattern(byId("search").value);
    this.look = ["search", "searchIn", "limit", "interface"].map((id) => byId(id).value).join("\n");
    const hits = this.pattern && new RegExp(this.pattern.source, "iu");
    const isHit = (/** @type {Cell | null} */ cell, /** @type {number} */ column) =>
      cell && (this.searched ?? column) === column && hits?.test(cell.text);
    const found = [...rows.keys()].filter((index) => {
      const keys = wanted.length ? this.#keys(rows[index]) : [];
      return wanted.every((key) => keys.includes(key)) && (!hits || rows[index].cells.some(isHit));
    });
    this.shown = found;
    this.contexts = new Set();
    if (hasContext && found.length < rows.length) {
      const around = found.flatMap((index) => [index - 1, index, index + 1]).filter((index) => index in rows);
      this.shown = [...new Set(around)].sort((a, b) => a - b);
      this.contexts = new Set(this.shown);
      for (const index of found) this.contexts.delete(index);
    } else if (byId("order").value === "doubt") {
      const weights = new Map(found.map((index) => [index, this.doubt(rows[index])]));
      this.shown.sort((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0) || a - b);
    }
    byId("table").setAttribute("aria-rowcount", String(rows.length + 1));
    byId("nothing").hidden = this.shown.length > 0;
    byId("status").textContent = say("status", { shown: found.length, all: rows.length });
  }

  /**
   * Fill the toolbar's choices, each with how many of the rows it has; what is chosen stays so.
   * @param {Row[]} rows
   */
  fillChoices(rows) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const key of rows.flatMap((row) => this.#keys(row))) counts.set(key, (counts.get(key) ?? 0) + 1);
    const option = (/** @type {string} */ key, label = key) => [key, `${label} (${counts.get(key) ?? 0})`];
    const isShape = (/** @type {string} */ key) => /^\d/.test(key);
    const there = [...counts.keys()].sort((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0));
    const reasons = there.filter((key) => !SHOWN.includes(key) && !isShape(key));
    fillSelect("show", SHOWN.map((which) => option(which, say(`show.${which}`))));
    fillSelect("reason", [["", say("any")], ...reasons.map((key) => option(key, reasonName(key)))]);
    fillSelect("shape", [["", say("any")], ...there.filter(isShape).map((key) => option(key))]);
    fillSelect("order", ["page", "doubt"].map((order) => [order, say(`order.${order}`)]));
  }

  /** Where the chosen row is shown, -1 where it is not. */
  chosenAt() {
    return this.shown.indexOf(this.session.locate(this.chosen.id));
  }

  /**
   * Where the next doubtful row is shown, seen from a place; -1 where there is none.
   * @param {number} from @param {1 | -1} step
   */
  nextDoubtful(from, step) {
    const { rows } = this.session;
    for (let at = from + step; at >= 0 && at < this.shown.length; at += step) {
      if (this.doubt(rows[this.shown[at]]) >= 0) return at;
    }
    return -1;
  }
}
