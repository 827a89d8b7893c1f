/* The page that watches a payment: once the money is there, what waited for it is finished without another press. */
(function () {
  "use strict";

  /* Only for money that arrives while one looks: who comes back to this page later is not sent away from it. */
  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.id !== "order") return;
    const form = event.detail.elt.querySelector("form[data-finish]");
    if (form) form.requestSubmit();
  });
})();
