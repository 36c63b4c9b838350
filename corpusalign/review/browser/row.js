// One row as elements: its figures, and its sentences with hits, corresponding words and verdict shown.

import { make, place } from "./dom.js";
import { isRewritten, originalText, originOf, sentenceCell, sentencesOf, shapeOf } from "./rows.js";
import { reasonName, say } from "./strings.js";
import { toUnits } from "./text.js";
import { correspondences } from "./tokens.js";

/** @param {Session} session @param {Row} row @param {Look} look */
export function rowElement(session, row, look) {
  const isOmission = shapeOf(row).includes(0);
  const classes = ["row", row.verdict, isOmission && "omission", row.mended && "mended", look.isContext && "context"];
  const element = make("div", { role: "row", class: classes.filter(Boolean).join(" "), "data-id": row.id });
  element.setAttribute("aria-rowindex", String(look.number + 1));
  // Red 25, amber 80, green 150: the hue goes with the confidence, the number beside it says it exactly.
  element.style.setProperty("--hue", String(Math.round(25 + 125 * row.confidence ** 2)));
  const isApproved = row.verdict === "approved";
  const figures = make(
    "div",
    { role: "rowheader", class: "figures" },
    make("span", { class: "number" }, String(look.number)),
    make("span", { class: "confidence", title: say("confidence") }, row.confidence.toFixed(2)),
    make("button", { type: "button", class: "tick", "data-tick": "", tabindex: "-1", "aria-pressed": String(isApproved), "aria-label": say("approve"), title: say("approve") }, "✓"),
    make("span", { class: "shape", title: say("shapeTitle") }, shapeOf(row).join("–")),
  );
  const tags = look.reasons.filter((reason) => reason !== "merged").map((reason) => make("li", {}, reasonName(reason)));
  if (row.verdict === "rejected") tags.push(make("li", { class: "bad" }, say("rejected")));
  if (row.mended) tags.push(make("li", { class: "good" }, say("mended")));
  if (tags.length) figures.append(make("ul", { class: "reasons" }, ...tags));
  element.append(figures);
  const marks = correspondences(row.cells.map((cell) => cell?.text ?? null));
  row.cells.forEach((_, column) => element.append(cellElement(session, row, column, look, marks[column])));
  const remarks = [row.reason && `✕ ${row.reason}`, row.comment && `☰ ${row.comment}`, ...row.notes.map((note) => `ⓘ ${note}`)];
  const shown = remarks.filter(Boolean).join("\n");
  if (shown) element.append(make("p", { class: "remarks", dir: "auto" }, shown));
  return element;
}

/** @param {Session} session @param {Row} row @param {number} column @param {Look} look @param {{start: number, end: number, group: number}[]} marks */
function cellElement(session, row, column, look, marks) {
  const { tag } = session.data.languages[column];
  const cell = row.cells[column];
  const name = look.names[column];
  const element = make("div", { role: "gridcell", class: "cell", "data-column": String(column) }, make("span", { class: "tag" }, name));
  if (!cell?.text) {
    element.append(make("p", { class: "text" }, make("span", { class: "sentence missing", "data-sentence": "0", tabindex: "-1" }, say("missing", { name }))));
    return element;
  }
  if (session.base.get(row.id)?.cells[column]?.heading) element.classList.add("heading");
  if (isRewritten(cell, session.base, column)) element.classList.add("rewritten");
  /** @type {Layer[]} */
  const layers = marks.map(({ start, end, group }) => ({ start, end, class: `same same-${group % 6}` }));
  if (look.pattern && (look.searched === null || look.searched === column)) {
    for (const hit of cell.text.matchAll(look.pattern)) layers.push({ start: hit.index, end: hit.index + hit[0].length, class: "hit" });
  }
  const text = make("p", { class: "text", lang: tag, dir: "auto" });
  let last = 0;
  sentencesOf(cell).forEach(([from, to], number) => {
    const [start, end] = [toUnits(cell.text, from), toUnits(cell.text, to)];
    const sentence = make("span", { class: "sentence", "data-sentence": String(number), tabindex: "-1" });
    sentence.append(...markedText(cell.text, start, end, layers));
    text.append(cell.text.slice(last, start), sentence);
    last = end;
  });
  element.append(text);
  return element;
}

/** A stretch of text with its layers marked; where layers overlap, the marks nest. @param {string} text @param {number} from @param {number} to @param {Layer[]} layers */
function markedText(text, from, to, layers) {
  const within = layers.filter((layer) => layer.start < to && layer.end > from);
  const borders = within.flatMap((layer) => [Math.max(layer.start, from), Math.min(layer.end, to)]);
  const places = [...new Set([from, ...borders, to])].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => {
    const start = places[index];
    /** @type {Node | string} */
    let piece = text.slice(start, end);
    for (const layer of within) {
      if (layer.start <= start && layer.end >= end) piece = make(layer.class === "hit" ? "mark" : "span", { class: layer.class }, piece);
    }
    return piece;
  });
}

/** Where a sentence comes from, as the card beside it says it. @param {Session} session @param {Row} row @param {number} column @param {number} sentence @param {string} name */
export function whereabouts(session, row, column, sentence, name) {
  const cell = row.cells[column];
  if (!cell?.text) return [make("p", {}, say("missing", { name }))];
  const lines = [];
  const origin = originOf(sentenceCell(cell, sentence, session.base, column), session.base, column);
  if (origin) {
    const page = session.data.pages[origin.page];
    lines.push(make("p", { dir: "auto" }, place(page.url, page.title || page.url)));
    if (page.title) lines.push(make("p", { class: "soft" }, page.url));
    for (const [where, start, end] of origin.spans) {
      const [block, path] = page.places[where];
      lines.push(make("p", {}, say("span", { block: block + 1, start, end }), make("code", {}, path)));
    }
  } else lines.push(make("p", {}, say("nowhere")));
  if (isRewritten(cell, session.base, column)) {
    lines.push(make("p", { class: "soft" }, say("original")), make("p", { dir: "auto", lang: session.data.languages[column].tag }, originalText(cell, session.base, column)));
  }
  const figures = Object.entries(row.scores).map(([score, value]) => `${score} ${value}`);
  lines.push(make("p", { class: "soft" }, [`${say("unit")} ${row.id}`, ...figures].join(" · ")));
  return lines;
}
