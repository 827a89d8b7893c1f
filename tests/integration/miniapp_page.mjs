// Plays a Mini App's pages: loads miniapp.js anew for each page that it goes on to, as a browser does, ten at most.
// In: {"user": 7, "pages": [{"me": 5 or null, "path": "/"}], "answers": [{"status", "body"}], "choice": "switch"}; the last
// page and the last answer stand for all that follow. Out: {"loads", "sent": [{"replace", "next"}], "asked": [text]}.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const script = readFileSync(new URL("../../functions/web/static/miniapp.js", import.meta.url), "utf-8");
const played = JSON.parse(readFileSync(0, "utf-8"));
const kept = new Map();
const told = { loads: 0, sent: [], asked: [] };

function nth(list, number) {
  return list[Math.min(number, list.length - 1)];
}

async function load(page) {
  told.loads += 1;
  let next = null;
  const app = {
    initData: "signed", initDataUnsafe: { user: { id: played.user } }, colorScheme: "light",
    onEvent() {}, ready() {}, expand() {}, openInvoice() {},
    BackButton: { show() {}, onClick() {} },
    isVersionAtLeast: () => played.popups !== false,
    showPopup(popup, then) { told.asked.push(popup.message); then(played.choice); },
  };
  const place = { pathname: page.path, search: "", replace(to) { next = to; }, assign(to) { next = to; } };
  const enter = { hidden: true, addEventListener() {} };
  const login = page.path === "/login" ? { dataset: { next: page.next || "/" } } : null;
  const found = { 'meta[name="csrf-token"]': { content: "token" }, "[data-login]": login, "[data-enter]": login && enter };
  const scope = {
    location: place, history: { length: 1 }, URLSearchParams, setTimeout,
    sessionStorage: played.storage === false ? undefined : { getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => kept.set(k, v) },
    document: {
      querySelector: (selector) => found[selector] || null, getElementById: () => null, addEventListener() {},
      documentElement: { classList: { add() {} }, dataset: {} },
      body: { dataset: { ...(page.me ? { me: String(page.me) } : {}), switch: "Switch", stay: "Stay" } },
    },
    fetch: async (_, request) => {
      const answer = nth(played.answers, told.sent.length);
      told.sent.push({ replace: request.body.get("replace"), next: request.body.get("next"), csrf: request.headers["X-CSRF-Token"] });
      return { ok: answer.status < 300, status: answer.status, json: async () => answer.body };
    },
  };
  scope.window = { Telegram: { WebApp: app }, confirm(text) { told.asked.push(text); return played.choice === "switch"; } };
  vm.runInNewContext(script, scope);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
  told.enter = !enter.hidden;
  return next;
}

let next = "/";
while (next !== null && told.loads < 10) next = await load(nth(played.pages, told.loads));
console.log(JSON.stringify(told));
