/* The service worker: shows notices while the site is closed, and opens their page. It keeps no pages and no files. */
"use strict";

const HOME = self.location.origin + "/";
const ICON = "/static/icons/icon-192.png";

/* A page of this site; the first page for an address that leads anywhere else. */
function pageOf(address) {
  try {
    const url = new URL(address, HOME);
    return url.origin === self.location.origin ? url.href : HOME;
  } catch (error) {
    return HOME;
  }
}

function text(value) {
  return typeof value === "string" ? value : "";
}

async function show(data) {
  let told = null;
  try { told = data.json(); } catch (error) { /* nothing in it, or nothing of ours */ }
  const notice = told && typeof told === "object" ? told : {};
  const tag = text(notice.tag);
  await self.registration.showNotification(text(notice.title) || "Starbid", {
    body: text(notice.body),
    icon: ICON,
    badge: ICON,
    lang: text(notice.lang),
    tag: tag,
    renotify: Boolean(tag) && notice.again === true,
    timestamp: Number.isFinite(notice.at) ? notice.at : Date.now(),
    data: { url: pageOf(text(notice.url)) },
  });
}

/* A tab that shows the page comes to the front; no other tab is led away from what somebody does there. */
async function open(address) {
  const url = new URL(pageOf(address));
  for (const tab of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    const there = new URL(tab.url);
    if (there.origin === url.origin && there.pathname === url.pathname) return tab.focus();
  }
  return self.clients.openWindow(url.href);
}

/* The browser takes messages somewhere else from now on. */
async function move(before, after) {
  const asked = await fetch("/settings/push", { headers: { Accept: "application/json" } });
  if (!asked.ok) return; // nobody is logged in
  const { key, csrf } = await asked.json();
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const now = (after || (await self.registration.pushManager.subscribe(options))).toJSON();
  const body = new URLSearchParams({ endpoint: now.endpoint, p256dh: now.keys.p256dh, auth: now.keys.auth });
  if (before) body.set("instead_of", await markOf(before.toJSON()));
  await fetch("/settings/push", { method: "POST", headers: { "X-CSRF-Token": csrf, Accept: "application/json" }, body });
}

/* As domain/push_addresses.py has it. */
async function markOf(subscription) {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const { endpoint, keys } = subscription;
  const parts = [new TextEncoder().encode(endpoint), [0], bytes(keys.p256dh), [0], bytes(keys.auth)].flatMap((part) => [...part]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(parts)));
  return [...digest.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open((event.notification.data || {}).url));
});
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(move(event.oldSubscription, event.newSubscription).catch(() => {}));
});
