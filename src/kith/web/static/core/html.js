// @ts-check
/**
 * Markup as values, and the one place that turns it into elements.
 *
 *     render(target, html`<button class="${tone}" @click=${save} ?disabled=${busy}>${label}</button>`);
 *
 * Every `${value}` is escaped. Three forms of attribute take what is not text:
 * `.name=${value}` sets a property, `@type=${handler}` listens, `?name=${truth}` sets an attribute or
 * leaves it out. `.styles=${{"--left": "10%"}}` sets style properties without a `style` attribute,
 * which the content security policy forbids. Attributes are written in double quotes.
 *
 * Rendering again changes what differs and keeps the rest: focus, scroll and text that is being typed stay.
 * `key="…"` ties an element to its data. A custom element owns its children, and so does what has `data-kept`.
 */

/** A template and its values: safe to render, and to put into other markup. */
export class Markup {
  /** @param {readonly string[]} strings @param {unknown[]} values */
  constructor(strings, values) {
    this.strings = strings;
    this.values = values;
  }
}

/**
 * The tag of templates.
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 */
export function html(strings, ...values) {
  return new Markup(strings, values);
}

/**
 * Makes the children of an element what the markup says.
 * @param {Element} target
 * @param {Markup | null} markup
 */
export function render(target, markup) {
  const template = document.createElement("template");
  /** @type {Binding[]} */
  const bindings = [];
  template.innerHTML = markup ? written(markup, bindings) : "";
  const fragment = document.importNode(template.content, true);
  collect(fragment, bindings);
  morphChildren(target, fragment);
}

/** @typedef {{name: string, value: unknown}} Binding */

const BOUND = Symbol("bound");
const HEARD = Symbol("heard");
const BINDING = /\s([.@?])([\w-]+)=$/;
const ESCAPES = /** @type {Record<string, string>} */ ({
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
});

/** @param {unknown} value */
function escaped(value) {
  return String(value).replace(/[&<>"']/g, (sign) => ESCAPES[sign]);
}

/** @param {Markup} markup @param {Binding[]} bindings @returns {string} */
function written(markup, bindings) {
  let text = markup.strings[0];
  markup.values.forEach((value, index) => {
    const bound = BINDING.exec(markup.strings[index]);
    text = bound ? withBinding(text, bound, value, bindings) : text + asText(value, bindings);
    text += markup.strings[index + 1];
  });
  return text;
}

/** @param {string} text @param {RegExpExecArray} bound @param {unknown} value @param {Binding[]} bindings */
function withBinding(text, [whole, kind, name], value, bindings) {
  const before = text.slice(0, text.length - whole.length);
  if (kind === "?") return value ? `${before} ${name}=""` : before;
  bindings.push({ name: kind + name, value });
  return `${before} bound-${bindings.length - 1}=""`;
}

/** @param {unknown} value @param {Binding[]} bindings @returns {string} */
function asText(value, bindings) {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Markup) return written(value, bindings);
  if (Array.isArray(value)) return value.map((each) => asText(each, bindings)).join("");
  return escaped(value);
}

/** Moves the marks that `withBinding` left onto the elements themselves. @param {DocumentFragment} fragment @param {Binding[]} bindings */
function collect(fragment, bindings) {
  if (!bindings.length) return;
  for (const element of fragment.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      if (!name.startsWith("bound-")) continue;
      element.removeAttribute(name);
      const kept = /** @type {any} */ (element);
      (kept[BOUND] ??= []).push(bindings[Number(name.slice(6))]);
    }
  }
}

/** @param {Element} from @param {Element} to */
function bind(from, to) {
  const bindings = /** @type {Binding[]} */ (/** @type {any} */ (from)[BOUND] ?? []);
  const heard = /** @type {any} */ (to)[HEARD];
  if (heard) for (const type of Object.keys(heard)) heard[type] = null;
  for (const { name, value } of bindings) {
    if (name.startsWith("@")) listen(to, name.slice(1), /** @type {any} */ (value));
    else setProperty(to, name.slice(1), value);
  }
}

/** @param {any} element @param {string} type @param {((event: Event) => void) | null} handler */
function listen(element, type, handler) {
  const heard = (element[HEARD] ??= {});
  if (!(type in heard)) element.addEventListener(type, (/** @type {Event} */ event) => heard[type]?.(event));
  heard[type] = handler;
}

/** @param {any} element @param {string} name @param {any} value */
function setProperty(element, name, value) {
  if (name === "styles") {
    for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
  } else if (element[name] !== value) {
    element[name] = value;
  }
}

/** @param {Node} node */
const keyOf = (node) => (node instanceof Element ? node.getAttribute("key") : null);

/** @param {Element} target @param {DocumentFragment | Element} wanted */
function morphChildren(target, wanted) {
  const keyed = new Map();
  for (const child of target.childNodes) {
    const key = keyOf(child);
    if (key !== null) keyed.set(key, child);
  }
  let here = target.firstChild;
  for (const next of [...wanted.childNodes]) {
    const match = matchOf(next, here, keyed);
    if (!match) {
      adopt(next);
      target.insertBefore(next, here);
      continue;
    }
    if (match === here) here = here.nextSibling;
    else target.insertBefore(match, here);
    morph(match, next);
  }
  while (here) {
    const next = here.nextSibling;
    here.remove();
    here = next;
  }
}

/** @param {Node} next @param {ChildNode | null} here @param {Map<string, ChildNode>} keyed */
function matchOf(next, here, keyed) {
  const key = keyOf(next);
  if (key !== null) {
    const known = keyed.get(key);
    return known?.nodeName === next.nodeName ? known : null;
  }
  return here && here.nodeName === next.nodeName && keyOf(here) === null ? here : null;
}

/** Sets what was bound to new elements before they enter the document. @param {Node} node */
function adopt(node) {
  if (!(node instanceof Element)) return;
  bind(node, node);
  for (const child of node.querySelectorAll("*")) bind(child, child);
}

/** @param {ChildNode} old @param {Node} next */
function morph(old, next) {
  if (!(old instanceof Element) || !(next instanceof Element)) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    return;
  }
  morphAttributes(old, next);
  if (!old.localName.includes("-") && !old.hasAttribute("data-kept")) morphChildren(old, next);
  bind(next, old);
}

/** What the browser writes itself is not taken away, nor what a custom element notes on itself. @param {Element} element @param {string} name */
function isOwn({ localName }, name) {
  return name === "style" || name === "open" || (localName.includes("-") && name.startsWith("data-"));
}

/** @param {Element} old @param {Element} next */
function morphAttributes(old, next) {
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !isOwn(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}
