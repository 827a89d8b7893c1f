/* The line of a deal: what is read stays in place when a message comes, and that it came is told. What is typed outlives the page,
   which is loaded again when the deal moves on. Without this script the line shows its end all the same. */
(function () {
  "use strict";

  const told = document.createElement("p");
  told.className = "unseen"; told.setAttribute("role", "status");
  document.body.append(told);
  let before = null;

  const lines = () => document.getElementById("talk-lines");

  /* In a reversed column the end is at 0, and what is above it is below 0. */
  function look() {
    const part = lines(), own = part.querySelectorAll(".said > .own").length;
    const messages = [...part.querySelectorAll(".said > li[id]")];
    const newest = messages.length ? messages[messages.length - 1].id : "";
    return { top: part.scrollTop, height: part.scrollHeight, focused: document.activeElement === part, newest, own };
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target && event.detail.target.id === "talk-lines") before = look();
  });

  document.addEventListener("htmx:afterSwap", () => {
    if (!before || !lines()) return;
    const part = lines(), seen = before, now = look();
    before = null;
    if (seen.top < 0) part.scrollTop = seen.top - (now.height - seen.height);
    if (seen.focused) part.focus({ preventScroll: true });
    if (now.newest !== seen.newest && now.own === seen.own) {
      told.textContent = "";
      window.setTimeout(() => { told.textContent = part.dataset.news; }, 50);
    }
  });

  const field = document.querySelector("#talk textarea"), place = "talk " + location.pathname;
  if (!field) return;

  function store(words) {
    try {
      if (words) window.sessionStorage.setItem(place, words); else window.sessionStorage.removeItem(place);
    } catch (error) { /* no storage here: the words live as long as the page */ }
  }

  try {
    if (!field.value) field.value = window.sessionStorage.getItem(place) || "";
  } catch (error) { /* as above */ }
  field.addEventListener("input", () => store(field.value));
  field.form.addEventListener("submit", () => store(""));
})();
