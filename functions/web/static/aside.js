/* What a lot's page tells who does not look at it: in the title and the icon of its tab, and by a sound if one wants it.
   The server says how one stands, in `data-aside` and `data-tone` of the part that polls. */
(function () {
  "use strict";

  const KEPT = "starbid_sound", PITCHES = { warn: [660, 440], good: [523, 784], "": [587] };
  const page = document.getElementById("lot"), icon = document.querySelector('link[rel="icon"][type="image/svg+xml"]');
  if (!page || !icon) return;
  const title = document.title, plain = icon.href;
  let known = null, audio = null;

  function told() {
    const live = document.getElementById("live");
    const price = live && live.querySelector(".price");
    return live && { text: live.dataset.aside || "", tone: live.dataset.tone || "", price: price ? price.firstChild.textContent : "" };
  }

  function show() {
    const found = told();
    if (!found) return;
    document.title = found.text ? found.text + " · " + title : title;
    icon.href = page.dataset["icon" + found.tone.replace(/^./, (first) => first.toUpperCase())] || plain;
    if (known && (known.price !== found.price || known.tone !== found.tone)) play(known.tone === found.tone ? "" : found.tone);
    known = found;
  }

  /* --- a sound --- */

  const place = document.getElementById("sound"), button = place && place.querySelector("button");
  const Audio = window.AudioContext;

  function wanted() {
    try { return localStorage.getItem(KEPT) === "1"; } catch (error) { return false; } // no storage in this frame
  }

  function keep(on) {
    try { localStorage.setItem(KEPT, on ? "1" : "0"); } catch (error) { /* for this page only */ }
    button.setAttribute("aria-pressed", String(on));
    button.classList.toggle("on", on);
  }

  /* Browsers play nothing before a person has pressed something. */
  function wake() {
    audio = audio || new Audio();
    audio.resume();
  }

  function play(tone) {
    if (!button || button.getAttribute("aria-pressed") !== "true" || !audio || audio.state !== "running") return;
    (PITCHES[tone] || PITCHES[""]).forEach((pitch, index) => {
      const at = audio.currentTime + index * 0.14, sound = audio.createOscillator(), volume = audio.createGain();
      sound.frequency.value = pitch;
      volume.gain.setValueAtTime(0.15, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.13);
      sound.connect(volume).connect(audio.destination);
      sound.start(at);
      sound.stop(at + 0.14);
    });
  }

  if (button && Audio) {
    place.hidden = false;
    keep(wanted());
    button.addEventListener("click", () => {
      keep(button.getAttribute("aria-pressed") !== "true");
      wake();
      play("");
    });
    document.addEventListener("pointerdown", () => { if (wanted()) wake(); }, { once: true });
    document.addEventListener("keydown", () => { if (wanted()) wake(); }, { once: true });
  }

  document.addEventListener("htmx:afterSettle", show);
  show();
})();
