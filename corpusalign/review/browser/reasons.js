// Why a row deserves a look: from its shape, its confidence, its text, and what earlier stages noted.

import { shapeOf } from "./rows.js";
import { numbersDiffer } from "./tokens.js";

/** How far a length ratio may lie from the usual one, in standard deviations. */
const UNUSUAL = 3.5;
const SHORT = 20;

/** @type {WeakMap<Row, Facts>} */
const known = new WeakMap();

/** How long each language usually is. @param {Row[]} rows @returns {Length[]} */
export function usualLengths(rows) {
  return (rows[0]?.cells ?? []).map((_, column) => {
    const ratios = rows.map((row) => logRatio(row, column)).filter((ratio) => ratio !== null);
    const count = ratios.length || 1;
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / count;
    const variance = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / count;
    return { mean, deviation: Math.max(Math.sqrt(variance), 0.15) };
  });
}

/** @param {Row} row @param {number} column */
function logRatio(row, column) {
  const [first, other] = [row.cells[0]?.text.length ?? 0, row.cells[column]?.text.length ?? 0];
  return Math.min(first, other) < SHORT ? null : Math.log(other / first);
}

/**
 * What is known of a row; found once, for a row never changes.
 * @param {Row} row @param {Length[]} lengths @returns {Facts}
 */
export function factsOf(row, lengths) {
  const found = known.get(row);
  if (found) return found;
  const shape = shapeOf(row);
  const texts = row.cells.map((cell) => cell?.text || null);
  const long = texts.filter((text) => text && text.length >= SHORT && /\p{L}{3}/u.test(text));
  const isUnusual = (/** @type {Length} */ { mean, deviation }, /** @type {number} */ column) =>
    Math.abs((logRatio(row, column) ?? mean) - mean) > UNUSUAL * deviation;
  const holds = {
    omission: shape.includes(0),
    numbers: numbersDiffer(texts),
    length: lengths.some(isUnusual),
    same: new Set(long).size < long.length,
    note: row.notes.length > 0 && !row.flags.length,
    merged: shape.some((count) => count > 1),
  };
  const reasons = Object.entries(holds).flatMap(([reason, does]) => (does ? [reason] : []));
  const facts = { shape: shape.join("–"), reasons: [...row.flags, ...reasons] };
  known.set(row, facts);
  return facts;
}

/**
 * How doubtful a row is, the greater, the sooner it should be seen; -1 where nobody need look: somebody has
 * decided, or there is no reason but a shape.
 * @param {Row} row @param {Facts} facts @param {number} limit
 */
export function doubt(row, facts, limit) {
  if (row.verdict !== "open") return -1;
  const weighty = facts.reasons.filter((reason) => reason !== "merged").length;
  return weighty || row.confidence < limit ? 1 - row.confidence + 0.25 * weighty : -1;
}
