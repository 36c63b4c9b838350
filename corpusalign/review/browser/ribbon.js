// The ribbon: the whole document from left to right, its doubtful stretches coloured, the window in it.

import { byId } from "./dom.js";
import { say } from "./strings.js";

const BUCKETS = 400;

/** @param {View} view */
export function paintRibbon(view) {
  const { rows } = view.session;
  const count = Math.min(BUCKETS, rows.length) || 1;
  const border = (/** @type {number} */ bucket) => Math.floor((bucket * rows.length) / count);
  const stops = Array.from({ length: count }, (_, bucket) => {
    const [from, to] = [bucket, bucket + 1].map((each) => `${((100 * each) / count).toFixed(2)}%`);
    return `${colourOf(view, rows.slice(border(bucket), border(bucket + 1)))} ${from} ${to}`;
  });
  byId("ribbon").style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
}

/** The colour of the most doubtful of some rows. @param {View} view @param {Row[]} rows */
function colourOf(view, rows) {
  const worst = Math.max(...rows.map((row) => view.doubt(row)));
  if (worst >= 0) return worst < 0.6 ? "var(--doubt)" : "var(--worst)";
  if (rows.some((row) => view.facts(row).reasons.includes("omission"))) return "var(--absent)";
  return rows.every((row) => row.verdict === "approved") ? "var(--agreed)" : "var(--fine)";
}

/**
 * Show where the window is, and say it.
 * @param {View} view @param {[number, number]} seen places in the list
 */
export function placeLens(view, seen) {
  const all = view.session.rows.length || 1;
  const [first, last] = seen.map((at) => view.shown[Math.min(at, view.shown.length - 1)] ?? 0);
  const { style } = byId("lens");
  style.left = `${(100 * Math.min(first, last)) / all}%`;
  style.width = `${(100 * (Math.abs(last - first) + 1)) / all}%`;
  const said = say("ribbonText", { first: first + 1, last: last + 1, all });
  const values = { "aria-valuemax": all, "aria-valuenow": first + 1, "aria-valuetext": said };
  for (const [name, value] of Object.entries(values)) byId("ribbon").setAttribute(name, String(value));
}
