// What can be attached besides files, as in Telegram's apps; and posts of a channel that somebody forwards.
import { plainPicture, post } from "./api.js";
import { dialog, el } from "./dom.js";

const OTHERS = [["Location", "location"], ["Contact", "contact"], ["Poll", "poll"], ["Sticker", "sticker"]];
const POST = "A post of a channel: lamps, chairs and more, every day.";

export function attachSheet(chat, choose) {
  const entry = (text, act) => el("button", { type: "button", class: "entry", onclick: () => { box.close(); act(); } }, text);
  const box = dialog("Attach", el("div", { class: "entries" },
    entry("Photos, videos, files", choose),
    entry("Voice message", () => chat.send({ media: [voice()] })),
    OTHERS.map(([text, other]) => entry(text, () => chat.send({ other }))),
    entry("Forward the post of a channel", () => forwardPost(chat, [])),
    entry("Forward an album of a channel", async () => forwardPost(chat, await pictures()))));
}

function voice() {
  return { kind: "voice", name: "voice.oga", mime: "audio/ogg", data: btoa("seven seconds of silence") };
}

function pictures() {
  return Promise.all(["#c0524a", "#1c74b9", "#2f8a4c"].map(plainPicture));
}

function forwardPost(chat, media) {
  return chat.attempt(() => post(`chats/${chat.personId}/forward`, { text: POST, media }));
}
