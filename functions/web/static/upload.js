/* The photos of a lot: sent to the bucket as they are chosen, each with its progress and a second try; put in order by
   dragging and by keys. */
(function () {
  "use strict";

  const form = document.querySelector("[data-sell]");
  if (!form) return;

  /* A hanging upload times out, because the form waits for all of them. */
  const ANSWER_MS = 60000, UPLOAD_MS = 300000;
  const box = form.querySelector("[data-pictures]");
  const words = box.dataset;
  const tiles = box.querySelector(".tiles");
  const input = box.querySelector("input[type=file]");
  const hint = box.querySelector("[data-hint]");
  const told = box.querySelector("[data-told]");
  const files = new Map(); // tile -> the file that it shows, of those that were chosen here
  hint.textContent = hint.dataset.hint;
  let running = 0;

  const drop = document.createElement("label");
  drop.className = "drop"; drop.htmlFor = input.id;
  drop.innerHTML = '<svg class="icon" aria-hidden="true"><use></use></svg><span></span>';
  drop.querySelector("use").setAttribute("href", words.icon);
  drop.querySelector("span").textContent = words.add;
  input.classList.add("unseen");
  input.after(drop);

  function count() { return tiles.querySelectorAll("li:not(.failed)").length; }

  /* --- on its way --- */

  function post(url, fields) {
    const signal = AbortSignal.timeout ? AbortSignal.timeout(ANSWER_MS) : undefined;
    const token = document.querySelector('meta[name="csrf-token"]').content;
    return fetch(url, { method: "POST", signal, headers: { "X-CSRF-Token": token, Accept: "application/json" }, body: new URLSearchParams(fields) });
  }

  function toBucket(place, file, progress) {
    return new Promise((resolve, reject) => {
      const data = new FormData();
      for (const [name, value] of Object.entries(place.fields)) data.append(name, value);
      if (!place.fields["Content-Type"]) data.append("Content-Type", file.type);
      data.append("file", file);
      const request = new XMLHttpRequest();
      request.open("POST", place.url);
      request.upload.onprogress = (event) => { if (event.lengthComputable) progress.value = event.loaded / event.total; };
      request.onload = () => (request.status < 300 ? resolve() : reject(new Error()));
      request.onerror = request.ontimeout = () => reject(new Error());
      request.timeout = UPLOAD_MS;
      request.send(data);
    });
  }

  /* If the form pays for the subscription first, a picture is processed after that. */
  const subscribes = "subscribe" in words;
  const right = subscribes ? { subscribe: "1" } : "topUp" in words ? { top_up: "1" } : words.auction ? { auction_id: words.auction } : {};

  /* What the tile shows by now; an upload that another file has overtaken changes nothing. */
  async function upload(tile) {
    const file = files.get(tile), progress = begin(tile), isOvertaken = () => files.get(tile) !== file;
    if (count() > Number(words.most)) return fail(tile, words.tooMany, true); // one that had failed before
    running += 1;
    try {
      const asked = await post("/new_auction/uploads", right);
      const place = await asked.json();
      if (!asked.ok) return isOvertaken() || fail(tile, reasonOf(place), true);
      await toBucket(place, file, progress);
      progress.removeAttribute("value");
      let field = "uploads", name = place.key;
      if (!subscribes) {
        const kept = await post("/new_auction/pictures", { key: place.key, ...right });
        const answer = await kept.json();
        if (!kept.ok) return isOvertaken() || fail(tile, reasonOf(answer), kept.status >= 429);
        field = "pictures"; name = answer.picture;
      }
      if (!isOvertaken()) arrive(tile, field, name);
    } catch (error) {
      if (!isOvertaken()) fail(tile, words.failed, true);
    } finally {
      running -= 1;
    }
  }

  function reasonOf(refusal) {
    return (refusal.error || refusal).message || words.failed;
  }

  function begin(tile) {
    tile.classList.remove("failed");
    for (const old of tile.querySelectorAll(".fault, .again, progress, input[type=hidden]")) old.remove();
    const progress = document.createElement("progress");
    progress.max = 1; progress.value = 0; progress.setAttribute("aria-label", words.where.replace("{n}", placeOf(tile)).replace("{count}", tiles.children.length));
    tile.querySelector(".picture").append(progress);
    return progress;
  }

  function arrive(tile, name, value) {
    const field = document.createElement("input");
    field.type = "hidden"; field.name = name; field.value = value;
    tile.querySelector("progress").remove();
    tile.querySelector(".alt").name = `alt.${value}`;
    tile.append(field);
  }

  function fail(tile, text, canBeTriedAgain) {
    tile.classList.add("failed");
    for (const old of tile.querySelectorAll("progress")) old.remove();
    const fault = document.createElement("span");
    fault.className = "fault"; fault.setAttribute("role", "alert"); fault.textContent = text;
    tile.append(fault);
    if (!canBeTriedAgain) return tile.querySelectorAll("img").forEach((part) => part.remove());
    const again = document.createElement("button");
    again.type = "button"; again.className = "again plain"; again.textContent = words.again;
    again.addEventListener("click", () => upload(tile));
    tile.append(again);
  }

  /* --- tiles: their order, and what can be done with each --- */

  function placeOf(tile) { return [...tiles.children].indexOf(tile) + 1; }

  /* A tile that moves takes the focus along; its new place is said aloud. */
  function move(tile, way, focus) {
    const other = way < 0 ? tile.previousElementSibling : tile.nextElementSibling;
    if (!other) return;
    if (way < 0) other.before(tile);
    else other.after(tile);
    if (focus) focus.focus();
    told.textContent = words.where.replace("{n}", placeOf(tile)).replace("{count}", tiles.children.length);
  }

  function tool(sign, label, act) {
    const button = document.createElement("button");
    button.type = "button"; button.setAttribute("aria-label", label); button.title = label; button.textContent = sign;
    if (act) button.addEventListener("click", () => act(button));
    return button;
  }

  function handleOf(tile) {
    const handle = tool("⠿", words.move);
    handle.className = "handle";
    handle.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      move(tile, way, handle);
    });
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      handle.setPointerCapture(event.pointerId);
      tile.classList.add("moving");
    });
    handle.addEventListener("pointermove", (event) => {
      if (!tile.classList.contains("moving")) return;
      const under = document.elementFromPoint(event.clientX, event.clientY);
      const other = under && under.closest(".tiles > li");
      if (!other || other === tile) return;
      const isLater = placeOf(other) > placeOf(tile);
      if (isLater) other.after(tile);
      else other.before(tile);
      if (!handle.hasPointerCapture(event.pointerId)) handle.setPointerCapture(event.pointerId); // moving it lets go
    });
    for (const end of ["pointerup", "pointercancel"]) handle.addEventListener(end, () => {
      tile.classList.remove("moving");
      told.textContent = words.where.replace("{n}", placeOf(tile)).replace("{count}", tiles.children.length);
    });
    return handle;
  }

  function withTools(tile) {
    let tools = tile.querySelector(".tools");
    if (!tools) { tools = document.createElement("div"); tools.className = "tools"; tile.append(tools); }
    const edit = tool("✎", words.edit, () => change(tile));
    edit.dataset.crop = "";
    if (!tile.querySelector("img")) edit.hidden = true;
    tools.replaceChildren(
      tool("‹", words.earlier, (button) => move(tile, -1, button)),
      edit,
      tool("×", words.remove, () => { files.delete(tile); tile.remove(); input.focus(); }),
      tool("›", words.later, (button) => move(tile, 1, button))
    );
    tile.querySelector(".picture").append(handleOf(tile));
    return tile;
  }

  function show(tile, file) {
    const picture = tile.querySelector(".picture");
    const image = picture.querySelector("img") || picture.insertBefore(document.createElement("img"), picture.firstChild);
    image.alt = ""; image.src = URL.createObjectURL(file);
    image.onload = image.onerror = () => URL.revokeObjectURL(image.src);
    files.set(tile, file);
  }

  function newTile(file) {
    const tile = document.createElement("li");
    const picture = document.createElement("div");
    picture.className = "picture"; picture.dataset.cover = words.cover;
    const alt = document.createElement("input");
    alt.type = "text"; alt.className = "alt"; alt.maxLength = 200; alt.placeholder = words.alt; alt.autocomplete = "off";
    alt.setAttribute("aria-label", words.altLabel);
    tile.append(picture, alt);
    show(tile, file);
    tiles.append(withTools(tile));
    return tile;
  }

  /* Cropped or rotated before it is sent; one that was sent already goes once more, in its old place. */
  async function change(tile) {
    const file = files.get(tile) || (await fetched(tile));
    const changed = file && window.starbid && (await window.starbid.crop(file, words));
    if (!changed) return;
    show(tile, changed);
    upload(tile);
  }

  async function fetched(tile) {
    try {
      const answer = await fetch(tile.querySelector("img").src.replace(/small$/, "large"));
      return answer.ok ? new File([await answer.blob()], "photo.jpg", { type: "image/jpeg" }) : null;
    } catch (error) {
      return null;
    }
  }

  async function add(chosen) {
    const taken = [];
    for (const file of chosen) {
      if (count() >= Number(words.most)) { fail(newTile(file), words.tooMany); break; }
      taken.push(newTile(file));
    }
    for (const tile of taken) {
      begin(tile);
      running += 1;
      const file = files.get(tile), small = window.starbid ? await window.starbid.shrink(file) : file;
      running -= 1;
      if (files.get(tile) !== file) continue; // taken away, or changed meanwhile
      files.set(tile, small);
      if (small.size > Number(words.mostBytes)) fail(tile, words.tooLarge);
      else upload(tile);
    }
  }

  for (const tile of tiles.children) withTools(tile);
  function take() { add([...input.files]); input.value = ""; }
  input.addEventListener("change", take);
  take(); // what was chosen before this script ran
  box.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  box.addEventListener("dragleave", () => drop.classList.remove("over"));
  box.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); add([...event.dataTransfer.files]); });

  function point(field) {
    if (window.starbid && window.starbid.point) window.starbid.point(field);
    else field.focus();
  }

  let wait = 0; // of the last press

  document.addEventListener("starbid:main", () => clearInterval(wait)); // another step is shown: nobody waits any more
  /* Behind that of the steps, for which Enter may be no wish to publish. */
  form.addEventListener("submit", (event) => {
    clearInterval(wait);
    if (!running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter, known = [...tiles.querySelectorAll(".failed")];
    wait = setInterval(() => {
      if (running) return;
      clearInterval(wait);
      const failed = [...tiles.querySelectorAll(".failed")].find((tile) => !known.includes(tile));
      if (failed) point(failed.querySelector(".again") || failed.querySelector("[data-crop]"));
      else form.requestSubmit(button || undefined);
    }, 200);
  }, true);
})();
