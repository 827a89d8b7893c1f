/* Reads pages by name from standard input; answers what html-validate finds in each of them. */
import { readFileSync } from "node:fs";
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "reset", "submit"] }], // rows of a list are ticked
    "meta-refresh": "off", // how far an export has come, for who has no script
    "no-trailing-whitespace": "off", // what loops and macros of templates leave at the ends of lines; nobody sees it
  },
});

const found = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const report = await validator.validateString(text);
  const notes = report.results.flatMap(({ messages }) => messages);
  if (notes.length) found[name] = notes.map(({ ruleId, message, line, selector }) => `${ruleId}: ${message} (line ${line}, ${selector})`);
}
process.stdout.write(JSON.stringify(found));
