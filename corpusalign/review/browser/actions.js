// What can be done, by the names that buttons and keys have for it.

import { byId } from "./dom.js";
import { giveOut, tmxOf, tsvOf } from "./export.js";
import { ask } from "./forms.js";
import { planDivide, planMerge, planMove, planRewrite, planSplit, planSwap, planSwapRows } from "./plan.js";
import { isRewritten, originalText, sentencesOf } from "./rows.js";
import { editsIn } from "./session.js";
import { say } from "./strings.js";
import { toUnits } from "./text.js";

const REJECTIONS = ["alignment", "translation", "language", "boilerplate"];

/** @param {Desk} desk @returns {Record<string, () => unknown>} */
export function makeActions(desk) {
  const { session, view } = desk;
  const row = () => session.rows[session.locate(view.chosen.id)];
  const title = (/** @type {string} */ key) => say(key, { number: session.locate(view.chosen.id) + 1 });
  const perform = (/** @type {Edit | null} */ edit) => {
    if (edit) session.perform(edit);
    else desk.tell(say("cannot"));
  };
  const toDoubtful = (/** @type {1 | -1} */ step) => {
    const at = view.nextDoubtful(view.chosenAt(), step);
    return at < 0 ? desk.tell(say("noMoreDoubtful")) : desk.choose(at);
  };
  const field = (/** @type {Cell | null} */ cell, /** @type {number} */ column) => {
    const original = cell && isRewritten(cell) ? originalText(cell) : "";
    const { tag } = session.data.languages[column];
    return { name: desk.names[column], tag, text: cell?.text ?? "", original };
  };
  const askText = async (heading = "", name = "", text = "", choices = /** @type {string[]} */ ([])) => {
    const fields = [{ name: say(name), tag: "", text, original: "" }];
    return (await ask({ title: title(heading), choices, fields }))?.texts[0].trim();
  };
  return {
    approve() {
      const at = view.chosenAt();
      const isApproved = row().verdict === "approved";
      perform({ do: isApproved ? "reopen" : "approve", unit: view.chosen.id });
      if (!isApproved && view.chosenAt() === at) desk.choose(at + 1);
    },
    async reject() {
      const unit = view.chosen.id;
      if (row().verdict === "rejected") return perform({ do: "reopen", unit });
      const choices = REJECTIONS.map((each) => say(`reject.${each}`));
      const reason = await askText("rejectTitle", "reason", "", choices);
      if (reason !== undefined) perform({ do: "reject", unit, reason });
    },
    async comment() {
      const { id: unit, comment } = row();
      const text = await askText("commentTitle", "act.comment", comment);
      if (text !== undefined && text !== comment) perform({ do: "comment", unit, text });
    },
    async edit() {
      const { id, column: first } = view.chosen;
      const fields = row().cells.map(field);
      const answer = await ask({ title: title("editTitle"), help: say("editHelp"), fields, first });
      answer?.texts.forEach((text, column) => {
        const edit = planRewrite(session, { id, column, sentence: 0 }, text);
        if (edit) session.perform(edit);
      });
    },
    mergeNext: () => perform(planMerge(session, view.chosen)),
    mergePrevious() {
      const above = session.rows[session.locate(view.chosen.id) - 1];
      if (above) view.chosen = { ...view.chosen, id: above.id, sentence: 0 };
      perform(above ? planMerge(session, view.chosen) : null);
    },
    split: () => perform(planSplit(session, view.chosen)),
    async divide() {
      const place = view.chosen;
      const cell = row().cells[place.column];
      if (!cell?.text) return perform(null);
      const [start, end] = sentencesOf(cell)[place.sentence] ?? [0, 0];
      const caret = caretIn(place) || toUnits(cell.text, Math.floor((start + end) / 2));
      const fields = [{ ...field(cell, place.column), original: "" }];
      const words = { title: title("divideTitle"), help: say("divideHelp"), verb: "act.divide" };
      const answer = await ask({ ...words, fields, caret });
      if (answer) perform(planDivide(session, place, answer.offset));
    },
    moveUp: () => perform(planMove(session, view.chosen, -1)),
    moveDown: () => perform(planMove(session, view.chosen, 1)),
    swap: () => perform(planSwap(session, view.chosen)),
    swapRows: () => perform(planSwapRows(session, view.chosen)),
    where: () => desk.showCard(byId("rows").querySelector(".sentence.chosen")),
    undo: () => session.undo() || desk.tell(say("nothingToUndo")),
    redo: () => session.redo() || desk.tell(say("nothingToRedo")),
    nextDoubtful: () => toDoubtful(1),
    previousDoubtful: () => toDoubtful(-1),
    nextRow: () => desk.choose(view.chosenAt() + 1),
    previousRow: () => desk.choose(view.chosenAt() - 1),
    nextSentence: () => desk.step(1),
    previousSentence: () => desk.step(-1),
    firstRow: () => desk.choose(0),
    lastRow: () => desk.choose(Infinity),
    search: () => byId("search").focus(),
    help: () => byId("helping").showModal(),
    save: () => giveOut(session, ".corpusalign.json", "application/json", session.file()),
    tmx: () => giveOut(session, ".tmx", "application/xml", tmxOf(session)),
    tsv: () => giveOut(session, ".tsv", "text/tab-separated-values", tsvOf(session)),
    load: () => byId("file").click(),
  };
}

/** Put the edits of a file in place of the present ones. @param {Desk} desk @param {File} file */
export async function loadFile({ session, tell }, file) {
  try {
    const edits = editsIn(await file.text());
    if (session.done.length && !confirm(say("replaceEdits", { count: session.done.length }))) return;
    const misfits = session.load(edits).length;
    tell(say("loaded", { count: edits.length - misfits, misfits }));
  } catch (error) {
    tell(say("noEditsFile", { name: file.name, error: String(error) }));
  }
}

/** Where the reader clicked into a text, in UTF-16 units; 0 for nowhere. @param {Place} place */
function caretIn({ id, column }) {
  const { focusNode = null, focusOffset = 0 } = document.getSelection() ?? {};
  const cell = document.querySelector(`[data-id="${CSS.escape(id)}"] [data-column="${column}"] .text`);
  if (!focusNode || !cell?.contains(focusNode)) return 0;
  const range = document.createRange();
  range.setStart(cell, 0);
  range.setEnd(focusNode, focusOffset);
  return range.toString().length;
}
