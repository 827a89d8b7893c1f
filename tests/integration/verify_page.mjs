// Runs the page's verify.js over logs without a browser: the elements it asks for are stand-ins that do nothing.
// node verify_page.mjs verify.js < logs.json > faults.json

import fs from "node:fs";

const inner = 'page.querySelector("[data-needs-script]")';
const source = fs.readFileSync(process.argv[2], "utf8");
if (!source.includes(inner)) throw new Error("verify.js has changed: " + inner + " is not in it");

function element() {
  const nothing = () => undefined;
  return {
    value: "", hidden: false, dataset: {}, addEventListener: nothing, append: nothing, setAttribute: nothing, replaceChildren: nothing,
    querySelector: (selector) => (selector.startsWith("template") || selector === "[data-load]" ? null : element()),
  };
}

globalThis.document = { querySelector: element, createElement: element };
globalThis.window = globalThis;
new Function(source.replace(inner, "globalThis.page = { checkAll, misshapen }; " + inner))();

const answers = [];
for (const log of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const part = globalThis.page.misshapen(log);
  answers.push(part ? [part] : (await globalThis.page.checkAll(log)).flatMap((finding) => finding.faults));
}
console.log(JSON.stringify(answers));
