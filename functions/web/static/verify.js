/* The page that checks a lot's bid log without trusting the server: it reads the log, checks it, and shows the findings.
   The checks are modules that know no page, verify/log.mjs and verify/kinds.mjs; their addresses are attributes of this script. */
(function () {
  "use strict";

  const page = document.querySelector("[data-verify]");
  if (!page) return;
  const parts = document.currentScript.dataset;
  const result = page.querySelector("[data-result]");
  const noted = page.querySelector("[data-noted]");
  const MOST_SHOWN = 500;
  const MOST_TRIES = 60; // for a log that does not exist yet, some seconds apart
  let asked = 0, waiting = 0;
  let known = null; // the log's text, to be checked again when the noted code changes

  /* --- words --- */

  function say(key, values) {
    const sentence = page.querySelector('template[data-say="' + key + '"]');
    const text = sentence ? sentence.content.textContent : key;
    return text.replace(/\{(\w+)\}/g, (_, name) => String((values || {})[name]));
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* --- output --- */

  function note(tone, title, text) {
    const box = element("div", "note " + tone), inner = element("div");
    box.setAttribute("role", "status");
    inner.append(element("strong", "", title), element("p", "more", text || ""));
    box.append(inner);
    result.replaceChildren(box);
    return box;
  }

  function row(finding) {
    const item = element("li");
    const about = element("span", "about");
    about.append(element("strong", "", finding.name), element("small", "quiet", finding.what));
    for (const fault of finding.faults) about.append(element("span", "fault", fault));
    item.append(about, element("span", "badge " + (finding.faults.length ? "bad" : "good"), say(finding.faults.length ? "bad" : "ok")));
    return item;
  }

  function show(findings) {
    const broken = findings.filter((finding) => finding.faults.length);
    const verdict = broken.length ? "broken" : "sound", noted = findings.find((finding) => finding.noted);
    const said = !noted ? verdict : noted.faults.length ? "differs" : verdict === "sound" ? "matches" : verdict;
    note(broken.length ? "bad" : "good", say(said), say((said === "matches" ? verdict : said) + "-text")).dataset.verdict = verdict;
    const shown = findings.length > MOST_SHOWN ? [...broken, ...findings.slice(-3)] : findings;
    const list = element("ul", "rows card checks");
    list.append(...shown.slice(0, MOST_SHOWN).map(row));
    result.append(list);
  }

  /* --- input --- */

  function work({ misshapen, checkAll }, { KINDS }) {
    async function check(text) {
      known = text;
      if (!window.crypto || !crypto.subtle) return note("warn", say("no-crypto"));
      let log;
      try { log = JSON.parse(text); } catch (error) { return note("bad", say("no-json", { why: error.message })); }
      const part = misshapen(log, KINDS);
      if (part) return note("bad", say("no-json", { why: say("shape", { part: part }) }));
      const code = noted.value, findings = await checkAll(log, KINDS, code, say);
      if (text === known && code === noted.value) show(findings); // unless it changed meanwhile
    }

    async function load() {
      clearTimeout(waiting);
      note("", say("reading"));
      try {
        const answer = await fetch(page.dataset.log, { headers: { Accept: "application/json" } });
        if (answer.status === 409) return note("warn", say("not-closed"));
        if (answer.status === 503 && ++asked < MOST_TRIES) {
          waiting = setTimeout(load, 1000 * (Number(answer.headers.get("Retry-After")) || 5));
          return note("", say("not-ready"));
        }
        if (!answer.ok) throw new Error(String(answer.status));
        await check(await answer.text());
      } catch (error) { note("bad", say("not-here")); }
    }

    page.querySelector("[data-needs-script]").hidden = false;
    page.querySelector("[data-check]").addEventListener("click", () => {
      clearTimeout(waiting);
      check(page.querySelector("[data-paste]").value);
    });
    page.querySelector("[data-file]").addEventListener("change", async (event) => {
      clearTimeout(waiting);
      const file = event.target.files[0];
      if (file) await check(await file.text());
      event.target.value = "";
    });
    const sent = () => { if (location.hash.length > 1) noted.value = location.href; };
    window.addEventListener("hashchange", () => { sent(); if (known !== null) check(known); });
    sent();
    noted.addEventListener("input", () => { if (known !== null) check(known); });
    const button = page.querySelector("[data-load]");
    if (button) { button.addEventListener("click", load); load(); }
  }

  Promise.all([import(parts.checks), import(parts.kinds)])
    .then((modules) => work(...modules), () => note("warn", say("no-check")));
})();
