/* Notices in this browser: asked for by a press on /settings alone. What is remembered here is whose the browser is, so
   that who logs in next takes it over, and nobody is told things on a screen that they have left. */
(function () {
  "use strict";

  // { of: a person, "" for nobody; session: in which of theirs; id: the browser's; endpoint: where it takes messages }
  const KEPT = "starbid-push";
  const { me, session } = document.body.dataset, csrf = document.querySelector('meta[name="csrf-token"]');
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  function kept() {
    try { return JSON.parse(localStorage.getItem(KEPT)); } catch (error) { return null; }
  }

  function keep(value) {
    try {
      if (value) localStorage.setItem(KEPT, JSON.stringify(value));
      else localStorage.removeItem(KEPT);
    } catch (error) { /* no storage here: the browser is set up all the same */ }
  }

  async function tell(subscription) {
    const { endpoint, keys } = subscription.toJSON(), known = kept();
    const body = new URLSearchParams({ endpoint: endpoint, p256dh: keys.p256dh, auth: keys.auth });
    if (known && known.of === me) body.set("instead_of", known.id);
    const answer = await fetch("/settings/push", {
      method: "POST",
      headers: { "X-CSRF-Token": csrf.content, Accept: "application/json" },
      body,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { id } = await answer.json();
    keep({ of: me, session: session, id: id, endpoint: endpoint });
    return id;
  }

  async function subscribed() {
    const registration = await navigator.serviceWorker.getRegistration("/");
    return registration ? registration.pushManager.getSubscription() : null;
  }

  /* --- somebody else, or nobody, is logged in here now; or in another session; or it takes messages somewhere else --- */

  async function takeOver() {
    const known = kept();
    if (!able || !me || !known || Notification.permission !== "granted") return;
    const subscription = await subscribed(), isMine = known.of === me && known.session === session;
    if (isMine && (!subscription || known.endpoint === subscription.endpoint)) return;
    if (subscription) await tell(subscription);
    else keep(null);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, known = kept();
    if (!known || !["/logout", "/settings/sessions"].includes(form.getAttribute("action"))) return;
    const field = document.createElement("input");
    field.type = "hidden"; field.name = "push"; field.value = known.id;
    form.append(field);
    if (form.getAttribute("action") === "/logout") keep({ of: "", id: known.id });
  });

  /* --- /settings --- */

  const button = document.querySelector("[data-push]"), said = document.querySelector("[data-push-said]");

  function say(key) {
    said.textContent = said.dataset[key];
    said.hidden = false;
    said.className = key === "waiting" || key === "done" ? "hint" : "fault";
  }

  /* On an iPhone only what is opened from the Home Screen may ask. */
  function isHomeless() {
    const apple = /iPhone|iPad/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
    return apple && !navigator.standalone;
  }

  async function setUp() {
    if (!able) return say(isHomeless() ? "home" : "unable");
    if ((await Notification.requestPermission()) !== "granted") return say("denied");
    say("waiting");
    await navigator.serviceWorker.register("/sw.js", { scope: "/" });
    const registration = await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytes(button.dataset.push) };
    await tell(await fresh(registration.pushManager, options));
    say("done");
    button.hidden = true;
  }

  /* One that was made for another key of ours, or long ago, gets nothing any more. */
  async function fresh(manager, options) {
    const old = await manager.getSubscription();
    if (old && !sameKey(old.options.applicationServerKey, options.applicationServerKey)) await old.unsubscribe();
    return manager.subscribe(options);
  }

  function sameKey(one, other) {
    return Boolean(one) && new Uint8Array(one).join() === other.join();
  }

  function bytes(text) {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  }

  function begin() {
    const known = kept(), here = known && known.of === me && document.querySelector('[data-browser="' + CSS.escape(known.id) + '"]');
    button.hidden = Boolean(here);
    button.addEventListener("click", async () => {
      button.disabled = true;
      try { await setUp(); } catch (error) { say("failed"); } finally { button.disabled = false; }
    });
    if (!here) return;
    here.querySelector("[data-this]").hidden = false;
    here.querySelector("form").addEventListener("submit", () => {
      keep(null);
      subscribed().then((subscription) => subscription && subscription.unsubscribe()).catch(() => {});
    });
  }

  takeOver().catch(() => {});
  if (button && said) begin();
})();
