/* Checks a lot's bid log without trusting the server: chain, commitments, and the price as far as it was opened.
   Hashes are SHA-256 of JSON with sorted keys, no spaces, ASCII only, as starbid.domain.audit writes it. */
(function () {
  "use strict";

  const page = document.querySelector("[data-verify]");
  if (!page) return;
  const result = page.querySelector("[data-result]");
  const noted = page.querySelector("[data-noted]");
  const RESERVE = 0, MOST_SHOWN = 500;
  let known = null; // the log's text, to be checked again when the noted code changes

  /* --- words --- */

  function say(key, values) {
    const sentence = page.querySelector('template[data-say="' + key + '"]');
    const text = sentence ? sentence.content.textContent : key;
    return text.replace(/\{(\w+)\}/g, (_, name) => String((values || {})[name]));
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

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
  const SHAPES = {
    terms: { format: (value) => value === "starbid-log-1", auction_id: isText, type: isText, currency: isText, start_price: isWhole,
      reserve: orNull(isText), buy_now_price: orNull(isWhole), bid_step: orNull(isWhole), floor_price: orNull(isWhole),
      drop_amount: orNull(isWhole), drop_seconds: orNull(isWhole), starts_at: isText },
    entry: { number: isWhole, at: isText, bidder: isText, kind: (value) => ["bid", "raise", "buy"].includes(value), price: orNull(isWhole),
      leader: orNull(isText), commitment: orNull(isText), previous: isText, hash: isText },
    opening: { number: isWhole, amount: isWhole, salt: isText },
    result: { status: isText, price: orNull(isWhole), winner: orNull(isText) },
  };

  /* The name of the first part that is not as it should be; empty where all is well. */
  function misshapen(log) {
    if (!log || typeof log !== "object" || !Array.isArray(log.entries) || !Array.isArray(log.openings) || !isText(log.head)) return "log";
    const parts = [["terms", "terms", log.terms], ["result", "result", log.result]];
    log.entries.forEach((entry, place) => parts.push(["entry", "entries " + (place + 1), entry]));
    log.openings.forEach((opening, place) => parts.push(["opening", "openings " + (place + 1), opening]));
    for (const [shape, name, part] of parts) {
      if (!part || typeof part !== "object") return name;
      for (const [field, check] of Object.entries(SHAPES[shape])) if (!(field in part) || !check(part[field])) return name + ", " + field;
      for (const field of Object.keys(part)) if (!(field in SHAPES[shape])) return name + ", " + field;
    }
    return "";
  }

  /* --- checks: each finding is {name, what, faults} --- */

  async function checkAll(log) {
    const opened = new Map(), openings = await checkOpenings(log, opened);
    const terms = await digest(log.terms);
    const findings = [{ name: say("terms"), what: log.terms.type + ", " + log.terms.currency, faults: [] }];
    let before = terms;
    const hashes = new Set([terms]), bidders = new Set();
    for (let place = 0; place < log.entries.length; place++) {
      const entry = log.entries[place], faults = [];
      if (entry.number !== place + 1) faults.push(say("number", { n: place + 1 }));
      if (entry.previous !== before) faults.push(say("previous"));
      if (await digest(entry) !== entry.hash) faults.push(say("hash"));
      if (entry.at < log.terms.starts_at) faults.push(say("time"));
      if (!followsRules(log, place, opened, bidders.has(entry.bidder))) faults.push(say("rule"));
      bidders.add(entry.bidder);
      faults.push(...(openings.get(entry.number) || []));
      openings.delete(entry.number);
      findings.push({ name: say("entry", { n: entry.number }), what: told(entry, opened), faults: faults });
      before = entry.hash;
      hashes.add(entry.hash);
    }
    if (openings.has(RESERVE) || opened.has(RESERVE)) {
      findings.push({ name: say("reserve"), what: opened.has(RESERVE) ? say("opened-amount", { amount: opened.get(RESERVE) }) : "", faults: openings.get(RESERVE) || [] });
      openings.delete(RESERVE);
    }
    const lost = [...openings.values()].flat();
    findings.push({ name: say("head"), what: log.head.slice(0, 12) + "…", faults: log.head === before ? lost : [say("wrong-head"), ...lost] });
    findings.push(priceFinding(log, opened));
    const code = noted.value.trim().toLowerCase();
    if (code) findings.push({ name: code.slice(0, 12) + "…", what: hashes.has(code) ? say("noted-found") : "", faults: hashes.has(code) ? [] : [say("noted-missing")] });
    return findings;
  }

  /* Faults by the number of the entry; amounts that hold go into `opened`. */
  async function checkOpenings(log, opened) {
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

  function told(entry, opened) {
    const parts = [say(entry.kind, { who: entry.bidder }), entry.price === null ? say("sealed-amount") : say("at-price", { price: entry.price })];
    if (opened.has(entry.number)) parts.push(say("opened-amount", { amount: opened.get(entry.number) }));
    return parts.join(" · ");
  }

  /* --- the rules of its kind, entry by entry --- */

  /* `again`: this bidder has bid before. */
  function followsRules(log, place, opened, again) {
    const entry = log.entries[place], before = log.entries[place - 1], amount = opened.get(entry.number);
    if (log.terms.type === "dutch") {
      return log.entries.length === 1 && entry.kind === "buy" && entry.commitment === null && entry.leader === entry.bidder;
    }
    if (log.terms.type !== "english") {
      const hidden = entry.price === null && entry.leader === null && entry.commitment !== null && entry.kind !== "buy";
      return hidden && (entry.kind === "raise") === again && (amount === undefined || amount >= log.terms.start_price);
    }
    if (entry.price === null || entry.leader === null || (entry.commitment === null) !== (entry.kind === "buy")) return false;
    if (amount !== undefined && amount < Math.max(before ? before.price : 0, log.terms.start_price)) return false;
    if (amount !== undefined && entry.leader === entry.bidder && entry.price > amount) return false;
    return englishStep(log, entry, before, place);
  }

  /* The price never falls and rises by a step; whoever did not bid does not take the lead. */
  function englishStep(log, entry, before, place) {
    const free = log.terms.reserve === null, leads = entry.leader === entry.bidder;
    if (entry.kind === "buy") {
      return entry.price === log.terms.buy_now_price && leads && place === log.entries.length - 1 && !(before && free);
    }
    if (!before) return leads && entry.kind === "bid" && (free ? entry.price === log.terms.start_price : entry.price >= log.terms.start_price);
    if (entry.kind === "raise") return leads && before.leader === entry.bidder && (free ? entry.price === before.price : entry.price >= before.price);
    return entry.bidder !== before.leader && (leads || entry.leader === before.leader) && entry.price >= before.price + stepOf(log.terms, before.price);
  }

  /* --- the price --- */

  function priceFinding(log, opened) {
    const outcome = log.result, name = say("price");
    if (outcome.status !== "sold") {
      const free = log.terms.reserve === null && (log.terms.type === "dutch" || outcome.status === "unsold");
      const known = ["unsold", "cancelled"].includes(outcome.status) && outcome.price === null && outcome.winner === null;
      const fits = known && !log.openings.length && !(log.entries.length && free); // a bid without a reserve is a sale
      return { name: name, what: say("no-sale"), faults: fits ? [] : [say("bad")] };
    }
    if (!log.entries.length || outcome.price === null) return { name: name, what: "", faults: [say("bad")] };
    const kind = { english: ofEnglish, dutch: ofDutch, sealed: ofSealed, vickrey: ofVickrey }[log.terms.type];
    const [what, faults] = kind ? kind(log, opened) : ["", [log.terms.type]];
    if (opened.has(RESERVE) && opened.get(RESERVE) > outcome.price) faults.push(say("bad"));
    return { name: name, what: outcome.price + ", " + outcome.winner + ". " + what, faults: faults };
  }

  function agrees(log) {
    const last = log.entries[log.entries.length - 1];
    const facts = { price: last.price, winner: last.leader };
    return last.price === log.result.price && last.leader === log.result.winner ? [say("price-public", facts), []] : ["", [say("price-differs", facts)]];
  }

  const STEPS = [[100, 1], [500, 5], [1000, 10], [5000, 50], [10000, 100], [50000, 500], [Infinity, 1000]];

  function stepOf(terms, price) {
    if (terms.bid_step !== null) return terms.bid_step;
    const unit = terms.currency === "XTR" ? 1 : 100;
    return STEPS.find((line) => price < line[0] * unit)[1] * unit;
  }

  /* The start price; or a step above the next highest maximum; or the winner's own maximum; or the reserve. */
  function ofEnglish(log, opened) {
    const [what, faults] = agrees(log), price = log.result.price, isOwn = (entry) => entry.bidder === log.result.winner;
    if (faults.length || log.entries[log.entries.length - 1].kind === "buy") return [what, faults];
    const others = log.entries.filter((entry) => !isOwn(entry));
    const amounts = others.filter((entry) => opened.has(entry.number)).map((entry) => opened.get(entry.number));
    if (others.length && !amounts.length) return [what, [say("price-unopened")]];
    const second = amounts.length ? Math.max(...amounts) : null;
    if (second !== null && second > price) return [what, [say("price-below", { second: second })]];
    const least = second === null ? log.terms.start_price : second + stepOf(log.terms, second);
    const byWinner = log.entries.some((entry) => isOwn(entry) && opened.get(entry.number) === price);
    if (price !== least && price !== opened.get(RESERVE) && !byWinner) return [what, [say("price-should", { price: least })]];
    return [second === null ? what : what + " " + say("price-second", { second: second }), []];
  }

  function ofDutch(log) {
    const terms = log.terms, bought = log.entries[0];
    const drops = Math.floor(Math.max(0, Date.parse(bought.at) - Date.parse(terms.starts_at)) / (terms.drop_seconds * 1000));
    const price = Math.max(terms.floor_price, terms.start_price - terms.drop_amount * drops);
    const [what, faults] = agrees(log);
    if (price !== log.result.price) faults.push(say("price-not-fallen", { price: price }));
    return [faults.length ? what : what + " " + say("price-fallen", { price: price }), faults];
  }

  /* The last bid of each; all but the winner's must be opened, and none may be above what wins. */
  function lastBids(log) {
    const last = new Map(log.entries.map((entry) => [entry.bidder, entry]));
    const own = last.get(log.result.winner);
    last.delete(log.result.winner);
    return [own, [...last.values()]];
  }

  function closedOrMore(log, opened, own, others) {
    const faults = [];
    for (const entry of others) {
      const amount = opened.get(entry.number);
      if (amount === undefined) faults.push(say("price-closed", { n: entry.number }));
      else if (amount > log.result.price) faults.push(say("price-more", { n: entry.number, amount: amount }));
      else if (own && amount === opened.get(own.number) && entry.number < own.number) faults.push(say("price-earlier", { n: entry.number }));
    }
    return faults;
  }

  function ofSealed(log, opened) {
    const [own, others] = lastBids(log), faults = closedOrMore(log, opened, own, others);
    const bid = own && opened.get(own.number);
    if (bid === undefined) faults.push(say("price-closed", { n: own ? own.number : 0 }));
    else if (bid !== log.result.price) faults.push(say("price-should", { price: bid }));
    return [faults.length ? "" : say("price-best", { price: log.result.price }), faults];
  }

  function ofVickrey(log, opened) {
    const [own, others] = lastBids(log), faults = closedOrMore(log, opened, own, others);
    const price = Math.max(log.terms.start_price, opened.get(RESERVE) || 0, ...others.map((entry) => opened.get(entry.number) || 0));
    if (!own || (opened.has(own.number) && opened.get(own.number) !== log.result.price)) faults.push(say("bad"));
    if (price !== log.result.price) faults.push(say("price-should", { price: price }));
    return [faults.length ? "" : say("price-vickrey", { price: price }), faults];
  }

  /* --- the page --- */

  function note(tone, title, text) {
    const box = element("div", "note " + tone), inner = element("div");
    box.setAttribute("role", "status");
    inner.append(element("strong", "", title), element("p", "more", text || ""));
    box.append(inner);
    result.replaceChildren(box);
    return box;
  }

  function row(finding) {
    const item = element("li");
    const about = element("span", "about");
    about.append(element("strong", "", finding.name), element("small", "quiet", finding.what));
    for (const fault of finding.faults) about.append(element("span", "fault", fault));
    item.append(about, element("span", "badge " + (finding.faults.length ? "bad" : "good"), say(finding.faults.length ? "bad" : "ok")));
    return item;
  }

  async function check(text) {
    known = text;
    if (!window.crypto || !crypto.subtle) return note("warn", say("no-crypto"));
    let log;
    try { log = JSON.parse(text); } catch (error) { return note("bad", say("no-json", { why: error.message })); }
    const part = misshapen(log);
    if (part) return note("bad", say("no-json", { why: say("shape", { part: part }) }));
    const findings = await checkAll(log);
    if (text !== known) return; // another one was given meanwhile
    const broken = findings.filter((finding) => finding.faults.length);
    const verdict = broken.length ? "broken" : "sound";
    note(broken.length ? "bad" : "good", say(verdict), say(verdict + "-text")).dataset.verdict = verdict;
    const shown = findings.length > MOST_SHOWN ? [...broken, ...findings.slice(-3)] : findings;
    const list = element("ul", "rows card checks");
    list.append(...shown.slice(0, MOST_SHOWN).map(row));
    result.append(list);
  }

  async function load() {
    note("", say("reading"));
    try {
      const answer = await fetch(page.dataset.log, { headers: { Accept: "application/json" } });
      if (answer.status === 409) return note("warn", say("not-closed"));
      if (!answer.ok) throw new Error(String(answer.status));
      await check(await answer.text());
    } catch (error) { note("bad", say("not-here")); }
  }

  page.querySelector("[data-needs-script]").hidden = false;
  page.querySelector("[data-check]").addEventListener("click", () => check(page.querySelector("[data-paste]").value));
  page.querySelector("[data-file]").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (file) await check(await file.text());
    event.target.value = "";
  });
  noted.addEventListener("input", () => { if (known !== null) check(known); });
  const button = page.querySelector("[data-load]");
  if (button) { button.addEventListener("click", load); load(); }
})();
