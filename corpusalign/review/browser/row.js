// One row as elements: its figures, and its sentences with hits, corresponding words and verdict shown.

import { byId, make, place } from "./dom.js";
import { isRewritten, originalText, originOf, sentenceCell, sentencesOf, shapeOf } from "./rows.js";
import { reasonName, say } from "./strings.js";
import { toUnits } from "./text.js";
import { correspondences } from "./tokens.js";

/** @param {Session} session @param {Row} row @param {Look} look */
export function rowElement(session, row, look) {
  const shape = shapeOf(row);
  const element = byId("row").content.firstElementChild.cloneNode(true);
  const part = (/** @type {string} */ name) => element.querySelector(`.${name}`);
  element.classList.add(row.verdict);
  element.classList.toggle("omission", shape.includes(0));
  element.classList.toggle("mended", row.mended);
  element.classList.toggle("context", look.isContext);
  element.setAttribute("data-id", row.id);
  element.setAttribute("aria-rowindex", String(look.number + 1));
  // Red 25, amber 80, green 150: the hue goes with the confidence, the number beside it says it exactly.
  element.style.setProperty("--hue", String(Math.round(25 + 125 * row.confidence ** 2)));
  part("number").textContent = String(look.number);
  part("confidence").textContent = row.confidence.toFixed(2);
  part("shape").textContent = shape.join("–");
  part("tick").setAttribute("aria-pressed", String(row.verdict === "approved"));
  const tag = (words = "", kind = "") => part("reasons").append(make("li", { class: kind }, words));
  for (const reason of look.reasons) if (reason !== "merged") tag(reasonName(reason));
  if (row.verdict === "rejected") tag(say("rejected"), "bad");
  if (row.mended) tag(say("mended"), "good");
  const marks = correspondences(row.cells.map((cell) => cell?.text ?? null), session.data.names);
  element.append(...row.cells.map((_, column) => cellElement(session, row, column, look, marks[column])));
  const remarks = row.notes.map((note) => `ⓘ ${note}`);
  if (row.comment) remarks.unshift(`☰ ${row.comment}`);
  if (row.reason) remarks.unshift(`✕ ${row.reason}`);
  if (remarks.length) element.append(make("p", { class: "remarks", dir: "auto" }, remarks.join("\n")));
  return element;
}

/**
 * @param {Session} session @param {Row} row @param {number} column @param {Look} look @param {Mark[]} marks
 */
function cellElement(session, row, column, look, marks) {
  const cell = row.cells[column];
  const name = look.names[column];
  const text = make("p", { class: "text" });
  const tag = make("span", { class: "tag" }, name);
  const element = make("div", { role: "gridcell", class: "cell", "data-column": String(column) }, tag, text);
  const addSentence = (/** @type {number} */ number, /** @type {(Node | string)[]} */ parts) =>
    text.append(make("span", { class: "sentence", tabindex: "-1", "data-sentence": `${number}` }, ...parts));
  if (!cell?.text) {
    addSentence(0, [make("span", { class: "missing" }, say("missing", { name }))]);
    return element;
  }
  text.lang = session.data.languages[column].tag;
  text.dir = "auto";
  element.classList.toggle("heading", Boolean(row.was?.cells[column]?.heading));
  element.classList.toggle("rewritten", isRewritten(cell));
  const pattern = (look.searched ?? column) === column ? look.pattern : null;
  const hits = pattern ? [...cell.text.matchAll(pattern)] : [];
  const layers = [
    ...marks.map(({ start, end, group }) => ({ start, end, class: `same same-${group % 6}` })),
    ...hits.map((hit) => ({ start: hit.index, end: hit.index + hit[0].length, class: "hit" })),
  ];
  let last = 0;
  sentencesOf(cell).forEach((offsets, number) => {
    const [start, end] = offsets.map((offset) => toUnits(cell.text, offset));
    text.append(cell.text.slice(last, start));
    addSentence(number, markedText(cell.text, start, end, layers));
    last = end;
  });
  return element;
}

/**
 * A stretch of text with its layers marked; where layers overlap, the marks nest.
 * @param {string} text @param {number} from @param {number} to @param {Layer[]} layers
 */
function markedText(text, from, to, layers) {
  const within = layers.filter((layer) => layer.start < to && layer.end > from);
  const borders = within.flatMap((layer) => [Math.max(layer.start, from), Math.min(layer.end, to)]);
  const places = [...new Set([from, ...borders, to])].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => {
    const around = within.filter((layer) => layer.start <= places[index] && layer.end >= end);
    return around.reduce(
      (piece, layer) => make(layer.class === "hit" ? "mark" : "span", { class: layer.class }, piece),
      /** @type {Node | string} */ (text.slice(places[index], end)),
    );
  });
}

/**
 * Where a sentence comes from, as the card beside it says it.
 * @param {Session} session @param {Row} row @param {Place} place @param {string} name
 */
export function whereabouts({ data }, row, { column, sentence }, name) {
  const cell = row.cells[column];
  if (!cell?.text) return [make("p", {}, say("missing", { name }))];
  const origin = originOf(sentenceCell(cell, sentence));
  const page = origin && data.pages[origin.page];
  const lines = page ? [make("p", { dir: "auto" }, place(page.url, page.title || page.url))] : [];
  if (page?.title) lines.push(make("p", { class: "soft" }, page.url));
  if (!page) lines.push(make("p", {}, say("nowhere")));
  for (const [where, start, end] of origin?.spans ?? []) {
    const [block, path] = page?.places[where] ?? [0, ""];
    lines.push(make("p", {}, say("span", { block: block + 1, start, end }), make("code", {}, path)));
  }
  if (isRewritten(cell)) {
    const original = make("p", { dir: "auto", lang: data.languages[column].tag }, originalText(cell));
    lines.push(make("p", { class: "soft" }, say("original")), original);
  }
  const figures = Object.entries(row.scores).map(([score, value]) => `${score} ${value}`);
  lines.push(make("p", { class: "soft" }, [`${say("unit")} ${row.id}`, ...figures].join(" · ")));
  return lines;
}
