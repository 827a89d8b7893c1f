/* Lots that were looked at lately, remembered by this browser alone. On a lot's page its id is noted; on the front page
   the server is asked how they stand. */
(function () {
  "use strict";

  const KEY = "starbid_seen", MOST = 8;

  function known() {
    try { return (localStorage.getItem(KEY) || "").split(",").filter((id) => /^[a-z0-9]{1,20}$/.test(id)); }
    catch (error) { return []; } // no storage in this frame
  }

  function keep(ids) {
    try { localStorage.setItem(KEY, ids.slice(0, MOST).join(",")); } catch (error) { /* nothing is remembered then */ }
  }

  const lot = /^\/auction\/([a-z0-9]+)$/.exec(location.pathname);
  if (lot && document.getElementById("lot")) keep([lot[1], ...known().filter((id) => id !== lot[1])]);

  const place = document.querySelector("[data-seen]");
  if (!place || !known().length) return;
  fetch("/seen?ids=" + known().join(","), { headers: { "Accept": "text/html" } })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => { place.innerHTML = text; })
    .catch(() => {});
  place.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forget]")) return;
    keep([]);
    place.textContent = "";
  });
})();
