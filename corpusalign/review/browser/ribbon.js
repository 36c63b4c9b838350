// The ribbon: the whole document from left to right, its doubtful stretches coloured, and the window's place in it.

import { byId } from "./dom.js";
import { say } from "./strings.js";

const BUCKETS = 400;

/** @param {View} view */
export function paintRibbon(view) {
  const { rows } = view.session;
  const count = Math.min(BUCKETS, rows.length) || 1;
  /** @type {string[]} */
  const stops = [];
  let last = "";
  for (let bucket = 0; bucket <= count; bucket += 1) {
    const start = Math.floor((bucket * rows.length) / count);
    const colour = bucket < count ? colourOf(view, rows.slice(start, Math.floor(((bucket + 1) * rows.length) / count))) : "";
    const place = `${((100 * bucket) / count).toFixed(2)}%`;
    if (colour === last) continue;
    if (last) stops.push(`${last} ${place}`);
    if (colour) stops.push(`${colour} ${place}`);
    last = colour;
  }
  byId("ribbon").style.backgroundImage = `linear-gradient(to right, ${stops.join(", ")})`;
}

/** The colour of the most doubtful of some rows. @param {View} view @param {Row[]} rows */
function colourOf(view, rows) {
  const worst = Math.max(...rows.map((row) => view.doubt(row)));
  if (worst >= 0.6) return "var(--worst)";
  if (worst >= 0) return "var(--doubt)";
  if (rows.some((row) => view.facts(row).reasons.includes("omission"))) return "var(--absent)";
  return rows.every((row) => row.verdict === "approved") ? "var(--agreed)" : "var(--fine)";
}

/** Show where the window is, and say it. @param {View} view @param {[number, number]} seen places in the list */
export function placeLens(view, seen) {
  const total = view.session.rows.length || 1;
  const [first, last] = seen.map((at) => view.shown[Math.min(at, view.shown.length - 1)] ?? 0);
  const lens = byId("lens");
  lens.style.left = `${(100 * Math.min(first, last)) / total}%`;
  lens.style.width = `${(100 * (Math.abs(last - first) + 1)) / total}%`;
  const ribbon = byId("ribbon");
  ribbon.setAttribute("aria-valuemax", String(total));
  ribbon.setAttribute("aria-valuenow", String(first + 1));
  ribbon.setAttribute("aria-valuetext", say("ribbonText", { first: first + 1, last: last + 1, all: total }));
}
