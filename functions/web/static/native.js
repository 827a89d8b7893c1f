/* Inside Telegram only: what its apps can do beyond a browser. Each of it where the app is new enough, and the page works
   without any. miniapp.js has the login, the buttons and the links. */
(function () {
  "use strict";

  const app = window.Telegram && window.Telegram.WebApp;
  if (!app || !app.initData) return;
  const can = (version) => app.isVersionAtLeast(version);

  /* --- haptics: a press that acts, and what came of it --- */

  function feel(kind, how) {
    if (!can("6.1") || !app.HapticFeedback) return;
    if (kind === "impact") app.HapticFeedback.impactOccurred(how);
    else app.HapticFeedback.notificationOccurred(how);
  }

  const OUTCOMES = [[".note.bad, .fault", "error"], [".note.warn", "warning"], [".note.good", "success"]];

  /* What a part of the page says of it, worst first; "" where it says nothing. */
  function outcome(root) {
    const found = root && OUTCOMES.find(([marks]) => root.querySelector(marks));
    return found ? found[1] : "";
  }

  document.addEventListener("submit", () => feel("impact", "light"), true);

  /* A lot's page says whether one leads or was outbid: felt when that changes, not with every poll. */
  const state = () => outcome(document.getElementById("box") || document.getElementById("main"));
  let said = state();
  if (said && document.querySelector("#main > .note")) feel("notification", said);
  document.addEventListener("htmx:afterSettle", () => {
    const now = state();
    if (now && now !== said) feel("notification", now);
    said = now;
  });

  /* --- a lot in one's story --- */

  function unveil() {
    for (const button of document.querySelectorAll("[data-story]")) button.hidden = !can("7.8");
  }

  function tell(button) {
    const link = button.dataset.link, user = app.initDataUnsafe && app.initDataUnsafe.user;
    const text = button.dataset.title + "\n" + link;
    const more = user && user.is_premium ? { widget_link: { url: link, name: button.dataset.name } } : {};
    app.shareToStory(new URL(button.dataset.story, location.href).href, { text: text, ...more });
  }

  /* --- on the home screen --- */

  function offerHome() {
    const part = document.querySelector("[data-home-screen]");
    if (!part || !can("8.0")) return;
    app.checkHomeScreenStatus((status) => { part.hidden = status !== "missed" && status !== "unknown"; });
    app.onEvent("homeScreenAdded", () => { part.hidden = true; });
  }

  document.addEventListener("click", (event) => {
    const story = event.target.closest("[data-story]");
    if (story) tell(story);
    if (event.target.closest("[data-home-screen] button")) app.addToHomeScreen();
  });

  /* --- the whole screen, for photos: `starbid:fullscreen` with true, and false when they are closed --- */

  let ours = false; // somebody may have it full already

  document.addEventListener("starbid:fullscreen", (event) => {
    if (!can("8.0")) return;
    if (event.detail && !app.isFullscreen) {
      ours = true;
      app.requestFullscreen();
    } else if (!event.detail && ours) {
      ours = false;
      app.exitFullscreen();
    }
  });

  unveil();
  offerHome();
})();
