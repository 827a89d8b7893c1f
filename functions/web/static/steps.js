/* The form of a new lot, one step at a time; without this script its steps stand below each other. Steps are entries of
   the history under one address, because in a Mini App the fragment may hold what Telegram has said. */
(function () {
  "use strict";

  const form = document.querySelector("[data-sell][data-begins-at]");
  if (!form) return;
  const ORDER = ["what", "price", "publish"];
  const sections = Object.fromEntries(ORDER.map((name) => [name, form.querySelector(`[data-step="${name}"]`)]));
  const top = document.querySelector("[data-faults]");
  const preview = form.querySelector("[data-preview]");
  const back = form.querySelector("[data-back]");
  const nexts = [...form.querySelectorAll("[data-next]")];
  const token = document.querySelector('meta[name="csrf-token"]').content;
  let at = "", isNewer = 0;

  form.noValidate = true; // a field of a hidden step cannot be pointed at
  for (const button of form.querySelectorAll("[data-look]")) button.remove();

  /* --- which step is shown --- */

  function show(name, focus) {
    at = name;
    for (const [step, section] of Object.entries(sections)) section.hidden = step !== name;
    back.hidden = name === "what";
    for (const button of nexts) button.hidden = button.dataset.next !== name;
    for (const link of form.querySelectorAll("[data-to]")) {
      link.toggleAttribute("data-done", ORDER.indexOf(link.dataset.to) < ORDER.indexOf(name));
      if (link.dataset.to === name) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    const main = nexts.find((button) => !button.hidden) || sections.publish.querySelector("button[type=submit]");
    for (const button of form.querySelectorAll("[data-main]")) delete button.dataset.main;
    main.dataset.main = "";
    document.dispatchEvent(new CustomEvent("starbid:main", { detail: main }));
    if (name === "publish") look();
    if (focus) {
      sections[name].tabIndex = -1;
      sections[name].focus({ preventScroll: true });
      form.scrollIntoView({ block: "start" });
    }
  }

  /* Backwards always, forwards past no field that is wrong. */
  function go(name) {
    if (name === at) return;
    const isOnward = ORDER.indexOf(name) > ORDER.indexOf(at);
    const wrong = isOnward && ORDER.slice(0, ORDER.indexOf(name)).map(wrongIn).find(Boolean);
    if (wrong) return point(wrong);
    history.pushState({ step: name }, "");
    show(name, true);
  }

  function stepOf(field) {
    const section = field.closest("[data-step]");
    return section ? section.dataset.step : at;
  }

  /* The first field of a step that the browser itself finds wrong. */
  function wrongIn(name) {
    return [...sections[name].querySelectorAll("input, select, textarea")].find((field) => field.willValidate && !field.checkValidity());
  }

  function point(field) {
    const step = stepOf(field);
    if (step !== at) { history.pushState({ step }, ""); show(step, false); }
    for (let around = field.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    field.focus();
    if (field.reportValidity && !field.hasAttribute("aria-invalid")) field.reportValidity();
  }

  window.starbid = { ...window.starbid, point };
  for (const button of nexts) button.addEventListener("click", () => go(ORDER[ORDER.indexOf(at) + 1]));
  back.addEventListener("click", () => go(ORDER[ORDER.indexOf(at) - 1]));
  for (const link of form.querySelectorAll("[data-to]")) link.addEventListener("click", (event) => { event.preventDefault(); go(link.dataset.to); });
  window.addEventListener("popstate", (event) => { if (event.state && event.state.step) show(event.state.step, true); });

  /* --- what is wrong: at the top, and at the field --- */

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-fault]");
    const field = link && document.getElementById(link.dataset.fault);
    if (!field) return;
    event.preventDefault();
    if (stepOf(field) !== at) { history.pushState({ step: stepOf(field) }, ""); show(stepOf(field), false); }
    point(field);
  });

  function blame(link) {
    const field = document.getElementById(link.dataset.fault), id = `${link.dataset.fault}-fault`;
    if (!field || document.getElementById(id)) return;
    const told = document.createElement("span");
    told.id = id; told.className = "fault"; told.textContent = link.nextElementSibling.textContent;
    field.after(told);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  }

  /* Once somebody corrects a field, it is wrong no more until it was looked at again. */
  form.addEventListener("input", (event) => {
    const field = event.target, told = document.getElementById(`${field.id}-fault`);
    if (!told) return;
    told.remove();
    field.removeAttribute("aria-invalid");
    const about = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== told.id);
    if (about.length) field.setAttribute("aria-describedby", about.join(" "));
    else field.removeAttribute("aria-describedby");
  });

  function tellFaults() {
    const summary = document.getElementById("faults");
    const links = summary ? [...summary.querySelectorAll("[data-fault]")] : [];
    links.forEach(blame);
    if (!summary) return;
    const step = links.length ? links[0].dataset.ofStep : at;
    if (step !== at) { history.replaceState({ step }, ""); show(step, false); } // else the way back would lead here again
    summary.focus();
    summary.scrollIntoView({ block: "center" });
  }

  /* Why publishing was refused stays: only the server can say that it is over. */
  function dropSummary() {
    const summary = document.getElementById("faults");
    if (summary) summary.remove();
  }

  /* --- the look at the lot as it will be --- */

  const MOST_TRIES = 3;

  async function look(tried = 0) {
    const turn = isNewer += 1;
    preview.setAttribute("aria-busy", "true");
    if (!preview.childElementCount) preview.textContent = preview.dataset.busy;
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    fields.set("quiet", "1");
    try {
      const headers = { "X-CSRF-Token": token, "Content-Type": "application/x-www-form-urlencoded" };
      const answer = await fetch("/new_auction/preview", { method: "POST", headers, body: fields });
      const text = answer.redirected ? "" : await answer.text();
      if (turn !== isNewer) return;
      if (answer.ok && text) {
        preview.innerHTML = text;
        dropSummary();
        if (window.htmx) window.htmx.process(preview);
        document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: preview } }));
      } else if (answer.status === 422) {
        preview.replaceChildren();
        dropSummary();
        top.insertAdjacentHTML("beforeend", text);
        tellFaults();
      } else throw new Error();
    } catch (error) {
      if (turn !== isNewer) return;
      if (tried + 1 === MOST_TRIES) preview.textContent = preview.dataset.failed;
      else setTimeout(() => { if (turn === isNewer) look(tried + 1); }, 1000 * (tried + 1));
    } finally {
      if (turn === isNewer) preview.removeAttribute("aria-busy");
    }
  }

  const isPhoto = (part) => part.nodeType === 1 && part.matches("li, input[type=hidden]");
  new MutationObserver((changes) => {
    if (at === "publish" && changes.some((change) => [...change.addedNodes, ...change.removedNodes].some(isPhoto))) look();
  }).observe(form.querySelector(".tiles"), { childList: true, subtree: true }); // photos arrive

  /* --- Enter goes on to the next step; nothing is published before its last one --- */

  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.hasAttribute("data-draft")) return;
    const wrong = ORDER.map(wrongIn).find(Boolean);
    if (at === "publish" && !wrong) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (wrong && (at === "publish" || stepOf(wrong) === at)) point(wrong);
    else go(ORDER[ORDER.indexOf(at) + 1]);
  }, true);

  const kept = history.state && history.state.step;
  const begins = document.getElementById("faults") || form.dataset.beginsAt !== "what" ? form.dataset.beginsAt : kept || "what";
  history.replaceState({ ...history.state, step: begins }, "");
  show(begins, false);
  tellFaults();
})();
