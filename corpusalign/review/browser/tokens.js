// Words that correspond across the languages of a row: numbers, names, and whatever is written alike in two of them.

const NUMBER = /\p{Nd}{1,3}(?:[ \u00a0\u202f,.’']\p{Nd}{3})+(?!\p{Nd})|\p{Nd}+(?:[.,]\p{Nd}+)?/gu;
const WORD = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}][\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{M}\p{Nd}]*/gu;
const CAPITAL = /^\p{Lu}/u;
const STEM = 5;

/** What of a text matches a pattern, each with its key. @param {string} text @param {RegExp} pattern @param {(found: string) => string} keyOf @returns {Token[]} */
function tokensOf(text, pattern, keyOf) {
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    key: keyOf(match[0]),
  }));
}

/** @param {string} text */
const numbersOf = (text) => (/\p{Nd}/u.test(text) ? tokensOf(text, NUMBER, significantDigits) : []);

/**
 * The digits of a number without separators and outer zeros: 1.4 billion, 14亿 and 1,4 milliard then agree, and so do
 * 20 million and 2000万, with no list of the words for magnitudes.
 * @param {string} number
 */
function significantDigits(number) {
  const digits = number.normalize("NFKC").replace(/\P{Nd}/gu, "");
  return `#${digits.replace(/^0+(?=\d)/, "").replace(/(?<=[^0])0+$/, "")}`;
}

/** Accents and case aside; of names, set apart by a capital, the stem (Organization, Organisation). @param {string} word */
function wordKey(word) {
  const plain = word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return CAPITAL.test(word) ? `A${plain.slice(0, STEM)}` : plain;
}

/**
 * For every language the words that occur in another one too; `group` numbers what belongs together, from 0.
 * @param {(string | null)[]} texts @returns {Mark[][]}
 */
export function correspondences(texts) {
  const tokens = texts.map((text) =>
    text ? [...numbersOf(text), ...tokensOf(text, WORD, wordKey).filter(({ key }) => key.length > 3)] : [],
  );
  const columns = tokens.map((list) => new Set(list.map(({ key }) => key)));
  const keys = new Set(columns.flatMap((set) => [...set]));
  const shared = [...keys].filter((key) => columns.filter((set) => set.has(key)).length > 1);
  const groups = new Map(shared.map((key, number) => [key, number]));
  return tokens.map((list) =>
    list.flatMap(({ start, end, key }) => {
      const group = groups.get(key);
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
  const numbers = present.map(numbersOf);
  if (present.length < 2 || numbers.every((list) => !list.length)) return false;
  return numbers.some((list, index) =>
    list.some(({ start, end, key }) => {
      const isSmall = Number(present[index].slice(start, end).normalize("NFKC")) <= 31;
      return !isSmall && !numbers.some((other, at) => at !== index && other.some((token) => token.key === key));
    }),
  );
}
