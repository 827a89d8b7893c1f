// Formatted text: Telegram's entities (offsets in UTF-16 units, which is what JavaScript counts in) as elements.
import { el } from "./dom.js";

const PLAIN = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

const SAFE = /^(https?:\/\/|mailto:|tel:)/i;

// `chat` acts on what is pressed: follow(url), linkTo(url) and command(text).
export function formatted(text, entities = [], chat) {
  const list = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, list, chat);
}

function build(text, from, to, list, chat) {
  const parts = document.createDocumentFragment();
  let at = from;
  for (let index = 0; index < list.length;) {
    const entity = list[index];
    const end = Math.min(entity.offset + entity.length, to);
    let next = index + 1;
    while (next < list.length && list[next].offset < end) next += 1;
    if (entity.offset >= at && end > entity.offset) {
      parts.append(text.slice(at, entity.offset));
      const node = element(entity, text.slice(entity.offset, end), chat);
      node.append(build(text, entity.offset, end, list.slice(index + 1, next), chat));
      parts.append(node);
      at = end;
    }
    index = next;
  }
  parts.append(text.slice(at, to));
  return parts;
}

function element(entity, words, chat) {
  if (entity.type === "url" || entity.type === "text_link") return link(entity.url || words, chat);
  if (entity.type === "bot_command") {
    return el("button", { type: "button", class: "command-link", onclick: () => chat.command(words) });
  }
  if (entity.type === "pre") return el("pre", { "data-language": entity.language });
  if (entity.type === "spoiler") return spoiler();
  return el(PLAIN[entity.type] ?? "span", { class: `entity-${entity.type}` });
}

function link(url, chat) {
  if (/^tg:/i.test(url)) return el("button", { type: "button", class: "command-link", onclick: () => chat.follow(url) });
  if (!SAFE.test(url)) return el("span");
  return el("a", {
    href: chat.linkTo(url), target: "_blank", rel: "noopener noreferrer", title: url,
    onclick: (event) => { if (chat.follow(url, { dry: true })) { event.preventDefault(); chat.follow(url); } },
  });
}

function spoiler() {
  const node = el("span", { class: "spoiler", tabIndex: 0, role: "button", "aria-label": "Hidden text" });
  const show = () => { node.classList.add("shown"); node.removeAttribute("aria-label"); };
  node.addEventListener("click", show);
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") show(); });
  return node;
}
