// The rows of a review: what corpusalign/review/rows.py is in Python, in the browser. Rows, cells and pieces
// are never changed; a mended row is a new object. Every piece knows what of the first alignment it is made
// of.

import { sharedEnds, size, slice } from "./text.js";

const WAS_APPROVED = "approved";
const WAS_CONFIDENT = "aligner-confidence";

/** @param {Piece[]} pieces @param {Cut[]} cuts @returns {Cell} */
function makeCell(pieces, cuts) {
  const text = pieces.map((piece, number) => (number ? piece.join + piece.text : piece.text)).join("");
  return { pieces, text, cuts };
}

/** @param {BaseCell} from @returns {Cell} */
function baseCell(from) {
  const sources = [{ from, start: 0, end: size(from.text) }];
  return makeCell([{ text: from.text, join: "", sources }], from.cuts ?? []);
}

/** @param {BaseUnit} unit @returns {Row} */
export function baseRow(unit) {
  const { [WAS_APPROVED]: approved, [WAS_CONFIDENT]: confidence, ...scores } = unit.scores ?? {};
  return {
    id: unit.id,
    was: unit,
    cells: unit.cells.map((cell) => (cell?.text ? baseCell(cell) : null)),
    confidence: confidence ?? unit.confidence,
    scores,
    notes: unit.note === undefined ? [] : [unit.note],
    flags: unit.flags ?? [],
    verdict: approved === 1 ? "approved" : "open",
    reason: "",
    comment: "",
    mended: false,
  };
}

/** @param {Cut[]} cuts @param {number} by @returns {Cut[]} */
const shifted = (cuts, by) => cuts.map(([end, start]) => [end + by, start + by]);

/**
 * A cell of two, `join` in between.
 * @param {Cell | null} first @param {Cell | null} second @param {string} join
 */
export function joinedCells(first, second, join) {
  if (!first || !second) return first ?? second;
  const areTexts = first.text && second.text;
  const [head, ...rest] = second.pieces;
  const end = size(first.text);
  const start = end + (areTexts ? size(join) : 0);
  /** @type {Cut[]} */
  const border = areTexts ? [[end, start]] : [];
  const pieces = [...first.pieces, { ...head, join: areTexts ? join : "" }, ...rest];
  return makeCell(pieces, [...first.cuts, ...border, ...shifted(second.cuts, start)]);
}

/**
 * The parts of a cell before and behind a cut; null for a part without pieces.
 * @param {Cell} cell @param {Cut} cut @returns {[Cell | null, Cell | null]}
 */
export function dividedCell(cell, [end, start]) {
  /** @type {[Piece[], Piece[]]} */
  const [before, behind] = [[], []];
  let begin = 0;
  cell.pieces.forEach((piece, number) => {
    begin += number ? size(piece.join) : 0;
    const length = size(piece.text);
    // What was emptied stays with what stands before it.
    if (!length) (begin <= end ? before : behind).push(piece);
    if (length && begin < end) before.push(slicePiece(piece, 0, Math.min(length, end - begin)));
    if (length && start < begin + length) behind.push(slicePiece(piece, Math.max(0, start - begin), length));
    begin += length;
  });
  const shift = size(makeCell(behind, []).text) - size(cell.text);
  const cutsBehind = cell.cuts.filter((cut) => cut[0] > start);
  return [
    before.length ? makeCell(before, cell.cuts.filter((cut) => cut[1] < end)) : null,
    behind.length ? makeCell(behind, shifted(cutsBehind, shift)) : null,
  ];
}

/** @param {Piece} piece @param {number} start @param {number} end @returns {Piece} */
function slicePiece(piece, start, end) {
  const text = [...piece.text];
  if (start === 0 && end === text.length) return piece;
  const original = [...piece.sources.map(sourceText).join("")];
  const [first, last] = [start, end].map((position) => mappedPosition(position, text, original));
  let begin = 0;
  const sources = piece.sources.map((source) => {
    const from = source.start - begin;
    begin += source.end - source.start;
    return { ...source, start: Math.max(source.start, from + first), end: Math.min(source.end, from + last) };
  });
  const kept = sources.filter((source) => source.start < source.end);
  return { text: text.slice(start, end).join(""), join: piece.join, sources: kept };
}

/**
 * Which position of the source a position of a (perhaps rewritten) text goes back to: exact in what the two
 * have in common at their beginnings and ends, in proportion between.
 * @param {number} position @param {string[]} text @param {string[]} source
 */
function mappedPosition(position, text, source) {
  const [prefix, suffix] = sharedEnds(text, source);
  if (position <= prefix) return position;
  if (position >= text.length - suffix) return source.length - (text.length - position);
  const [changedText, changedSource] = [text, source].map(({ length }) => length - prefix - suffix);
  return prefix + Math.floor(((position - prefix) * changedSource) / changedText);
}

