// A person's Stars, payments and subscriptions, with what Telegram's own settings offer.
import { get, post } from "./api.js";
import { day, dialog, el, money } from "./dom.js";

export async function showMoney(chat) {
  const path = `chats/${chat.personId}`;
  const state = await chat.attempt(() => get(`${path}/payments`));
  if (!state) return;
  const body = el("div", { class: "money" });
  const change = async (action, fields) => {
    const next = await chat.attempt(() => post(`${path}/${action}`, fields));
    if (next) draw(action === "stars" ? await get(`${path}/payments`) : next, next.stars ?? chat.person.stars);
  };
  const draw = (now, stars) => body.replaceChildren(...sections(now, stars, change));
  draw(state, chat.person.stars);
  dialog(`Stars of ${chat.person.first_name}`, body);
}

function sections(state, stars, change) {
  return [
    el("div", { class: "money-row" }, el("strong", { class: "money-sum" }, money(stars)),
      el("button", { type: "button", class: "button small", onclick: () => change("stars", {}) }, "Get 10\u2009000 more")),
    el("div", { class: "money-row" },
      el("span", {}, "Business bot", el("small", {}, state.views_stars ? "sees these Stars" : "sees nothing")),
      el("button", { type: "button", class: "button small quiet",
        title: "As in Telegram's settings: connect the bot with the right to view gifts and Stars",
        onclick: () => change("business", { enabled: !state.views_stars, views_stars: !state.views_stars }) },
      state.views_stars ? "Disconnect" : "Connect")),
    ...list("Subscriptions", state.subscriptions.map((one) => subscription(one, change))),
    ...list("Payments", state.charges.map((one) => charge(one, change))),
    !state.charges.length && el("p", { class: "hint" }, "What this person pays the bot will be listed here."),
  ].filter(Boolean);
}

function list(title, rows) {
  return rows.length ? [el("h3", {}, title), ...rows] : [];
}

function subscription({ id, title, amount, expires, canceled, by_bot: byBot }, change) {
  const when = canceled ? `ends ${day(expires)}` : `renews ${day(expires)}`;
  const button = byBot ? null : el("button", { type: "button", class: "button small quiet",
    onclick: () => change("subscription", { id, canceled: !canceled }) }, canceled ? "Resume" : "Cancel");
  return el("div", { class: "money-row" }, el("span", {}, `${title} · ${money(amount)}`, el("small", {}, when)), button);
}

function charge({ charge_id: id, title, currency, amount, date, refunded }, change) {
  const button = refunded ? el("small", {}, "refunded") : currency === "XTR" && el("button", {
    type: "button", class: "button small quiet", title: "As if Telegram gave it back, without asking the bot",
    onclick: () => change("refund", { charge_id: id }),
  }, "Charge back");
  return el("div", { class: "money-row" }, el("span", {}, `${title} · ${money(amount, currency)}`, el("small", {}, day(date))), button);
}
