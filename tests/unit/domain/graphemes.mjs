/* Reads a list of texts from standard input; answers where each may be cut, counted in code points. */
import { readFileSync } from "node:fs";

const cutter = new Intl.Segmenter("en", { granularity: "grapheme" });

function places(text) {
  const found = [];
  let at = 0;
  for (const { segment } of cutter.segment(text)) {
    found.push(at);
    at += [...segment].length;
  }
  return found;
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(places)));
