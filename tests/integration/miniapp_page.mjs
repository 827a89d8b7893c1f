// Plays a Mini App's pages: loads miniapp.js again for each page that it goes on to, as a browser does, ten at most.
// In: {"user": 7, "pages": [{"me": 5 or null, "path": "/"}], "answers": [{"status", "body"}], "me": {"status", "body"},
// "choice": "switch", "walk": 2, "hosted": true, "storage": true}. `answers` are those of the login, `me` is that of the question
// whether it was kept; a status of 0 is no answer. The last page and answer stand for all that follow; `walk` is how many pages
// the person opens besides, and `press` presses the button of the first notice. `start` is the payload of the link that opened it.
// Out: {"loads", "sent": [{"replace", "next"}], "asked": [text], "notices": [name], "opened": [link], "enter": bool}.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const script = readFileSync(new URL("../../functions/web/static/miniapp.js", import.meta.url), "utf-8");
const played = JSON.parse(readFileSync(0, "utf-8"));
const kept = new Map();
const told = { loads: 0, sent: [], asked: [], notices: [], opened: [] };
const ACTS = { refused: "browser", stale: "close", failed: "again" };
let hash = "#tgWebAppVersion=9.6", pressed = false;

function nth(list, number) {
  return list[Math.min(number, list.length - 1)];
}

function notice(name) {
  const button = { dataset: { act: ACTS[name] }, addEventListener(_, act) { button.act = act; } };
  return { content: { cloneNode: () => ({ name, button, querySelector: () => button }) } };
}

function prepend({ name, button }) {
  told.notices.push(name);
  if (played.press && !pressed) { pressed = true; setImmediate(button.act); }
}

function answered({ status, body }) {
  if (!status) throw new TypeError("Failed to fetch");
  return { ok: status < 300, status, json: async () => body };
}

async function load(page) {
  told.loads += 1;
  let next = null;
  const go = (to) => { const [path, after] = String(to.href || to).split("#"); next = path; hash = after ? "#" + after : ""; };
  const app = {
    initData: "user=signed&hash=" + (played.launch || "first"), initDataUnsafe: { user: { id: played.user }, start_param: played.start }, colorScheme: "light",
    onEvent() {}, ready() {}, expand() {}, openInvoice() {}, close() { told.opened.push("close"); },
    openLink(link) { told.opened.push(link); },
    BackButton: { show() {}, onClick() {} }, SettingsButton: { show() {}, onClick() {} },
    isVersionAtLeast: () => played.popups !== false,
    showPopup(popup, then) { told.asked.push(popup.message); then(played.choice); },
  };
  const origin = "https://starbid.example";
  const place = { pathname: page.path, search: "", hash, origin, href: origin + page.path + hash, replace: go, assign: go, reload() { next = page.path; } };
  const enter = { hidden: true, addEventListener() {} };
  const login = page.path === "/login" ? { dataset: { next: page.next || "/" } } : null;
  const found = { 'meta[name="csrf-token"]': { content: "token" }, "[data-next]": login, "[data-enter]": login && enter };
  for (const name of Object.keys(ACTS)) found[`template[data-unentered="${name}"]`] = notice(name);
  const scope = {
    location: place, history: { length: 1, replaceState(a, b, to) { hash = to.hash; } }, URLSearchParams, URL, AbortSignal, setTimeout,
    document: {
      querySelector: (selector) => found[selector] || null, addEventListener() {},
      getElementById: (id) => ({ main: { prepend }, unentered: { remove() {} } })[id] || null,
      documentElement: { classList: { add() {} }, dataset: {} },
      body: { dataset: { ...(page.me ? { me: String(page.me) } : {}), switch: "Switch", stay: "Stay" } },
    },
    fetch: async (path, request) => {
      if (path === "/api/v1/me") return answered(played.me || { status: 200, body: { id: played.user } });
      const answer = nth(played.answers, told.sent.length);
      told.sent.push({ replace: request.body.get("replace"), next: request.body.get("next"), csrf: request.headers["X-CSRF-Token"] });
      return answered(answer);
    },
  };
  if (played.storage !== false) scope.sessionStorage = { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) };
  scope.window = { Telegram: { WebApp: app }, confirm(text) { told.asked.push(text); return played.choice === "switch"; } };
  scope.window.parent = scope.window;
  if (played.hosted !== false) scope.window.TelegramWebviewProxy = {};
  vm.runInNewContext(script, scope);
  for (let turn = 0; turn < 40; turn += 1) await new Promise((done) => setImmediate(done));
  told.enter = !enter.hidden;
  return next;
}

let next = "/", walk = played.walk || 0;
while ((next !== null || walk-- > 0) && told.loads < 10) next = await load(nth(played.pages, told.loads));
console.log(JSON.stringify(told));
