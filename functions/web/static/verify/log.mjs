/* Checks a lot's bid log: its shape, the chain, the commitments, and by the rules of its kind the price as far as it was opened.
   Hashes are SHA-256 of JSON with sorted keys, no spaces, ASCII only, as starbid.domain.audit writes it. It knows neither the page nor
   the kinds: these are passed in as `kinds` (kinds.mjs), sentences as `say(key, values)`. All checks keep to minor units, as the log
   does; sentences say money. */

const RESERVE = 0;

/* --- hashes --- */

function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (value && typeof value === "object") {
    return "{" + Object.keys(value).sort().map((key) => quoted(key) + ":" + canonical(value[key])).join(",") + "}";
  }
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

function quoted(text) {
  return JSON.stringify(text).replace(/[^ -~]/g, (letter) => "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0"));
}

async function sha256(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function digest(line) {
  const covered = Object.assign({}, line);
  delete covered.hash;
  return sha256(canonical(covered));
}

/* --- shape --- */

const isText = (value) => typeof value === "string";
const isWhole = (value) => Number.isSafeInteger(value) && value >= 0;
const orNull = (check) => (value) => value === null || check(value);

function shapes(kinds) {
  return {
    terms: { format: (value) => value === "starbid-log-2", auction_id: isText, card: isText, type: (value) => kinds.has(value), currency: isText,
      start_price: isWhole, reserve: orNull(isText), buy_now_price: orNull(isWhole), bid_step: orNull(isWhole), floor_price: orNull(isWhole),
      drop_amount: orNull(isWhole), drop_seconds: orNull(isWhole), starts_at: isText },
    entry: { number: isWhole, at: isText, bidder: isText, kind: (value) => ["bid", "raise", "buy"].includes(value), price: orNull(isWhole),
      leader: orNull(isText), commitment: orNull(isText), previous: isText, hash: isText },
    opening: { number: isWhole, amount: isWhole, salt: isText },
    result: { status: isText, price: orNull(isWhole), winner: orNull(isText), left_out: (value) => Array.isArray(value) && value.every(isText) },
  };
}

/* The name of the first malformed part; empty if there is none. */
export function misshapen(log, kinds) {
  if (!log || typeof log !== "object" || !Array.isArray(log.entries) || !Array.isArray(log.openings) || !isText(log.head)) return "log";
  const known = shapes(kinds), parts = [["terms", "terms", log.terms], ["result", "result", log.result]];
  log.entries.forEach((entry, place) => parts.push(["entry", "entries " + (place + 1), entry]));
  log.openings.forEach((opening, place) => parts.push(["opening", "openings " + (place + 1), opening]));
  for (const [shape, name, part] of parts) {
    if (!part || typeof part !== "object") return name;
    for (const [field, check] of Object.entries(known[shape])) if (!(field in part) || !check(part[field])) return name + ", " + field;
    for (const field of Object.keys(part)) if (!(field in known[shape])) return name + ", " + field;
  }
  const lacking = kinds.get(log.terms.type).needs.find((field) => log.terms[field] === null);
  return lacking ? "terms, " + lacking : "";
}

/* --- money --- */

/* 1,250.50 of a currency as the page writes it (`say`): the pattern of all its amounts. */
const SAMPLE = /^(\D*)1(\D*)250(?:(\D)50)?(\D*)$/;
const AMOUNTS = ["price", "amount", "second"];

/* Writes minor units as the page writes money; `unit` of them make a whole one. */
function moneyOf(currency, unit, say) {
  const [, before, group, point, after] = SAMPLE.exec(say("money-" + currency)) || ["", "", "", ".", " " + currency];
  return (amount) => {
    if (amount === null) return "–";
    const minor = amount % unit, whole = String((amount - minor) / unit).replace(/\B(?=(\d{3})+$)/g, group);
    return before + whole + (unit > 1 ? point + String(minor).padStart(2, "0") : "") + after;
  };
}

/* `say` with its amounts as money. */
function inMoney(say, money) {
  return (key, values) => say(key, Object.fromEntries(Object.entries(values || {}).map(
    ([name, value]) => [name, AMOUNTS.includes(name) ? money(value) : value])));
}

/* --- checks: each finding is {name, what, faults} --- */

/* The hash that somebody noted: as such, as the code of a link, or the whole link. As starbid.domain.audit_check reads it. */
export function notedHead(text) {
  const code = text.trim().split("#").pop();
  if (!/^[A-Za-z0-9_-]{43}$/.test(code)) return code.toLowerCase();
  const bytes = atob(code.replace(/-/g, "+").replace(/_/g, "/") + "=");
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/* Checks a well-formed log; `noted` is what was noted while the lot ran, or empty. The finding about it is `noted`. */
export async function checkAll(published, kinds, noted, sentence) {
  const currency = published.terms.currency, unit = currency === "XTR" ? 1 : 100, money = moneyOf(currency, unit, sentence);
  const say = inMoney(sentence, money), opened = new Map(), openings = await checkOpenings(published, opened, say);
  const added = { unit: unit, opened: opened, floor: opened.get(RESERVE), say: say, money: money, who: naming(published.entries, say) };
  const log = Object.assign({}, published, added);
  const terms = await digest(log.terms), kind = kinds.get(log.terms.type);
  const findings = [{ name: say("terms"), what: named(say, "kind-", log.terms.type) + ", " + named(say, "currency-", currency), faults: [] }];
  const hashes = new Set([terms]);
  const last = await checkEntries(log, kind, openings, hashes, findings);
  if (openings.has(RESERVE) || opened.has(RESERVE)) {
    findings.push({ name: say("reserve"), what: opened.has(RESERVE) ? say("opened-amount", { amount: log.floor }) : "", faults: openings.get(RESERVE) || [] });
    openings.delete(RESERVE);
  }
  const lost = [...openings.values()].flat();
  findings.push({ name: say("head"), what: log.head.slice(0, 12) + "…", faults: log.head === last ? lost : [say("wrong-head"), ...lost] });
  findings.push(priceFinding(log, kind));
  const code = notedHead(noted);
  if (code) findings.push({ noted: true, name: say("noted"), what: hashes.has(code) ? say("noted-found") : "", faults: hashes.has(code) ? [] : [say("noted-missing")] });
  return findings;
}

/* What the lot's page calls a bidder, by the order of the first bids, with the name that the log has. */
function naming(entries, say) {
  const numbers = new Map();
  for (const { bidder } of entries) if (!numbers.has(bidder)) numbers.set(bidder, numbers.size + 1);
  return (bidder) => (numbers.has(bidder) ? say("bidder", { n: numbers.get(bidder), name: bidder }) : String(bidder));
}

/* The sentence for a value of the log, or the value itself if there is none. */
function named(say, key, value) {
  const name = say(key + value);
  return name === key + value ? value : name;
}

/* A finding for each entry, with the faults of its opening (removed from `openings`); returns the last hash of the chain. */
async function checkEntries(log, kind, openings, hashes, findings) {
  const say = log.say, bidders = new Set();
  let [before] = hashes;
  for (let place = 0; place < log.entries.length; place++) {
    const entry = log.entries[place], faults = [];
    if (entry.number !== place + 1) faults.push(say("number", { n: place + 1 }));
    if (entry.previous !== before) faults.push(say("previous"));
    if (await digest(entry) !== entry.hash) faults.push(say("hash"));
    if (entry.at < log.terms.starts_at) faults.push(say("time"));
    if (!kind.follows(log, place, bidders.has(entry.bidder))) faults.push(say("rule"));
    bidders.add(entry.bidder);
    faults.push(...(openings.get(entry.number) || []));
    openings.delete(entry.number);
    findings.push({ name: say("entry", { n: entry.number }), what: told(entry, log), faults: faults });
    before = entry.hash;
    hashes.add(entry.hash);
  }
  return before;
}

/* Faults by the number of the entry; verified amounts go into `opened`. */
async function checkOpenings(log, opened, say) {
  const committed = new Map(log.entries.map((entry) => [entry.number, entry.commitment]));
  committed.set(RESERVE, log.terms.reserve);
  const faults = new Map(), seen = new Set();
  for (const opening of log.openings) {
    const found = [], commitment = committed.get(opening.number);
    if (seen.has(opening.number)) found.push(say("opening-twice"));
    else if (!commitment) found.push(say("opening-none", { n: opening.number }));
    else if (await sha256(opening.salt + ":" + opening.amount) !== commitment) found.push(say("opening", { amount: opening.amount }));
    else opened.set(opening.number, opening.amount);
    seen.add(opening.number);
    if (found.length) faults.set(opening.number, [...(faults.get(opening.number) || []), ...found]);
  }
  return faults;
}

function told(entry, { opened, say, who }) {
  const parts = [say(entry.kind, { who: who(entry.bidder) }), entry.price === null ? say("sealed-amount") : say("at-price", { price: entry.price })];
  if (opened.has(entry.number)) parts.push(say("opened-amount", { amount: opened.get(entry.number) }));
  return parts.join(" · ");
}

/* Bidders whose bids did not count because of a debt; never the winner. */
function leavesOutRightly(log, kind) {
  const out = new Set(log.result.left_out), bidders = new Set(log.entries.map((entry) => entry.bidder));
  if (!out.size) return true;
  return [...out].every((who) => bidders.has(who)) && !out.has(log.result.winner) && kind.leavesOut(log, out, bidders);
}

function priceFinding(log, kind) {
  const outcome = log.result, say = log.say, name = say("price");
  if (!leavesOutRightly(log, kind)) return { name: name, what: "", faults: [say("bad")] };
  if (outcome.status !== "sold") {
    const free = log.terms.reserve === null && (kind.firstBidSells || outcome.status === "unsold");
    const known = ["unsold", "cancelled"].includes(outcome.status) && outcome.price === null && outcome.winner === null;
    const fits = known && !log.openings.length && !(log.entries.length && free && !outcome.left_out.length); // a bid without a reserve is a sale
    return { name: name, what: say("no-sale"), faults: fits ? [] : [say("bad")] };
  }
  if (!log.entries.length || outcome.price === null) return { name: name, what: "", faults: [say("bad")] };
  const [what, faults] = kind.price(log);
  if (log.floor !== undefined && log.floor > outcome.price) faults.push(say("bad"));
  return { name: name, what: log.money(outcome.price) + ", " + log.who(outcome.winner) + ". " + what, faults: faults };
}
