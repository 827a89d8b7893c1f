// Inline mode: who types the bot's name finds lots above the field, and sends one to a chat.
import { media, post } from "./api.js";
import { dialog, el } from "./dom.js";

const TYPING_MS = 300;

// Above a message that came through a bot: by whom, and through which.
export function via(message) {
  if (!message.via_bot) return null;
  const { sender } = message.extra;
  return el("div", { class: "via" }, sender && el("strong", {}, sender), ` via @${message.via_bot.username}`);
}

export class InlineResults {
  constructor(composer) {
    this.composer = composer;
    this.chat = composer.chat;
    this.asked = null;
    this.list = el("div", { class: "offers" });
    this.root = el("section", { class: "inline", "aria-label": "Inline results", hidden: true }, this.list);
  }

  typed(text) {
    const query = this.query(text);
    clearTimeout(this.timer);
    if (query === null) return this.close();
    if (query === this.asked) return undefined;
    this.timer = setTimeout(() => this.ask(query), TYPING_MS);
    return undefined;
  }

  // The words behind the bot's name; null where the text begins with another.
  query(text) {
    const [name, ...words] = text.trimStart().split(/\s/);
    const called = name.toLowerCase() === `@${this.chat.app.bot.username}`.toLowerCase();
    return called && /\s/.test(text.trimStart()) ? words.join(" ") : null;
  }

  close() {
    this.asked = null;
    this.root.hidden = true;
    this.list.replaceChildren();
  }

  async ask(query, offset = "") {
    this.asked = query;
    const found = await this.chat.attempt(() => post(`chats/${this.chat.personId}/inline`, { query, offset }));
    if (this.asked !== query) return; // they have typed on
    if (!found) return this.close();
    if (!offset) this.list.replaceChildren();
    this.list.querySelector(".offers-more")?.remove();
    this.list.append(...this.drawn(found, query));
    this.root.hidden = false;
  }

  drawn(found, query) {
    const rows = found.results.map((result) => this.row(found.query_id, result));
    if (found.button) rows.unshift(el("button", { type: "button", class: "offers-way-out", onclick: () => this.start(found.button.start) }, found.button.text));
    else if (!rows.length && !this.list.childElementCount) rows.push(el("p", { class: "offers-none" }, "The bot offers nothing."));
    if (found.next_offset) rows.push(el("button", { type: "button", class: "offers-more", onclick: () => this.ask(query, found.next_offset) }, "More"));
    return rows;
  }

  row(queryId, result) {
    const address = result.photo ? media(result.photo) : result.thumbnail;
    const picture = address ? el("img", { src: address, alt: "", loading: "lazy" }) : el("span", { class: "offer-none", "aria-hidden": "true" }, "☆");
    return el("button", { type: "button", class: "offer", onclick: () => this.choose(queryId, result) }, picture,
      el("span", { class: "offer-words", dir: "auto" }, el("strong", {}, result.title), el("small", {}, result.description)));
  }

  start(payload) {
    this.leave();
    this.composer.offerStart(payload);
  }

  // Telegram sends it to the chat that one types in; here the chats with other people are not shown, so it asks.
  choose(queryId, result) {
    const send = (to) => { box.close(); this.send(queryId, result.id, to); };
    const others = this.chat.app.people.filter((person) => person.id !== this.chat.personId);
    const entry = (text, to) => el("button", { type: "button", class: "entry", onclick: () => send(to) }, text);
    const box = dialog("Send to", el("div", { class: "entries" }, entry("This chat with the bot", this.chat.personId),
      others.map((person) => entry(person.first_name, person.id))));
  }

  async send(queryId, resultId, to) {
    const sent = await this.chat.attempt(() => post(`chats/${this.chat.personId}/choose`, { query_id: queryId, result_id: resultId, to }));
    if (!sent) return;
    this.leave();
    if (to !== this.chat.personId) this.chat.say(`Sent to ${this.chat.app.person(to)?.first_name}.`);
    this.chat.app.chat(to)?.poll();
  }

  leave() {
    this.composer.prefill("");
    this.close();
  }
}
