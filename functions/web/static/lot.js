/* On a phone the price box opens as a sheet over the page, from the bar at the bottom. Without this script the bar's button leads
   to the box. The box itself moves, so that what is typed and unfolded in it stays, and polls find it where it is. */
(function () {
  "use strict";

  const sheet = document.getElementById("sheet"), place = document.getElementById("place");
  if (!sheet || !place || !sheet.showModal) return;
  const wide = window.matchMedia("(min-width: 56rem)");
  const seen = window.visualViewport;

  const box = () => document.getElementById("box");

  function open() {
    place.style.minHeight = place.offsetHeight + "px"; // nothing below it jumps
    sheet.append(box());
    fit();
    sheet.showModal();
    sheet.focus({ preventScroll: true }); // on no button, so that a second press of Enter bids nothing
  }

  function putBack() {
    place.append(box());
    place.style.minHeight = "";
    const opener = document.getElementById("open-box"); // polls replace it
    if (opener) opener.focus({ preventScroll: true });
  }

  /* Above a keyboard that covers part of the page. */
  function fit() {
    const covered = seen ? Math.max(0, Math.round(window.innerHeight - seen.height - seen.offsetTop)) : 0;
    sheet.style.setProperty("--covered", covered + "px");
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("#open-box");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
  sheet.addEventListener("close", putBack);
  wide.addEventListener("change", () => { if (wide.matches && sheet.open) sheet.close(); });
  if (seen) for (const what of ["resize", "scroll"]) seen.addEventListener(what, () => { if (sheet.open) fit(); });
})();
