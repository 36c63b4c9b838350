// Words that correspond across the languages of a row: numbers, names, and whatever is written alike in two of them.

const WORD = /\p{Nd}{1,3}(?:[ \u00a0\u202f,.’']\p{Nd}{3})+(?!\p{Nd})|\p{Nd}+(?:[.,]\p{Nd}+)?|[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}][\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}\p{Nd}]*/gu;
const DIGITS = /^\p{Nd}/u;
const CAPITAL = /^\p{Lu}/u;
const STEM = 5;

/** @typedef {{start: number, end: number, key: string, isNumber: boolean}} Token places are UTF-16 units */

/** The words of a text that could correspond to others. @param {string} text @returns {Token[]} */
export function tokensOf(text) {
  return [...text.matchAll(WORD)].map((match) => {
    const isNumber = DIGITS.test(match[0]);
    const key = isNumber ? significantDigits(match[0]) : wordKey(match[0]);
    return { start: match.index, end: match.index + match[0].length, key, isNumber };
  });
}

/**
 * The digits of a number without separators and outer zeros: 1.4 billion, 14亿 and 1,4 milliard then agree, and so do
 * 20 million and 2000万, with no list of the words for magnitudes.
 * @param {string} number
 */
function significantDigits(number) {
  const digits = number.normalize("NFKC").replace(/\P{Nd}/gu, "");
  return `#${digits.replace(/^0+(?=\d)/, "").replace(/(?<=[^0])0+$/, "")}`;
}

/** @param {string} word */
function wordKey(word) {
  const plain = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return CAPITAL.test(word) ? `A${plain}` : plain;
}

/** Words of one key, or names of one stem (Organization, Organisation), belong together. @param {string} key */
function stemOf(key) {
  return key.startsWith("A") && key.length > STEM + 1 ? key.slice(0, STEM + 1) : key;
}

/**
 * For every language the words that occur in another one too; `group` numbers what belongs together, from 0.
 * @param {(string | null)[]} texts
 * @returns {{start: number, end: number, group: number}[][]}
 */
export function correspondences(texts) {
  const tokens = texts.map((text) => (text ? tokensOf(text) : []));
  /** @type {Map<string, Set<number>>} */
  const columns = new Map();
  tokens.forEach((list, column) => {
    for (const token of list) {
      const stem = stemOf(token.key);
      if (token.isNumber || token.key.length > 3) columns.set(stem, (columns.get(stem) ?? new Set()).add(column));
    }
  });
  const groups = new Map([...columns].filter(([, where]) => where.size > 1).map(([stem], number) => [stem, number]));
  return tokens.map((list) =>
    list.flatMap(({ start, end, key }) => {
      const group = groups.get(stemOf(key));
      return group === undefined ? [] : [{ start, end, group }];
    }),
  );
}

/**
 * Whether a number stands in one text and in no other. Small whole numbers are left alone: other languages write them
 * as words, and months too.
 * @param {(string | null)[]} texts
 */
export function numbersDiffer(texts) {
  const present = texts.filter((text) => text !== null);
  if (present.length < 2) return false;
  const keys = present.map((text) => new Set(tokensOf(text).filter((token) => token.isNumber).map((token) => token.key)));
  return present.some((text, index) =>
    tokensOf(text).some((token) => {
      const isSmall = Number(text.slice(token.start, token.end).normalize("NFKC")) <= 31;
      return token.isNumber && !isSmall && !keys.some((other, at) => at !== index && other.has(token.key));
    }),
  );
}
