// One chat with the bot as one person: history, live changes, what the person does.
import { Refused, get, inside, openLink, post } from "./api.js";
import { Composer } from "./composer.js";
import { avatar, day, dialog, el, money, toast } from "./dom.js";
import { drawDraft, drawMessage } from "./message.js";
import { showMoney } from "./money.js";
import { showPaySheet } from "./pay.js";

const POLL_MS = 700;
const HIDDEN_POLL_MS = 3000;
const PRESS_MS = 15000;
const LATE_POLLS = 6;
const ACTIONS = { typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…" };
const UNKNOWN_BOT = "The bot has not been started yet. Press Start to meet it.";

export class Chat {
  constructor(app, personId) {
    this.app = app;
    this.personId = personId;
    this.seq = 0;
    this.late = 0;
    this.person = null;
    this.description = "";
    this.messages = new Map();
    this.waiting = new Map();
    this.build();
    this.composer = new Composer(this);
    this.root.append(this.composer.root);
    this.poll();
  }

  build() {
    this.back = el("button", { type: "button", class: "icon back", "aria-label": "People", onclick: () => this.app.showPeople() }, "‹");
    this.title = el("strong", { class: "chat-title" });
    this.status = el("span", { class: "chat-status" });
    this.stars = el("button", { type: "button", class: "stars", title: "Stars and payments", onclick: () => showMoney(this) });
    this.site = el("a", {
      class: "button small", href: openLink(this.personId), target: "_blank", rel: "noopener",
      title: "Open the site, logged in as this person",
    }, el("span", { class: "site-long" }, "Open site"), el("span", { class: "site-short" }, "Site"));
    this.list = el("div", { class: "history", role: "log", "aria-live": "polite" });
    this.scroller = el("div", { class: "scroller", onscroll: () => { this.atEnd = this.nearEnd(); } }, this.list);
    this.atEnd = true;
    new ResizeObserver(() => { if (this.atEnd) this.toEnd(); }).observe(this.scroller);
    const head = el("header", { class: "bar chat-head" }, this.back, avatar(3, this.app.bot.name),
      el("div", { class: "chat-names" }, this.title, this.status), this.stars, this.site,
      el("button", { type: "button", class: "icon", "aria-label": "More", onclick: () => this.more() }, "⋯"));
    this.root = el("section", { class: "chat", "aria-label": "Chat" }, head, this.scroller);
    this.title.textContent = this.app.bot.name;
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.root.remove();
  }

  async poll() {
    clearTimeout(this.timer);
    if (this.polling) { this.again = true; return; }
    this.polling = true;
    try {
      this.apply(await get(`chats/${this.personId}?since=${this.seq}`));
      this.root.classList.remove("offline");
    } catch (error) {
      this.root.classList.add("offline");
      this.status.textContent = error instanceof Refused ? error.message : "connecting…";
    }
    this.polling = false;
    const soon = this.again ? 0 : document.hidden ? HIDDEN_POLL_MS : POLL_MS;
    this.again = false;
    if (!this.closed) this.timer = setTimeout(() => this.poll(), soon);
  }

  apply(state) {
    if (this.closed) return;
    const first = this.seq === 0;
    const atEnd = first || this.nearEnd();
    if (state.person) {
      this.person = state.person;
      this.stars.textContent = money(this.person.stars);
      this.description = state.description;
      this.composer.update(state);
    }
    for (const number of state.deleted ?? []) this.remove(number);
    for (const message of state.messages ?? []) this.put(message);
    for (const answer of state.answers ?? []) this.answered(answer);
    this.seq = state.seq;
    this.showActivity(state);
    this.showEmpty();
    if ((state.messages?.length && atEnd) || first) this.toEnd();
    if (state.messages) this.app.seen(this.personId, Math.max(0, ...this.messages.keys()));
  }

  nearEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < 160;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    for (const picture of this.list.querySelectorAll("img:not([data-watched])")) {
      picture.dataset.watched = "1";
      picture.addEventListener("load", () => { if (this.nearEnd()) this.scroller.scrollTop = this.scroller.scrollHeight; });
    }
  }

  put(message) {
    const known = this.messages.get(message.message_id);
    const node = drawMessage(message, this);
    if (known) {
      this.finish(message.message_id);
      known.node.replaceWith(node);
    } else {
      this.place(message, node);
      if (message.extra.reply_keyboard) this.composer.replyKeyboard(message.extra.reply_keyboard, message);
    }
    this.messages.set(message.message_id, { message, node });
  }

  place(message, node) {
    const label = day(message.date);
    if (label !== this.lastDay) {
      this.lastDay = label;
      this.list.append(el("div", { class: "message service day" }, el("span", { class: "pill" }, label)));
    }
    const group = message.media_group_id;
    if (!group) return this.list.append(node);
    let album = this.list.querySelector(`[data-album="${CSS.escape(group)}"]`);
    if (!album) {
      album = el("div", { class: `album ${message.from.is_bot ? "in" : "out"}`, "data-album": group });
      this.list.append(album);
    }
    return album.append(node);
  }

  remove(number) {
    this.messages.get(number)?.node.remove();
    this.messages.delete(number);
  }

  showActivity({ action, draft, drafts_refused: refused, waiting }) {
    this.draftsRefused = refused;
    this.late = waiting ? this.late + 1 : 0;
    const idle = this.late > LATE_POLLS ? "waiting for the bot…" : `as ${this.person?.first_name ?? "…"}`;
    this.status.textContent = ACTIONS[action] ?? (action ? "busy…" : idle);
    this.status.classList.toggle("active", Boolean(action));
    const shown = JSON.stringify([draft, Boolean(action)]);
    const old = this.list.querySelector(".draft");
    if (old && this.shownActivity === shown && !old.nextElementSibling) return;
    this.shownActivity = shown;
    old?.remove();
    if (!action && !draft) return;
    const atEnd = this.nearEnd();
    const dots = el("span", { class: "dots", "aria-label": "typing" }, el("i"), el("i"), el("i"));
    this.list.append(draft ? drawDraft(draft, this) : el("article", { class: "message in draft" }, el("div", { class: "bubble" }, dots)));
    if (atEnd) this.toEnd();
  }

  showEmpty() {
    const empty = this.list.querySelector(".intro");
    if (this.messages.size) return empty?.remove();
    if (empty?.dataset.words === this.description) return undefined;
    empty?.remove();
    const words = el("div", { class: "intro", "data-words": this.description }, avatar(3, this.app.bot.name), el("strong", {}, this.app.bot.name),
      el("span", {}, `@${this.app.bot.username}`), this.description && el("b", {}, "What can this bot do?"),
      el("p", { dir: "auto" }, this.description || UNKNOWN_BOT));
    return this.list.append(words);
  }

  // --- what the person does ---

  async attempt(work) {
    try {
      const result = await work();
      this.poll();
      return result;
    } catch (error) {
      this.say(error instanceof Refused ? error.message : "The local run does not answer.");
      return null;
    }
  }

  send(body) {
    return this.attempt(() => post(`chats/${this.personId}/messages`, body)).then((sent) => {
      if (sent) this.toEnd();
      return sent;
    });
  }

  forward(messageId) { return this.attempt(() => post(`chats/${this.personId}/forward`, { message_id: messageId })); }

  command(text) { return this.send({ text }); }

  start(payload) { return this.send({ text: payload ? `/start ${payload}` : "/start" }); }

  async press(messageId, data) {
    const mark = `${messageId}:${data}`;
    if (this.waiting.has(mark)) return;
    this.waiting.set(mark, setTimeout(() => this.finish(messageId), PRESS_MS));
    this.keys(messageId, data).forEach((key) => key.classList.add("waiting"));
    if (!await this.attempt(() => post(`chats/${this.personId}/press`, { message_id: messageId, data }))) this.finish(messageId);
  }

  stop(draftId) { return this.attempt(() => post(`chats/${this.personId}/stop`, { draft_id: draftId })); }

  isWaiting(messageId, data) { return this.waiting.has(`${messageId}:${data}`); }

  keys(messageId, data) {
    const keys = [...(this.messages.get(messageId)?.node.querySelectorAll(".key") ?? [])];
    return data === undefined ? keys : keys.filter((key) => key.dataset.data === data);
  }

  finish(messageId) {
    for (const [mark, timer] of this.waiting) {
      if (mark.startsWith(`${messageId}:`)) { clearTimeout(timer); this.waiting.delete(mark); }
    }
    this.keys(messageId).forEach((key) => key.classList.remove("waiting"));
  }

  answered({ message_id: messageId, text, show_alert: alert, url }) {
    this.finish(messageId);
    if (url) this.follow(url);
    if (!text) return;
    if (!alert) return this.say(text);
    const box = dialog(this.app.bot.name, el("p", { class: "alert-words" }, text),
      el("button", { type: "button", class: "button wide", autofocus: true, onclick: () => box.close() }, "OK"));
  }

  say(words) { toast(words, this.root); }

  pay(which) { return showPaySheet(this.app, this.personId, which); }

  receipt(message) {
    const { title, total_amount: amount, currency } = message.invoice;
    this.say(`${title}: ${money(amount, currency)}, paid.`);
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => null);
    this.say("Copied.");
  }

  prefill(query) { this.composer.prefill(`@${this.app.bot.username} ${query}`); }

  // Where a link leads: to the site as this person, or as it stands.
  linkTo(url) { return this.app.siteLink(this.personId, url) ?? url; }

  // Follows internal links: the bot itself, invoices, buying Stars. With `dry` only says whether it is one.
  follow(url, { dry = false } = {}) {
    const target = inside(url, this.app.bot);
    if (dry) return Boolean(target);
    if (!target) { window.open(url, "_blank", "noopener"); return false; }
    if (target.venue) window.open(`venues?${target.venue}&person=${this.personId}`, "_blank", "noopener");
    if (target.start !== undefined) this.composer.offerStart(target.start);
    if (target.slug) this.pay({ slug: target.slug });
    if (target.stars) showMoney(this);
    return true;
  }

  async setDraftsRefused(refused) {
    await this.attempt(() => post(`chats/${this.personId}/drafts`, { refused }));
  }

  async setBlocked(blocked) {
    await this.attempt(() => post(`chats/${this.personId}/block`, { blocked }));
  }

  more() {
    const blocked = this.person?.blocked;
    const entry = (text, act, tone = "") => el("button", { type: "button", class: `entry ${tone}`, onclick: () => { box.close(); act(); } }, text);
    const box = dialog(this.person?.first_name ?? "", el("div", { class: "entries" },
      entry("Stars, payments and subscriptions", () => showMoney(this)),
      this.app.canSplit() && entry(this.app.isBeside(this.personId) ? "Close this column" : "Open beside another person",
        () => this.app.toggleBeside(this.personId)),
      entry(this.draftsRefused ? "Take drafts of answers again" : "Refuse drafts of answers", () => this.setDraftsRefused(!this.draftsRefused)),
      entry(blocked ? "Unblock the bot" : "Block the bot", () => this.setBlocked(!blocked), blocked ? "" : "danger")));
  }
}
