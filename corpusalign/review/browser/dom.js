// Building and finding elements. Text only ever enters the page as text nodes and attribute values.

/**
 * Make an element: its name, attributes, and children (strings become text nodes).
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name @param {Record<string, string>} [attributes] @param {...(Node | string)} children
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** The element of an id that the template has. @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/**
 * An address becomes a link only when it leads to the web; others stay text.
 * @param {string} url @param {string} label
 */
export function place(url, label) {
  const link = make("a", { href: url, rel: "noreferrer", target: "_blank" }, label);
  return /^https?:\/\//i.test(url) ? link : label;
}

/**
 * Give a select its options as [value, label]; what is chosen stays so.
 * @param {string} id @param {string[][]} options
 */
export function fillSelect(id, options) {
  const select = byId(id);
  const { value } = select;
  select.replaceChildren(...options.map(([key, label]) => make("option", { value: key }, label)));
  select.value = options.some(([key]) => key === value) ? value : options[0]?.[0];
}
