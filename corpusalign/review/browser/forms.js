// The dialogs: rewriting a row, dividing a sentence, a reason, a comment. Each answers with what was entered, or null.

import { byId, make } from "./dom.js";
import { say } from "./strings.js";
import { toOffset } from "./text.js";

/** @type {(answer: string) => void} what waits for the dialog that was opened last */
let answered = () => {};

/** Open a dialog and wait for what it is left with. @param {HTMLDialogElement} dialog @returns {Promise<string>} */
function answer(dialog) {
  answered("");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => (answered = done));
}

/** Ctrl+Enter in a text saves, as it does elsewhere. */
export function prepareForms() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.close("save");
    });
    // The event comes late: by then the dialog may be open again, for another question.
    dialog.addEventListener("close", () => dialog.open || answered(dialog.returnValue));
  }
}

/** Rewrite a row's texts. @param {string} title @param {Field[]} fields @param {number} first the field to begin in */
export async function askTexts(title, fields, first) {
  byId("editing-title").textContent = title;
  byId("editing-help").textContent = say("editHelp");
  byId("editing-save").textContent = say("keep");
  const areas = fields.map((field) => textArea(field, field.name));
  byId("editing-fields").replaceChildren(
    ...areas.flatMap((area, index) => {
      const { name, original, tag } = fields[index];
      const was = original === null ? [] : [make("p", { class: "soft", lang: tag, dir: "auto" }, `${say("original")} ${original}`)];
      return [make("label", {}, make("span", {}, name), area), ...was];
    }),
  );
  const initial = areas.map((area) => area.value);
  const coming = answer(byId("editing"));
  areas[first].focus();
  if ((await coming) !== "save") return null;
  // A text area makes every line end the same; a text that nobody touched stays as it is.
  return areas.map((area, index) => (area.value === initial[index] ? fields[index].text : area.value));
}

/** Ask where a sentence is to be divided; answers in code points of the text. @param {string} title @param {Field} field @param {number} caret where to begin, in UTF-16 units */
export async function askCut(title, field, caret) {
  byId("editing-title").textContent = title;
  byId("editing-help").textContent = say("divideHelp");
  byId("editing-save").textContent = say("act.divide");
  const area = textArea(field, field.name);
  area.readOnly = true;
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      byId("editing").close("save");
    }
  });
  byId("editing-fields").replaceChildren(make("label", {}, make("span", {}, field.name), area));
  const coming = answer(byId("editing"));
  area.focus();
  area.setSelectionRange(caret, caret);
  return (await coming) === "save" ? toOffset(field.text, area.selectionStart) : null;
}

/** @param {Field} field @param {string} name */
function textArea(field, name) {
  const rows = String(Math.min(12, 1 + Math.ceil(field.text.length / 60)));
  const area = make("textarea", { rows, lang: field.tag, dir: "auto", "aria-label": name });
  area.value = field.text;
  return area;
}

/** Ask for a text, with some to choose from. @param {string} title @param {string} label @param {string} text @param {string[]} [choices] */
export async function askText(title, label, text, choices = []) {
  byId("asking-title").textContent = title;
  byId("asking-label").textContent = label;
  const area = byId("asking-text");
  area.value = text;
  byId("asking-choices").replaceChildren(
    ...choices.map((choice) => {
      const button = make("button", { type: "button" }, choice);
      button.addEventListener("click", () => {
        area.value = choice;
        byId("asking").close("save");
      });
      return button;
    }),
  );
  const coming = answer(byId("asking"));
  area.focus();
  return (await coming) === "save" ? String(area.value).trim() : null;
}
