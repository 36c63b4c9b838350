// The rows of a review: what corpusalign/review/rows.py is in Python, in the browser. Rows, cells and pieces are never
// changed; a mended row is a new object. Every piece knows the characters of the first alignment that it is made of.

import { commonPrefix, commonSuffix, size, slice } from "./text.js";

const WAS_APPROVED = "approved";
const WAS_CONFIDENT = "aligner-confidence";

/** @param {Piece[]} pieces @param {Cut[]} cuts @returns {Cell} */
export function makeCell(pieces, cuts) {
  const text = pieces.map((piece, number) => (number ? piece.join + piece.text : piece.text)).join("");
  return { pieces, text, cuts };
}

/** @param {BaseUnit} unit @returns {Row} */
export function baseRow(unit) {
  const { [WAS_APPROVED]: approved, [WAS_CONFIDENT]: confidence, ...scores } = unit.scores ?? {};
  return {
    id: unit.id,
    cells: unit.cells.map((cell) =>
      cell?.text
        ? {
            pieces: [{ text: cell.text, join: "", sources: [{ unit: unit.id, start: 0, end: size(cell.text) }] }],
            text: cell.text,
            cuts: cell.cuts ?? [],
          }
        : null,
    ),
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

/** A cell of two, `join` in between. @param {Cell | null} first @param {Cell | null} second @param {string} join */
export function joinedCells(first, second, join) {
  if (!first || !second) return first ?? second;
  const between = first.text && second.text ? join : "";
  const [head, ...rest] = second.pieces;
  const shift = size(first.text) + size(between);
  /** @type {Cut[]} */
  const cuts = [...first.cuts];
  if (first.text && second.text) cuts.push([size(first.text), shift]);
  for (const [end, start] of second.cuts) cuts.push([end + shift, start + shift]);
  return makeCell([...first.pieces, { ...head, join: between }, ...rest], cuts);
}

/**
 * The parts of a cell before and behind a cut; null for a part without pieces.
 * @param {Cell} cell @param {Cut} cut @param {Base} base @param {number} column
 * @returns {[Cell | null, Cell | null]}
 */
export function dividedCell(cell, [end, start], base, column) {
  /** @type {Piece[]} */
  const before = [];
  /** @type {Piece[]} */
  const behind = [];
  let begin = 0;
  cell.pieces.forEach((piece, number) => {
    begin += number ? size(piece.join) : 0;
    const length = size(piece.text);
    if (!length) {
      (begin <= end ? before : behind).push(piece);
      return;
    }
    if (begin < end) before.push(slicePiece(piece, 0, Math.min(length, end - begin), base, column));
    if (start < begin + length) behind.push(slicePiece(piece, Math.max(0, start - begin), length, base, column));
    begin += length;
  });
  const first = before.length ? makeCell(before, cell.cuts.filter((cut) => cut[1] < end)) : null;
  const shift = size(cell.text) - size(makeCell(behind, []).text);
  /** @type {Cut[]} */
  const rest = cell.cuts.filter((cut) => cut[0] > start).map((cut) => [cut[0] - shift, cut[1] - shift]);
  return [first, behind.length ? makeCell(behind, rest) : null];
}

/** A cell that says something else and is still made of the same sources. @param {Cell | null} cell @param {string} text */
export function rewrittenCell(cell, text) {
  const sources = (cell?.pieces ?? []).flatMap((piece) => piece.sources);
  return makeCell([{ text, join: "", sources }], cell ? keptCuts(cell, text) : []);
}

/** The cuts between sentences that lie in what a new text has in common with the old. @param {Cell} cell @param {string} text */
function keptCuts(cell, text) {
  const was = [...cell.text];
  const is = [...text];
  const prefix = commonPrefix(was, is);
  const suffix = commonSuffix(was, is, prefix);
  const shift = is.length - was.length;
  /** @type {Cut[]} */
  const kept = [];
  for (const [end, start] of cell.cuts) {
    if (start <= prefix) kept.push([end, start]);
    else if (end >= was.length - suffix) kept.push([end + shift, start + shift]);
  }
  return kept.filter(([end, start]) => end > 0 && start < is.length);
}

/** @param {Source} source @param {Base} base @param {number} column */
function sourceText(source, base, column) {
  return slice(base.get(source.unit)?.cells[column]?.text ?? "", source.start, source.end);
}

/** A cell's text before anybody rewrote it. @param {Cell} cell @param {Base} base @param {number} column */
export function originalText(cell, base, column) {
  return cell.pieces
    .flatMap((piece) => piece.sources)
    .map((source) => sourceText(source, base, column))
    .join(" ");
}

/** Whether somebody rewrote a cell. @param {Cell} cell @param {Base} base @param {number} column */
export function isRewritten(cell, base, column) {
  return cell.pieces.some(
    (piece) => piece.text !== piece.sources.map((source) => sourceText(source, base, column)).join(""),
  );
}

/** @param {Piece} piece @param {number} start @param {number} end @param {Base} base @param {number} column @returns {Piece} */
function slicePiece(piece, start, end, base, column) {
  const text = [...piece.text];
  if (start === 0 && end === text.length) return piece;
  const source = [...piece.sources.map((each) => sourceText(each, base, column)).join("")];
  const first = mappedPosition(start, text, source);
  const last = mappedPosition(end, text, source);
  /** @type {Source[]} */
  const kept = [];
  let begin = 0;
  for (const each of piece.sources) {
    const length = each.end - each.start;
    const low = Math.max(first - begin, 0);
    const high = Math.min(last - begin, length);
    if (low < high) kept.push({ unit: each.unit, start: each.start + low, end: each.start + high });
    begin += length;
  }
  return { text: text.slice(start, end).join(""), join: piece.join, sources: kept };
}

/**
 * Which position of the source a position of a (perhaps rewritten) text goes back to: exact in what the two have in
 * common at their beginnings and ends, in proportion between.
 * @param {number} position @param {string[]} text @param {string[]} source
 */
function mappedPosition(position, text, source) {
  const prefix = commonPrefix(text, source);
  const suffix = commonSuffix(text, source, prefix);
  if (position <= prefix) return position;
  if (position >= text.length - suffix) return source.length - (text.length - position);
  const changedText = text.length - prefix - suffix;
  const changedSource = source.length - prefix - suffix;
  return prefix + Math.floor(((position - prefix) * changedSource) / changedText);
}

/** The sentences of a cell: where each begins and ends in its text. @param {Cell} cell @returns {[number, number][]} */
export function sentencesOf(cell) {
  const starts = [0, ...cell.cuts.map((cut) => cut[1])];
  const ends = [...cell.cuts.map((cut) => cut[0]), size(cell.text)];
  return starts.map((start, index) => [start, ends[index]]);
}

/** One sentence of a cell, as a cell. @param {Cell} cell @param {number} sentence @param {Base} base @param {number} column */
export function sentenceCell(cell, sentence, base, column) {
  const [start, end] = sentencesOf(cell)[sentence] ?? [0, size(cell.text)];
  const [before] = dividedCell(cell, [end, end], base, column);
  return (before && dividedCell(before, [start, start], base, column)[1]) ?? cell;
}

/** Sentences a language; 0 where the text is missing. @param {Row} row */
export function shapeOf(row) {
  return row.cells.map((cell) => (cell?.text ? cell.cuts.length + 1 : 0));
}

/**
 * Where characters `[start, end)` of a base unit's text stand in their page.
 * @param {BaseCell} cell @param {number} start @param {number} end @returns {[number, number, number][]}
 */
export function spansOf(cell, start, end) {
  const spans = cell.spans ?? [];
  if ((start === 0 && end === size(cell.text)) || spans.some((span) => span[3] < 0)) {
    return spans.map(([place, from, to]) => [place, from, to]);
  }
  return spans
    .map(([place, from, to, begin]) => /** @type {[number, number, number]} */ ([
      place,
      from + Math.max(start - begin, 0),
      from + Math.min(end - begin, to - from),
    ]))
    .filter(([, from, to]) => from < to);
}

/**
 * Where a cell comes from: the page of its first source, and its places there, those that touch made one.
 * @param {Cell} cell @param {Base} base @param {number} column
 * @returns {{page: number, spans: [number, number, number][]} | null}
 */
export function originOf(cell, base, column) {
  /** @type {number | null} */
  let page = null;
  /** @type {[number, number, number][]} */
  const spans = [];
  for (const source of cell.pieces.flatMap((piece) => piece.sources)) {
    const from = base.get(source.unit)?.cells[column];
    if (!from || from.in === undefined) continue;
    page ??= from.in;
    if (from.in === page) spans.push(...spansOf(from, source.start, source.end));
  }
  return page === null ? null : { page, spans: coalescedSpans(spans) };
}

/** @param {[number, number, number][]} spans */
function coalescedSpans(spans) {
  /** @type {[number, number, number][]} */
  const joined = [];
  for (const [place, start, end] of spans) {
    const last = joined.at(-1);
    if (last && last[0] === place && start - last[2] >= 0 && start - last[2] <= 1) last[2] = end;
    else joined.push([place, start, end]);
  }
  return joined;
}

/**
 * The translation unit that a row stands for, as Python's `unit_of` makes it; the variants are parallel to the languages.
 * @param {Row} row @param {Base} base
 */
export function unitOf(row, base) {
  const before = base.get(row.id);
  const wasApproved = before?.scores?.[WAS_APPROVED] === 1;
  const sameVerdict = row.verdict === (wasApproved ? "approved" : "open");
  const asBefore = before !== undefined && !row.mended && !row.comment && sameVerdict;
  if (asBefore) {
    return {
      id: row.id,
      confidence: before.confidence,
      scores: before.scores ?? {},
      notes: before.note === undefined ? [] : [before.note],
      variants: before.cells.map((cell) => cell?.text ?? null),
      origins: before.cells.map((cell) =>
        cell?.in === undefined ? null : { page: cell.in, spans: spansOf(cell, 0, size(cell.text)) },
      ),
    };
  }
  const isApproved = row.verdict === "approved";
  /** @type {Record<string, number>} */
  const scores = { ...row.scores };
  if (isApproved) Object.assign(scores, { [WAS_CONFIDENT]: row.confidence, [WAS_APPROVED]: 1 });
  if (row.mended) scores.mended = 1;
  return {
    id: row.id,
    confidence: isApproved ? 1 : row.confidence,
    scores,
    notes: row.comment ? [...row.notes, row.comment] : row.notes,
    variants: row.cells.map((cell) => cell?.text || null),
    origins: row.cells.map((cell, column) => (cell?.text ? originOf(cell, base, column) : null)),
  };
}
