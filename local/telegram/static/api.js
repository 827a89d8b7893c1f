// Client of the stand-in's control API.

export class Refused extends Error {}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error || `The stand-in answered ${response.status}.`);
  return body;
}

export async function get(path) {
  return answer(await fetch(path, { headers: { Accept: "application/json" } }));
}

export async function post(path, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  return answer(await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

export const media = (fileId) => `media/${encodeURIComponent(fileId)}`;

export function openLink(personId, kind, url) {
  const query = url ? `?${new URLSearchParams({ kind, url })}` : "";
  return `open/${personId}${query}`;
}

// Where an internal link leads: {start}, {slug}, {stars} or {venue}; null where it leads elsewhere.
export function inside(url, bot) {
  let link;
  try { link = new URL(url); } catch { return null; }
  const name = bot.username.toLowerCase();
  if (link.protocol === "tg:") return link.searchParams.get("domain")?.toLowerCase() === name ? { start: link.searchParams.get("start") ?? "" } : null;
  if (["t.me", "telegram.me"].includes(link.hostname)) return insideTelegram(link, name);
  const invoice = /\/_local\/telegram\/invoice\/([\w-]+)$/.exec(link.pathname);
  return invoice && link.origin === new URL(bot.site_url).origin ? { slug: invoice[1] } : null;
}

function insideTelegram(link, name) {
  const path = link.pathname.replaceAll("/", " ").trim().split(" ");
  if (path[0] === "stars") return { stars: true };
  if (path[0] === "c" && path.length === 3) return { venue: `chat=-100${path[1]}` };
  if (path[0].toLowerCase() !== name) return null;
  if (link.searchParams.has("startgroup")) return { venue: "add=group" };
  if (link.searchParams.has("startchannel")) return { venue: "add=channel" };
  return { start: link.searchParams.get("start") ?? "" };
}

const KINDS = [[/^image\/gif$/, "animation"], [/^image\/(png|jpeg|webp|bmp)$/, "photo"], [/^video\//, "video"], [/^audio\/ogg/, "voice"], [/^audio\//, "audio"]];
const ALBUM = 10;
const FAMILIES = { photo: "visual", video: "visual", document: "document", audio: "audio" };

// A file as Telegram's apps send it: a picture as a JPEG of 1280 pixels at most, anything else unchanged. With `asFile`
// it stays as it is, with `bytes` it claims to have so many.
export async function readMedia(file, { asFile, bytes }) {
  const kind = asFile ? "document" : KINDS.find(([type]) => type.test(file.type))?.[1] ?? "document";
  const rest = { name: file.name, mime: file.type, ...(bytes ? { bytes } : {}) };
  const bitmap = kind === "photo" ? await createImageBitmap(file).catch(() => null) : null;
  if (bitmap) return { ...rest, kind, data: await jpeg(bitmap) };
  return { ...rest, kind: kind === "photo" ? "document" : kind, data: await base64(file) };
}

// The messages that they become: albums of ten, what goes into none alone.
export function albums(items) {
  const groups = [];
  for (const item of items) {
    const family = FAMILIES[item.kind];
    const last = groups.at(-1);
    if (family && last?.family === family && last.media.length < ALBUM) last.media.push(item);
    else groups.push({ family, media: [item] });
  }
  return groups.map(({ media }) => media);
}

async function jpeg(bitmap) {
  const scale = Math.min(1, 1280 / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.87));
  return base64(blob);
}

function base64(blob) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

// A picture of one colour, for posts that nobody has to choose pictures for.
export async function plainPicture(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 480;
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.87));
  return { kind: "photo", name: "post.jpg", mime: "image/jpeg", data: await base64(blob) };
}
