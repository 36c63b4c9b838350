// The edits: what each does to the rows. The same in Python: corpusalign/review/replay.py; the format: docs/review.md.

import { dividedCell, joinedCells, rewrittenCell } from "./rows.js";
import { size } from "./text.js";

export class DoesNotApply extends Error {}

/** What an edit does to a table; throws DoesNotApply. @param {Table} table @param {Edit} edit @returns {Patch} */
export function patchOf(table, edit) {
  const at = placeOf(table, edit.unit);
  const row = table.rows[at];
  switch (edit.do) {
    case "merge":
      return mergePatch(table, at, edit);
    case "split":
      return splitPatch(table, at, edit);
    case "move":
      return movePatch(table, at, edit);
    case "swap":
      return swapPatch(table, at, edit);
    case "divide":
      return one(at, row, dividePatch(table, row, edit));
    case "rewrite": {
      const column = columnFor(table, edit.lang);
      const cell = row.cells[column];
      if ((cell?.text ?? "") !== edit.was) throw new DoesNotApply(`the text in ${edit.lang} is another one`);
      return one(at, row, { ...changed(row), cells: withCell(row, column, rewrittenCell(cell, edit.text)) });
    }
    case "approve":
      return one(at, row, { ...row, verdict: "approved", reason: "" });
    case "reject":
      return one(at, row, { ...row, verdict: "rejected", reason: edit.reason });
    case "reopen":
      return one(at, row, { ...row, verdict: "open", reason: "" });
    case "comment":
      return one(at, row, { ...row, comment: edit.text });
    default:
      throw new DoesNotApply("nothing is called so");
  }
}

/** @param {number} at @param {Row} before @param {Row} after @returns {Patch} */
const one = (at, before, after) => ({ at, before: [before], after: [after] });

/** A row that a person changed has to be judged anew. @param {Row} row @returns {Row} */
const changed = (row) => ({ ...row, scores: {}, flags: [], verdict: "open", reason: "", mended: true });

/** @param {Row} row @param {number} column @param {Cell | null} cell */
function withCell(row, column, cell) {
  return row.cells.map((each, index) => (index === column ? cell : each));
}

/** @param {Table} table @param {string} id */
function placeOf(table, id) {
  const at = table.locate(id);
  if (at < 0) throw new DoesNotApply(`there is no unit ${id}`);
  return at;
}

/** @param {Table} table @param {string} lang */
function columnFor(table, lang) {
  const column = table.columnOf.get(lang);
  if (column === undefined) throw new DoesNotApply(`there is no text in ${lang}`);
  return column;
}

/** @param {Table} table @param {Row} row @param {string} lang @param {Cut} cut */
function dividedAt(table, row, lang, cut) {
  const column = columnFor(table, lang);
  const cell = row.cells[column];
  if (!cell) throw new DoesNotApply(`unit ${row.id} has no text in ${lang}`);
  if (cut[1] > size(cell.text)) throw new DoesNotApply(`the text in ${lang} is shorter than its cut`);
  return dividedCell(cell, cut, table.base, column);
}

/** @param {Table} table @param {number} at @param {Extract<Edit, {do: "merge"}>} edit @returns {Patch} */
function mergePatch(table, at, edit) {
  const first = table.rows[at];
  const second = requireNext(table, at, edit.other);
  const same = first.verdict === second.verdict;
  const langs = [...table.columnOf.keys()];
  /** @type {Row} */
  const merged = {
    id: first.id,
    cells: first.cells.map((cell, column) =>
      joinedCells(cell, second.cells[column], edit.join[langs[column]] ?? " "),
    ),
    confidence: Math.min(first.confidence, second.confidence),
    scores: {},
    flags: [],
    notes: [...new Set([...first.notes, ...second.notes])],
    verdict: same ? first.verdict : "open",
    reason: same ? first.reason : "",
    comment: [first.comment, second.comment].filter(Boolean).join("\n"),
    mended: true,
  };
  return { at, before: [first, second], after: [merged] };
}

