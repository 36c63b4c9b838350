// The edits: what each does to the rows, as corpusalign/review/replay.py does it. docs/review.md: the format.

import { dividedCell, joinedCells, rewrittenCell } from "./rows.js";
import { size } from "./text.js";

export class DoesNotApply extends Error {}

/** @type {Record<string, Row["verdict"]>} */
const VERDICTS = { approve: "approved", reject: "rejected", reopen: "open" };

/** @param {unknown} holds @returns {asserts holds} */
function must(holds) {
  if (!holds) throw new DoesNotApply();
}

/**
 * What an edit does to a table; throws DoesNotApply.
 * @param {Table} table @param {Edit} edit @returns {Patch}
 */
export function patchOf(table, edit) {
  const at = table.locate(edit.unit);
  must(at >= 0);
  const row = table.rows[at];
  switch (edit.do) {
    case "merge":
      return pairPatch(table, at, at + 1, edit, (row, next) => [merged(table, row, next, edit.join)]);
    case "swap":
      return pairPatch(table, at, at + 1, edit, (row, next) => swapped(table, row, next, edit.lang));
    case "move": {
      const isUp = table.rows[at - 1]?.id === edit.other;
      return pairPatch(table, at, isUp ? at - 1 : at + 1, edit, () => moved(table, at, isUp, edit));
    }
    case "split":
      return { at, before: [row], after: halves(table, row, edit) };
    default:
      return { at, before: [row], after: [changedAlone(table, row, edit)] };
  }
}

/**
 * A row and its neighbour, which must be the one that the edit names, give way to others.
 * @param {Table} table @param {number} at @param {number} beside @param {{other: string}} edit
 * @param {(first: Row, second: Row) => Row[]} change @returns {Patch}
 */
function pairPatch(table, at, beside, { other }, change) {
  must(table.rows[beside]?.id === other);
  const first = Math.min(at, beside);
  const before = table.rows.slice(first, first + 2);
  return { at: first, before, after: change(before[0], before[1]) };
}

/**
 * A row that a person changed has to be judged anew.
 * @param {Row} row @param {(Cell | null)[]} cells @returns {Row}
 */
function changed(row, cells) {
  return { ...row, cells, scores: {}, flags: [], verdict: "open", reason: "", mended: true };
}

/** @param {Table} table @param {string} lang */
function columnFor(table, lang) {
  const column = table.columnOf.get(lang);
  must(column !== undefined);
  return column;
}

/** @param {Row} row @param {number} column @param {Cut} cut */
function dividedAt(row, column, cut) {
  const cell = row.cells[column];
  must(cell && cut[1] <= size(cell.text));
  return dividedCell(cell, cut);
}

/** @param {Table} table @param {Row} row @param {Edit} edit @returns {Row} */
function changedAlone(table, row, edit) {
  switch (edit.do) {
    case "divide": {
      const column = columnFor(table, edit.lang);
      dividedAt(row, column, edit.cut);
      const cell = /** @type {Cell} */ (row.cells[column]);
      const others = cell.cuts.filter((cut) => cut[1] <= edit.cut[0] || cut[0] >= edit.cut[1]);
      const cuts = [...others, edit.cut].sort((a, b) => a[0] - b[0]);
      return { ...row, cells: row.cells.with(column, { ...cell, cuts }) };
    }
    case "rewrite": {
      const column = columnFor(table, edit.lang);
      const cell = row.cells[column];
      must((cell?.text ?? "") === edit.was);
      return changed(row, row.cells.with(column, rewrittenCell(cell, edit.text)));
    }
    case "comment":
      return { ...row, comment: edit.text };
    default:
      must(edit.do in VERDICTS);
      return { ...row, verdict: VERDICTS[edit.do], reason: edit.do === "reject" ? edit.reason : "" };
  }
}

/**
 * @param {Table} table @param {Row} first @param {Row} second @param {Record<string, string>} join
 * @returns {Row}
 */
function merged(table, first, second, join) {
  const isSame = first.verdict === second.verdict;
  const langs = [...table.columnOf.keys()];
  const cells = first.cells.map((cell, at) => joinedCells(cell, second.cells[at], join[langs[at]] ?? " "));
  return {
    ...changed(first, cells),
    confidence: Math.min(first.confidence, second.confidence),
    notes: [...new Set([...first.notes, ...second.notes])],
    verdict: isSame ? first.verdict : "open",
    reason: isSame ? first.reason : "",
    comment: [first.comment, second.comment].filter(Boolean).join("\n"),
  };
}

/** @param {Table} table @param {Row} row @param {Extract<Edit, {do: "split"}>} edit @returns {Row[]} */
function halves(table, row, { into, cuts }) {
  must(table.locate(into) < 0 && !table.base.has(into));
  const langs = [...table.columnOf.keys()];
  must(Object.keys(cuts).every((lang) => columnFor(table, lang) >= 0));
  must(langs.every((lang, column) => lang in cuts === (row.cells[column] !== null)));
  const parts = langs.map((lang, column) => (cuts[lang] ? dividedAt(row, column, cuts[lang]) : [null, null]));
  const [head, tail] = [0, 1].map((half) => parts.map((part) => part[half]));
  must(head.some(Boolean) && tail.some(Boolean));
  return [changed(row, head), { ...changed(row, tail), id: into, was: undefined, comment: "" }];
}

/**
 * @param {Table} table @param {number} at @param {boolean} isUp @param {Extract<Edit, {do: "move"}>} edit
 * @returns {Row[]}
 */
function moved(table, at, isUp, { lang, cut, join }) {
  const column = columnFor(table, lang);
  const [row, neighbour] = [table.rows[at], table.rows[isUp ? at - 1 : at + 1]];
  const [before, behind] = dividedAt(row, column, cut);
  const [goes, stays] = isUp ? [before, behind] : [behind, before];
  must(goes?.text);
  const there = neighbour.cells[column];
  const gains = isUp ? joinedCells(there, goes, join) : joinedCells(goes, there, join);
  const left = changed(row, row.cells.with(column, stays));
  const grown = changed(neighbour, neighbour.cells.with(column, gains));
  return (isUp ? [grown, left] : [left, grown]).filter((each) => each.cells.some(Boolean));
}

/**
 * @param {Table} table @param {Row} first @param {Row} second
 * @param {string} [lang] the texts of this language only
 */
function swapped(table, first, second, lang) {
  if (lang === undefined) return [second, first];
  const column = columnFor(table, lang);
  const after = [[first, second], [second, first]].map(([row, other]) =>
    changed(row, row.cells.with(column, other.cells[column])),
  );
  must(after.every((row) => row.cells.some(Boolean)));
  return after;
}
