/* Stands for telegram.org/js/telegram-web-app.js in tests: keeps the launch's parameters as that one does, in the session
   storage where there is one, and tells the page around the frame of each call. */
(function () {
  "use strict";

  const KEY = "__telegram__initParams";
  const params = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) || "{}");
    for (const [name, value] of Object.entries(kept)) if (!(name in params)) params[name] = value;
    sessionStorage.setItem(KEY, JSON.stringify(params));
  } catch (error) { /* a frame without storage */ }

  const initData = params.tgWebAppData || "";
  const user = new URLSearchParams(initData).get("user");
  const version = params.tgWebAppVersion || "6.0";
  const pressed = {};

  function tell(call, ...values) { window.parent.postMessage({ call, values }, "https://web.telegram.org"); }

  function least(wanted) {
    const [major, minor] = version.split(".").map(Number), [first, second] = wanted.split(".").map(Number);
    return major > first || (major === first && minor >= second);
  }

  function telegramOnly(url) {
    const link = new URL(url);
    if (link.protocol !== "https:" || link.hostname !== "t.me") throw new Error("WebAppTgUrlInvalid");
    return link;
  }

  function button(name) {
    return {
      show() { tell(name + ".show"); return this; }, hide() { tell(name + ".hide"); return this; },
      setText(text) { tell(name + ".setText", text); return this; },
      showProgress() { return this; }, hideProgress() { return this; },
      onClick(act) { pressed[name] = act; return this; },
    };
  }

  const homeStatus = "missed";
  let invoiced = null, fullscreen = false;
  const heard = {};

  window.addEventListener("message", (event) => {
    if (event.source !== window.parent) return;
    const { press, invoice, unsent, home, theme } = event.data;
    if (press && pressed[press]) pressed[press]();
    if (invoice && invoiced) invoiced(invoice);
    if (theme) {
      window.Telegram.WebApp.colorScheme = theme.scheme;
      for (const [name, color] of Object.entries(theme.colors)) document.documentElement.style.setProperty("--tg-theme-" + name, color);
      if (heard.themeChanged) heard.themeChanged();
    }
    if (home && heard.homeScreenAdded) heard.homeScreenAdded();
    if (unsent && heard.shareMessageFailed) heard.shareMessageFailed({ error: unsent });
  });

  window.Telegram = { hasButton(name) { return name in pressed; }, WebApp: {
    initData, initDataUnsafe: user ? { user: JSON.parse(user) } : {}, version,
    colorScheme: params.tgWebAppColorScheme || "light",
    isVersionAtLeast: least, onEvent(name, act) { heard[name] = act; },
    ready() { tell("ready"); }, expand() { tell("expand"); }, close() { tell("close"); },
    BackButton: button("BackButton"), MainButton: button("MainButton"), SettingsButton: button("SettingsButton"),
    openLink(url) { tell("openLink", new URL(url).href); },
    openTelegramLink(url) { tell("openTelegramLink", telegramOnly(url).href); },
    openInvoice(url, then) {
      if (!least("6.1")) throw new Error("WebAppMethodUnsupported");
      if (invoiced) throw new Error("WebAppInvoiceOpened");
      invoiced = (status) => { invoiced = null; then(status); };
      tell("openInvoice", telegramOnly(url).href);
    },
    shareMessage(id) {
      if (!least("8.0")) throw new Error("WebAppMethodUnsupported");
      tell("shareMessage", id);
    },
    HapticFeedback: {
      impactOccurred(how) { tell("impactOccurred", how); }, notificationOccurred(how) { tell("notificationOccurred", how); },
    },
    shareToStory(url, params) {
      if (!least("7.8")) throw new Error("WebAppMethodUnsupported");
      if (new URL(url).protocol !== "https:") throw new Error("WebAppMediaUrlInvalid");
      tell("shareToStory", { url, ...params });
    },
    checkHomeScreenStatus(then) { then(homeStatus); },
    addToHomeScreen() {
      if (!least("8.0")) throw new Error("WebAppMethodUnsupported");
      tell("addToHomeScreen");
    },
    get isFullscreen() { return fullscreen; },
    requestFullscreen() {
      if (!least("8.0")) throw new Error("WebAppMethodUnsupported");
      fullscreen = true;
      tell("requestFullscreen");
    },
    exitFullscreen() { fullscreen = false; tell("exitFullscreen"); },
    showPopup(popup, then) {
      if (!least("6.2")) throw new Error("WebAppMethodUnsupported");
      tell("showPopup", popup.message);
      then("stay");
    },
  } };
})();
