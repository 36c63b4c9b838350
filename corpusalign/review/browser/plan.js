// Which edit an action means at a place (a row, a language, a sentence); null where it can mean none.

import { sentencesOf } from "./rows.js";
import { joinerBetween, size, slice } from "./text.js";

/**
 * A row, or the one `step` rows from it.
 * @param {Session} session @param {string} id @param {number} [step]
 */
const rowAt = (session, id, step = 0) => session.rows[session.locate(id) + step];

/** @type {Planner} */
export function planMerge(session, { id }) {
  const [row, next] = [rowAt(session, id), rowAt(session, id, 1)];
  if (!next) return null;
  const joins = session.data.languages.flatMap(({ code, joiner }, column) => {
    const [before, after] = [row.cells[column]?.text, next.cells[column]?.text];
    return before && after ? [[code, joinerBetween(before, after, joiner)]] : [];
  });
  return { do: "merge", unit: id, other: next.id, join: Object.fromEntries(joins) };
}

/**
 * The places where a cell can be divided: before, between and behind its sentences.
 * @param {Cell} cell @returns {Cut[]}
 */
function cutsOf(cell) {
  const length = size(cell.text);
  return [[0, 0], ...cell.cuts, [length, length]];
}

/**
 * Divide a row before a sentence. The other languages are divided between the sentences where about as much
 * of their text lies before; one that is a single sentence goes whole to one of the two rows.
 * @type {Planner}
 */
export function planSplit(session, { id, column, sentence }) {
  const { cells } = rowAt(session, id);
  const cell = cells[column];
  if (!cell?.text) return null;
  // Before the first of several there is nothing to leave behind: the cut then comes after it.
  const here = cutsOf(cell)[sentence || Math.min(1, cell.cuts.length)];
  const share = here[0] / size(cell.text);
  /** @type {Record<string, Cut>} */
  const cuts = {};
  let [isBefore, isBehind] = [false, false];
  session.data.languages.forEach(({ code }, index) => {
    const other = cells[index];
    if (!other) return;
    const length = size(other.text);
    const distance = (/** @type {Cut} */ cut) => Math.abs((length ? cut[0] / length : 0) - share);
    const nearest = cutsOf(other).reduce((best, cut) => (distance(cut) < distance(best) ? cut : best));
    const cut = index === column ? here : share === 0 ? /** @type {Cut} */ ([length, length]) : nearest;
    cuts[code] = cut;
    isBefore ||= cut[0] > 0;
    isBehind ||= cut[1] < length;
  });
  return isBefore && isBehind ? { do: "split", unit: id, into: freshId(session, id), cuts } : null;
}

/**
 * An id for the second part of a row: the first part's with a number behind.
 * @param {Session} session @param {string} id
 */
function freshId(session, id) {
  const stem = id.replace(/\.\d+$/, "");
  let number = 2;
  while (session.locate(`${stem}.${number}`) >= 0 || session.base.has(`${stem}.${number}`)) number += 1;
  return `${stem}.${number}`;
}

/**
 * Move a sentence to the row above, with those before it, or to the row below, with those behind it.
 * @type {Planner<[-1 | 1]>}
 */
export function planMove(session, { id, column, sentence }, step) {
  const cell = rowAt(session, id).cells[column];
  const other = rowAt(session, id, step);
  if (!cell?.text || !other) return null;
  const { code, joiner } = session.data.languages[column];
  const cut = cutsOf(cell)[step < 0 ? sentence + 1 : sentence] ?? cutsOf(cell).at(-1);
  const there = other.cells[column]?.text ?? "";
  const moved = step < 0 ? slice(cell.text, 0, cut[0]) : slice(cell.text, cut[1]);
  const join = step < 0 ? joinerBetween(there, moved, joiner) : joinerBetween(moved, there, joiner);
  return { do: "move", unit: id, other: other.id, lang: code, cut, join };
}

/** Swap a row with the next. @type {Planner} */
export function planSwapRows(session, { id }) {
  const next = rowAt(session, id, 1);
  return next ? { do: "swap", unit: id, other: next.id } : null;
}

/** Swap a language's text with the next row's. @type {Planner} */
export function planSwap(session, { id, column }) {
  const [row, next] = [rowAt(session, id), rowAt(session, id, 1)];
  if (!next || (!row.cells[column]?.text && !next.cells[column]?.text)) return null;
  const isLeft = (/** @type {Row} */ one, /** @type {Row} */ other) =>
    one.cells.with(column, other.cells[column]).some(Boolean);
  if (!isLeft(row, next) || !isLeft(next, row)) return null;
  return { do: "swap", unit: id, other: next.id, lang: session.data.languages[column].code };
}

/** Divide a sentence at an offset; white space there goes. @type {Planner<[number]>} */
export function planDivide(session, { id, column }, offset) {
  const cell = rowAt(session, id).cells[column];
  if (!cell) return null;
  const text = [...cell.text];
  let [end, start] = [offset, offset];
  while (end > 0 && /\s/.test(text[end - 1])) end -= 1;
  while (start < text.length && /\s/.test(text[start])) start += 1;
  const isInside = sentencesOf(cell).some(([from, to]) => from < end && start < to);
  const { code } = session.data.languages[column];
  return isInside ? { do: "divide", unit: id, lang: code, cut: [end, start] } : null;
}

/** @type {Planner<[string]>} */
export function planRewrite(session, { id, column }, text) {
  const was = rowAt(session, id).cells[column]?.text ?? "";
  const { code } = session.data.languages[column];
  return text === was ? null : { do: "rewrite", unit: id, lang: code, was, text };
}
