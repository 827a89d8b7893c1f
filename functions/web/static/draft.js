/* What is typed into the form of a new lot is kept on the server a moment later, and when the page is left. */
(function () {
  "use strict";

  const form = document.querySelector("[data-sell]");
  const button = form && form.querySelector("[data-draft]");
  if (!button) return;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const told = form.querySelector("[data-draft-status]");
  const PAUSE_MS = 3000;
  let timer = 0, kept = typed(), isSent = false;
  button.hidden = true; // the page does by itself what it does without scripts

  function typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "csrf_token") fields.append(name, value);
    return fields.toString();
  }

  async function keep() {
    clearTimeout(timer);
    const now = typed();
    if (isSent || now === kept) return;
    kept = now;
    try {
      const headers = { "X-CSRF-Token": token, "Content-Type": "application/x-www-form-urlencoded" };
      const answer = await fetch("/new_auction/draft", { method: "POST", headers, body: now + "&quiet=1", keepalive: now.length < 60000 });
      if (answer.ok && !answer.redirected) told.textContent = told.dataset.saved;
      else {
        kept = "";
        if (answer.status === 409) told.textContent = await answer.text(); // there is no room for another draft
      }
    } catch (error) {
      kept = "";
    }
  }

  function later() {
    told.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  new MutationObserver(later).observe(form.querySelector(".tiles"), { childList: true, subtree: true }); // pictures come and go
  document.addEventListener("submit", (event) => { isSent = !event.defaultPrevented; clearTimeout(timer); }); // this form, or that of the button that discards
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  window.addEventListener("pageshow", () => { isSent = false; });
})();
