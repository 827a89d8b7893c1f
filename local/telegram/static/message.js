// Draws one message: bubble, picture, text, invoice, buttons.
import { media, openLink } from "./api.js";
import { clock, el, money } from "./dom.js";
import { via } from "./inline.js";
import { drawRich } from "./rich.js";
import { formatted } from "./text.js";

export function drawMessage(message, chat) {
  const service = drawService(message);
  if (service) return service;
  const side = message.from.is_bot || message.extra.sender ? "in" : "out";
  const bubble = el("div", { class: "bubble" }, via(message), forwarded(message), reply(message), photo(message), file(message), invoice(message), other(message),
    rich(message, chat), words(message, chat), meta(message, chat));
  bubble.classList.toggle("bare", Boolean(message.photo) && !message.caption);
  return el("article", { class: `message ${side}`, "data-id": message.message_id }, el("div", { class: "stack" },
    bubble, keyboard(message, chat)));
}

// What the bot is still writing; nothing yet where it is thinking.
export function drawDraft(draft, chat) {
  const inside = draft.text ? el("div", { class: "words", dir: "auto" }, formatted(draft.text, draft.entities, chat))
    : el("div", { class: "words thinking" }, "Thinking…");
  const stop = draft.can_stop && el("button", { type: "button", class: "key stop", onclick: () => chat.stop(draft.draft_id) }, el("span", {}, "Stop"));
  return el("article", { class: "message in draft" }, el("div", { class: "stack" }, el("div", { class: "bubble" }, inside),
    stop && el("div", { class: "keyboard" }, el("div", { class: "keys" }, stop))));
}

function drawService(message) {
  const paid = message.successful_payment;
  const back = message.refunded_payment;
  if (!paid && !back) return null;
  const title = message.extra.title ? ` · ${message.extra.title}` : "";
  const sum = paid ?? back;
  const verb = back ? "Refunded" : paid.is_recurring && !paid.is_first_recurring ? "Subscription renewed:" : "You paid";
  const text = `${verb} ${money(sum.total_amount, sum.currency)}${title}`;
  return el("article", { class: "message service", "data-id": message.message_id }, el("span", { class: "pill" }, text));
}

function reply(message) {
  const answered = message.reply_to_message;
  if (!answered) return null;
  return el("div", { class: "reply" }, el("strong", {}, answered.from?.first_name ?? answered.chat.title), el("span", {}, gist(answered)));
}

const NAMES = {
  photo: "Photo", video: "Video", animation: "GIF", voice: "Voice message", audio: "Music", sticker: "Sticker", location: "Location",
  contact: "Contact", poll: "Poll", document: "File",
};

export function gist(message) {
  const kind = Object.keys(NAMES).find((name) => message[name]);
  if (message.rich_message) return message.rich_message.blocks.find((block) => block.type === "heading")?.text ?? "Message";
  return message.text || message.caption || NAMES[kind] || "Message";
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = origin.sender_user?.first_name ?? origin.chat?.title ?? "somebody";
  return el("div", { class: "reply" }, el("span", {}, "Forwarded from"), el("strong", {}, name));
}

function photo(message) {
  const size = message.photo?.at(-1);
  if (!size) return null;
  const picture = el("img", { src: media(size.file_id), width: size.width, height: size.height, alt: "", loading: "lazy" });
  return el("a", { class: "photo", href: picture.src, target: "_blank", "aria-label": "Open the picture" }, picture);
}

const PLAYED = ["video", "animation", "voice", "audio"];

function file(message) {
  const kind = PLAYED.find((name) => message[name]);
  const sent = message[kind] ?? message.document;
  if (!sent) return null;
  const name = sent.file_name ?? NAMES[kind];
  const about = [kind && NAMES[kind], kind && `0:${String(sent.duration).padStart(2, "0")}`, size(sent.file_size)].filter(Boolean);
  return el("a", { class: "file", href: media(sent.file_id), download: name },
    el("span", { class: "file-icon", "aria-hidden": "true" }, kind ? "▶" : "↓"),
    el("span", {}, el("strong", {}, name), el("small", {}, about.join(" · "))));
}

