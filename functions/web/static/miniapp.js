/* Inside Telegram only: automatic login, the chat's colours and buttons, links and invoices in place. */
(function () {
  "use strict";

  const app = window.Telegram && window.Telegram.WebApp;
  if (!app || !app.initData || !isHosted()) return;
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const words = document.body.dataset;

  /* Whether Telegram's page or app is around this one. Anybody may put a launch into a link's fragment; in a plain
     browser it logs nobody in. */
  function isHosted() {
    return window.parent !== window || Boolean(window.TelegramWebviewProxy) || Boolean(window.external && "notify" in window.external);
  }

  document.documentElement.classList.add("in-telegram");
  const scheme = () => { document.documentElement.dataset.theme = app.colorScheme; };
  scheme();
  app.onEvent("themeChanged", scheme);
  app.ready();
  app.expand();

  /* --- the launch: the result of its login, so that it is tried once --- */

  const KEY = "starbid-login", ANSWER_MS = 15000, INVOICE_MS = 10000;
  const NOTICES = ["refused", "stale", "failed"];
  const launch = new URLSearchParams(app.initData).get("hash");
  const storage = openStorage();
  let hash = location.hash; // carries the launch from page to page if nothing else can

  function openStorage() {
    try { sessionStorage.getItem(KEY); return sessionStorage; } catch { return null; }
  }

  /* "trying", "entered" (the page after it must know the person), "in", "stays" (as somebody else), or a notice's name. */
  function outcome() {
    if (!storage) return new URLSearchParams(hash.slice(1)).get(KEY) || "";
    const [of, what] = (storage.getItem(KEY) || "").split(" ");
    return of === launch ? what : "";
  }

  function remember(what) {
    if (storage) return storage.setItem(KEY, launch + " " + what);
    const kept = new URLSearchParams(hash.slice(1));
    kept.set(KEY, what);
    hash = "#" + kept;
  }

  /* Open another page, or reload this one: to the browser addresses with different fragments are one page. */
  function leaveFor(path, how) {
    const to = new URL(path, location.href);
    if (to.origin !== location.origin) return; // the launch is for this site only
    if (storage) return how ? location.replace(to) : location.assign(to);
    to.hash = hash;
    if (to.pathname + to.search !== location.pathname + location.search) return how ? location.replace(to) : location.assign(to);
    history.replaceState(null, "", to);
    location.reload();
  }

  /* --- login: once per launch, on any page; if somebody else is logged in, it asks --- */

  const user = app.initDataUnsafe && app.initDataUnsafe.user ? String(app.initDataUnsafe.user.id) : "";
  const onward = document.querySelector("[data-next]"); // on the login page, and if a form's address is no page
  const lot = linked();
  const here = lot || (onward ? onward.dataset.next : location.pathname + location.search);

  /* The lot that the link of this launch is about (starbid/links.py), on the launch's first page only; "" where there is none. */
  function linked() {
    const named = /^auction_([a-z0-9]{1,20})$/.exec((app.initDataUnsafe && app.initDataUnsafe.start_param) || "");
    return named && location.pathname === "/" && outcome() === "" ? "/auction/" + named[1] : "";
  }

  function toLot() { if (lot) leaveFor(lot, "replace"); }

  function ask(path, options) {
    const signal = AbortSignal.timeout ? AbortSignal.timeout(ANSWER_MS) : undefined;
    return fetch(path, { cache: "no-store", signal, ...options });
  }

  async function logIn(replace) {
    const waiting = document.querySelector("[data-entering]");
    if (waiting) waiting.hidden = false;
    remember("trying");
    try {
      await enter(replace);
    } catch (error) { // no connection, no answer in time, or not our answer
      settle("failed");
    }
    if (waiting) waiting.hidden = true;
  }

  async function enter(replace) {
    const fields = { init_data: app.initData, next: here, ...(replace ? { replace: "1" } : {}) };
    const headers = { "X-CSRF-Token": token, Accept: "application/json" };
    const answer = await ask("/login/webapp", { method: "POST", headers, body: new URLSearchParams(fields) });
    if (answer.status === 409) return choose((await answer.json()).error.message);
    if (answer.status === 403) return settle("stale");
    if (!answer.ok) return settle("failed");
    const told = await answer.json();
    const kept = await isKept(told.user_id);
    if (!kept) return settle(kept === false ? "refused" : "failed");
    remember("entered");
    leaveFor(told.next, "replace");
  }

  /* Whether the browser sends the session back; undefined if unknown. */
  async function isKept(id) {
    const answer = await ask("/api/v1/me", { headers: { Accept: "application/json" } });
    if (answer.status === 401) return false;
    return answer.ok ? (await answer.json()).id === id : undefined;
  }

  /* At most so many units, and no character cut in two. */
  function within(text, most) {
    if (text.length <= most) return text;
    const parts = window.Intl && Intl.Segmenter ? [...new Intl.Segmenter().segment(text)].map((part) => part.segment) : [...text];
    let kept = "";
    for (const part of parts) { if (kept.length + part.length > most) break; kept += part; }
    return kept;
  }

  function choose(question) {
    remember("stays");
    const answered = (choice) => (choice === "switch" ? logIn(true) : toLot());
    if (app.isVersionAtLeast("6.2")) {
      const buttons = [{ id: "switch", text: words.switch }, { id: "stay", text: words.stay }];
      app.showPopup({ message: within(question, 256), buttons }, answered);
    } else {
      answered(window.confirm(question) ? "switch" : "stay");
    }
  }

  /* --- error messages, with a way on --- */

  const acts = {
    browser: () => app.openLink(location.origin + "/login?next=" + encodeURIComponent(here)),
    again: () => { document.getElementById("unentered").remove(); logIn(false); },
    close: () => app.close(),
  };

  function settle(what) {
    remember(what);
    const template = document.querySelector('template[data-unentered="' + what + '"]');
    if (!template) return; // another person's page, outside frames: they were asked, and stay logged in
    const notice = template.content.cloneNode(true);
    const button = notice.querySelector("[data-act]");
    button.addEventListener("click", acts[button.dataset.act]);
    document.getElementById("main").prepend(notice);
  }

  function begin() {
    const was = outcome();
    if (words.me && (!user || user === words.me)) {
      remember("in");
      return toLot();
    }
    if (was === "") return logIn(false);
    if (was === "entered") return settle("refused");
    if (was === "trying") return settle("failed");
    if (NOTICES.includes(was)) return settle(was);
    const button = document.querySelector("[data-enter]"); // somebody logged out here, or their session ended
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => { button.hidden = true; logIn(false); });
  }

  begin();

  /* --- back button: everywhere but on the front page; settings in Telegram's own menu --- */

  if (location.pathname !== "/") {
    app.BackButton.show();
    app.BackButton.onClick(() => (history.length > 1 ? history.back() : leaveFor("/")));
  }

  if (app.isVersionAtLeast("7.0")) {
    app.SettingsButton.onClick(() => leaveFor("/settings"));
    app.SettingsButton.show();
  }

  /* --- main button: the page's main action; on a lot's page the most urgent one, and none while it stands unfolded --- */

  const ofLot = Boolean(document.getElementById("live"));
  const MAIN = ofLot
    ? ["#one-tap", "#deal [data-main]", "#chance [data-main]", "#act [data-main]"]
    : ["[data-sell] [data-main]", "[data-main]", "[data-sell] > button, [data-once] > button"];
  let main = null;

  function aim(button) {
    if (main) main.classList.remove("unseen");
    main = button && !button.closest("details[open]") ? button : null;
    if (!main) return app.MainButton.hide();
    app.MainButton.setText(main.textContent.trim());
    app.MainButton.show();
    main.classList.add("unseen");
  }

  const aimAgain = () => aim(MAIN.map((each) => document.querySelector(each)).find(Boolean));

  /* The field of a lot's form that somebody has to see before the form is sent; nothing where it is in view. */
  function unseenField() {
    const field = ofLot && main.form && main.form.querySelector("input[type=text], input[type=tel], textarea");
    const at = field && field.getBoundingClientRect();
    return field && (at.top < 0 || at.bottom > window.innerHeight) ? field : null;
  }

  /* A folded step only unfolds: its own button says yes to it. */
  function press() {
    if (!main || app.MainButton.isProgressVisible) return;
    const button = main, field = unseenField(), folded = button.matches("summary") && button.parentElement;
    if (field) {
      field.scrollIntoView({ block: "center" });
      return field.focus({ preventScroll: true });
    }
    if (!folded) app.MainButton.showProgress();
    button.click();
    if (folded) return folded.scrollIntoView({ block: "center" });
    setTimeout(() => app.MainButton.hideProgress(), button.type === "submit" ? 3000 : 300);
  }

  if (app.MainButton) {
    app.MainButton.onClick(press);
    aimAgain();
    document.addEventListener("htmx:load", () => { if (ofLot || (main && !main.isConnected)) aimAgain(); });
    document.addEventListener("toggle", (event) => { if (event.target.matches("details:has(> [data-main])")) aimAgain(); }, true);
    document.addEventListener("starbid:main", (event) => aim(event.detail)); // of a form in steps
  }

  /* --- links: our pages stay here, on one origin; everything else opens over them, invoices too --- */

  function openElsewhere(link) {
    if (link.dataset.invoice && app.isVersionAtLeast("6.1")) pay(link);
    else if (link.dataset.prepare && user === words.me && app.isVersionAtLeast("8.0")) sendOn(link);
    else if (link.hostname === "t.me") app.openTelegramLink(link.href);
    else app.openLink(link.href);
  }

  /* The lot as a card, for chats that the person chooses; the link that stands on the page where Telegram makes none or
     does not send it. A card is made for the account of the session: Telegram knows it of no other. */
  async function sendOn(link) {
    if (link.hasAttribute("aria-busy")) return;
    link.setAttribute("aria-busy", "true");
    const id = await prepared(link.dataset.prepare);
    link.removeAttribute("aria-busy");
    if (!id) return app.openTelegramLink(link.href);
    unsent = link.href;
    app.shareMessage(id);
  }

  async function prepared(path) {
    try {
      const answer = await ask(path, { method: "POST", headers: { "X-CSRF-Token": token, Accept: "application/json" } });
      return answer.ok ? (await answer.json()).message_id : null;
    } catch { return null; } // no connection, or no answer in time
  }

  let unsent = "";
  app.onEvent("shareMessageFailed", (what) => { if (unsent && !(what && what.error === "USER_DECLINED")) app.openTelegramLink(unsent); });

  /* One invoice at a time, however fast somebody taps: Telegram throws at a second one. It may never say what became of
     the first, so the link is there again after a while. */
  function pay(link) {
    if (link.hasAttribute("aria-busy")) return;
    link.setAttribute("aria-busy", "true");
    const free = () => link.removeAttribute("aria-busy");
    const late = setTimeout(free, INVOICE_MS);
    app.openInvoice(link.href, (status) => { clearTimeout(late); free(); paid(status); });
  }

  function paid(status) {
    const order = document.getElementById("order");
    if (status === "paid" && order && window.htmx) window.htmx.trigger(order, "due");
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || !/^https?:$/.test(link.protocol)) return;
    if (link.origin !== location.origin || link.target === "_blank" || link.hasAttribute("download")) {
      event.preventDefault();
      openElsewhere(link);
    } else if (!storage && !link.hash && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      leaveFor(link.href);
    }
  });

  /* A form's answer keeps the fragment of its address, and so does a page that is loaded again by going back to it. */
  if (!storage) {
    document.addEventListener("htmx:beforeHistoryUpdate", (event) => { event.detail.history.path += hash; });
    document.addEventListener("submit", (event) => {
      const form = event.target, action = form.getAttribute("action");
      form.setAttribute("action", (action || location.pathname) + hash);
      setTimeout(() => { if (action === null) form.removeAttribute("action"); else form.setAttribute("action", action); });
    });
  }
})();