/** @param {Table} table @param {number} at @param {Extract<Edit, {do: "split"}>} edit @returns {Patch} */
function splitPatch(table, at, edit) {
  const row = table.rows[at];
  if (table.locate(edit.into) >= 0 || table.base.has(edit.into)) {
    throw new DoesNotApply(`there is a unit ${edit.into} already`);
  }
  const has = [...table.columnOf].filter(([, column]) => row.cells[column]).map(([lang]) => lang);
  if (has.length !== Object.keys(edit.cuts).length || !has.every((lang) => lang in edit.cuts)) {
    throw new DoesNotApply("it divides other languages than the unit has");
  }
  const before = row.cells.slice();
  const behind = row.cells.slice();
  for (const lang of has) {
    const column = columnFor(table, lang);
    [before[column], behind[column]] = dividedAt(table, row, lang, edit.cuts[lang]);
  }
  if (!before.some(Boolean) || !behind.some(Boolean)) throw new DoesNotApply("one of the two parts would have no text");
  const head = { ...changed(row), cells: before };
  return { at, before: [row], after: [head, { ...head, id: edit.into, cells: behind, comment: "" }] };
}

/** @param {Table} table @param {Row} row @param {Extract<Edit, {do: "divide"}>} edit @returns {Row} */
function dividePatch(table, row, edit) {
  dividedAt(table, row, edit.lang, edit.cut);
  const column = columnFor(table, edit.lang);
  const cell = /** @type {Cell} */ (row.cells[column]);
  const others = cell.cuts.filter((cut) => cut[1] <= edit.cut[0] || cut[0] >= edit.cut[1]);
  const cuts = [...others, edit.cut].sort((a, b) => a[0] - b[0]);
  return { ...row, cells: withCell(row, column, { ...cell, cuts }) };
}

/** @param {Table} table @param {number} at @param {Extract<Edit, {do: "move"}>} edit @returns {Patch} */
function movePatch(table, at, edit) {
  const row = table.rows[at];
  const other = placeOf(table, edit.other);
  if (Math.abs(other - at) !== 1) throw new DoesNotApply(`units ${row.id} and ${edit.other} are no neighbours`);
  const neighbour = table.rows[other];
  const up = other < at;
  const column = columnFor(table, edit.lang);
  const [before, behind] = dividedAt(table, row, edit.lang, edit.cut);
  const moved = up ? before : behind;
  if (!moved?.text) throw new DoesNotApply("nothing would be moved");
  const there = neighbour.cells[column];
  const gains = up ? joinedCells(there, moved, edit.join) : joinedCells(moved, there, edit.join);
  const left = { ...changed(row), cells: withCell(row, column, up ? behind : before) };
  const grown = { ...changed(neighbour), cells: withCell(neighbour, column, gains) };
  const inOrder = (/** @type {Row} */ here, /** @type {Row} */ next) => (up ? [next, here] : [here, next]);
  return {
    at: Math.min(at, other),
    before: inOrder(row, neighbour),
    after: inOrder(left, grown).filter((each) => each.cells.some(Boolean)),
  };
}

/** @param {Table} table @param {number} at @param {Extract<Edit, {do: "swap"}>} edit @returns {Patch} */
function swapPatch(table, at, edit) {
  const first = table.rows[at];
  const second = requireNext(table, at, edit.other);
  if (edit.lang === undefined) return { at, before: [first, second], after: [second, first] };
  const column = columnFor(table, edit.lang);
  const after = [
    { ...changed(first), cells: withCell(first, column, second.cells[column]) },
    { ...changed(second), cells: withCell(second, column, first.cells[column]) },
  ];
  const empty = after.find((row) => !row.cells.some(Boolean));
  if (empty) throw new DoesNotApply(`unit ${empty.id} would have no text`);
  return { at, before: [first, second], after };
}

/** @param {Table} table @param {number} at @param {string} other */
function requireNext(table, at, other) {
  const next = table.rows[at + 1];
  if (next?.id !== other) throw new DoesNotApply(`unit ${other} is not the one behind ${table.rows[at].id}`);
  return next;
}
