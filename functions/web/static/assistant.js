/* The form of a question: how much is typed, examples that fill it, and what is typed stays on this tab until it is sent. */
(function () {
  "use strict";

  const form = document.querySelector("[data-ask]");
  const field = form && form.querySelector("[data-question]");
  if (!field) return;
  const count = form.querySelector("[data-most]"), most = Number(count.dataset.most);
  const named = (name) => (form.elements[name] ? form.elements[name].value : "");
  const key = ["question", document.body.dataset.me, named("task"), named("lot")].join("/");

  function kept(text) {
    try {
      if (text === undefined) return sessionStorage.getItem(key) || "";
      if (text) sessionStorage.setItem(key, text);
      else sessionStorage.removeItem(key);
    } catch (error) { /* no storage in this frame */ }
    return "";
  }

  /* As the server counts: characters, without the blanks around them. */
  function show() {
    const length = [...field.value.trim()].length;
    count.textContent = length + " / " + most;
    count.classList.toggle("over", length > most);
    count.hidden = !length;
  }

  field.addEventListener("input", () => { kept(field.value); show(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", () => kept(""));

  document.addEventListener("click", (event) => {
    const example = event.target.closest("[data-example]");
    if (!example || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    field.value = example.textContent;
    show();
    field.focus();
  });

  if (!field.value) field.value = kept();
  show();
})();
