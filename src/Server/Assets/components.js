// The web components that the console uses, bundled into one file when the server is built. Each stands for something that browsers
// cannot do by themselves; what they can (buttons, fields, dialogs, disclosure) is plain HTML, which also works without scripts.
import "@awesome.me/webawesome/dist/components/comparison/comparison.js";
import { registerIconLibrary } from "@awesome.me/webawesome/dist/webawesome.js";

// Icons inside of components come from this server too; by themselves they would be data: addresses, which the content policy refuses.
const icons = new URL("icons/", import.meta.url);
for (const library of ["default", "system"])
  registerIconLibrary(library, { resolver: name => new URL(`${name}.svg`, icons).href });
