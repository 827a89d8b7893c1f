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

// A picture as Telegram's apps send it: a JPEG of 1280 pixels at most. Anything else is sent unchanged.
async function readAttachment(file) {
  if (/^image\/(png|jpeg|webp|gif|bmp)$/.test(file.type)) {
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (bitmap) return { photo: await jpeg(bitmap) };
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { document: base64(bytes), name: file.name, mime: file.type };
}

// One file as it is sent; several pictures as an album, of which other files are left out.
export async function readAttachments(files) {
  const read = await Promise.all([...files].slice(0, 10).map(readAttachment));
  const photos = read.map((each) => each.photo).filter(Boolean);
  return photos.length > 1 ? { photos } : read[0];
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
  return base64(new Uint8Array(await blob.arrayBuffer()));
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
