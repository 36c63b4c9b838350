// Offsets count code points, as Python's do; JavaScript's own count UTF-16 units.

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uff60\uffe0-\uffe6]/u;
const EITHER = /[“”‘’—…·]/;

/** How many code points a text has. @param {string} text */
export function size(text) {
  return PAIR.test(text) ? [...text].length : text.length;
}

/** The code points `[start, end)` of a text. @param {string} text @param {number} start @param {number} [end] */
export function slice(text, start, end) {
  return PAIR.test(text) ? [...text].slice(start, end).join("") : text.slice(start, end);
}

/** The code points in the first `units` UTF-16 units of a text. @param {string} text @param {number} units */
export function toOffset(text, units) {
  return size(text.slice(0, units));
}

/** The UTF-16 units in the first `offset` code points of a text. @param {string} text @param {number} offset */
export function toUnits(text, offset) {
  return slice(text, 0, offset).length;
}

/** How many code points two texts share at their beginnings. @param {string[]} one @param {string[]} other */
export function commonPrefix(one, other) {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one[count] === other[count]) count += 1;
  return count;
}

/**
 * How many code points two texts share at their ends, without those counted as prefix.
 * @param {string[]} one @param {string[]} other @param {number} prefix
 */
export function commonSuffix(one, other, prefix) {
  const most = Math.min(one.length, other.length) - prefix;
  let count = 0;
  while (count < most && one[one.length - 1 - count] === other[other.length - 1 - count]) count += 1;
  return count;
}

/**
 * What stands between two texts that become one: nothing where there is white space already, else the language's
 * joiner, else (in writing without spaces) a space where one of the neighbours belongs to writing with them.
 * @param {string} before @param {string} after @param {string} joiner
 */
export function joinerBetween(before, after, joiner) {
  const last = [...before].at(-1) ?? "";
  const first = [...after][0] ?? "";
  if (!last || !first || /\s/.test(last) || /\s/.test(first)) return "";
  const isSpaced = (/** @type {string} */ character) => !WIDE.test(character) && !EITHER.test(character);
  return joiner || (isSpaced(last) || isSpaced(first) ? " " : "");
}

/** The pattern of a search: any case, no special characters. @param {string} words */
export function searchPattern(words) {
  const wanted = words.trim();
  return wanted ? new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu") : null;
}
