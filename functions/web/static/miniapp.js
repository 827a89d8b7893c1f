/* Inside Telegram only: log in by itself, the colours of the chat, its main and back buttons, invoices in place. */
(function () {
  "use strict";

  const app = window.Telegram && window.Telegram.WebApp;
  if (!app || !app.initData) return;
  const token = document.querySelector('meta[name="csrf-token"]').content;

  document.documentElement.classList.add("in-telegram");
  const scheme = () => { document.documentElement.dataset.theme = app.colorScheme; };
  scheme();
  app.onEvent("themeChanged", scheme);
  app.ready();
  app.expand();

  /* --- login: once, wherever the Mini App opened; where somebody else is logged in, it asks --- */

  const words = document.body.dataset;
  const user = app.initDataUnsafe && app.initDataUnsafe.user ? String(app.initDataUnsafe.user.id) : "";

  /* What was done in this launch, which must not be done over and over: a cookie may not be kept, a question answered. */
  function isDone(what) {
    try { return sessionStorage.getItem(what) === app.initData; } catch { return true; }
  }

  function setDone(what) {
    try { sessionStorage.setItem(what, app.initData); } catch { /* then nothing is done by itself */ }
  }

  async function logIn(replace) {
    const page = document.querySelector("[data-login]");
    const waiting = document.querySelector("[data-entering]");
    if (waiting) waiting.hidden = false;
    const fields = { init_data: app.initData, next: page ? page.dataset.next : location.pathname + location.search };
    if (replace) fields.replace = "1";
    const answer = await fetch("/login/webapp", {
      method: "POST",
      headers: { "X-CSRF-Token": token, Accept: "application/json" },
      body: new URLSearchParams(fields),
    });
    if (waiting) waiting.hidden = true;
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) {
      setDone("starbid-entered");
      location.replace(told.next);
    } else if (answer.status === 409 && told.error && told.error.code === "other_account") {
      ask(told.error.message);
    }
  }

  function ask(question) {
    const answered = (choice) => (choice === "switch" ? logIn(true) : setDone("starbid-stays"));
    if (app.showPopup && app.isVersionAtLeast("6.2")) {
      const buttons = [{ id: "switch", text: words.switch }, { id: "stay", text: words.stay }];
      app.showPopup({ message: question.slice(0, 256), buttons }, answered);
    } else {
      answered(window.confirm(question) ? "switch" : "stay");
    }
  }

  const isOther = words.me && user && user !== words.me && !isDone("starbid-stays");
  if ((!words.me || isOther) && !isDone("starbid-entered")) logIn(false);

  const enter = document.querySelector("[data-enter]");
  if (enter && isDone("starbid-entered")) {
    enter.hidden = false;
    enter.addEventListener("click", () => logIn(false));
  }

  /* --- back button: everywhere but on the front page --- */

  if (location.pathname !== "/") {
    app.BackButton.show();
    app.BackButton.onClick(() => (history.length > 1 ? history.back() : location.assign("/")));
  }

  /* --- main button: the one thing that a page is for; on a lot's page it is the bid --- */

  const main = document.getElementById("live") ? null : document.querySelector("[data-main]") || document.querySelector("[data-sell] > button, [data-once] > button");
  if (main && app.MainButton) {
    app.MainButton.setText(main.textContent.trim());
    app.MainButton.onClick(() => { app.MainButton.showProgress(); main.click(); setTimeout(() => app.MainButton.hideProgress(), 3000); });
    app.MainButton.show();
    main.classList.add("unseen");
  }

  function oneTap() {
    const button = document.getElementById("one-tap");
    if (!document.getElementById("live")) return;
    if (!button) return app.MainButton.hide();
    app.MainButton.setText(button.textContent.trim());
    app.MainButton.show();
    button.classList.add("unseen");
  }

  if (document.getElementById("live")) {
    app.MainButton.onClick(() => { const button = document.getElementById("one-tap"); if (button) button.click(); });
    oneTap();
    document.addEventListener("htmx:load", oneTap);
  }

  /* --- invoices open over the page --- */

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-invoice]");
    if (!link) return;
    event.preventDefault();
    app.openInvoice(link.dataset.invoice, (status) => {
      const order = document.getElementById("order");
      if (status === "paid" && order && window.htmx) window.htmx.trigger(order, "due");
    });
  });
})();
