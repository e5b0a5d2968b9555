// The search box: a combobox over /search; arrows choose, Enter goes there.
// Its field is no `dcc.Input`: on a busy machine that moves the cursor while somebody types.
(function () {
  "use strict";
  const WAIT_MS = 140;
  const COMPOSED = 229;
  const FIELD = ".search input";
  const LIST = "search-list";
  const STATUS = "search-said"; // what is no list: nothing found, no answer
  const DEPARTMENT = "department"; // filters the page instead of leading elsewhere
  let timer = null;
  let watched = null; // the part of the page in which the field stands
  let asked = 0; // questions so far; only the last one's answer counts
  let asking = null; // the words of that one, until it is answered
  let listed = null; // the words whose answers are on the list
  let hurried = false; // Enter was pressed before they were
  let held = null; // the field that somebody is in
  let taken = null; // {field, at}: one with words, or with somebody in it, that an answer took off a page, until another stands there

  const list = () => document.getElementById(LIST);
  const status = () => document.getElementById(STATUS);
  const wordsOf = (input) => input.value.trim();

  function close(input) {
    const box = list();
    clearTimeout(timer);
    asked += 1;
    asking = listed = null;
    hurried = false;
    if (status()) status().textContent = "";
    if (box) box.hidden = true;
    if (input) {
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
  }

  /** One line of the list. */
  function option(found, i) {
    const row = document.createElement("div");
    row.id = LIST + "-" + i;
    row.setAttribute("role", "option");
    row.dataset.code = found.code;
    row.dataset.level = found.level;
    row.appendChild(document.createTextNode(found.name));
    const where = document.createElement("small");
    const code = found.level === DEPARTMENT ? "" : found.code;
    where.textContent = [found.where, code].filter(Boolean).join(" · ");
    row.appendChild(where);
    return row;
  }

  /** Words in the place of a list; read out as well. */
  function say(input, words) {
    if (!list()) return;
    list().hidden = true;
    status().textContent = words;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** The answer to some words, which need not be those in the box any more. */
  function show(input, words, found) {
    const box = list();
    if (!box) return;
    listed = words;
    while (box.firstChild) box.firstChild.remove();
    found.forEach((each, i) => box.appendChild(option(each, i)));
    if (!found.length) {
      say(input, box.dataset.none);
      return;
    }
    status().textContent = "";
    box.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(input, 0);
    if (hurried) enter(input);
  }

  function rows() {
    return Array.from(list().querySelectorAll("[role=option]"));
  }

  function choose(input, i) {
    rows().forEach((row, place) => {
      row.setAttribute("aria-selected", String(place === i));
      if (place === i) {
        input.setAttribute("aria-activedescendant", row.id);
        row.scrollIntoView({ block: "nearest" });
      }
    });
  }

  function chosen() {
    return rows().findIndex((row) => row.getAttribute("aria-selected") === "true");
  }

  function ask(input) {
    const words = wordsOf(input);
    if (!words) {
      close(input);
      return;
    }
    const number = (asked += 1);
    asking = words;
    const { lang, bounds } = list().dataset;
    const under = bounds ? "&bv=" + encodeURIComponent(bounds) : "";
    if (list().hidden || !rows().length) say(input, list().dataset.wait);
    fetch("/search?q=" + encodeURIComponent(words.slice(0, 100)) + "&lang=" + lang + under)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then((found) => {
        if (number !== asked) return;
        asking = null;
        show(input, words, found);
      })
      .catch(() => number === asked && fail(input));
  }

  /** No answer is not the answer that there is nothing; Enter asks again. */
  function fail(input) {
    asking = listed = null;
    hurried = false;
    say(input, list().dataset.failed);
  }

  /** Go to what is chosen; where the list is of other words still, as soon as theirs is here. */
  function enter(input) {
    if (listed === wordsOf(input)) {
      go(input, rows()[Math.max(0, chosen())]);
      return;
    }
    hurried = true;
    if (asking === wordsOf(input)) return;
    clearTimeout(timer);
    ask(input);
  }

  function go(input, row) {
    if (!row) return;
    const pattern = row.dataset.level === DEPARTMENT ? "filter" : "href";
    const href = list().dataset[pattern].replace("CODE", encodeURIComponent(row.dataset.code));
    input.value = "";
    close(input);
    input.blur();
    window.yiping.go(href);
  }

  /** Every answer puts a new field in the place of the old one; what was typed goes on in it. */
  function handOver(changes) {
    for (const { removedNodes } of changes) {
      for (const node of removedNodes) {
        const gone = node.querySelector && node.querySelector(FIELD);
        if (gone && (gone.value || held === gone)) taken = { field: gone, at: window.location.pathname };
      }
    }
    const input = document.querySelector(FIELD);
    if (!taken || !input) return;
    const { field, at } = taken;
    taken = null;
    if (at !== window.location.pathname) return; // another screen: nobody is looking for that there
    const { value, selectionStart, selectionEnd } = field;
    const writing = held === field;
    const sent = hurried;
    close(null); // the list went with the old field
    input.value = value;
    if (!writing) return;
    input.focus();
    input.setSelectionRange(selectionStart, selectionEnd);
    if (sent) enter(input);
    else ask(input);
  }

  /** The part of the page that answers replace stands there from the first answer on. */
  function watch() {
    const frame = document.getElementById("frame");
    if (!frame || frame === watched) return;
    watched = frame;
    new MutationObserver(handOver).observe(frame, { childList: true });
  }

  function isOurs(target) {
    return target && target.matches && target.matches(FIELD);
  }

  document.addEventListener("input", (event) => {
    if (!isOurs(event.target)) return;
    clearTimeout(timer);
    hurried = false;
    timer = setTimeout(() => ask(event.target), WAIT_MS);
  });

  document.addEventListener("keydown", (event) => {
    // Enter and Esc may be the input method's; some browsers say so by this number alone.
    if (!isOurs(event.target) || event.isComposing || event.keyCode === COMPOSED) return;
    const input = event.target;
    const all = list() && !list().hidden ? rows() : [];
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[event.key] && all.length) {
      choose(input, (chosen() + steps[event.key] + all.length) % all.length);
      event.preventDefault();
    } else if (event.key === "Enter") {
      enter(input);
      event.preventDefault();
    } else if (event.key === "Escape") {
      input.value = "";
      close(input);
      input.blur();
      event.preventDefault();
    }
  }, true);

  document.addEventListener("mousedown", (event) => {
    const row = event.target.closest && event.target.closest("#" + LIST + " [role=option]");
    if (row) go(document.querySelector(FIELD), row);
  });

  document.addEventListener("focusin", (event) => {
    held = isOurs(event.target) ? event.target : null;
  });

  document.addEventListener("focusout", ({ target }) => {
    if (!isOurs(target)) return;
    close(target);
    // A field that an answer takes away has not been left by anybody.
    queueMicrotask(() => { if (target.isConnected && held === target) held = null; });
  });

  window.addEventListener("yiping:look", watch);
})();