/**
 * A cell that says something else and is still made of the same sources; the cuts between sentences stay
 * where the new text and the old agree.
 * @param {Cell | null} cell @param {string} text
 */
export function rewrittenCell(cell, text) {
  const sources = (cell?.pieces ?? []).flatMap((piece) => piece.sources);
  const [was, is] = [[...(cell?.text ?? "")], [...text]];
  const [prefix, suffix] = sharedEnds(was, is);
  const cuts = (cell?.cuts ?? []).flatMap((cut) => {
    if (cut[1] <= prefix) return [cut];
    return cut[0] >= was.length - suffix ? shifted([cut], is.length - was.length) : [];
  });
  return makeCell([{ text, join: "", sources }], cuts.filter(([end, start]) => end > 0 && start < is.length));
}

/** @param {Source} source */
const sourceText = ({ from, start, end }) => slice(from.text, start, end);

/** A cell's text before anybody rewrote it. @param {Cell} cell */
export function originalText(cell) {
  return cell.pieces.flatMap((piece) => piece.sources.map(sourceText)).join(" ");
}

/** Whether somebody rewrote a cell. @param {Cell} cell */
export function isRewritten(cell) {
  return cell.pieces.some((piece) => piece.text !== piece.sources.map(sourceText).join(""));
}

/**
 * The sentences of a cell: where each begins and ends in its text.
 * @param {Cell} cell @returns {[number, number][]}
 */
export function sentencesOf(cell) {
  const ends = [...cell.cuts.map((cut) => cut[0]), size(cell.text)];
  return [0, ...cell.cuts.map((cut) => cut[1])].map((start, index) => [start, ends[index]]);
}

/** One sentence of a cell, as a cell. @param {Cell} cell @param {number} sentence */
export function sentenceCell(cell, sentence) {
  const [start, end] = sentencesOf(cell)[sentence] ?? [0, size(cell.text)];
  const [before] = dividedCell(cell, [end, end]);
  return (before && dividedCell(before, [start, start])[1]) ?? cell;
}

/** Sentences a language; 0 where the text is missing. @param {Row} row */
export const shapeOf = (row) => row.cells.map((cell) => (cell?.text ? cell.cuts.length + 1 : 0));

/**
 * Where characters `[start, end)` of a base unit's text stand in their page.
 * @param {BaseCell} cell @param {number} start @param {number} end @returns {Span[]}
 */
function spansOf(cell, start, end) {
  const spans = cell.spans ?? [];
  const isWhole = (start === 0 && end === size(cell.text)) || spans.some((span) => span[3] < 0);
  /** @type {Span[]} */
  const parts = spans.map(([place, from, to, begin]) => {
    if (isWhole) return [place, from, to];
    return [place, from + Math.max(start - begin, 0), from + Math.min(end - begin, to - from)];
  });
  return isWhole ? parts : parts.filter(([, from, to]) => from < to);
}

/**
 * Where a cell comes from: the page of its first source, and its places there, those that touch made one.
 * @param {Cell} cell @returns {{page: number, spans: Span[]} | null}
 */
export function originOf(cell) {
  const sources = cell.pieces.flatMap((piece) => piece.sources);
  const page = sources.find(({ from }) => from.in !== undefined)?.from.in;
  if (page === undefined) return null;
  /** @type {Span[]} */
  const spans = [];
  for (const { from, start, end } of sources.filter((source) => source.from.in === page)) {
    for (const span of spansOf(from, start, end)) {
      const last = spans.at(-1);
      const gap = last && last[0] === span[0] ? span[1] - last[2] : -1;
      if (last && gap >= 0 && gap <= 1) last[2] = span[2];
      else spans.push(span);
    }
  }
  return { page, spans };
}

/**
 * The translation unit of a row, as Python's `unit_of` makes it; the variants are parallel to the languages.
 * @param {Row} row
 */
export function unitOf({ id, was, cells, confidence, scores, notes, verdict, comment, mended }) {
  const isApproved = verdict === "approved";
  const wasApproved = was?.scores?.[WAS_APPROVED] === 1;
  if (was && !mended && !comment && verdict === (wasApproved ? "approved" : "open")) {
    const origins = was.cells.map((cell) =>
      cell?.in === undefined ? null : { page: cell.in, spans: spansOf(cell, 0, size(cell.text)) },
    );
    const variants = was.cells.map((cell) => cell?.text ?? null);
    return { id, confidence: was.confidence, scores: was.scores ?? {}, notes, variants, origins };
  }
  return {
    id,
    confidence: isApproved ? 1 : confidence,
    scores: {
      ...scores,
      ...(isApproved && { [WAS_CONFIDENT]: confidence, [WAS_APPROVED]: 1 }),
      ...(mended && { mended: 1 }),
    },
    notes: comment ? [...notes, comment] : notes,
    variants: cells.map((cell) => cell?.text || null),
    origins: cells.map((cell) => (cell?.text ? originOf(cell) : null)),
  };
}
