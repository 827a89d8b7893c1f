// The stand-in's page: people, open chats, the address.
import { Refused, get, openLink, post } from "./api.js";
import { Chat } from "./chat.js";
import { avatar, clock, dialog, el, money, toast } from "./dom.js";
import { showPaySheet } from "./pay.js";

const LIST_MS = 2000;
const WIDE = matchMedia("(min-width: 1100px)");

class App {
  constructor() {
    this.seq = 0;
    this.people = [];
    this.chats = new Map();
    this.root = document.getElementById("app");
    this.list = document.getElementById("people");
    this.columns = document.getElementById("columns");
    document.getElementById("new-person").addEventListener("click", () => this.newPerson());
    WIDE.addEventListener("change", () => this.show(this.canSplit() ? this.ids : this.ids.slice(0, 1)));
  }

  async begin() {
    await this.refresh();
    const query = new URLSearchParams(location.search);
    const known = (text) => this.person(Number(text))?.id;
    const asked = [known(query.get("person")), this.canSplit() && known(query.get("beside"))].filter(Boolean);
    const inside = query.has("start") || query.has("invoice");
    const last = known(localStorage.getItem("person"));
    const first = asked.length || (matchMedia("(max-width: 719px)").matches && !inside) ? [] : [last ?? this.people[0]?.id];
    this.show([...asked, ...first].filter(Boolean));
    if (query.has("start") && this.ids.length) this.chat(this.ids[0]).composer.offerStart(query.get("start"));
    if (query.has("invoice") && this.ids.length) showPaySheet(this, this.ids[0], { slug: query.get("invoice") });
    setInterval(() => { if (!document.hidden) this.refresh(); }, LIST_MS);
  }

  async refresh() {
    try {
      const state = await get(`people?since=${this.seq}`);
      this.seq = state.seq;
      if (!state.people) return;
      this.bot = state.bot;
      this.people = state.people;
      this.operators = state.operators;
      this.draw();
    } catch { /* the open chat shows that nobody answers */ }
  }

  get ids() { return [...this.chats.keys()]; }

  person(id) { return this.people.find((person) => person.id === id); }

  chat(id) { return this.chats.get(id); }

  say(words) { toast(words, this.chats.values().next().value?.root ?? document.body); }

  // --- columns ---

  canSplit() { return WIDE.matches && this.people.length > 1; }

  isBeside(id) { return this.ids.length > 1 && this.chats.has(id); }

  open(id) {
    if (this.chats.has(id)) return;
    this.show(this.ids.length > 1 ? [id, this.ids[1]] : [id]);
  }

  toggleBeside(id) {
    if (this.ids.length > 1) return this.show(this.ids.filter((other) => other !== id));
    const box = dialog("Open beside", el("div", { class: "entries" }, this.people.filter((other) => other.id !== id).map((other) =>
      el("button", { type: "button", class: "entry", onclick: () => { box.close(); this.show([id, other.id]); } }, other.first_name))));
  }

  show(ids) {
    for (const [id, chat] of this.chats) {
      if (!ids.includes(id)) { chat.close(); this.chats.delete(id); }
    }
    const old = this.chats;
    this.chats = new Map(ids.map((id) => [id, old.get(id) ?? new Chat(this, id)]));
    this.columns.replaceChildren(...[...this.chats.values()].map((chat) => chat.root));
    for (const chat of this.chats.values()) chat.toEnd();
    this.root.classList.toggle("chatting", ids.length > 0);
    if (!ids.length) this.columns.append(this.nothing());
    if (ids.length) localStorage.setItem("person", ids[0]);
    const query = new URLSearchParams(Object.entries({ person: ids[0], beside: ids[1] }).filter(([, id]) => id));
    history.replaceState(null, "", ids.length ? `?${query}` : location.pathname);
    this.draw();
  }

  showPeople() { this.show([]); }

  nothing() {
    if (this.people.length) return el("p", { class: "empty" }, "Choose a person to chat with the bot as them.");
    return el("div", { class: "empty" }, el("p", {}, "Nobody is here yet. Make the first person, then write to the bot as them."),
      el("button", { type: "button", class: "button", onclick: () => this.newPerson() }, "New person"));
  }

  // --- people ---

  draw() {
    this.list.replaceChildren(...this.people.map((person) => this.row(person)));
    this.drawPanel();
    document.title = `${this.bot?.name ?? "Bot"} · Telegram stand-in`;
  }

  // Who runs the market: one click leads to the panel, logged in as them.
  drawPanel() {
    const panel = document.getElementById("panel");
    const operator = this.person(this.operators?.[0]);
    panel.hidden = !operator;
    if (!operator) return;
    const link = openLink(operator.id, "web_app", `${this.bot.site_url}/admin`);
    panel.replaceChildren(el("a", { class: "button small wide", href: link, target: "_blank", rel: "noopener" }, "Open the admin panel"),
      el("small", {}, `as ${operator.first_name}, who runs the market`));
  }

  row(person) {
    const { last } = person;
    const unread = last?.bot && last.message_id > Number(localStorage.getItem(`seen:${person.id}`) ?? 0);
    const open = this.chats.has(person.id);
    return el("button", {
      type: "button", class: `person${open ? " open" : ""}`, "aria-current": open ? "true" : undefined,
      onclick: () => this.open(person.id),
    }, avatar(person.id, person.first_name),
    el("span", { class: "person-words" },
      el("span", { class: "person-line" }, el("strong", {}, person.first_name), el("small", {}, last ? clock(last.date) : "")),
      el("span", { class: "person-line" },
        el("span", { class: "person-last" }, last ? last.text : person.username ? `@${person.username}` : "new here"),
        unread && !open ? el("i", { class: "unread", "aria-label": "unread" }) : el("small", {}, money(person.stars)))));
  }

  seen(id, messageId) {
    localStorage.setItem(`seen:${id}`, messageId);
  }

  newPerson() {
    const field = (label, control) => el("label", { class: "field" }, el("span", {}, label), control);
    const name = el("input", { required: true, maxLength: 64, autocomplete: "off" });
    const username = el("input", { maxLength: 33, placeholder: "optional", autocomplete: "off" });
    const language = el("select", {}, el("option", { value: "ru" }, "Русский"), el("option", { value: "en" }, "English"));
    const words = el("p", { class: "pay-words", role: "status" });
    const form = el("form", {
      class: "fields",
      onsubmit: async (event) => {
        event.preventDefault();
        try {
          const body = { first_name: name.value, username: username.value, language_code: language.value };
          const person = await post("people", body);
          await this.refresh();
          box.close();
          this.open(person.id);
        } catch (error) {
          words.textContent = error instanceof Refused ? error.message : "The local run does not answer.";
        }
      },
    }, field("Name", name), field("@username", username), field("Language of their Telegram", language), words,
    el("button", { type: "submit", class: "button wide" }, "Create"));
    const box = dialog("New person", form);
    name.focus();
  }

  // The site, opened as the person whose chat it is. Telegram does so for a `web_app` button, which it takes with https
  // only, so on this machine the bot sends plain links. What stands behind # goes along: the redirects keep it.
  siteLink(personId, url) {
    let link;
    try { link = new URL(url); } catch { return null; }
    if (link.origin !== new URL(this.bot.site_url).origin || link.pathname.startsWith("/_local")) return null;
    return openLink(personId, "web_app", url) + link.hash;
  }
}

new App().begin();
