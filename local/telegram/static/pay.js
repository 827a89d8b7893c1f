// The pay sheet: what is bought, for how much, and from whose Stars.
import { Refused, get, post } from "./api.js";
import { dialog, el, money } from "./dom.js";

// `which` is {message_id} of an invoice in the chat, or {slug} of an invoice link.
export async function showPaySheet(app, personId, which) {
  const invoice = await find(app, personId, which);
  if (invoice) new Sheet(app, personId, which, invoice);
}

async function find(app, personId, which) {
  try {
    const slug = which.slug ?? app.chat(personId)?.messages.get(which.message_id)?.message.extra.invoice.slug;
    return await get(`invoices/${encodeURIComponent(slug)}`);
  } catch (error) {
    app.say(error instanceof Refused ? error.message : "The local run does not answer.");
    return null;
  }
}

class Sheet {
  constructor(app, personId, which, invoice) {
    Object.assign(this, { app, personId, which, invoice });
    this.sum = money(invoice.total_amount, invoice.currency);
    this.words = el("p", { class: "pay-words", role: "status" });
    this.balance = el("span", {});
    this.payButton = el("button", { type: "button", class: "button wide", autofocus: true, onclick: () => this.pay() });
    this.moreButton = el("button", { type: "button", class: "button wide quiet", hidden: true, onclick: () => this.getMore() }, "Get 10\u2009000 more Stars");
    const period = invoice.period ? el("p", { class: "pay-period" }, `Paid again every ${invoice.period / 86400} days until cancelled`) : null;
    this.box = dialog("Payment", el("div", { class: "pay" },
      el("div", { class: "pay-sum" }, this.sum), el("strong", {}, invoice.title),
      el("p", { class: "pay-description" }, invoice.description), period, this.payer(),
      this.words, this.moreButton, this.payButton));
    this.idle();
  }

  // Anyone may pay by a link; only its receiver may pay a message.
  payer() {
    if (this.which.slug === undefined) return el("div", { class: "pay-payer" }, el("span", {}, this.person.first_name), this.balance);
    const name = el("select", {
      "aria-label": "Who pays",
      onchange: () => { this.personId = Number(name.value); this.words.textContent = ""; this.idle(); },
    }, this.app.people.map(({ id, first_name: first }) => el("option", { value: id, selected: id === this.personId }, first)));
    return el("div", { class: "pay-payer" }, name, this.balance);
  }

  get person() { return this.app.person(this.personId); }

  idle() {
    const stars = this.person?.stars ?? 0;
    const short = this.invoice.currency === "XTR" && stars < this.invoice.total_amount;
    this.balance.textContent = this.invoice.currency === "XTR" ? `has ${money(stars)}` : "pays with a test card";
    this.payButton.disabled = short;
    this.payButton.classList.remove("waiting");
    this.payButton.textContent = `Pay ${this.sum}`;
    this.moreButton.hidden = !short;
    if (short) this.words.textContent = `Not enough Stars: ${money(this.invoice.total_amount - stars)} are missing.`;
  }

  async pay() {
    this.words.textContent = "";
    this.payButton.disabled = true;
    this.payButton.classList.add("waiting");
    this.payButton.textContent = "Asking the bot…";
    const result = await this.attempt(`chats/${this.personId}/pay`, this.which);
    await this.app.refresh();
    this.idle();
    if (result?.status === "paid") {
      this.box.close();
      this.app.say(`Paid ${this.sum}.`);
      this.app.open(this.personId);
    } else if (result) {
      this.words.textContent = result.status === "refused" ? `The bot refused: ${result.words}` : result.words;
    }
  }

  async getMore() {
    await this.attempt(`chats/${this.personId}/stars`, {});
    await this.app.refresh();
    this.words.textContent = "";
    this.idle();
  }

  async attempt(path, body) {
    try {
      return await post(path, body);
    } catch (error) {
      this.words.textContent = error instanceof Refused ? error.message : "The local run does not answer.";
      return null;
    }
  }
}
