/* Suggestions below the field of the search: a combobox with a list (WAI-ARIA Authoring Practices). Without it the field
   is a plain one. */
(function () {
  "use strict";

  const field = document.querySelector("input[data-suggest]");
  const list = document.getElementById("suggested");
  if (!field || !list) return;
  const PAUSE_MS = 150, LEAST = 2;
  let timer = 0, asked = null, active = -1;

  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) field.setAttribute(name, value);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", list.dataset.label);

  function close() {
    clearTimeout(timer);
    if (asked) asked.abort();
    list.hidden = true;
    list.textContent = "";
    active = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function show(items) {
    close();
    if (!items.length || document.activeElement !== field) return;
    items.forEach((text, number) => {
      const option = document.createElement("li");
      option.id = "suggested-" + number;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = text;
      list.append(option);
    });
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  }

  function point(number) {
    const options = list.children;
    if (options[active]) options[active].setAttribute("aria-selected", "false");
    active = (number + options.length + 1) % (options.length + 1); // one place is the field itself
    const option = options[active];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function choose(option) {
    field.value = option.textContent;
    close();
    field.form.requestSubmit();
  }

  function ask() {
    const text = field.value;
    if (text.trim().length < LEAST) return close();
    asked = new AbortController();
    fetch("/suggest?q=" + encodeURIComponent(text), { signal: asked.signal })
      .then((answer) => (answer.ok ? answer.json() : { items: [] }))
      .then((found) => { if (field.value === text) show(found.items.filter((item) => item !== text.trim().toLowerCase())); })
      .catch(() => {});
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (asked) asked.abort();
    timer = setTimeout(ask, PAUSE_MS);
  });

  field.addEventListener("keydown", (event) => {
    const open = !list.hidden, last = list.children.length;
    if (event.key === "ArrowDown" && open) { event.preventDefault(); point(active < 0 ? 0 : active + 1); }
    else if (event.key === "ArrowUp" && open) { event.preventDefault(); point(active < 0 ? last - 1 : active - 1); }
    else if (event.key === "Escape" && open) { event.preventDefault(); close(); }
    else if (event.key === "Enter" && open && list.children[active]) { event.preventDefault(); choose(list.children[active]); }
    else if (event.key === "Enter" || event.key === "Tab") close();
  });

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  field.addEventListener("blur", close);
  field.form.addEventListener("submit", close);
})();
