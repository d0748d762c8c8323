/* What the pages do beside htmx. Everything works without it. */
(function () {
  "use strict";
  document.documentElement.classList.add("js");

  /* Times in the zone of the browser; the title keeps UTC. */
  function localTimes() {
    var format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
    document.querySelectorAll("time[datetime]:not([title])").forEach(function (time) {
      var at = new Date(time.dateTime);
      if (!isNaN(at)) {
        time.title = time.dateTime;
        time.textContent = format.format(at);
      }
    });
  }

  /* "/" leads to the search field, unless one is typing. */
  document.addEventListener("keydown", function (event) {
    var field = document.getElementById("q");
    var typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) {
      return;
    }
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      button.textContent = "Copied";
      setTimeout(function () { button.textContent = "Copy"; }, 1500);
    });
  });

  /* A second click on a form that is on its way sends nothing. */
  document.addEventListener("submit", function (event) {
    if (event.target.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    event.target.dataset.sent = "yes";
  }, true);
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.dataset) {
      delete event.target.dataset.sent;
    }
  });

  /* A page that htmx has changed is read from its beginning, as a loaded one; or from the result of the form that was sent. */
  document.addEventListener("htmx:afterSettle", function () {
    localTimes();
    var main = document.getElementById("main");
    var result = document.getElementById("result");
    var wanted = result || document.querySelector("main [autofocus]") || main;
    if (wanted) {
      wanted.focus({ preventScroll: true });
    }
    if (result) {
      result.scrollIntoView({ block: "center" });
    }
  });
  localTimes();
})();
