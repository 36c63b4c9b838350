// One review: the rows as they are now, the edits that made them so, undo and redo, and the browser's memory of it.

import { DoesNotApply, patchOf } from "./edits.js";
import { baseRow } from "./rows.js";

const EDITS_FORMAT = "corpusalign-edits";
const EDITS_VERSION = 1;

export class Session {
  /** @param {Data} data */
  constructor(data) {
    this.data = data;
    this.base = new Map(data.units.map((unit) => [unit.id, unit]));
    this.columnOf = new Map(data.languages.map((language, column) => [language.code, column]));
    /** @type {Row[]} */
    this.rows = data.units.map(baseRow);
    /** @type {Map<string, number>} where a row stood when it was last looked for; edits move it little */
    this.near = new Map(this.rows.map((row, index) => [row.id, index]));
    /** @type {{edit: Edit, patch: Patch}[]} */
    this.done = [];
    /** @type {Edit[]} */
    this.undone = [];
    /** @type {((change: Change) => void)[]} */
    this.listeners = [];
    this.storageKey = `corpusalign:edits:${data.key}`;
    this.saved = true;
  }

  /** Where a row stands, -1 where there is none of that id. @param {string} id */
  locate = (id) => {
    const near = this.near.get(id) ?? -1;
    if (near < 0) return -1;
    for (let distance = 0; distance <= this.rows.length; distance += 1) {
      for (const at of [near - distance, near + distance]) {
        if (this.rows[at]?.id === id) {
          this.near.set(id, at);
          return at;
        }
      }
    }
    return -1;
  };

  /** Do an edit; throws DoesNotApply. @param {Edit} edit */
  perform(edit) {
    const patch = this.#do(edit);
    this.undone = [];
    this.#tell({ kind: "edit", before: patch.before, after: patch.after, edit });
  }

  undo() {
    const step = this.done.pop();
    if (!step) return false;
    const { at, before, after } = step.patch;
    this.#replace(at, after.length, before);
    this.undone.push(step.edit);
    this.#tell({ kind: "undo", before: after, after: before, edit: step.edit });
    return true;
  }

  redo() {
    const edit = this.undone.pop();
    if (!edit) return false;
    const patch = this.#do(edit);
    this.#tell({ kind: "redo", before: patch.before, after: patch.after, edit });
    return true;
  }

  /** The edits so far. @returns {Edit[]} */
  edits() {
    return this.done.map((step) => step.edit);
  }

  /** Begin anew with these edits; returns those that do not apply. @param {Edit[]} edits */
  load(edits) {
    this.rows = this.data.units.map(baseRow);
    this.near = new Map(this.rows.map((row, index) => [row.id, index]));
    this.done = [];
    this.undone = [];
    /** @type {Edit[]} */
    const misfits = [];
    for (const edit of edits) {
      try {
        this.#do(edit);
      } catch (error) {
        if (!(error instanceof DoesNotApply)) throw error;
        misfits.push(edit);
      }
    }
    this.#tell({ kind: "load", before: [], after: [] });
    return misfits;
  }

  /** The edits file, as text. */
  file() {
    const head = { format: EDITS_FORMAT, version: EDITS_VERSION, key: this.data.key, title: this.data.title };
    const lines = this.edits().map((edit) => JSON.stringify(edit));
    return `${JSON.stringify(head).slice(0, -1)},\n"edits": [\n${lines.join(",\n")}\n]}\n`;
  }

  /** What the browser remembers of this review. @returns {Edit[] | null} */
  remembered() {
    try {
      const text = localStorage.getItem(this.storageKey);
      return text === null ? null : editsIn(text);
    } catch {
      return null;
    }
  }

  /** @param {Edit} edit */
  #do(edit) {
    const patch = patchOf(this, edit);
    this.#replace(patch.at, patch.before.length, patch.after);
    this.done.push({ edit, patch });
    return patch;
  }

  /** @param {number} at @param {number} count @param {Row[]} rows */
  #replace(at, count, rows) {
    this.rows.splice(at, count, ...rows);
    rows.forEach((row, index) => this.near.set(row.id, at + index));
  }

  /** @param {Change} change */
  #tell(change) {
    try {
      localStorage.setItem(this.storageKey, this.file());
      this.saved = true;
    } catch {
      this.saved = false;
    }
    for (const listener of this.listeners) listener(change);
  }
}

/** The edits of an edits file; throws SyntaxError or TypeError for anything else. @param {string} text @returns {Edit[]} */
export function editsIn(text) {
  const record = JSON.parse(text);
  if (record?.format !== EDITS_FORMAT || record.version !== EDITS_VERSION || !Array.isArray(record.edits)) {
    throw new TypeError("no edits file");
  }
  return record.edits;
}
