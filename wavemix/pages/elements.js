// Elements of a page, found and made.

const at = (id) => document.getElementById(id);

/** An element with attributes and children; attributes that are functions listen to the event of their name. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
