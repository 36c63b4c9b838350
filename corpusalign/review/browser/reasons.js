// Why a row deserves a look: from its shape, its confidence, its text, and what earlier stages noted.

import { shapeOf } from "./rows.js";
import { numbersDiffer } from "./tokens.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {"omission" | "low" | "numbers" | "length" | "same" | "note" | "merged"} Reason */

export const REASONS = /** @type {Reason[]} */ (["omission", "low", "numbers", "length", "same", "note", "merged"]);
/** How far a length ratio may lie from the usual one, in standard deviations. */
const UNUSUAL = 3.5;
const SHORT = 20;

/** @type {WeakMap<Row, Reason[]>} */
const known = new WeakMap();

/** @typedef {{mean: number, deviation: number}[]} Lengths a language, against the first one */

/** How long each language is against the first, in logarithms, over rows with one sentence a side. @param {Row[]} rows @returns {Lengths} */
export function usualLengths(rows) {
  const columns = rows[0]?.cells.length ?? 0;
  return Array.from({ length: columns }, (_, column) => {
    const ratios = rows.map((row) => logRatio(row, column)).filter((ratio) => ratio !== null);
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / (ratios.length || 1);
    const variance = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / (ratios.length || 1);
    return { mean, deviation: Math.max(Math.sqrt(variance), 0.15) };
  });
}

/** @param {Row} row @param {number} column */
function logRatio(row, column) {
  const [first, other] = [row.cells[0]?.text ?? "", row.cells[column]?.text ?? ""];
  return Math.min(first.length, other.length) < SHORT ? null : Math.log(other.length / first.length);
}

/** The reasons of a row, low confidence aside. @param {Row} row @param {Lengths} lengths @returns {Reason[]} */
function lastingReasons(row, lengths) {
  const found = known.get(row);
  if (found) return found;
  const shape = shapeOf(row);
  const texts = row.cells.map((cell) => cell?.text || null);
  /** @type {Reason[]} */
  const reasons = [];
  if (shape.includes(0)) reasons.push("omission");
  if (numbersDiffer(texts)) reasons.push("numbers");
  if (lengths.some(({ mean, deviation }, column) => {
    const ratio = logRatio(row, column);
    return ratio !== null && Math.abs(ratio - mean) / deviation > UNUSUAL;
  })) reasons.push("length");
  const long = texts.filter((text) => text && text.length > SHORT && /\p{L}{3}/u.test(text));
  if (new Set(long).size < long.length) reasons.push("same");
  if (row.notes.length) reasons.push("note");
  if (shape.some((count) => count > 1)) reasons.push("merged");
  known.set(row, reasons);
  return reasons;
}

/** Why a row deserves a look. @param {Row} row @param {Lengths} lengths @param {number} limit @returns {Reason[]} */
export function reasonsOf(row, lengths, limit) {
  const lasting = lastingReasons(row, lengths);
  return row.confidence < limit ? ["low", ...lasting] : lasting;
}

/** Whether anybody should look: there is a reason that is more than a shape, and nobody has decided yet. @param {Row} row @param {Reason[]} reasons */
export function isDoubtful(row, reasons) {
  return row.verdict === "open" && reasons.some((reason) => reason !== "merged");
}

/** How doubtful a row is; the greater, the sooner it should be seen. @param {Row} row @param {Reason[]} reasons */
export function doubt(row, reasons) {
  const weighty = reasons.filter((reason) => reason !== "merged" && reason !== "low").length;
  return isDoubtful(row, reasons) ? 1 - row.confidence + 0.25 * weighty : -1;
}
