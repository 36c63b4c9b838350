// Which edit an action means for a row, a language and a sentence; null where it can mean none.

import { sentencesOf } from "./rows.js";
import { joinerBetween, size, slice } from "./text.js";

/** @param {Session} session @param {string} id @param {number} step -1 the row above, 1 the row below */
const neighbour = (session, id, step) => session.rows[session.locate(id) + step] ?? null;

/** @param {Session} session @param {string} id */
const rowOf = (session, id) => session.rows[session.locate(id)];

/** @param {Session} session @param {string} id @returns {Edit | null} */
export function planMerge(session, id) {
  const row = rowOf(session, id);
  const next = neighbour(session, id, 1);
  if (!next) return null;
  /** @type {Record<string, string>} */
  const join = {};
  session.data.languages.forEach(({ code, joiner }, column) => {
    const [before, after] = [row.cells[column]?.text, next.cells[column]?.text];
    if (before && after) join[code] = joinerBetween(before, after, joiner);
  });
  return { do: "merge", unit: id, other: next.id, join };
}

/** @param {Cell} cell @param {number} sentence @returns {Cut} */
function cutBefore(cell, sentence) {
  const length = size(cell.text);
  if (sentence <= 0) return [0, 0];
  return cell.cuts[sentence - 1] ?? [length, length];
}

/**
 * Divide a row before a sentence. The other languages are divided between the sentences where about as much of their
 * text lies before; one that is a single sentence goes whole to one of the two rows.
 * @param {Session} session @param {string} id @param {number} column @param {number} sentence
 * @returns {Edit | null}
 */
export function planSplit(session, id, column, sentence) {
  const row = rowOf(session, id);
  const cell = row.cells[column];
  if (!cell?.text) return null;
  // Before the first of several there is nothing to leave behind: the cut then comes after it.
  const here = cutBefore(cell, sentence || Math.min(1, cell.cuts.length));
  const share = here[0] / size(cell.text);
  /** @type {Record<string, Cut>} */
  const cuts = {};
  session.data.languages.forEach(({ code }, index) => {
    const other = row.cells[index];
    if (!other) return;
    const length = size(other.text);
    /** @type {Cut[]} */
    const choices = [[0, 0], ...other.cuts, [length, length]];
    const distance = (/** @type {Cut} */ cut) => Math.abs((length ? cut[0] / length : 0) - share);
    const nearest = choices.reduce((best, cut) => (distance(cut) < distance(best) ? cut : best));
    cuts[code] = index === column ? here : share === 0 ? [length, length] : nearest;
  });
  const isBefore = Object.values(cuts).some(([end]) => end > 0);
  const isBehind = session.data.languages.some(({ code }, index) => code in cuts && cuts[code][1] < size(row.cells[index]?.text ?? ""));
  return isBefore && isBehind ? { do: "split", unit: id, into: freshId(session, id), cuts } : null;
}

/** An id for the second part of a row: the first part's with a number behind. @param {Session} session @param {string} id */
function freshId(session, id) {
  const stem = id.replace(/\.\d+$/, "");
  let number = 2;
  while (session.locate(`${stem}.${number}`) >= 0 || session.base.has(`${stem}.${number}`)) number += 1;
  return `${stem}.${number}`;
}

/**
 * Move a sentence to the row above, with those before it, or to the row below, with those behind it.
 * @param {Session} session @param {string} id @param {number} column @param {number} sentence @param {-1 | 1} step
 * @returns {Edit | null}
 */
export function planMove(session, id, column, sentence, step) {
  const cell = rowOf(session, id).cells[column];
  const other = neighbour(session, id, step);
  if (!cell?.text || !other) return null;
  const { code, joiner } = session.data.languages[column];
  const cut = cutBefore(cell, step < 0 ? sentence + 1 : sentence);
  const there = other.cells[column]?.text ?? "";
  const moved = step < 0 ? slice(cell.text, 0, cut[0]) : slice(cell.text, cut[1]);
  const join = step < 0 ? joinerBetween(there, moved, joiner) : joinerBetween(moved, there, joiner);
  return { do: "move", unit: id, other: other.id, lang: code, cut, join };
}

/** @param {Session} session @param {string} id @param {number | null} column null for the whole rows @returns {Edit | null} */
export function planSwap(session, id, column) {
  const row = rowOf(session, id);
  const next = neighbour(session, id, 1);
  if (!next) return null;
  if (column === null) return { do: "swap", unit: id, other: next.id };
  const isLeft = (/** @type {Row} */ one, /** @type {Row} */ other) =>
    one.cells.some((cell, index) => (index === column ? other.cells[index] : cell));
  if (!row.cells[column]?.text && !next.cells[column]?.text) return null;
  if (!isLeft(row, next) || !isLeft(next, row)) return null;
  return { do: "swap", unit: id, other: next.id, lang: session.data.languages[column].code };
}

/** Divide a sentence at an offset; white space there goes. @param {Session} session @param {string} id @param {number} column @param {number} offset @returns {Edit | null} */
export function planDivide(session, id, column, offset) {
  const cell = rowOf(session, id).cells[column];
  if (!cell) return null;
  const text = [...cell.text];
  let [end, start] = [offset, offset];
  while (end > 0 && /\s/.test(text[end - 1])) end -= 1;
  while (start < text.length && /\s/.test(text[start])) start += 1;
  const isInside = sentencesOf(cell).some(([from, to]) => from < end && start < to);
  return isInside ? { do: "divide", unit: id, lang: session.data.languages[column].code, cut: [end, start] } : null;
}

/** @param {Session} session @param {string} id @param {number} column @param {string} text @returns {Edit | null} */
export function planRewrite(session, id, column, text) {
  const was = rowOf(session, id).cells[column]?.text ?? "";
  return text === was ? null : { do: "rewrite", unit: id, lang: session.data.languages[column].code, was, text };
}
