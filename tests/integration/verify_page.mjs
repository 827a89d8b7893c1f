// Runs the checks of the page that checks bid logs, without a browser.
// node verify_page.mjs [what was noted] < logs.json > faults.json: each sentence is its key.
// node verify_page.mjs "" sentences.json < logs.json > findings.json: all that is said of each log, in these sentences.

import fs from "node:fs";
import { KINDS } from "../../functions/web/static/verify/kinds.mjs";
import { checkAll, misshapen } from "../../functions/web/static/verify/log.mjs";

const [noted = "", file] = process.argv.slice(2);
const sentences = file ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
const say = (key, values) => (sentences[key] || key).replace(/\{(\w+)\}/g, (_, name) => String((values || {})[name]));
const said = (findings) => (file ? findings : findings.flatMap((finding) => finding.faults));
const answers = [];
for (const log of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const part = misshapen(log, KINDS);
  answers.push(part ? [part] : said(await checkAll(log, KINDS, noted, say)));
}
console.log(JSON.stringify(answers));
