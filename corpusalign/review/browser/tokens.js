// Words that correspond across the languages of a row: numbers, names, and what is written alike.

import { searchPattern, sharedEnds } from "./text.js";

const NUMBER = /\p{Nd}{1,3}(?:[ \u00a0\u202f,.’']\p{Nd}{3})+(?!\p{Nd})|\p{Nd}+(?:[.,]\p{Nd}+)?/gu;
const WORD = /[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}][\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{M}\p{Nd}]{3,}/gu;

const isCapital = (/** @type {string | null} */ word) => /^\p{Lu}/u.test(word ?? "");

/**
 * @param {string} text @param {RegExp} pattern @param {(found: string) => string} keyOf @returns {Token[]}
 */
function tokensOf(text, pattern, keyOf) {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
    key: keyOf(found),
    isName: isCapital(found),
  }));
}

/**
 * The digits of a number without separators and outer zeros: 1.4 billion, 14亿 and 1,4 milliard then agree,
 * and so do 20 million and 2000万, with no list of the words for magnitudes.
 * @param {string} number
 */
function significantDigits(number) {
  const digits = number.normalize("NFKC").replace(/\P{Nd}/gu, "");
  return `#${digits.replace(/^0+(?=\d)/, "").replace(/(?<=[^0])0+$/, "")}`;
}

/** @param {string} text */
const numbersOf = (text) => (/\p{Nd}/u.test(text) ? tokensOf(text, NUMBER, significantDigits) : []);

/** A word with accents and case aside. @param {string} word */
const plain = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Whether two names are one: London, Londres; Japan, Japon; not Internet, International.
 * @param {Token} one @param {Token} other
 */
function areSimilar(one, other) {
  if (!one.isName || !other.isName) return false;
  const [prefix] = sharedEnds(one.key, other.key);
  return prefix >= 3 && 2 * prefix >= Math.max(one.key.length, other.key.length);
}

/**
 * Where a name's form in a language stands in a text; in writing with spaces, only as whole words.
 * @param {string} text @param {(string | null)[]} name @param {number} column
 */
function occurrences(text, name, column) {
  const form = name[column] ?? "";
  const pattern = text.includes(form) ? searchPattern(form) : null;
  const tokens = pattern ? tokensOf(text, pattern, () => plain(name.find(isCapital) ?? "")) : [];
  const isInWord = (/** @type {number} */ at) => at > 0 && /^\p{L}{2}$/u.test(text.slice(at - 1, at + 1));
  return tokens.filter(({ start, end, isName }) => !isName || !(isInWord(start) || isInWord(end)));
}

/** Leaves out what overlaps with something before it. @param {Token[]} tokens */
function withoutOverlaps(tokens) {
  /** @type {Token[]} */
  const kept = [];
  for (const token of tokens) {
    if (!kept.some((other) => other.start < token.end && token.start < other.end)) kept.push(token);
  }
  return kept;
}

/**
 * For every language the words that stand in another one too, those that belong together with one `group`
 * number. `names` are those that the whole document shows to correspond, across scripts: each by language.
 * @param {(string | null)[]} texts @param {(string | null)[][]} names @returns {Mark[][]}
 */
export function correspondences(texts, names) {
  /** @type {Map<string, {first: Token, columns: Set<number>}>} */
  const groups = new Map();
  const found = texts.map((text, column) => {
    const learned = names.flatMap((name) => occurrences(text ?? "", name, column));
    const tokens = [...learned, ...numbersOf(text ?? ""), ...tokensOf(text ?? "", WORD, plain)];
    return withoutOverlaps(tokens).map((token) => {
      const likely = token.isName && !groups.has(token.key) ? [...groups.values()] : [];
      const known = groups.get(token.key) ?? likely.find(({ first }) => areSimilar(first, token));
      const group = known ?? { first: token, columns: new Set() };
      groups.set(token.key, group);
      group.columns.add(column);
      return { start: token.start, end: token.end, group };
    });
  });
  const shared = [...new Set(groups.values())].filter(({ columns }) => columns.size > 1);
  return found.map((tokens) => {
    const marks = tokens.map((token) => ({ ...token, group: shared.indexOf(token.group) }));
    return marks.filter(({ group }) => group >= 0);
  });
}

/**
 * Whether a number stands in one text and in no other. Small whole numbers are left alone: other languages
 * write them as words, and months too.
 * @param {(string | null)[]} texts
 */
export function numbersDiffer(texts) {
  const present = texts.filter((text) => text !== null);
  if (present.length < 2) return false;
  const numbers = present.map(numbersOf);
  return numbers.some((list, at) => {
    const others = new Set(numbers.toSpliced(at, 1).flatMap((other) => other.map(({ key }) => key)));
    return list.some(({ start, end, key }) => {
      const isSmall = Number(present[at].slice(start, end).normalize("NFKC")) <= 31;
      return !isSmall && !others.has(key);
    });
  });
}
