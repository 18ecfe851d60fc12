//! Builds page elements by hand: text always through text nodes, never through markup.

/**
 * Makes an element. `props`: `class`, `text`, `html` attributes by name, `on: {event: handler}`,
 * `data: {name: value}`, `style: {property: value}`; `null`, `undefined` and `false` leave an attribute out.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setProp(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
  } else if (name === "data") {
    for (const [key, entry] of Object.entries(value)) element.dataset[key] = entry;
  } else if (name === "style") {
    for (const [key, entry] of Object.entries(value)) element.style.setProperty(key, entry);
  } else if (name === "text") {
    element.textContent = value;
  } else if (name === "value") {
    element.value = value;
  } else if (name === "test") {
    element.dataset.test = value;
  } else {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Writes text only where it changed, so that live regions and selections stay quiet. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets or removes an attribute by value; `null` and `false` remove it. */
export function setAttr(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** Brings the children of `parent` into the order of `wanted` with the fewest moves; others are removed. */
export function reconcile(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, at) => {
    if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
  });
}

/** One unique id per call, for labels and descriptions. */
let lastId = 0;
export function uid(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/** Runs `work` at most once per animation frame. */
export function perFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
