/* Enhancements of pages that work without scripts: ticking clocks, live parts, themes, sharing. What is sent of forms is
   in forms.js. */
(function () {
  "use strict";

  const body = document.body;
  const texts = body.dataset;
  let ahead = 0; // the server's clock minus ours, ms

  /* --- time --- */

  function readClock(moment) {
    const told = Date.parse(moment);
    if (!Number.isNaN(told)) ahead = told - Date.now();
  }

  function filled(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  function timeLeft(seconds) {
    if (seconds <= 0) return texts.ended;
    const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    if (days) return filled(texts.days, { days: days, hours: hours % 24 });
    if (hours) return filled(texts.hours, { hours: hours, minutes: minutes % 60 });
    if (minutes) return minutes + ":" + String(seconds % 60).padStart(2, "0");
    return filled(texts.seconds, { seconds: seconds });
  }

  function tick() {
    const now = Date.now() + ahead;
    for (const clock of document.querySelectorAll("time[data-left]")) {
      const seconds = Math.ceil((Date.parse(clock.dateTime) - now) / 1000);
      const text = timeLeft(seconds);
      if (clock.textContent !== text) clock.textContent = text;
      clock.classList.toggle("soon", seconds <= 600 && seconds > 60);
      clock.classList.toggle("last", seconds <= 60);
      if (seconds <= 0 && !clock.dataset.done) {
        clock.dataset.done = "1";
        const live = clock.closest('[hx-trigger*="due"]');
        if (live && window.htmx) setTimeout(() => window.htmx.trigger(live, "due"), 400);
      }
    }
  }

  /* --- live parts: a known ETag gets 304; a hidden page does not poll, or seldom if its tab shows what is new --- */

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.headers["X-CSRF-Token"] = token.content;
    const tag = event.detail.elt.dataset.etag;
    if (tag) event.detail.headers["If-None-Match"] = tag;
  });

  /* A failing poll slows down to once a minute and heeds Retry-After. A poll with `data-patience` (seconds) slows down
     with time and stops. */
  const LONGEST_MS = 60000, LONGEST_ASKED_MS = 600000, SLOWER = 20, CALM_MS = 10000, HIDDEN_MS = 30000;
  const pauses = new Map(); // id of the part -> { failures, until }

  function every(part) {
    const match = /^every (\d+)s/.exec(part.getAttribute("hx-trigger") || "");
    return match ? 1000 * Number(match[1]) : 0;
  }

  function isOver(part) {
    const over = part.dataset.patience && performance.now() > 1000 * Number(part.dataset.patience);
    if (over) for (const late of part.querySelectorAll("[data-late], [data-early]")) late.hidden = "early" in late.dataset;
    return over;
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt, pause = pauses.get(part.id);
    if (!every(part)) return;
    const called = event.detail.requestConfig.triggeringEvent; // an expired clock, a paid invoice
    if ((document.hidden && !("aware" in part.dataset)) || (!called && (isOver(part) || (pause && performance.now() < pause.until)))) event.preventDefault();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const part = event.detail.requestConfig.elt, apart = every(part); // not `detail.elt`: the answer replaced it
    if (!apart) return;
    if (event.detail.successful) {
      const patient = "patience" in part.dataset ? performance.now() / SLOWER : 0;
      return pauses.set(part.id, { failures: 0, until: performance.now() + (document.hidden ? HIDDEN_MS : patient) });
    }
    const failures = Math.min((pauses.get(part.id) || { failures: 0 }).failures + 1, 10);
    const asked = 1000 * Number(event.detail.xhr.getResponseHeader("Retry-After")) || 0;
    const until = performance.now() + Math.max(Math.min(asked, LONGEST_ASKED_MS), Math.min(apart * 2 ** failures, LONGEST_MS));
    pauses.set(part.id, { failures, until });
  });

  function calm() {
    pauses.clear();
    offline.hidden = true;
  }

  window.addEventListener("online", calm);

  /* Who comes back to the tab sees what is so. */
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !window.htmx) return;
    for (const part of document.querySelectorAll("[data-aware][hx-trigger]")) {
      if (!(pauses.get(part.id) || { failures: 0 }).failures) window.htmx.trigger(part, "due");
    }
  });

  /* A page that was just reloaded is not reloaded again at once. */
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const [came] = performance.getEntriesByType("navigation");
    const again = event.detail.xhr.getResponseHeader("HX-Refresh") === "true" && came && came.type === "reload";
    if (again && performance.now() < CALM_MS) event.preventDefault();
  });

  /* Show that the connection is lost, and that it is back. */
  const offline = document.createElement("p");
  offline.className = "offline"; offline.hidden = true; offline.setAttribute("role", "status"); offline.textContent = texts.offline;
  body.append(offline);
  document.addEventListener("htmx:sendError", () => { offline.hidden = false; });
  document.addEventListener("htmx:afterOnLoad", () => { offline.hidden = true; });

  /* Typed text and unfolded parts survive the swap of the part around them. */
  let kept = null;

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const part = event.detail.target;
    if (!part || !part.querySelectorAll) return;
    const field = part.id === "act" ? part.querySelector("input[data-least]") : null;
    kept = {
      open: [...part.querySelectorAll("details[open][id]")].map((details) => details.id),
      focus: field && document.activeElement === field,
      value: field && field.value !== field.defaultValue ? field.value : null,
    };
  });

  document.addEventListener("htmx:oobAfterSwap", () => {
    if (!kept) return;
    for (const id of kept.open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    const field = document.querySelector("#act input[data-least]");
    if (field && kept.value !== null) field.value = kept.value;
    if (field && kept.focus) field.focus();
    kept = null;
  });

  document.addEventListener("htmx:load", (event) => refresh(event.detail.elt));

  function refresh(root) {
    const clocks = root.matches("[data-now]") ? [root] : root.querySelectorAll("[data-now]");
    for (const element of clocks) readClock(element.dataset.now);
    follow(root);
    unveil(root);
    tick();
  }

  /* The field of a maximum follows the minimum bid until somebody types into it. */
  function follow(root) {
    const live = root.id === "live" ? root : root.querySelector("#live");
    const field = document.querySelector("#act input[data-least]");
    if (!live || !field || !live.dataset.least) return;
    const untouched = field.value === field.defaultValue && document.activeElement !== field;
    if (untouched && !field.hasAttribute("aria-invalid")) field.value = field.defaultValue = live.dataset.least;
  }

  /* --- menus, and pages that come back --- */

  /* Menus close on a press elsewhere. */
  document.addEventListener("click", (event) => closeMenus(event.target));

  function closeMenus(but) {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(but)) menu.open = false;
  }

  /* The browser's memory gives a page back as it was left: what lives in it asks at once what is new. */
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    closeMenus(null);
    calm();
    if (window.htmx) for (const part of document.querySelectorAll('[hx-trigger*="due"]')) window.htmx.trigger(part, "due");
  });

  /* --- sharing and copying --- */

  function unveil(root) {
    if (navigator.clipboard || navigator.share) for (const button of root.querySelectorAll("[data-share], [data-copy]")) button.hidden = false;
  }

  function say(button, text) {
    if ("said" in button.dataset) return; // what stands there is not its own label
    const before = button.innerHTML;
    button.dataset.said = "";
    button.textContent = text;
    setTimeout(() => { button.innerHTML = before; delete button.dataset.said; }, 1500);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-share], [data-copy]");
    if (!button) return;
    const link = button.dataset.share;
    if (link && navigator.share) return navigator.share({ title: button.dataset.title, url: link }).catch(() => {});
    navigator.clipboard.writeText(link || button.dataset.copy).then(() => say(button, button.dataset.copied || texts.copied));
  });

  /* --- colours --- */

  function themes() {
    const choice = document.querySelector("[data-themes]");
    if (!choice) return;
    choice.hidden = false;
    const show = () => {
      const chosen = document.documentElement.dataset.theme || "";
      for (const button of choice.elements) button.setAttribute("aria-pressed", String(button.value === chosen));
    };
    choice.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.value) document.documentElement.dataset.theme = button.value;
      else delete document.documentElement.dataset.theme;
      document.cookie = "starbid_theme=" + button.value + "; Path=/; SameSite=Lax; Max-Age=" + (button.value ? 31536000 : 0);
      show();
    });
    show();
  }

  /* --- inside Telegram only: load its script, if the page has not loaded it --- */

  function insideTelegram() {
    let known = false;
    try { known = Boolean(sessionStorage.getItem("__telegram__initParams")); } catch (error) { /* no storage in this frame */ }
    return known || location.hash.includes("tgWebApp") || Boolean(window.TelegramWebviewProxy);
  }

  function load(url, then) {
    const script = document.createElement("script");
    script.src = url;
    script.onload = then;
    document.head.append(script);
  }

  if (insideTelegram() && !document.querySelector('script[src*="telegram-web-app"]')) {
    load("https://telegram.org/js/telegram-web-app.js", () => load(texts.miniapp, () => load(texts.native)));
  }

  /* --- notices in this browser: only where somebody has asked for them, or may --- */

  function hasNotices() {
    try { return Boolean(localStorage.getItem("starbid-push")); } catch (error) { return false; } // no storage in this frame
  }

  if (texts.notices && (hasNotices() || document.querySelector("[data-push]"))) load(texts.notices);

  /* --- start --- */

  const served = document.querySelector('meta[name="server-time"]');
  if (served) readClock(served.content);
  themes();
  refresh(body);
  setInterval(tick, 1000);
})();
