// What can be done, by which keys, and how. A key works where the rows have the focus, not in fields and dialogs.

import { giveOut, fileName, tmxOf, tsvOf } from "./export.js";
import { askCut, askText, askTexts } from "./forms.js";
import { byId } from "./dom.js";
import { planDivide, planMerge, planMove, planRewrite, planSplit, planSwap } from "./plan.js";
import { isRewritten, originalText, sentencesOf } from "./rows.js";
import { editsIn } from "./session.js";
import { say } from "./strings.js";
import { toUnits } from "./text.js";

/** Every key with its action, as the help lists them. @type {Map<string, string>} */
export const KEYS = new Map(
  [...document.querySelectorAll("#helping [data-key]")].map((key) => [key.getAttribute("data-key") ?? "", key.closest("tr")?.dataset.does ?? ""]),
);
const REJECTIONS = ["alignment", "translation", "language", "boilerplate"];

/** @param {Desk} desk @returns {Record<string, () => void | Promise<void>>} */
export function makeActions(desk) {
  const { session, view } = desk;
  const row = () => session.rows[session.locate(view.chosen.id)];
  const number = () => session.locate(view.chosen.id) + 1;
  const perform = (/** @type {Edit | null} */ edit) => {
    if (edit) session.perform(edit);
    else desk.tell(say("cannot"));
    return edit !== null;
  };
  const toDoubtful = (/** @type {1 | -1} */ step) => {
    const at = view.nextDoubtful(view.chosenAt(), step);
    if (at >= 0) desk.choose(at);
    else desk.tell(say("noMoreDoubtful"));
  };
  const field = (/** @type {number} */ column) => {
    const cell = row().cells[column];
    const isNew = cell && isRewritten(cell, session.base, column);
    const original = isNew ? originalText(cell, session.base, column) : null;
    return { name: desk.names[column], tag: session.data.languages[column].tag, text: cell?.text ?? "", original };
  };
  return {
    approve() {
      const isApproved = row().verdict === "approved";
      const at = view.chosenAt();
      perform({ do: isApproved ? "reopen" : "approve", unit: view.chosen.id });
      if (!isApproved && view.chosenAt() === at) desk.choose(at + 1);
    },
    async reject() {
      const { id } = view.chosen;
      if (row().verdict === "rejected") return void perform({ do: "reopen", unit: id });
      const reason = await askText(say("rejectTitle", { number: number() }), say("reason"), "", REJECTIONS.map((key) => say(`reject.${key}`)));
      if (reason !== null) perform({ do: "reject", unit: id, reason });
    },
    async comment() {
      const { id } = view.chosen;
      const text = await askText(say("commentTitle", { number: number() }), say("act.comment"), row().comment);
      if (text !== null && text !== row().comment) perform({ do: "comment", unit: id, text });
    },
    async edit() {
      const { id, column } = view.chosen;
      const texts = await askTexts(say("editTitle", { number: number() }), desk.names.map((_, index) => field(index)), column);
      texts?.forEach((text, index) => {
        const edit = planRewrite(session, id, index, text);
        if (edit) session.perform(edit);
      });
    },
    mergeNext: () => void perform(planMerge(session, view.chosen.id)),
    mergePrevious() {
      const above = session.rows[session.locate(view.chosen.id) - 1];
      if (!above) return desk.tell(say("cannot"));
      view.chosen = { ...view.chosen, id: above.id, sentence: 0 };
      perform(planMerge(session, above.id));
    },
    split: () => void perform(planSplit(session, view.chosen.id, view.chosen.column, view.chosen.sentence)),
    async divide() {
      const { id, column, sentence } = view.chosen;
      const cell = row().cells[column];
      if (!cell?.text) return desk.tell(say("cannot"));
      const [start, end] = sentencesOf(cell)[sentence] ?? [0, 0];
      const caret = caretIn(id, column) ?? toUnits(cell.text, Math.floor((start + end) / 2));
      const offset = await askCut(say("divideTitle", { number: number() }), field(column), caret);
      if (offset !== null) perform(planDivide(session, id, column, offset));
    },
    moveUp: () => void perform(planMove(session, view.chosen.id, view.chosen.column, view.chosen.sentence, -1)),
    moveDown: () => void perform(planMove(session, view.chosen.id, view.chosen.column, view.chosen.sentence, 1)),
    swap: () => void perform(planSwap(session, view.chosen.id, view.chosen.column)),
    swapRows: () => void perform(planSwap(session, view.chosen.id, null)),
    where: () => desk.showCard(),
    undo: () => void (session.undo() || desk.tell(say("nothingToUndo"))),
    redo: () => void (session.redo() || desk.tell(say("nothingToRedo"))),
    nextDoubtful: () => toDoubtful(1),
    previousDoubtful: () => toDoubtful(-1),
    nextRow: () => desk.choose(Math.min(view.chosenAt() + 1, view.shown.length - 1)),
    previousRow: () => desk.choose(Math.max(view.chosenAt() - 1, 0)),
    nextSentence: () => desk.step(1),
    previousSentence: () => desk.step(-1),
    firstRow: () => desk.choose(0),
    lastRow: () => desk.choose(view.shown.length - 1),
    search: () => byId("search").focus(),
    help: () => byId("helping").showModal(),
    save: () => giveOut(fileName(session, ".corpusalign.json"), "application/json", session.file()),
    tmx: () => giveOut(fileName(session, ".tmx"), "application/xml", tmxOf(session)),
    tsv: () => giveOut(fileName(session, ".tsv"), "text/tab-separated-values", tsvOf(session)),
    load: () => byId("file").click(),
  };
}

/** Put the edits of a file in place of the present ones. @param {Desk} desk @param {File} file */
export async function loadFile(desk, file) {
  try {
    const edits = editsIn(await file.text());
    if (desk.session.done.length && !confirm(say("replaceEdits", { count: desk.session.done.length }))) return;
    const misfits = desk.session.load(edits);
    desk.tell(say("loaded", { count: edits.length - misfits.length, misfits: misfits.length }));
  } catch (error) {
    desk.tell(say("noEditsFile", { name: file.name, error: String(error) }));
  }
}

/** Where the reader clicked into a text, in UTF-16 units. @param {string} id @param {number} column */
function caretIn(id, column) {
  const selection = document.getSelection();
  const cell = document.querySelector(`[data-id="${CSS.escape(id)}"] [data-column="${column}"] .text`);
  if (!selection?.focusNode || !cell?.contains(selection.focusNode)) return null;
  const range = document.createRange();
  range.setStart(cell, 0);
  range.setEnd(selection.focusNode, selection.focusOffset);
  return range.toString().length || null;
}

/** The name of a key press as KEYS has it. @param {KeyboardEvent} event */
export function keyName(event) {
  const name = event.ctrlKey || event.metaKey ? `Ctrl+${event.key}` : event.altKey ? `Alt+${event.key}` : event.key;
  return event.ctrlKey && event.shiftKey && event.key === "z" ? "Ctrl+Z" : name;
}
