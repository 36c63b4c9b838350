// The dialog: a row's texts to rewrite, a sentence to divide, a reason, a comment.

import { byId, make } from "./dom.js";
import { say } from "./strings.js";
import { toOffset } from "./text.js";

/** @type {(answer: string) => void} what waits for the dialog that was opened last */
let answered = () => {};

export function prepareForms() {
  const dialog = byId("asking");
  dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const isReadOnly = /** @type {HTMLTextAreaElement} */ (event.target).readOnly;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || isReadOnly)) return;
    // The focus goes back to the button that opened the dialog; Enter must not press it again.
    event.preventDefault();
    dialog.close("save");
  });
  // The event comes late: by then the dialog may be open again, for another question.
  dialog.addEventListener("close", () => dialog.open || answered(dialog.returnValue));
  byId("asking-choices").addEventListener("click", (/** @type {MouseEvent} */ { target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    dialog.querySelector("textarea").value = target.textContent;
    dialog.close("save");
  });
}

/**
 * Ask for texts, or for a place in one that cannot be written in. Answers with the texts, and with where the
 * cursor stood in the first of them (in code points); null where the reader thought better of it.
 * @param {Question} question
 */
export async function ask({ title, help = "", verb = "keep", choices = [], fields, first = 0, caret }) {
  const dialog = byId("asking");
  byId("asking-title").textContent = title;
  byId("asking-help").textContent = help;
  byId("asking-save").textContent = say(verb);
  const buttons = choices.map((choice) => make("button", { type: "button" }, choice));
  byId("asking-choices").replaceChildren(...buttons);
  const areas = fields.map(({ tag, text }) => {
    const rows = String(Math.min(12, 2 + Math.ceil(text.length / 60)));
    const area = make("textarea", { rows, lang: tag, dir: "auto" }, text);
    area.readOnly = caret !== undefined;
    return area;
  });
  byId("asking-fields").replaceChildren(
    ...fields.flatMap(({ name, tag, original }, index) => {
      const label = make("label", {}, make("span", {}, name), areas[index]);
      const was = make("p", { class: "soft", lang: tag, dir: "auto" }, `${say("original")} ${original}`);
      return original ? [label, was] : [label];
    }),
  );
  const initial = areas.map((area) => area.value);
  answered("");
  dialog.returnValue = "";
  dialog.showModal();
  areas[first].focus();
  if (caret !== undefined) areas[first].setSelectionRange(caret, caret);
  if ((await new Promise((done) => (answered = done))) !== "save") return null;
  // A text area makes every line end the same; a text that nobody touched stays as it is.
  const texts = areas.map((area, index) => (area.value === initial[index] ? fields[index].text : area.value));
  return { texts, offset: toOffset(fields[0].text, areas[0].selectionStart) };
}
