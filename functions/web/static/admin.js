/* Keys of the panel: / goes to the search, j and k choose a row of a list, Enter opens it. All of it works by mouse too. */
(function () {
  "use strict";

  const CHOSEN = "chosen";

  function rows() {
    return Array.from(document.querySelectorAll("tr[data-row]"));
  }

  function choose(step) {
    const all = rows();
    if (!all.length) return;
    const was = all.findIndex((row) => row.classList.contains(CHOSEN));
    const next = Math.min(Math.max(was + step, 0), all.length - 1);
    if (was >= 0) all[was].classList.remove(CHOSEN);
    all[next].classList.add(CHOSEN);
    all[next].scrollIntoView({ block: "nearest" });
  }

  function open() {
    const row = document.querySelector("tr[data-row]." + CHOSEN);
    const link = row && row.querySelector("a[href]");
    if (link) link.click();
    return Boolean(link);
  }

  /* On a phone the menu is a row that scrolls: where we are is in sight. */
  const menu = document.querySelector(".desk-places ul");
  const here = menu && menu.querySelector("[aria-current]");
  if (here) menu.scrollLeft = here.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, button, summary, a")) return;
    const keys = {
      "/": () => { document.querySelector("[data-search]").focus(); return true; },
      j: () => { choose(1); return true; },
      k: () => { choose(-1); return true; },
      Enter: open,
    };
    const act = keys[event.key];
    if (act && act()) event.preventDefault();
  });
})();
