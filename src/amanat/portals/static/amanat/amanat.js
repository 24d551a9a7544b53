// What a script may add to pages that already work without it. Nothing here fetches, stores or decides.
"use strict";

(() => {
  const language = document.documentElement.lang;

  // A deadline stands as text; beside it we count down in the page's language.
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  const inWords = (seconds) =>
    Math.abs(seconds) < 120 ? relative.format(seconds, "second")
    : Math.abs(seconds) < 7200 ? relative.format(Math.trunc(seconds / 60), "minute")
    : Math.abs(seconds) < 172800 ? relative.format(Math.trunc(seconds / 3600), "hour")
    : relative.format(Math.trunc(seconds / 86400), "day");

  const tick = () => {
    for (const time of document.querySelectorAll("time[data-countdown]")) {
      let left = time.nextElementSibling;
      if (!left) {
        left = document.createElement("span");
        left.className = "countdown-left";
        left.setAttribute("aria-hidden", "true"); // the deadline itself is what a screen reader reads
        time.after(" ", left);
      }
      const seconds = Math.round((Date.parse(time.dateTime) - Date.now()) / 1000);
      left.textContent = `(${inWords(seconds)})`;
    }
  };
  if (document.querySelector("time[data-countdown]")) {
    tick();
    setInterval(tick, 1000);
  }

  // The account menu closes as people expect of a menu.
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // An error summary is read first, also one that htmx put in; a link to a clause or a field opens what hides it.
  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector("[data-focus]")?.focus());
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let box = target && target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();

  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  // A form is sent once: the second press of an impatient finger does nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return; // htmx sends this one itself
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 3000);
  });
})();
