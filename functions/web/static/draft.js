/* What is typed into the form of a new lot is kept on the server a moment later, and when the page is left. What the
   server does not take, as after the end of a session, stays in this browser and goes there when the same person is back. */
(function () {
  "use strict";

  const form = document.querySelector("[data-sell]");
  const button = form && form.querySelector("[data-draft]");
  if (!button) return;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const told = form.querySelector("[data-draft-status]");
  const request = form.querySelector("[name=request_id]").value;
  const PAUSE_MS = 3000, KEPT_MS = 30 * 86400000, LEAVING_BYTES = 60000;
  const place = `starbid-draft-${document.body.dataset.me}`;
  /* The server's clock minus ours, a little too much rather than too little: what is typed here counts in a tie. */
  const ahead = Date.parse(document.querySelector('meta[name="server-time"]').content) - (performance.timeOrigin || Date.now());
  const others = window.BroadcastChannel ? new BroadcastChannel("starbid-draft") : null;
  let timer = 0, kept = typed(), isSent = false, isStale = false;
  button.hidden = true; // the page does by itself what it does without scripts

  function typed() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "csrf_token") fields.append(name, value);
    return fields.toString();
  }

  /* `typedAt` of what comes late: the server keeps what was changed elsewhere since. */
  function send(fields, typedAt) {
    if (typedAt) fields += `&typed_at=${new Date(typedAt).toISOString()}`;
    const headers = { "X-CSRF-Token": token, "Content-Type": "application/x-www-form-urlencoded" };
    return fetch("/new_auction/draft", { method: "POST", headers, body: fields + "&quiet=1", keepalive: fields.length < LEAVING_BYTES });
  }

  /* --- in this browser --- */

  function stored() {
    try {
      const found = JSON.parse(localStorage.getItem(place));
      return found && Date.now() + ahead - found.at < KEPT_MS ? found : null;
    } catch { return null; } // storage is refused, or somebody else has written there
  }

  /* Answers when it was typed, by the server's clock, where it could not be sent then. */
  function store(fields) {
    const last = stored();
    try {
      if (fields && last && last.fields === fields) return last.at;
      if (fields) localStorage.setItem(place, JSON.stringify({ request, fields, at: Date.now() + ahead }));
      else if (last && last.request === request) localStorage.removeItem(place);
    } catch { /* storage is refused or full: what is typed stands in the form */ }
  }

  /* What could not be sent then; the page that comes has it as the newest draft. */
  async function bring(found) {
    try {
      const answer = await send(found.fields, found.at);
      if (!answer.ok || answer.redirected) return;
      localStorage.removeItem(place);
      if (typed() === kept) location.replace("/new_auction");
    } catch { /* no connection yet: the next page tries again */ }
  }

  /* --- on the server --- */

  async function keep() {
    clearTimeout(timer);
    const now = typed();
    if (isSent || now === kept) return;
    kept = now;
    const typedAt = store(now);
    try {
      const answer = await send(now, typedAt);
      if (answer.ok && !answer.redirected) {
        told.textContent = told.dataset.saved;
        store("");
        if (others) others.postMessage(request);
      } else {
        kept = "";
        told.textContent = answer.status === 409 ? await answer.text() : told.dataset.unsaved; // 409: there is no room for another draft
      }
    } catch (error) {
      kept = "";
      told.textContent = told.dataset.unsaved;
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
  document.addEventListener("submit", (event) => { // this form, or that of the button that discards
    isSent = !event.defaultPrevented;
    clearTimeout(timer);
    if (isSent) store("");
  });
  window.addEventListener("pageshow", () => { isSent = false; });

  /* Another tab has typed on in the same draft: this one shows it when somebody comes back to it. */
  if (others) others.addEventListener("message", (event) => { isStale = isStale || event.data === request; });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep();
    else if (isStale && typed() === kept) location.reload();
  });

  const found = stored();
  if (found) bring(found);
})();
