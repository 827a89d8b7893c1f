/* The form of a lot: direct uploads with progress, fields that fit the type and the goods. */
(function () {
  "use strict";

  const form = document.querySelector("[data-sell]");
  if (!form) return;

  /* --- pictures: a hanging upload times out, because the form waits for all of them --- */

  const ANSWER_MS = 60000, UPLOAD_MS = 300000;
  const box = form.querySelector("[data-pictures]");
  const tiles = box.querySelector(".tiles");
  const input = box.querySelector("input[type=file]");
  const hint = box.querySelector("[data-hint]");
  hint.textContent = hint.dataset.hint;
  let running = 0;

  const drop = document.createElement("label");
  drop.className = "drop"; drop.htmlFor = input.id;
  drop.innerHTML = '<svg class="icon" aria-hidden="true"><use></use></svg><span></span>';
  drop.querySelector("use").setAttribute("href", box.dataset.icon);
  drop.querySelector("span").textContent = box.dataset.add;
  input.classList.add("unseen");
  input.after(drop);

  function count() { return tiles.querySelectorAll("li:not(.failed)").length; }

  function post(url, fields) {
    const signal = AbortSignal.timeout ? AbortSignal.timeout(ANSWER_MS) : undefined;
    const token = document.querySelector('meta[name="csrf-token"]').content;
    return fetch(url, { method: "POST", signal, headers: { "X-CSRF-Token": token, Accept: "application/json" }, body: new URLSearchParams(fields) });
  }

  function toBucket(form_, file, progress) {
    return new Promise((resolve, reject) => {
      const data = new FormData();
      for (const [name, value] of Object.entries(form_.fields)) data.append(name, value);
      if (!form_.fields["Content-Type"]) data.append("Content-Type", file.type);
      data.append("file", file);
      const request = new XMLHttpRequest();
      request.open("POST", form_.url);
      request.upload.onprogress = (event) => { if (event.lengthComputable) progress.value = event.loaded / event.total; };
      request.onload = () => (request.status < 300 ? resolve() : reject(new Error()));
      request.onerror = request.ontimeout = () => reject(new Error());
      request.timeout = UPLOAD_MS;
      request.send(data);
    });
  }

  /* If the form pays for the subscription first, a picture is processed after that. */
  const subscribes = "subscribe" in box.dataset;
  const right = subscribes ? { subscribe: "1" } : "topUp" in box.dataset ? { top_up: "1" } : box.dataset.auction ? { auction_id: box.dataset.auction } : {};

  async function upload(file, tile) {
    const progress = tile.querySelector("progress");
    running += 1;
    try {
      const asked = await post("/new_auction/uploads", right);
      const place = await asked.json();
      if (!asked.ok) return fail(tile, reasonOf(place));
      await toBucket(place, file, progress);
      progress.removeAttribute("value");
      const field = document.createElement("input");
      field.type = "hidden"; field.name = "uploads"; field.value = place.key;
      if (!subscribes) {
        const kept = await post("/new_auction/pictures", { key: place.key, ...right });
        const answer = await kept.json();
        if (!kept.ok) return fail(tile, reasonOf(answer));
        field.name = "pictures"; field.value = answer.picture;
      }
      tile.append(field);
      progress.remove();
    } catch (error) {
      fail(tile, box.dataset.failed);
    } finally {
      running -= 1;
    }
  }

  function reasonOf(refusal) {
    return (refusal.error || refusal).message || box.dataset.failed;
  }

  function fail(tile, text) {
    tile.classList.add("failed");
    const progress = tile.querySelector("progress");
    if (progress) progress.remove();
    const image = tile.querySelector("img");
    if (image) image.remove();
    const told = document.createElement("span");
    told.className = "fault"; told.setAttribute("role", "alert"); told.textContent = text;
    tile.append(told);
  }

  function tool(name, label, act) {
    const button = document.createElement("button");
    button.type = "button"; button.setAttribute("aria-label", label); button.title = label; button.textContent = name;
    button.addEventListener("click", act);
    return button;
  }

  function withTools(tile) {
    let tools = tile.querySelector(".tools");
    if (!tools) { tools = document.createElement("div"); tools.className = "tools"; tile.append(tools); }
    tools.replaceChildren(
      tool("‹", box.dataset.earlier, () => { if (tile.previousElementSibling) tile.previousElementSibling.before(tile); }),
      tool("×", box.dataset.remove, () => tile.remove()),
      tool("›", box.dataset.later, () => { if (tile.nextElementSibling) tile.nextElementSibling.after(tile); })
    );
    return tile;
  }

  function newTile(file) {
    const tile = document.createElement("li");
    const picture = document.createElement("div");
    picture.className = "picture"; picture.dataset.cover = box.dataset.cover;
    const image = document.createElement("img");
    image.alt = ""; image.src = URL.createObjectURL(file);
    image.onload = () => URL.revokeObjectURL(image.src);
    picture.append(image);
    const progress = document.createElement("progress");
    progress.max = 1; progress.value = 0;
    tile.append(picture, progress);
    tiles.append(withTools(tile));
    return tile;
  }

  function add(files) {
    for (const file of files) {
      if (count() >= Number(box.dataset.most)) { fail(newTile(file), box.dataset.tooMany); break; }
      const tile = newTile(file);
      if (file.size > Number(box.dataset.mostBytes)) fail(tile, box.dataset.tooLarge);
      else upload(file, tile);
    }
  }

  for (const tile of tiles.children) withTools(tile);
  function take() { add([...input.files]); input.value = ""; }
  input.addEventListener("change", take);
  take(); // what was chosen before this script ran
  box.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  box.addEventListener("dragleave", () => drop.classList.remove("over"));
  box.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); add([...event.dataTransfer.files]); });

  let wait = 0; // of the last press

  form.addEventListener("submit", (event) => {
    clearInterval(wait);
    if (!running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    wait = setInterval(() => { if (!running) { clearInterval(wait); form.requestSubmit(button || undefined); } }, 200);
  }, true);

  /* --- digital goods for Stars, physical ones for money --- */

  const currency = form.querySelector("select[name=currency]");
  const goods = form.querySelectorAll("input[name=goods]");

  function fit() {
    const chosen = form.querySelector("input[name=goods]:checked");
    if (!chosen || !currency || currency.disabled) return;
    for (const option of currency.options) option.hidden = option.disabled = option.dataset.goods !== chosen.value;
    if (currency.selectedOptions[0].disabled) currency.value = [...currency.options].find((option) => !option.disabled).value;
    showSign();
  }

  function showSign() {
    for (const sign of form.querySelectorAll("label [data-sign]")) sign.textContent = currency.selectedOptions[0].dataset.sign;
  }

  for (const choice of goods) choice.addEventListener("change", fit);
  if (currency) currency.addEventListener("change", showSign);
  fit();

  /* --- fields of other types are hidden and not sent --- */

  const groups = form.querySelectorAll("[data-of]");

  function fitKind() {
    const chosen = form.querySelector("input[data-has]:checked") || form.querySelector("input[data-has][type=hidden]");
    if (!chosen) return;
    for (const group of groups) {
      const own = chosen.dataset.has.split(" ").includes(group.dataset.of);
      group.hidden = !own;
      for (const field of group.querySelectorAll("input, select")) field.disabled = !own;
    }
    form.classList.add("fitted");
  }

  for (const choice of form.querySelectorAll("input[data-has]")) choice.addEventListener("change", fitKind);
  fitKind();

  /* Going back, a browser may fill the choices in again without a word. */
  window.addEventListener("pageshow", () => { fit(); fitKind(); });
})();
