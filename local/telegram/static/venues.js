// The page of groups and channels: what stands there, who is what in it, and taps in posts.
import { Refused, get, inside, post } from "./api.js";
import { avatar, dialog, el, toast } from "./dom.js";
import { drawMessage } from "./message.js";

const POLL_MS = 1000;
const KINDS = { group: "Group", supergroup: "Supergroup", channel: "Channel" };
const PLACES = { left: "not here", kicked: "kicked", member: "member", restricted: "restricted", administrator: "admin" };

class Page {
  constructor() {
    this.root = document.getElementById("app");
    this.list = document.getElementById("venues");
    this.columns = document.getElementById("columns");
    this.query = new URLSearchParams(location.search);
    this.personId = Number(this.query.get("person") ?? localStorage.getItem("person")) || 0;
    this.chatId = Number(this.query.get("chat")) || 0;
    this.seen = 0;
    document.getElementById("new-venue").addEventListener("click", () => this.create("channel"));
  }

  async begin() {
    await this.refresh();
    if (!this.person && this.people.length) this.personId = this.people[0].id;
    const add = this.query.get("add");
    if (add) this.choose(add);
    else if (this.chatId) this.open(this.chatId);
    this.timer = setInterval(() => { if (!document.hidden) this.refresh(); }, POLL_MS);
  }

  get person() { return this.people.find((one) => one.id === this.personId); }

  get venue() { return this.venues.find((one) => one.id === this.chatId); }

  async refresh() {
    try {
      Object.assign(this, await get("venues/list"));
      this.drawList();
      if (this.venue) await this.drawVenue();
      if (this.person) await this.answers();
    } catch (error) {
      if (error instanceof Refused) toast(error.message, this.columns);
    }
  }

  // What the bot answers to taps of this person.
  async answers() {
    const state = await get(`chats/${this.personId}?since=${this.seen}`);
    const first = this.seen === 0;
    this.seen = state.seq;
    if (first) return;
    for (const answer of state.answers ?? []) this.answered(answer);
  }

  answered({ text, show_alert: alert, url }) {
    if (url) this.follow(url);
    if (!text) return;
    if (!alert) { toast(text, this.columns); return; }
    const box = dialog(this.bot.name, el("p", { class: "alert-words" }, text),
      el("button", { type: "button", class: "button wide", autofocus: true, onclick: () => box.close() }, "OK"));
  }

  async act(body) {
    try {
      const made = await post(`chats/${this.personId}/venue`, { chat_id: this.chatId, ...body });
      await this.refresh();
      return made;
    } catch (error) {
      toast(error instanceof Refused ? error.message : "The local run does not answer.", this.columns);
      return null;
    }
  }

  // --- the list ---

  drawList() {
    this.list.replaceChildren(...this.venues.map((venue) => el("button", {
      type: "button", class: `person${venue.id === this.chatId ? " open" : ""}`, onclick: () => this.open(venue.id),
    }, avatar(-venue.id, venue.title), el("span", { class: "person-words" },
      el("span", { class: "person-line" }, el("strong", {}, venue.title)),
      el("span", { class: "person-line" }, el("span", { class: "person-last" }, venue.moved_to ? "became a supergroup"
        : `${KINDS[venue.kind]} · bot: ${this.place(venue)}`))))));
  }

  place(venue) {
    const mute = venue.status === "restricted" || venue.kind === "channel";
    return PLACES[venue.status] + (mute && !venue.may_post && venue.status !== "left" ? ", may not post" : "");
  }

  open(chatId) {
    this.chatId = chatId;
    this.shown = "";
    this.root.classList.add("chatting");
    history.replaceState(null, "", `venues?${new URLSearchParams({ chat: chatId, person: this.personId })}`);
    this.refresh();
  }

  // --- making, and adding the bot ---

  create(kind) {
    const title = el("input", { required: true, maxLength: 128, autocomplete: "off" });
    const kinds = el("select", {}, Object.entries(KINDS).map(([value, name]) => el("option", { value, selected: value === kind }, name)));
    const forum = el("input", { type: "checkbox" });
    const form = el("form", {
      class: "fields",
      onsubmit: async (event) => {
        event.preventDefault();
        const made = await this.act({ do: "create", kind: kinds.value, title: title.value, is_forum: Number(forum.checked) });
        if (made) { box.close(); this.open(made.id); }
      },
    }, el("label", { class: "field" }, el("span", {}, "Title"), title), el("label", { class: "field" }, el("span", {}, "Kind"), kinds),
    el("label", { class: "chip-option" }, forum, "with topics"), el("button", { type: "submit", class: "button wide" }, "Create"));
    const box = dialog(`New, of ${this.person?.first_name ?? "nobody"}`, form);
    title.focus();
  }

  // Where a link leads that adds the bot to a group or channel.
  choose(kind) {
    const fits = this.venues.filter((venue) => (venue.kind === "channel") === (kind === "channel") && !venue.moved_to);
    const box = dialog(kind === "channel" ? "Make the bot an admin of" : "Add the bot to", el("div", { class: "entries" },
      fits.map((venue) => el("button", { type: "button", class: "entry", onclick: () => { box.close(); this.add(venue); } }, venue.title)),
      el("button", { type: "button", class: "entry", onclick: () => { box.close(); this.create(kind); } }, "Make a new one")));
  }

