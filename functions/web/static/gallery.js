/* The photos of a lot over the whole screen: swipe or arrow keys from one to the next; pinch, a double tap, the wheel or + and -
   to come closer. Without this script each opens on a page of its own. */
(function () {
  "use strict";

  const CLOSEST = 5, STEP = 1.5, DOUBLE = 2.5, SWIPE = 48, TAP_MS = 300, TAP = 24;
  const box = document.getElementById("lightbox"), links = [...document.querySelectorAll(".gallery a[data-large]")];
  if (!box || !box.showModal) return;
  const stage = box.querySelector(".stage"), place = box.querySelector(".place");
  const fingers = new Map(); // pointer -> where it is
  let at = 0, image = null, scale = 1, x = 0, y = 0, begun = null, tapped = null;

  /* --- one photo --- */

  function show(index) {
    at = (index + links.length) % links.length;
    const thumb = links[at].querySelector("img");
    image = new Image();
    image.alt = thumb.alt;
    image.draggable = false;
    image.src = links[at].href;
    stage.replaceChildren(image);
    if (links.length > 1) place.textContent = place.dataset.text.replace("{n}", at + 1).replace("{all}", links.length);
    move(1, 0, 0);
    links[at].parentElement.scrollTo({ left: links[at].offsetLeft, behavior: "instant" });
  }

  /* As far to a side as the photo is larger than the screen. */
  function move(to, left, top, glides) {
    scale = Math.min(CLOSEST, Math.max(1, to));
    const across = Math.max(0, (image.offsetWidth * scale - stage.clientWidth) / 2);
    const down = Math.max(0, (image.offsetHeight * scale - stage.clientHeight) / 2);
    x = Math.min(across, Math.max(-across, left));
    y = Math.min(down, Math.max(-down, top));
    image.classList.toggle("gliding", Boolean(glides));
    image.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    box.classList.toggle("close-up", scale > 1);
  }

  /* The point of the photo that is under (clientX, clientY) stays there. */
  function zoom(to, clientX, clientY, glides) {
    const from = scale, next = Math.min(CLOSEST, Math.max(1, to));
    const right = clientX - stage.clientWidth / 2, below = clientY - stage.clientHeight / 2;
    move(next, right - ((right - x) * next) / from, below - ((below - y) * next) / from, glides);
  }

  const closer = (by) => zoom(scale * by, stage.clientWidth / 2, stage.clientHeight / 2, true);

  /* --- open and closed --- */

  function full(on) {
    document.dispatchEvent(new CustomEvent("starbid:fullscreen", { detail: on })); // inside Telegram
  }

  function open(index) {
    box.showModal();
    stage.focus();
    show(index);
    full(true);
  }

  box.addEventListener("close", () => {
    full(false);
    fingers.clear();
    stage.replaceChildren();
    links[at].focus();
  });

  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(index);
  }));

  const DEEDS = {
    next: () => show(at + 1), previous: () => show(at - 1), close: () => box.close(), closer: () => closer(STEP), farther: () => closer(1 / STEP),
  };
  const KEYS = { ArrowRight: "next", ArrowLeft: "previous", "+": "closer", "=": "closer", "-": "farther" };

  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) DEEDS[button.dataset.do]();
  });

  box.addEventListener("keydown", (event) => {
    const deed = KEYS[event.key];
    if (!deed || event.ctrlKey || event.metaKey || event.altKey || (links.length < 2 && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    DEEDS[deed]();
  });

  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  }, { passive: false });

  /* --- fingers --- */

  const middle = () => {
    const [one, two = one] = [...fingers.values()];
    return { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2, apart: Math.hypot(one.x - two.x, one.y - two.y) };
  };

  function begin() {
    begun = fingers.size ? { ...middle(), scale, left: x, top: y, count: fingers.size } : null;
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    stage.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    begin();
  });

  stage.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = middle();
    if (begun.count > 1) {
      move(begun.scale, begun.left, begun.top);
      zoom((begun.scale * now.apart) / Math.max(1, begun.apart), begun.x, begun.y);
      move(scale, x + now.x - begun.x, y + now.y - begun.y);
    } else if (scale > 1) {
      move(scale, begun.left + now.x - begun.x, begun.top + now.y - begun.y);
    }
  });

  function lift(event) {
    if (!fingers.delete(event.pointerId)) return;
    const from = begun, across = event.clientX - from.x, down = event.clientY - from.y;
    begin();
    if (event.type === "pointercancel" || from.count > 1) return;
    if (Math.hypot(across, down) < TAP) return tap(event);
    if (scale === 1 && links.length > 1 && Math.abs(across) > SWIPE && Math.abs(across) > Math.abs(down)) show(at + (across < 0 ? 1 : -1));
  }

  stage.addEventListener("pointerup", lift);
  stage.addEventListener("pointercancel", lift);

  function tap(event) {
    const near = tapped && event.timeStamp - tapped.at < TAP_MS && Math.hypot(event.clientX - tapped.x, event.clientY - tapped.y) < TAP;
    tapped = near ? null : { at: event.timeStamp, x: event.clientX, y: event.clientY };
    if (near) zoom(scale > 1 ? 1 : DOUBLE, event.clientX, event.clientY, true);
  }
})();
