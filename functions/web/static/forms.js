/* Forms: what is sent of them, once, and with the token that counts. No form is left changed by being sent. */
(function () {
  "use strict";

  /* --- empty fields are not sent: taken out of what goes, with htmx and without --- */

  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("[data-clean]")) return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });

  /* The same search once more is no other page to come back from. */
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    const entry = event.detail.history;
    if (new URL(entry.path, location.href).href === location.href) entry.type = "replace";
  });

  /* --- more files than one request takes would be answered by the gateway, without a word --- */

  document.addEventListener("submit", (event) => {
    const box = event.target.querySelector("[data-most-total]");
    if (!box) return;
    const input = box.querySelector("input[type=file]");
    const total = [...input.files].reduce((sum, file) => sum + file.size, 0);
    const tooMuch = total > Number(box.dataset.mostTotal);
    blame(input, tooMuch ? box.dataset.tooMuch : "");
    if (!tooMuch) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    input.focus();
  }, true);

  /* The sentence beside a field; "" takes away what stood there. */
  function blame(input, text) {
    const id = input.id + "-fault", old = document.getElementById(id);
    if (old) old.remove();
    if (!text) return;
    const told = document.createElement("span");
    told.id = id; told.className = "fault"; told.setAttribute("role", "alert"); told.textContent = text;
    input.after(told);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", id);
    input.addEventListener("change", () => { input.removeAttribute("aria-invalid"); blame(input, ""); }, { once: true });
  }

  /* --- a second press while the first one is on its way; a page that comes back has nothing on its way --- */

  const ONCE_MS = 10000;
  const sent = new Map(); // form -> timer

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-once]")) return;
    if (sent.has(form)) return event.preventDefault();
    sent.set(form, setTimeout(() => sent.delete(form), ONCE_MS));
  });

  window.addEventListener("pageshow", () => {
    for (const timer of sent.values()) clearTimeout(timer);
    sent.clear();
  });

  /* --- a part that was swapped in brings the token that counts by now: the rest of the page takes it over --- */

  document.addEventListener("htmx:load", (event) => {
    const field = event.detail.elt.querySelector("input[name=csrf_token]");
    const meta = document.querySelector('meta[name="csrf-token"]');
    if (!field || !meta || field.value === meta.content) return;
    meta.content = field.value;
    for (const other of document.querySelectorAll("input[name=csrf_token]")) other.value = field.value;
  });
})();
