/* Times in the reader's zone where the server does not know it, and over midnight; the same text as i18n.py's `moment`.
   What the browser says of its zone is kept: a visitor's in a cookie, a person's on the server, once. */
(function () {
  "use strict";

  const meta = document.querySelector('meta[name="zone"]');
  const served = document.querySelector('meta[name="server-time"]');
  if (!meta || !served) return;
  const words = meta.dataset, told = meta.content, own = "own" in words;
  const ahead = Date.parse(served.content) - Date.now();
  const DAY = 86400000, MINUTE = 60000, YEAR = 31536000;

  /* A zone as `Intl` knows it; null for one that this browser cannot tell the time of. */
  function clockOf(zone) {
    const numbers = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" };
    try {
      return new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...numbers });
    } catch (error) { return null; }
  }

  const found = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  const name = own && told ? told : found || told;
  const clock = name && clockOf(name);
  if (!clock) return;

  /* What the clocks of the zone show, as if it were UTC. */
  function wall(ms) {
    const parts = Object.fromEntries(clock.formatToParts(ms).map((part) => [part.type, Number(part.value)]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  }

  function offset(ms) {
    const minutes = Math.round((wall(ms) - ms) / MINUTE), all = Math.abs(minutes);
    if (!minutes) return /^(Etc\/)?(UTC|UCT|Universal|Zulu)$/.test(name) ? "UTC" : "GMT";
    const rest = all % 60;
    return "GMT" + (minutes < 0 ? "-" : "+") + Math.floor(all / 60) + (rest ? ":" + String(rest).padStart(2, "0") : "");
  }

  function today() { return Math.floor(wall(Date.now() + ahead) / DAY); }

  function moment(ms) {
    const shown = new Date(wall(ms)), two = (number) => String(number).padStart(2, "0");
    const time = two(shown.getUTCHours()) + ":" + two(shown.getUTCMinutes()) + " " + offset(ms);
    const days = Math.floor(shown / DAY) - today();
    if (days === 0) return words.today.replace("{time}", time);
    if (days === 1) return words.tomorrow.replace("{time}", time);
    return shown.getUTCDate() + " " + words.months.split(",")[shown.getUTCMonth()] + " " + shown.getUTCFullYear() + ", " + time;
  }

  function localise() {
    for (const time of document.querySelectorAll("time[data-when]")) time.textContent = moment(Date.parse(time.dateTime));
    for (const time of document.querySelectorAll("time[data-left]")) time.title = moment(Date.parse(time.dateTime));
  }

  function place() {
    const now = offset(Date.now() + ahead);
    return name === now ? name : name + " (" + now + ")";
  }

  /* The form of a lot: what the server showed in UTC. */
  function settle() {
    const zone = document.querySelector("input[name=starts_zone][data-unknown]");
    const starts = document.querySelector("input[name=starts_at]");
    if (zone && starts && zone.value === "UTC") {
      if (starts.value) starts.value = new Date(wall(Date.parse(starts.value + "Z"))).toISOString().slice(0, 16);
      zone.value = name;
    }
    for (const shown of document.querySelectorAll("[data-place]")) shown.textContent = place();
  }

  function keep() {
    if (!own) {
      const cookie = "starbid_zone=" + found;
      if (/^[\w+/-]{1,64}$/.test(found) && !document.cookie.split("; ").includes(cookie)) document.cookie = cookie + "; Path=/; SameSite=Lax; Max-Age=" + YEAR;
    } else if ("unkept" in words && found) {
      const token = document.querySelector('meta[name="csrf-token"]').content;
      const body = new URLSearchParams({ zone: found, found: "1" });
      fetch("/settings/zone", { method: "POST", headers: { "X-CSRF-Token": token }, body, keepalive: true }).catch(() => {});
    }
  }

  let day = today();
  if (name !== told) {
    localise();
    settle();
    document.addEventListener("htmx:load", localise);
  }
  keep();
  setInterval(() => {
    if (day === today()) return;
    day = today();
    localise();
  }, MINUTE);
})();
