/* The rules and the price of each kind of auction, as far as a log shows them. A new kind is an object here and its name in KINDS.

   follows(log, place, again): whether the entry at that place is valid for the kind; `again` if its bidder has bid before.
   price(log): [finding, faults] for a lot that was sold.
   firstBidSells: a lot of the kind with an entry is never unsold.
   leavesOut(log, out, bidders): whether the result may leave out those bidders because of a debt.
   needs: the required terms of the kind.

   `log` is the published one, well-formed, with additions: `unit`, how many minor units make a whole one; `opened`, the verified
   amounts by the number of their entry; `floor`, the reserve if it was opened; `say`, which turns a key and values into a sentence, with
   `price`, `amount` and `second` as money; `who`, which names a bidder. */

/* --- shared by several kinds --- */

/* The result is what the last entry says. */
function agrees({ entries, result, say, who }) {
  const last = entries[entries.length - 1];
  const facts = { price: last.price, winner: who(last.leader) };
  return last.price === result.price && last.leader === result.winner ? [say("price-public", facts), []] : ["", [say("price-differs", facts)]];
}

/* A sealed entry shows nothing; an opened amount must be a valid bid. */
function isHidden(log, place, again) {
  const entry = log.entries[place], amount = log.opened.get(entry.number);
  const hidden = entry.price === null && entry.leader === null && entry.commitment !== null && entry.kind !== "buy";
  return hidden && (entry.kind === "raise") === again && (amount === undefined || amount >= log.terms.start_price);
}

/* The winner's last bid, and everybody else's who was not left out. */
function lastBids({ entries, result }) {
  const last = new Map(entries.filter((entry) => !result.left_out.includes(entry.bidder)).map((entry) => [entry.bidder, entry]));
  const own = last.get(result.winner);
  last.delete(result.winner);
  return [own, [...last.values()]];
}

/* All but the winner's must be opened, and none may be above the winning bid. */
function closedOrMore({ opened, result, say }, own, others) {
  const faults = [];
  for (const entry of others) {
    const amount = opened.get(entry.number);
    if (amount === undefined) faults.push(say("price-closed", { n: entry.number }));
    else if (amount > result.price) faults.push(say("price-more", { n: entry.number, amount: amount }));
    else if (own && amount === opened.get(own.number) && entry.number < own.number) faults.push(say("price-earlier", { n: entry.number }));
  }
  return faults;
}

/* --- English: the price is public, maxima are hidden --- */

const STEPS = [[100, 1], [500, 5], [1000, 10], [5000, 50], [10000, 100], [50000, 500], [Infinity, 1000]];

function stepOf({ terms, unit }, price) {
  if (terms.bid_step !== null) return terms.bid_step;
  return STEPS.find((line) => price < line[0] * unit)[1] * unit;
}

/* The price never falls and rises by a step; only the bidder can take the lead. */
function isStep(log, place) {
  const { terms, entries } = log;
  const entry = entries[place], before = entries[place - 1], free = terms.reserve === null, leads = entry.leader === entry.bidder;
  if (entry.kind === "buy") return entry.price === terms.buy_now_price && leads && place === entries.length - 1 && !(before && free);
  if (!before) return leads && entry.kind === "bid" && (free ? entry.price === terms.start_price : entry.price >= terms.start_price);
  if (entry.kind === "raise") return leads && before.leader === entry.bidder && (free ? entry.price === before.price : entry.price >= before.price);
  return entry.bidder !== before.leader && (leads || entry.leader === before.leader) && entry.price >= before.price + stepOf(log, before.price);
}

