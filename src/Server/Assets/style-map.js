// Stands in for lit/directives/style-map.js, which writes its first styles as a style attribute: the content policy refuses that, and the
// component would begin without them. This one sets properties from the start.
import { noChange } from "lit";
import { Directive, directive } from "lit/directive.js";

class StyleMap extends Directive {
  #set = new Set();

  render() {
    return noChange;
  }

  update(part, [styles]) {
    const { style } = part.element;
    for (const name of this.#set)
      if (styles[name] == null) {
        style.removeProperty(nameOf(name));
        this.#set.delete(name);
      }
    for (const [name, value] of Object.entries(styles))
      if (value != null) {
        style.setProperty(nameOf(name), value);
        this.#set.add(name);
      }
    return noChange;
  }
}

const nameOf = name => name.includes("-") ? name : name.replace(/[A-Z]/g, "-$&").toLowerCase();

export const styleMap = directive(StyleMap);
