// Small helpers that build the page from elements; text never becomes markup.

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name in node && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const thin = new Intl.NumberFormat("en", { useGrouping: true });

export function number(value) {
  return thin.format(value).replaceAll(",", "\u2009");
}

export function money(amount, currency = "XTR") {
  if (currency === "XTR") return `⭐\u00a0${number(amount)}`;
  return new Intl.NumberFormat(navigator.language, { style: "currency", currency }).format(amount / 100);
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const year = date.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return date.toLocaleDateString([], { day: "numeric", month: "long", year });
}

export function avatar(id, name) {
  return el("span", { class: `avatar hue-${id % 7}`, "aria-hidden": "true" }, [...name][0]?.toUpperCase() ?? "?");
}

// A modal dialog that closes with Escape, a press outside, or its own buttons.
export function dialog(title, ...children) {
  const box = el(
    "dialog",
    { class: "sheet", "aria-label": title },
    el("header", { class: "sheet-head" }, el("h2", {}, title),
      el("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => box.close() }, "✕")),
    ...children,
  );
  box.addEventListener("close", () => box.remove());
  box.addEventListener("pointerdown", (event) => {
    if (event.target !== box) return;
    const place = box.getBoundingClientRect();
    const inside = event.clientX >= place.left && event.clientX <= place.right
      && event.clientY >= place.top && event.clientY <= place.bottom;
    if (!inside) box.close();
  });
  document.body.append(box);
  box.showModal();
  return box;
}

export function toast(words, root = document.body) {
  const note = el("div", { class: "toast", role: "status" }, words);
  root.querySelectorAll(":scope > .toast").forEach((old) => old.remove());
  root.append(note);
  setTimeout(() => note.remove(), Math.max(3500, words.length * 60));
}
