// Small comforts. Every page reads the same without them.
(function () {
  "use strict";
  var root = document.documentElement;
  function kept(value) {
    try {
      if (value === undefined) return localStorage.getItem("theme");
      if (value) localStorage.setItem("theme", value); else localStorage.removeItem("theme");
    } catch (error) { /* storage may be forbidden; the choice then lasts as long as the page */ }
    return null;
  }
  root.classList.add("js"); // what needs a script shows from the first paint, and so nothing moves
  var chosen = kept();
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;

  function themeSwitch(button) {
    var system = matchMedia("(prefers-color-scheme: dark)");
    function isDark() { return (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark"; }
    function show() { button.setAttribute("aria-pressed", String(isDark())); }
    show();
    system.addEventListener("change", show);
    button.addEventListener("click", function () {
      var next = isDark() ? "light" : "dark";
      if (next === (system.matches ? "dark" : "light")) { delete root.dataset.theme; kept(""); }
      else { root.dataset.theme = next; kept(next); }
      show();
    });
  }

  function copy(text, done) {
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, function () {});
  }

  function anchors(text) {
    text.querySelectorAll(":scope > [id]").forEach(function (block) {
      var link = document.createElement("a");
      link.className = "anchor";
      link.href = "#" + block.id;
      link.textContent = "¶";
      link.setAttribute("aria-label", text.dataset.copy);
      // Words that are chosen stay so, and are copied with where they stand.
      link.addEventListener("mousedown", function (event) { event.preventDefault(); });
      link.addEventListener("click", function () {
        var words = String(getSelection()).trim(), source = document.querySelector(".cite p");
        copy(words && source ? "“" + words + "” — " + source.textContent + "\n" + link.href : link.href, function () {
          link.textContent = "✓";
          setTimeout(function () { link.textContent = "¶"; }, 1500);
        });
      });
      block.append(link);
    });
  }

  function copyButtons(block) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = block.dataset.copy;
    button.addEventListener("click", function () {
      copy(block.textContent, function () {
        button.textContent = "✓";
        setTimeout(function () { button.textContent = block.dataset.copy; }, 1500);
      });
    });
    block.before(button);
  }

  // The box in the masthead leads to the search page; a slash leads to the box.
  function finder(form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      location.href = form.getAttribute("action") + "?q=" + encodeURIComponent(form.elements.q.value);
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
      event.preventDefault();
      (document.getElementById("q") || form.elements.q).focus();
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    var find = document.getElementById("find");
    if (find) finder(find);
    var button = document.getElementById("theme");
    if (button) themeSwitch(button);
    document.querySelectorAll(".text[data-copy]").forEach(anchors);
    document.querySelectorAll("pre[data-copy]").forEach(copyButtons);
  });
})();
