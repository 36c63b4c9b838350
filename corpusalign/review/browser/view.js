// What of the rows is shown, and in which order; which row, language and sentence is chosen.

import { byId, make } from "./dom.js";
import { REASONS, doubt, isDoubtful, reasonsOf, usualLengths } from "./reasons.js";
import { shapeOf } from "./rows.js";
import { say } from "./strings.js";
import { searchPattern } from "./text.js";

const SHOWN = ["all", "doubtful", "omissions", "open", "approved", "rejected", "mended", "commented"];

export class View {
  /** @param {import("./session.js").Session} session */
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
    /** grows when rows have to be drawn anew */
    this.stamp = 0;
  }

  get limit() {
    return Number(byId("limit").value) || 0;
  }

  /** @type {number | null} */
  get searched() {
    return byId("searchIn").value === "" ? null : Number(byId("searchIn").value);
  }

  /** @param {import("./rows.js").Row} row */
  reasons(row) {
    return reasonsOf(row, this.lengths, this.limit);
  }

  /** @param {import("./rows.js").Row} row */
  isDoubtful(row) {
    return isDoubtful(row, this.reasons(row));
  }

  /** @param {import("./rows.js").Row} row @param {string} which */
  #belongs(row, which) {
    if (which === "doubtful") return this.isDoubtful(row);
    if (which === "omissions") return shapeOf(row).includes(0);
    if (which === "mended") return row.mended;
    if (which === "commented") return row.comment !== "";
    return which === "all" || row.verdict === which;
  }

  /** Find the rows to show, by what the toolbar says. */
  filter() {
    const [which, reason, shape, order] = ["show", "reason", "shape", "order"].map((id) => byId(id).value);
    const { rows } = this.session;
    const { searched } = this;
    this.pattern = searchPattern(byId("search").value);
    const hits = this.pattern && new RegExp(this.pattern.source, "iu");
    const found = rows.flatMap((row, index) => {
      const isShown =
        this.#belongs(row, which) &&
        (!reason || this.reasons(row).includes(/** @type {any} */ (reason))) &&
        (!shape || shapeOf(row).join("–") === shape) &&
        (!hits || row.cells.some((cell, column) => cell && (searched === null || searched === column) && hits.test(cell.text)));
      return isShown ? [index] : [];
    });
    this.contexts = new Set();
    this.shown = found;
    if (byId("context").checked && found.length < rows.length) {
      const wanted = new Set(found);
      const around = new Set(found.flatMap((index) => [index - 1, index, index + 1]).filter((index) => index in rows));
      this.contexts = new Set([...around].filter((index) => !wanted.has(index)));
      this.shown = [...around].sort((a, b) => a - b);
    } else if (order === "doubt") {
      const weight = found.map((index) => doubt(rows[index], this.reasons(rows[index])));
      this.shown = found.map((_, at) => at).sort((a, b) => weight[b] - weight[a] || a - b).map((at) => found[at]);
    }
    this.stamp += 1;
    byId("nothing").hidden = this.shown.length > 0;
    byId("status").textContent = say("status", { shown: found.length, all: rows.length });
  }

  /** Fill the toolbar's choices, each with how many rows it has; what is chosen stays so. */
  fillChoices() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    const count = (/** @type {string} */ key) => counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const row of this.session.rows) {
      SHOWN.filter((which) => this.#belongs(row, which)).forEach((which) => count(`show ${which}`));
      this.reasons(row).forEach((reason) => count(`reason ${reason}`));
      count(`shape ${shapeOf(row).join("–")}`);
    }
    const labelled = (/** @type {string} */ key, /** @type {string} */ label) => `${label} (${counts.get(key) ?? 0})`;
    fillSelect("show", SHOWN.map((which) => [which, labelled(`show ${which}`, say(`show.${which}`))]));
    const reasons = REASONS.filter((reason) => counts.has(`reason ${reason}`));
    fillSelect("reason", [["", say("any")], ...reasons.map((reason) => [reason, labelled(`reason ${reason}`, say(`reason.${reason}`))])]);
    const shapes = [...counts.keys()].filter((key) => key.startsWith("shape ")).sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
    fillSelect("shape", [["", say("any")], ...shapes.map((key) => [key.slice(6), labelled(key, key.slice(6))])]);
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
      if (this.isDoubtful(rows[this.shown[at]])) return at;
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
