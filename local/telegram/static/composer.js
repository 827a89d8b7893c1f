// The foot of a chat: the text field, the bot's menu, pictures, and the bars that replace them.
import { albums, openLink, readMedia } from "./api.js";
import { attachSheet } from "./attach.js";
import { el } from "./dom.js";
import { InlineResults } from "./inline.js";
import { gist } from "./message.js";

export class Composer {
  constructor(chat) {
    this.chat = chat;
    this.commands = [];
    this.files = [];
    this.replyTo = null;
    this.startPayload = undefined;
    this.build();
  }

  build() {
    this.input = el("textarea", {
      class: "input", rows: 1, placeholder: "Message", "aria-label": "Message", maxLength: 8192,
      oninput: () => this.typed(), onkeydown: (event) => this.key(event),
      onpaste: (event) => this.attach(event.clipboardData?.files),
    });
    this.menu = el("div", { class: "commands", hidden: true });
    this.menuButton = el("button", { type: "button", class: "menu-button", onclick: () => this.toggleMenu() }, "☰ Menu");
    this.menuLink = el("a", { class: "menu-button", target: "_blank", rel: "noopener", hidden: true });
    this.file = el("input", { type: "file", multiple: true, hidden: true, onchange: () => this.attach(this.file.files) });
    this.chip = el("div", { class: "chip", hidden: true });
    this.quote = el("div", { class: "chip", hidden: true });
    this.sendButton = el("button", { type: "submit", class: "icon send", "aria-label": "Send" }, "➤");
    this.form = el("form", { class: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.menuButton, this.menuLink,
      el("button", { type: "button", class: "icon", "aria-label": "Attach", onclick: () => attachSheet(this.chat, () => this.file.click()) }, "📎"),
      this.file, this.input, this.sendButton);
    this.keys = el("div", { class: "reply-keys", hidden: true });
    this.startBar = el("button", { type: "button", class: "button wide footer", hidden: true, onclick: () => this.pressStart() }, "Start");
    this.unblockBar = el("button", { type: "button", class: "button wide footer", hidden: true,
      onclick: () => this.chat.setBlocked(false) }, "Unblock the bot");
    this.inline = new InlineResults(this);
    this.root = el("footer", { class: "foot" }, this.inline.root, this.menu, this.quote, this.chip, this.form, this.keys, this.startBar, this.unblockBar);
  }

  update({ person, commands, menu_button: menuButton }) {
    this.person = person;
    this.commands = commands;
    const webApp = menuButton?.type === "web_app" ? menuButton : null;
    this.menuLink.hidden = !webApp;
    if (webApp) {
      this.menuLink.textContent = webApp.text;
      this.menuLink.href = openLink(person.id, "web_app", webApp.web_app.url);
    }
    this.menuButton.hidden = !commands.length || Boolean(webApp);
    this.arrange();
  }

  // Which of the bars is shown: unblocking comes before starting, starting before writing.
  arrange() {
    const start = !this.person.started || this.startPayload !== undefined;
    this.unblockBar.hidden = !this.person.blocked;
    this.startBar.hidden = this.person.blocked || !start;
    this.form.hidden = this.person.blocked || start;
    this.chip.hidden = this.form.hidden || !this.chip.childElementCount;
    this.quote.hidden = this.form.hidden || !this.replyTo;
    this.keys.hidden = this.form.hidden || !this.keys.childElementCount;
    if (this.form.hidden) { this.menu.hidden = true; this.inline.close(); }
  }

  offerStart(payload) {
    this.startPayload = payload;
    if (this.person) this.arrange();
    this.startBar.focus();
  }

  async pressStart() {
    const payload = this.startPayload;
    this.startPayload = undefined;
    await this.chat.start(payload);
    this.arrange();
  }

  prefill(text) {
    this.input.value = text;
    this.typed();
    this.input.focus();
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
    this.inline.typed(this.input.value);
    const match = /^\/(\w*)$/.exec(this.input.value);
    this.showMenu(match ? this.commands.filter(({ command }) => command.startsWith(match[1])) : []);
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
    if (event.key === "Escape") { this.menu.hidden = true; this.inline.close(); this.answer(null); }
  }

  toggleMenu() { this.showMenu(this.menu.hidden ? this.commands : []); }

  showMenu(commands) {
    this.menu.hidden = !commands.length;
    this.menu.replaceChildren(...commands.map(({ command, description }) => el("button", {
      type: "button", class: "command", onclick: () => this.choose(command),
    }, el("span", {}, description), el("code", {}, `/${command}`))));
  }

  choose(command) {
    this.menu.hidden = true;
    this.input.value = "";
    this.chat.command(`/${command}`);
  }

  attach(files) {
    if (!files?.length) return;
    this.files = [...files];
    this.file.value = "";
    const pictures = this.files.filter((file) => file.type.startsWith("image/"));
    const label = this.files.length === 1 ? this.files[0].name
      : pictures.length === this.files.length ? `${pictures.length} photos` : `${this.files.length} files`;
    this.asFiles = el("input", { type: "checkbox" });
    this.pretend = el("input", { type: "number", min: 1, max: 4000, placeholder: "MB", "aria-label": "Pretend it has so many MB" });
    this.chip.replaceChildren(
      el("div", { class: "thumbs" }, pictures.map((file) => el("img", { src: URL.createObjectURL(file), alt: "" }))),
      el("span", {}, label),
      el("label", { class: "chip-option", title: "As they are: pictures are not made smaller" }, this.asFiles, "as file"),
      el("label", { class: "chip-option", title: "The bot is told this size, and cannot fetch more than 20 MB" }, "size", this.pretend),
      el("button", { type: "button", class: "icon", "aria-label": "Remove", onclick: () => this.detach() }, "✕"));
    this.arrange();
    this.input.focus();
  }

  detach() {
    for (const picture of this.chip.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    this.files = [];
    this.chip.replaceChildren();
    this.arrange();
  }

  // What is sent next replies to a message, or to none.
  answer(message, placeholder) {
    this.replyTo = message?.message_id ?? null;
    this.input.placeholder = placeholder || (message ? "Reply" : "Message");
    this.quote.replaceChildren(el("span", {}, message ? `Reply to: ${gist(message)}` : ""),
      el("button", { type: "button", class: "icon", "aria-label": "Do not reply", onclick: () => this.answer(null) }, "✕"));
    if (this.person) this.arrange();
    this.input.focus();
  }

  async submit() {
    const text = this.input.value.trim();
    const reply = this.replyTo ? { reply_to: this.replyTo } : {};
    if (!text && !this.files.length) return;
    this.input.value = "";
    this.typed();
    const sent = this.files.length ? await this.sendFiles(text, reply) : await this.chat.send({ text, ...reply });
    if (sent) {
      this.answer(null);
      this.detach();
    } else {
      this.input.value = text;
    }
    this.input.focus();
  }

  // One message after the other; the caption goes with the first.
  async sendFiles(caption, reply) {
    const how = { asFile: this.asFiles.checked, bytes: Math.round(Number(this.pretend.value) * 1e6) };
    const items = [];
    for (const file of this.files) items.push(await readMedia(file, how));
    for (const [number, media] of albums(items).entries()) {
      if (!await this.chat.send({ media, ...(number ? {} : { caption, ...reply }) })) return false;
    }
    return true;
  }

  // A keyboard that the bot put in the place of the person's own, until it takes it away.
  replyKeyboard(markup, message) {
    if (markup.force_reply) return this.answer(message, markup.input_field_placeholder);
    const rows = markup.keyboard ?? [];
    this.keys.replaceChildren(...rows.map((row) => el("div", { class: "keys" }, row.map((button) => {
      const text = typeof button === "string" ? button : button.text;
      return el("button", { type: "button", class: "key", onclick: () => this.reply(text, markup) }, el("span", {}, text));
    }))));
    if (this.person) this.arrange();
    return undefined;
  }

  reply(text, markup) {
    this.chat.send({ text });
    if (markup.one_time_keyboard) { this.keys.replaceChildren(); this.arrange(); }
  }
}
