/* The form of a lot: fields that fit the type and the goods. */
(function () {
  "use strict";

  const form = document.querySelector("[data-sell]");
  if (!form) return;

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
