// Offsets count code points, as Python's do; JavaScript's own count UTF-16 units.

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;
const WIDE =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Bopo}\u3000-\u303f\uff00-\uff60\uffe0-\uffe6]/u;
const EITHER = /[“”‘’—…·]/;

/** How many code points a text has. @param {string} text */
export const size = (text) => (PAIR.test(text) ? [...text].length : text.length);

/**
 * The code points `[start, end)` of a text.
 * @param {string} text @param {number} start @param {number} [end]
 */
export function slice(text, start, end) {
  return PAIR.test(text) ? [...text].slice(start, end).join("") : text.slice(start, end);
}

/** The code points in the first `units` UTF-16 units of a text. @param {string} text @param {number} units */
export const toOffset = (text, units) => size(text.slice(0, units));

/**
 * The UTF-16 units in the first `offset` code points of a text.
 * @param {string} text @param {number} offset
 */
export const toUnits = (text, offset) => slice(text, 0, offset).length;

/**
 * How many items two sequences share at their beginnings, and at their ends without those.
 * @param {ArrayLike<string>} one @param {ArrayLike<string>} other @returns {[number, number]}
 */
export function sharedEnds(one, other) {
  const most = Math.min(one.length, other.length);
  let [prefix, suffix] = [0, 0];
  while (prefix < most && one[prefix] === other[prefix]) prefix += 1;
  const fromEnd = (/** @type {ArrayLike<string>} */ items) => items[items.length - 1 - suffix];
  while (suffix < most - prefix && fromEnd(one) === fromEnd(other)) suffix += 1;
  return [prefix, suffix];
}

/**
 * What stands between two texts that become one: nothing where there is white space already, else the
 * language's joiner, else (in writing without spaces) a space where one of the neighbours belongs to writing
 * with them.
 * @param {string} before @param {string} after @param {string} joiner
 */
export function joinerBetween(before, after, joiner) {
  const last = [...before].at(-1) ?? "";
  const first = [...after][0] ?? "";
  if (!last || !first || /\s/.test(last) || /\s/.test(first)) return "";
  return joiner || ([last, first].some((each) => !WIDE.test(each) && !EITHER.test(each)) ? " " : "");
}

/** The pattern of a search: any case, no special characters. @param {string} words */
export function searchPattern(words) {
  const wanted = words.trim();
  return wanted ? new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu") : null;
}