  async add(venue) {
    this.open(venue.id);
    await this.act({ do: "bot", chat_id: venue.id, status: venue.kind === "channel" ? "administrator" : "member", may_post: 1 });
  }

  // --- one of them ---

  async drawVenue() {
    const { venue, messages } = await get(`venues/${this.chatId}`);
    const shown = JSON.stringify([venue, messages, this.personId, this.people.length]);
    if (shown === this.shown) return;
    this.shown = shown;
    const history = el("div", { class: "history", role: "log" }, messages.map((message) => this.message(message)));
    const scroller = el("div", { class: "scroller" }, history);
    this.columns.replaceChildren(el("section", { class: "chat", "aria-label": venue.title }, this.head(venue), this.tools(venue), scroller, this.foot(venue)));
    scroller.scrollTop = scroller.scrollHeight;
  }

  head(venue) {
    const as = el("select", { class: "venue-as", "aria-label": "As whom", onchange: () => { this.personId = Number(as.value); this.seen = 0; this.shown = ""; this.refresh(); } },
      this.people.map((one) => el("option", { value: one.id, selected: one.id === this.personId }, one.first_name)));
    return el("header", { class: "bar chat-head" },
      el("button", { type: "button", class: "icon back", "aria-label": "Groups", onclick: () => this.root.classList.remove("chatting") }, "‹"),
      avatar(-venue.id, venue.title),
      el("div", { class: "chat-names" }, el("strong", { class: "chat-title" }, venue.title),
        el("span", { class: "chat-status" }, `${KINDS[venue.kind]} · bot: ${this.place(venue)}`)), as);
  }

  tools(venue) {
    const bot = (text, status, mayPost = true) => el("button", {
      type: "button", class: "button small", onclick: () => this.act({ do: "bot", status, may_post: Number(mayPost) }),
    }, text);
    const mine = venue.people[this.personId];
    const admin = mine === "creator" || mine === "administrator";
    const person = el("button", {
      type: "button", class: "button small",
      onclick: () => this.act({ do: "person", member: this.personId, status: admin ? "member" : "administrator" }),
    }, admin ? `${this.person?.first_name}: no admin` : `${this.person?.first_name}: admin`);
    const changes = venue.kind === "channel"
      ? [bot("Bot: admin", "administrator"), bot("No right to post", "administrator", false)]
      : [bot("Add the bot", "member"), bot("Restrict it", "restricted", false), bot("Bot: admin", "administrator")];
    const migrate = venue.kind === "group" && el("button", { type: "button", class: "button small", onclick: async () => {
      const made = await this.act({ do: "migrate" });
      if (made) this.open(made.id);
    } }, "To supergroup");
    return el("div", { class: "venue-tools" }, venue.moved_to ? "This group became a supergroup." : [...changes, bot("Remove the bot", "kicked"), migrate, person]);
  }

  message(message) {
    const note = message.migrate_to_chat_id || message.migrate_from_chat_id;
    if (note) return el("article", { class: "message service" }, el("span", { class: "pill" }, "The group became a supergroup"));
    const drawn = drawMessage({ ...message, from: message.from ?? { is_bot: true, first_name: message.chat.title } }, this.asChat(message));
    const topic = message.message_thread_id ? el("span", { class: "venue-topic" }, ` · topic ${message.message_thread_id}`) : null;
    drawn.querySelector(".bubble")?.prepend(el("span", { class: "venue-who" }, message.from?.first_name ?? message.chat.title, topic));
    return drawn;
  }

  // What a drawn message asks of its chat.
  asChat() {
    return {
      personId: this.personId,
      press: (messageId, data) => this.act({ do: "press", message_id: messageId, data }),
      isWaiting: () => false,
      follow: (url, { dry = false } = {}) => dry || this.follow(url),
      linkTo: (url) => url,
      command: (text) => this.act({ do: "say", text }),
      forward: () => toast("Only in a private chat.", this.columns),
      composer: { answer: () => toast("Only in a private chat.", this.columns) },
    };
  }

  // Into the bot, as this person, where a link leads there.
  follow(url) {
    const start = inside(url, this.bot)?.start;
    window.open(start ? `./?${new URLSearchParams({ person: this.personId, start })}` : url, "_blank", "noopener");
    return true;
  }

  foot(venue) {
    if (venue.kind === "channel" || venue.moved_to) return el("footer", { class: "venue-foot" }, el("span", { class: "venue-said" }, "Posts of the channel are read here."));
    const text = el("input", { class: "input", placeholder: "Message, or /connect", "aria-label": "Message", autocomplete: "off" });
    const hidden = el("input", { type: "checkbox" });
    const thread = el("input", { class: "venue-as", type: "number", min: 1, placeholder: "topic", "aria-label": "Topic", hidden: !venue.is_forum });
    return el("form", {
      class: "venue-foot",
      onsubmit: async (event) => {
        event.preventDefault();
        if (!text.value.trim()) return;
        await this.act({ do: "say", text: text.value, is_anonymous: Number(hidden.checked), thread: Number(thread.value) || undefined });
      },
    }, text, thread, el("label", { class: "chip-option", title: "As an anonymous admin" }, hidden, "hidden"), el("button", { type: "submit", class: "icon send", "aria-label": "Send" }, "➤"));
  }
}

new Page().begin();