const english = {
  firstBidSells: false,
  needs: [],

  /* The leader alone: then nothing is sold. */
  leavesOut({ entries, result }, out) {
    return result.status === "unsold" && out.size === 1 && out.has(entries[entries.length - 1].leader);
  },

  follows(log, place) {
    const entry = log.entries[place], before = log.entries[place - 1], amount = log.opened.get(entry.number);
    if (entry.price === null || entry.leader === null || (entry.commitment === null) !== (entry.kind === "buy")) return false;
    if (amount !== undefined && amount < Math.max(before ? before.price : 0, log.terms.start_price)) return false;
    if (amount !== undefined && entry.leader === entry.bidder && entry.price > amount) return false;
    return isStep(log, place);
  },

  /* The start price; or a step above the next highest maximum; or the winner's own maximum; or the reserve. */
  price(log) {
    const { terms, entries, opened, say } = log, price = log.result.price, isOwn = (entry) => entry.bidder === log.result.winner;
    const [what, faults] = agrees(log);
    if (faults.length || entries[entries.length - 1].kind === "buy") return [what, faults];
    const others = entries.filter((entry) => !isOwn(entry));
    const amounts = others.filter((entry) => opened.has(entry.number)).map((entry) => opened.get(entry.number));
    if (others.length && !amounts.length) return [what, [say("price-unopened")]];
    const second = amounts.length ? Math.max(...amounts) : null;
    if (second !== null && second > price) return [what, [say("price-below", { second: second })]];
    const least = second === null ? terms.start_price : second + stepOf(log, second);
    const byWinner = entries.some((entry) => isOwn(entry) && opened.get(entry.number) === price);
    if (price !== least && price !== log.floor && !byWinner) return [what, [say("price-should", { price: least })]];
    return [second === null ? what : what + " " + say("price-second", { second: second }), []];
  },
};

/* --- Dutch: the first buyer pays the present price --- */

const dutch = {
  firstBidSells: true,
  needs: ["floor_price", "drop_amount", "drop_seconds"],
  leavesOut: () => false,

  follows({ entries }, place) {
    const entry = entries[place];
    return entries.length === 1 && entry.kind === "buy" && entry.commitment === null && entry.leader === entry.bidder;
  },

  price(log) {
    const { terms, say } = log;
    const drops = Math.floor(Math.max(0, Date.parse(log.entries[0].at) - Date.parse(terms.starts_at)) / (terms.drop_seconds * 1000));
    const price = Math.max(terms.floor_price, terms.start_price - terms.drop_amount * drops);
    const [what, faults] = agrees(log);
    if (price !== log.result.price) faults.push(say("price-not-fallen", { price: price }));
    return [faults.length ? what : what + " " + say("price-fallen", { price: price }), faults];
  },
};

/* --- sealed: the highest bid wins and pays itself --- */

/* Any sealed bids may be left out; nothing is sold if all of them are, or if the others are below the reserve. */
function leavesSome({ terms, result }, out, bidders) {
  return result.status === "sold" || (result.status === "unsold" && (terms.reserve !== null || out.size === bidders.size));
}

const sealed = {
  firstBidSells: false,
  needs: [],
  follows: isHidden,
  leavesOut: leavesSome,

  price(log) {
    const { opened, say } = log, [own, others] = lastBids(log), faults = closedOrMore(log, own, others);
    const bid = own && opened.get(own.number);
    if (bid === undefined) faults.push(say("price-closed", { n: own ? own.number : 0 }));
    else if (bid !== log.result.price) faults.push(say("price-should", { price: bid }));
    return [faults.length ? "" : say("price-best", { price: log.result.price }), faults];
  },
};

/* --- Vickrey: the highest bid wins and pays the second highest, the start or the reserve --- */

const vickrey = {
  firstBidSells: false,
  needs: [],
  follows: isHidden,
  leavesOut: leavesSome,

  price(log) {
    const { opened, say } = log, [own, others] = lastBids(log), faults = closedOrMore(log, own, others);
    const price = Math.max(log.terms.start_price, log.floor || 0, ...others.map((entry) => opened.get(entry.number) || 0));
    if (!own || (opened.has(own.number) && opened.get(own.number) !== log.result.price)) faults.push(say("bad"));
    if (price !== log.result.price) faults.push(say("price-should", { price: price }));
    return [faults.length ? "" : say("price-vickrey", { price: price }), faults];
  },
};

export const KINDS = new Map(Object.entries({ english, dutch, sealed, vickrey }));
