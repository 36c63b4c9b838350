// What the page gives out: TMX 1.4, a table with tabs. The units are those that `corpusalign apply` makes.

import { unitOf } from "./rows.js";

// The production Char of XML 1.0.
const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

// What corpusalign/formats/lines.py takes for the end of a line, and the tab.
const BREAKS = new Set(["\r\n", ..."\t\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029"]);

const reference = (/** @type {string} */ special) => `&#${special.charCodeAt(0)};`;

/** @param {string} text */
const xml = (text) => text.replace(ILLEGAL, "").replace(/[&<>\r]/g, reference);

/** @param {string} text */
const quoted = (text) => xml(text).replace(/["\t\n]/g, reference);

/** @param {string} type @param {unknown} value */
const prop = (type, value) => `<prop type="${quoted(type)}">${xml(String(value))}</prop>`;

/** The units to give out: all but the rejected. @param {Session} session */
function unitsOf(session) {
  return session.rows.filter((row) => row.verdict !== "rejected").map(unitOf);
}

/** The translation memory: units with two languages or more. @param {Session} session */
export function tmxOf(session) {
  const { languages, pages, version, signature } = session.data;
  const tags = languages.map(({ tag }) => quoted(tag));
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">',
    `<header creationtool="corpusalign" creationtoolversion="${quoted(version)}" segtype="sentence"`,
    ` o-tmf="corpusalign" adminlang="en" srclang="${tags[0] ?? "und"}" datatype="plaintext"`,
    ` creationdate="${now}">`,
    signature ? `${prop("x-signature", signature)}\n</header>\n<body>` : "</header>\n<body>",
  ];
  for (const unit of unitsOf(session)) {
    const columns = [...languages.keys()].filter((column) => unit.variants[column] !== null);
    if (columns.length < 2) continue;
    lines.push(columns[0] === 0 ? "<tu>" : `<tu srclang="${tags[columns[0]]}">`);
    if (unit.notes.length) lines.push(`<note>${xml(unit.notes.join("\n"))}</note>`);
    lines.push(prop("x-id", unit.id), prop("x-confidence", unit.confidence));
    for (const [name, value] of Object.entries(unit.scores)) lines.push(prop(`x-score-${name}`, value));
    for (const column of columns) {
      const origin = unit.origins[column];
      const page = origin && pages[origin.page];
      const props = page ? [prop("x-url", page.url), prop("x-sha256", page.sha256)] : [];
      for (const [place, start, end] of origin?.spans ?? []) {
        const [block, path] = page?.places[place] ?? [];
        props.push(prop("x-position", `${block}:${start}-${end} ${path}`));
      }
      const segment = xml(unit.variants[column] ?? "");
      lines.push(`<tuv xml:lang="${tags[column]}">${props.join("")}<seg>${segment}</seg></tuv>`);
    }
    lines.push("</tu>");
  }
  return [...lines, "</body>\n</tmx>\n"].join("\n");
}

/** @param {string} text */
function flat(text) {
  const spaced = text.replace(/\r\n|[\t\p{Zl}\p{Zp}\p{Cc}]/gu, (found) => (BREAKS.has(found) ? " " : found));
  return spaced.replace(/[\ud800-\udfff]/gu, "");
}

/**
 * One unit a line, as corpusalign/formats/tsv.py writes it: a column a language, confidence, id, note.
 * @param {Session} session
 */
export function tsvOf(session) {
  const head = [...session.data.languages.map((language) => language.tag), "confidence", "id", "note"];
  const lines = unitsOf(session).map(({ variants, confidence, id, notes }) => {
    const figure = Number.isInteger(confidence) ? confidence.toFixed(1) : String(confidence);
    return [...variants.map((text) => text ?? ""), figure, id, notes.join("\n")].map(flat).join("\t");
  });
  return `${[head.join("\t"), ...lines].join("\n")}\n`;
}

/**
 * Hand a file to the reader, named after the page.
 * @param {Session} session @param {string} suffix @param {string} type @param {string} text
 */
export function giveOut({ data }, suffix, type, text) {
  const title = (data.title ?? "").normalize("NFC").replace(/[^\p{L}\p{Nd}]+/gu, "-").slice(0, 60);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `${title.replace(/^-+|-+$/g, "") || "memory"}${suffix}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
