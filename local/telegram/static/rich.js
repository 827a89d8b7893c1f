// Draws a rich message: its blocks as elements. `button` draws one button of it.
import { media } from "./api.js";
import { el } from "./dom.js";

const STYLED = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", marked: "mark", spoiler: "span" };

export function drawRich(rich, chat, button) {
  return el("div", { class: "rich", dir: rich.is_rtl ? "rtl" : "auto" }, rich.blocks.map((block) => draw(block, chat, button)));
}

const KINDS = {
  paragraph: (block) => el("p", { dir: "auto" }, text(block.text)),
  footer: (block) => el("p", { class: "rich-footer", dir: "auto" }, text(block.text)),
  divider: () => el("hr"),
  heading: (block) => el(`h${Math.min(block.size + 2, 6)}`, { class: `rich-heading size-${block.size}`, dir: "auto" }, text(block.text)),
  table,
  photo,
  slideshow,
  details: (block, chat, button) => el("details", { open: Boolean(block.is_open) }, el("summary", { dir: "auto" }, text(block.summary)),
    block.blocks.map((each) => draw(each, chat, button))),
  buttons: (block, chat, button) => el("div", { class: "keys" }, block.buttons.map(button)),
};

function draw(block, chat, button) {
  return KINDS[block.type]?.(block, chat, button) ?? el("p", {}, "…");
}

function text(value) {
  if (Array.isArray(value)) return value.map(text).flat();
  if (typeof value === "string") return [value];
  return [el(STYLED[value.type] ?? "span", {}, text(value.text))];
}

function table({ cells, caption, is_striped: striped, is_bordered: bordered }) {
  const classes = `rich-table${striped ? " striped" : ""}${bordered ? " bordered" : ""}`;
  return el("div", { class: "rich-scroll", tabIndex: 0 }, el("table", { class: classes }, caption && el("caption", {}, text(caption)),
    cells.map((row) => el("tr", {}, row.map((cell) => el(cell.is_header ? "th" : "td", { class: `to-${cell.align}`, dir: "auto" },
      cell.text === undefined ? [] : text(cell.text)))))));
}

function photo(block) {
  const size = block.photo.at(-1);
  const picture = el("img", { src: media(size.file_id), width: size.width, height: size.height, alt: "", loading: "lazy" });
  return el("a", { class: "photo", href: picture.src, target: "_blank", "aria-label": "Open the picture" }, picture);
}

function slideshow({ blocks }) {
  const at = el("span", { class: "slide-number" }, `1/${blocks.length}`);
  const row = el("div", { class: "slides", tabIndex: 0, "aria-label": "Photos", onscroll: () => {
    at.textContent = `${Math.round(row.scrollLeft / row.clientWidth) + 1}/${blocks.length}`;
  } }, blocks.map((block) => photo(block)));
  const turn = (by) => row.scrollBy({ left: by * row.clientWidth, behavior: "smooth" });
  return el("div", { class: "slideshow" }, row, at,
    el("button", { type: "button", class: "slide-turn before", "aria-label": "Photo before", onclick: () => turn(-1) }, "‹"),
    el("button", { type: "button", class: "slide-turn after", "aria-label": "Next photo", onclick: () => turn(1) }, "›"));
}
