// The interface's own words: one JSON object a language, chosen by the reader, the page or the browser.

import { keep, recall } from "./storage.js";

/** @type {Record<string, Record<string, string>>} */
const STRINGS = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");
const CHOICE = "corpusalign:interface";

export const INTERFACES = Object.keys(STRINGS);
/** the language that it speaks now */
export let current = "en";

/** @param {string | null} wanted what the page was made with */
export function chooseInterface(wanted) {
  const choices = [recall(CHOICE), wanted, ...navigator.languages.map((tag) => tag.split("-")[0])];
  current = choices.find((code) => code && code in STRINGS) ?? "en";
  document.documentElement.lang = current === "zh" ? "zh-CN" : current;
}

/** @param {string} code */
export function changeInterface(code) {
  keep(CHOICE, code);
  chooseInterface(code);
}

/**
 * A string of the interface; `{name}` in it is replaced.
 * @param {string} key @param {Record<string, unknown>} [values]
 */
export function say(key, values = {}) {
  const pattern = STRINGS[current]?.[key] ?? STRINGS.en?.[key] ?? key;
  return pattern.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * A reason in words; a score that the interface has no word for goes by its own name.
 * @param {string} reason
 */
export function reasonName(reason) {
  return `reason.${reason}` in STRINGS.en ? say(`reason.${reason}`) : reason.replaceAll("_", " ");
}

/** A language's name in the language of the interface. @param {string} tag @param {string} fallback */
export function languageName(tag, fallback) {
  try {
    // zh-CN is called "Chinese" here, not "Chinese (China)".
    const name = new Intl.DisplayNames([current], { type: "language" }).of(tag === "zh-CN" ? "zh" : tag);
    return name ? name[0].toLocaleUpperCase(current) + name.slice(1) : fallback;
  } catch {
    return fallback;
  }
}
