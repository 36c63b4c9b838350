// One review: the rows as they are now, the edits that made them so, undo and redo, what the browser keeps.

import { DoesNotApply, patchOf } from "./edits.js";
import { baseRow } from "./rows.js";
import { keep, recall } from "./storage.js";

const EDITS_FORMAT = "corpusalign-edits";
const EDITS_VERSION = 1;

export class Session {
  /** @param {Data} data */
  constructor(data) {
    this.data = data;
    this.base = new Map(data.units.map((unit) => [unit.id, unit]));
    this.columnOf = new Map(data.languages.map((language, column) => [language.code, column]));
    /** @type {((change: Change) => void)[]} */
    this.listeners = [];
    this.storageKey = `corpusalign:edits:${data.key}`;
    this.saved = true;
    /** @type {{edit: Edit, patch: Patch}[]} */
    this.done = [];
    /** @type {Edit[]} */
    this.undone = [];
    this.rows = data.units.map(baseRow);
    /** where a row stood when it was last looked for; edits move it little */
    this.near = new Map(this.rows.map((row, index) => [row.id, index]));
  }

  /** Where a row stands, -1 where there is none of that id. @param {string} id */
  locate = (id) => {
    const near = this.near.get(id) ?? Infinity;
    for (let distance = 0; distance <= this.rows.length && near < Infinity; distance += 1) {
      const at = [near - distance, near + distance].find((each) => this.rows[each]?.id === id);
      if (at !== undefined) {
        this.near.set(id, at);
        return at;
      }
    }
    return -1;
  };

  /** Do an edit; throws DoesNotApply. @param {Edit} edit */
  perform(edit) {
    const { after } = this.#do(edit);
    this.undone = [];
    this.#tell({ kind: "edit", after, edit });
  }

  /** Answers whether there was anything to undo. */
  undo() {
    const step = this.done.pop();
    if (!step) return false;
    const { at, before, after } = step.patch;
    this.#replace(at, after.length, before);
    this.undone.push(step.edit);
    this.#tell({ kind: "undo", after: before, edit: step.edit });
    return true;
  }

  /** Answers whether there was anything to redo. */
  redo() {
    const edit = this.undone.pop();
    if (!edit) return false;
    const { after } = this.#do(edit);
    this.#tell({ kind: "redo", after, edit });
    return true;
  }

  /** The edits so far. */
  edits() {
    return this.done.map((step) => step.edit);
  }

  /** Begin anew with these edits; returns those that do not apply. @param {Edit[]} edits */
  load(edits) {
    this.done = [];
    this.undone = [];
    this.rows = this.data.units.map(baseRow);
    this.near = new Map(this.rows.map((row, index) => [row.id, index]));
    const misfits = edits.filter((edit) => {
      try {
        return !this.#do(edit);
      } catch (error) {
        if (error instanceof DoesNotApply) return true;
        throw error;
      }
    });
    this.#tell({ kind: "load", after: [] });
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
      return editsIn(recall(this.storageKey) ?? "");
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
    this.saved = keep(this.storageKey, this.file());
    for (const listener of this.listeners) listener(change);
  }
}

/**
 * The edits of an edits file; throws SyntaxError or TypeError for anything else.
 * @param {string} text @returns {Edit[]}
 */
export function editsIn(text) {
  const record = JSON.parse(text);
  if (record?.format !== EDITS_FORMAT || record.version !== EDITS_VERSION || !Array.isArray(record.edits)) {
    throw new TypeError("no edits file");
  }
  return record.edits;
}
