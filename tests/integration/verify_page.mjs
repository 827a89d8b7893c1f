// Runs the checks of the page that checks bid logs, without a browser; each sentence is its key.
// node verify_page.mjs [what was noted] < logs.json > faults.json

import fs from "node:fs";
import { KINDS } from "../../functions/web/static/verify/kinds.mjs";
import { checkAll, misshapen } from "../../functions/web/static/verify/log.mjs";

const [noted = ""] = process.argv.slice(2);
const answers = [];
for (const log of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const part = misshapen(log, KINDS);
  answers.push(part ? [part] : (await checkAll(log, KINDS, noted, (key) => key)).flatMap((finding) => finding.faults));
}
console.log(JSON.stringify(answers));
