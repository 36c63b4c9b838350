// What the page gives out: TMX 1.4, a table with tabs, the edits. The units are those that `corpusalign apply` makes.

import { unitOf } from "./rows.js";

// The production Char of XML 1.0.
const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

// What corpusalign/formats/lines.py takes for the end of a line, and the tab.
const BREAKS = new Set(["\r\n", ..."\t\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029"]);

/** @param {string} text */
const xml = (text) =>
  text.replace(ILLEGAL, "").replace(/[&<>\r]/g, (special) => `&#${special.charCodeAt(0)};`);

/** @param {string} text */
const quoted = (text) => xml(text).replace(/["\t\n]/g, (special) => `&#${special.charCodeAt(0)};`);

/** @param {string} type @param {unknown} value */
const prop = (type, value) => `<prop type="${quoted(type)}">${xml(String(value))}</prop>`;

/** The units to give out: all but the rejected. @param {Session} session */
export function unitsOf(session) {
  return session.rows.filter((row) => row.verdict !== "rejected").map((row) => unitOf(row, session.base));
}

/** The translation memory: units with two languages or more. @param {Session} session */
export function tmxOf(session) {
  const { languages, pages, version, signature } = session.data;
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n',
    `<header creationtool="corpusalign" creationtoolversion="${quoted(version)}" segtype="sentence"`,
    ` o-tmf="corpusalign" adminlang="en" srclang="${quoted(languages[0]?.tag ?? "und")}" datatype="plaintext" creationdate="${now}">\n`,
    signature ? `${prop("x-signature", signature)}\n` : "",
    "</header>\n<body>\n",
  ];
  for (const unit of unitsOf(session)) {
    const columns = languages.map((_, column) => column).filter((column) => unit.variants[column] !== null);
    if (columns.length < 2) continue;
    parts.push(columns[0] === 0 ? "<tu>\n" : `<tu srclang="${quoted(languages[columns[0]].tag)}">\n`);
    if (unit.notes.length) parts.push(`<note>${xml(unit.notes.join("\n"))}</note>\n`);
    parts.push(`${prop("x-id", unit.id)}\n${prop("x-confidence", unit.confidence)}\n`);
    for (const [name, value] of Object.entries(unit.scores)) parts.push(`${prop(`x-score-${name}`, value)}\n`);
    for (const column of columns) {
      parts.push(`<tuv xml:lang="${quoted(languages[column].tag)}">`);
      const origin = unit.origins[column];
      if (origin) {
        const page = pages[origin.page];
        parts.push(prop("x-url", page.url), prop("x-sha256", page.sha256));
        for (const [place, start, end] of origin.spans) {
          const [block, path] = page.places[place];
          parts.push(prop("x-position", `${block}:${start}-${end} ${path}`));
        }
      }
      parts.push(`<seg>${xml(unit.variants[column] ?? "")}</seg></tuv>\n`);
    }
    parts.push("</tu>\n");
  }
  parts.push("</body>\n</tmx>\n");
  return parts.join("");
}

/** One unit a line, as corpusalign/formats/tsv.py writes it: a column a language, confidence, id, note. @param {Session} session */
export function tsvOf(session) {
  const flat = (/** @type {string} */ text) =>
    text.replace(/\r\n|[\t\p{Zl}\p{Zp}\p{Cc}]/gu, (found) => (BREAKS.has(found) ? " " : found)).replace(/[\ud800-\udfff]/gu, "");
  const figure = (/** @type {number} */ value) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
  const lines = unitsOf(session).map((unit) =>
    [...unit.variants.map((text) => text ?? ""), figure(unit.confidence), unit.id, unit.notes.join("\n")].map(flat).join("\t"),
  );
  const head = [...session.data.languages.map((language) => language.tag), "confidence", "id", "note"];
  return `${[head.join("\t"), ...lines].join("\n")}\n`;
}

/** Hand a file to the reader. @param {string} name @param {string} type @param {string} text */
export function giveOut(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A name for files about this page. @param {Session} session @param {string} suffix */
export function fileName(session, suffix) {
  const title = (session.data.title ?? "memory").normalize("NFC").replace(/[^\p{L}\p{Nd}]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${title.slice(0, 60) || "memory"}${suffix}`;
}