function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// What has neither words nor a file to look at.
function other(message) {
  const { location: place, contact, poll, sticker } = message;
  if (sticker) return el("div", { class: "sticker" }, sticker.emoji);
  const [sign, head, more] = place ? ["📍", NAMES.location, `${place.latitude}, ${place.longitude}`]
    : contact ? ["👤", contact.first_name, contact.phone_number]
      : poll ? ["📊", poll.question, poll.options.map((option) => option.text).join(" · ")] : [];
  return sign && el("div", { class: "file" }, el("span", { class: "file-icon", "aria-hidden": "true" }, sign),
    el("span", {}, el("strong", {}, head), el("small", {}, more)));
}

function invoice(message) {
  if (!message.invoice) return null;
  const { title, description, total_amount: amount, currency } = message.invoice;
  return el("div", { class: "invoice" }, el("strong", {}, title), el("p", {}, description),
    el("p", { class: "invoice-amount" }, money(amount, currency)));
}

function rich(message, chat) {
  return message.rich_message && drawRich(message.rich_message, chat, (button) => key(message, button, chat));
}

function words(message, chat) {
  const text = message.text ?? message.caption;
  if (!text) return null;
  return el("div", { class: "words", dir: "auto" },
    formatted(text, message.entities ?? message.caption_entities, chat));
}

function meta(message, chat) {
  const label = message.edit_date ? `edited ${clock(message.date)}` : clock(message.date);
  return el("span", { class: "meta" },
    el("button", { type: "button", class: "answer", title: "Reply", "aria-label": "Reply", onclick: () => chat.composer.answer(message) }, "↩"),
    el("button", { type: "button", class: "answer", title: "Forward to the bot", "aria-label": "Forward to the bot", onclick: () => chat.forward(message.message_id) }, "↪"),
    el("time", { dateTime: new Date(message.date * 1000).toISOString() }, label));
}

function keyboard(message, chat) {
  let rows = message.reply_markup?.inline_keyboard ?? [];
  if (message.invoice && !rows.length) {
    rows = [[{ text: `Pay ${money(message.invoice.total_amount, message.invoice.currency)}`, pay: true }]];
  }
  if (!rows.length) return null;
  return el("div", { class: "keyboard" }, rows.map((row) => el("div", { class: "keys" },
    row.map((button) => key(message, button, chat)))));
}

function key(message, button, chat) {
  const style = ["danger", "success", "primary"].includes(button.style) ? ` ${button.style}` : "";
  if (button.pay && message.extra.paid) return action("Receipt ✓", style, () => chat.receipt(message));
  if (button.pay) return action(button.text, " pay", () => chat.pay({ message_id: message.message_id }));
  if (button.callback_data !== undefined) return callback(message, button, chat, style);
  if (button.url !== undefined) return urlKey(button, chat, style);
  for (const kind of ["web_app", "login_url"]) {
    if (button[kind]) return outward(button.text, openLink(chat.personId, kind, button[kind].url), kind, style);
  }
  if (button.disabled) return el("button", { type: "button", class: `key${style}`, disabled: true }, el("span", {}, button.text));
  if (button.copy_text) return action(button.text, `${style} copy`, () => chat.copy(button.copy_text.text));
  const chosen = button.switch_inline_query_chosen_chat;
  const query = button.switch_inline_query_current_chat ?? button.switch_inline_query ?? chosen?.query ?? "";
  return action(button.text, style, () => chat.prefill(query));
}

function callback(message, button, chat, style) {
  const node = action(button.text, style, () => chat.press(message.message_id, button.callback_data));
  node.dataset.data = button.callback_data;
  if (chat.isWaiting(message.message_id, button.callback_data)) node.classList.add("waiting");
  return node;
}

function urlKey(button, chat, style) {
  if (chat.follow(button.url, { dry: true })) return action(button.text, style, () => chat.follow(button.url));
  return outward(button.text, chat.linkTo(button.url), "url", style);
}

function action(text, style, onclick) {
  return el("button", { type: "button", class: `key${style}`, onclick }, el("span", {}, text));
}

function outward(text, href, kind, style) {
  return el("a", { class: `key ${kind}${style}`, href, target: "_blank", rel: "noopener noreferrer" }, el("span", {}, text));
}
