// The foot of a chat: the text field, the bot's menu, pictures, and the bars that replace them.
import { openLink, readAttachments } from "./api.js";
import { el } from "./dom.js";
import { InlineResults } from "./inline.js";
import { gist } from "./message.js";

export class Composer {
  constructor(chat) {
    this.chat = chat;
    this.commands = [];
    this.attachment = null;
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
      el("button", { type: "button", class: "icon", "aria-label": "Attach a picture or file", onclick: () => this.file.click() }, "📎"),
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

  async attach(files) {
    if (!files?.length) return;
    const name = files[0].name;
    this.attachment = await readAttachments(files);
    this.file.value = "";
    const photos = this.attachment.photos ?? [this.attachment.photo].filter(Boolean);
    const pictures = photos.map((photo) => el("img", { src: `data:image/jpeg;base64,${photo}`, alt: "" }));
    const label = photos.length > 1 ? `${photos.length} photos` : photos.length ? "Photo" : name;
    this.chip.replaceChildren(...pictures, el("span", {}, label),
      el("button", { type: "button", class: "icon", "aria-label": "Remove", onclick: () => this.detach() }, "✕"));
    this.arrange();
    this.input.focus();
  }

  detach() {
    this.attachment = null;
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
    if (!text && !this.attachment) return;
    const body = this.attachment ? { ...this.attachment, caption: text, ...reply } : { text, ...reply };
    this.input.value = "";
    this.typed();
    if (await this.chat.send(body)) {
      this.answer(null);
      this.detach();
    } else {
      this.input.value = text;
    }
    this.input.focus();
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
