// The import screen: files dropped or chosen are sent by pieces, choices are kept as they are made,
// and while the desk works its progress is shown. The server's answer draws everything else.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const PIECE = 4 * 1024 * 1024;
  const ASK_EVERY_MS = 500;
  const TRIES = 4;
  const FAILED = 500;
  const TURNS = 240;
  const STORE = "import-changed";
  let asking = false;
  let sending = false;
  let caret = [0, 0]; // in the line that is being written
  let taken = null; // a line that a new drawing took from under the hands
  let later = false; // the page is to be drawn anew once nobody writes in it
  let said = { words: "", a: "" };
  const unfolded = new Set();
  let kept = Promise.resolve(); // wishes are sent one after another, as they were made

  const desk = () => document.querySelector("[data-desk]");
  const arrival = () => new URLSearchParams(window.location.search).get("a") || "";
  const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

  /** The server's own words about what it refused; where it failed, what was done is not known. */
  function refusal(told, status) {
    const words = [told.error, told.detail].filter(Boolean);
    const here = desk();
    if (status >= FAILED && here) {
      words.push(here.dataset.failed.replace("{reference}", told.reference || String(status)));
    }
    return words.join(" ") || String(status);
  }

  /** While the desk is at work a wish waits for its turn. */
  async function post(path, parts, body) {
    const address = `/import/${path}?${new URLSearchParams(parts)}`;
    for (let tried = 0; ; tried += 1) {
      const response = await fetch(address, { method: "POST", body });
      const told = await response.json().catch(() => ({}));
      if (!response.ok) throw new Error(refusal(told, response.status));
      if (!told.busy) return told;
      if (tried === TURNS) throw new Error(told.error);
      await wait(ASK_EVERY_MS);
    }
  }

  /** One piece, again after a pause where the network failed; a refusal is final. */
  async function sendPiece(parts, piece) {
    for (let tried = 1; ; tried += 1) {
      try {
        return await post("files", parts, piece);
      } catch (error) {
        if (!(error instanceof TypeError) || tried === TRIES) throw error;
        await wait(1000 * tried);
      }
    }
  }

  async function sendFile(file, into, progress) {
    let at = 0;
    let a = into;
    do {
      const piece = file.slice(at, at + PIECE);
      const parts = { name: file.name, at, size: file.size };
      const got = await sendPiece(a ? { ...parts, a } : parts, piece);
      a = got.a;
      at = got.received;
      progress(at);
    } while (at < file.size);
    return a;
  }

  async function send(files) {
    const chosen = [...files];
    if (!chosen.length || sending) return;
    sending = true;
    say("");
    const whole = chosen.reduce((sum, file) => sum + file.size, 0) || 1;
    let before = 0;
    let a = arrival();
    try {
      for (const file of chosen) {
        a = await sendFile(file, a, (at) => show((before + at) / whole, file.name));
        before += file.size;
      }
      await post("act", { a, do: "look" });
    } catch (error) {
      say(error.message);
    }
    sending = false;
    show(null, "");
    if (a && a !== arrival()) root.go(hrefWith("a", a));
    else refresh();
  }

  function hrefWith(name, value) {
    const query = new URLSearchParams(window.location.search);
    if (value) query.set(name, value);
    else query.delete(name);
    return "?" + query;
  }

  /** How far it is; null when nothing is under way. */
  function show(share, words) {
    const bar = document.querySelector("[data-desk-bar]");
    if (!bar) return;
    bar.hidden = share === null;
    bar.querySelector("progress").value = share || 0;
    bar.querySelector("[data-desk-step]").textContent = words;
    bar.querySelector("[data-desk-share]").textContent = share === null ? "" : Math.round(share * 100) + " %";
  }

  function say(words) {
    said = { words, a: arrival() };
    const place = document.querySelector("[data-desk-said]");
    if (!place) return;
    place.textContent = words;
    place.hidden = !words;
  }

  /** What was said stays until the next wish, also when the page is drawn anew. */
  function sayAgain() {
    const place = document.querySelector("[data-desk-said]");
    if (place && place.hidden && said.words && said.a === arrival()) say(said.words);
  }

  /** What a person has unfolded stays so when the page is drawn anew. */
  function unfold() {
    for (const fold of document.querySelectorAll("details[data-fold]")) {
      if (unfolded.has(fold.dataset.fold)) fold.open = true;
    }
  }

  const writing = (field) => Boolean(field && field.matches && field.matches(".import-text"));

  /** Draw anew, but not under the hands of somebody who writes a name. */
  function refresh() {
    later = writing(document.activeElement);
    if (later) return;
    window.dash_clientside.set_props(STORE, { data: String(performance.now()) });
  }

  /** While the desk works, ask how far it is; once it has ended, draw anew. */
  async function follow() {
    const here = desk();
    if (asking || !here || !here.dataset.busy || !arrival()) return;
    asking = true;
    const steps = JSON.parse(here.dataset.steps || "{}");
    const task = here.dataset.busy;
    let tried = false;
    for (let missed = 0; missed < 20; ) {
      const state = await fetch(`/import/state?${new URLSearchParams({ a: arrival() })}`, { cache: "no-store" })
        .then((response) => (response.ok ? response.json() : null), () => null);
      if (state && state.ended) {
        tried = task === "trial" && Boolean(state.snapshot);
        break;
      }
      missed = state ? 0 : missed + 1;
      if (state) show(state.share, steps[state.step] || state.step);
      await wait(ASK_EVERY_MS);
    }
    asking = false;
    show(null, "");
    // What a trial came to is shown where no file is open.
    if (tried && new URLSearchParams(window.location.search).has("f")) root.go(hrefWith("f", ""));
    else refresh();
  }

  /** Where in its words a person writes. */
  function span(field) {
    const chosen = window.getSelection().getRangeAt(0);
    const before = document.createRange();
    before.selectNodeContents(field);
    before.setEnd(chosen.startContainer, chosen.startOffset);
    const start = before.toString().length;
    return [start, start + chosen.toString().length];
  }

  /** A line that a new drawing took from under the hands stands there again, words and caret. */
  function giveBack() {
    if (!taken || taken.isConnected || document.activeElement !== document.body) return;
    const same = (each) => each.dataset.choose === taken.dataset.choose && each.dataset.file === taken.dataset.file;
    const again = [...document.querySelectorAll(".import-text")].find(same);
    if (!again) return;
    const [start, end] = caret;
    again.textContent = taken.textContent;
    taken = null;
    again.focus();
    const words = again.firstChild;
    if (words) window.getSelection().setBaseAndExtent(words, Math.min(start, words.length), words, Math.min(end, words.length));
  }

  /** Keep a line that a person has left; one that a new drawing took away is given back. */
  function leave(field) {
    if (!field.isConnected) {
      taken = field;
      giveBack();
      return;
    }
    taken = null;
    const value = field.textContent.trim();
    if (value !== field.dataset.value) {
      field.dataset.value = value;
      choose(field, value);
    } else if (later && !writing(document.activeElement)) {
      refresh();
    }
  }

  async function act(button) {
    const ask = button.dataset.ask;
    if (ask && !window.confirm(ask)) return;
    await wait(0); // the line that was left for this button is kept first
    if (!["stop", "discard"].includes(button.dataset.act)) await kept;
    const parts = { a: arrival(), do: button.dataset.act };
    if (button.dataset.file) parts.file = button.dataset.file;
    button.disabled = true;
    say("");
    try {
      await post("act", parts);
      if (parts.do === "discard") root.go("?");
    } catch (error) {
      say(error.message);
    }
    button.disabled = false;
    refresh();
  }

  /** The browser's own dialog for choosing files. */
  function pick() {
    const field = document.createElement("input");
    field.type = "file";
    field.multiple = true;
    field.addEventListener("change", () => send(field.files));
    field.click();
  }

  function choose(field, value) {
    kept = kept.then(() => keep(field, value));
  }

  async function keep(field, value) {
    const parts = { a: arrival(), key: field.dataset.choose, value };
    if (field.dataset.file) parts.file = field.dataset.file;
    say("");
    try {
      await post("choose", parts);
    } catch (error) {
      say(error.message);
    }
    refresh();
  }

  if (window.location.pathname !== "/import") return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-act], [data-drop]");
    if (button && button.dataset.act) act(button);
    else if (button) pick();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-choose]")) choose(event.target, event.target.value);
  });
  // A line of text is kept when it is left, or with Enter; Escape puts back what stood there.
  document.addEventListener("focusout", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches(".import-text")) return;
    queueMicrotask(() => leave(field)); // by then the drawing is done, if that was what took it
  });
  // What the browser says of a selection comes later than the next key may.
  for (const kind of ["selectionchange", "input", "keyup", "pointerup"]) {
    document.addEventListener(kind, () => {
      if (writing(document.activeElement) && window.getSelection().rangeCount) caret = span(document.activeElement);
    });
  }
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches(".import-text")) return;
    event.stopPropagation();
    if (event.key === "Escape") field.textContent = field.dataset.value;
    if (event.key === "Escape" || event.key === "Enter") {
      event.preventDefault();
      field.blur();
    }
  }, true);
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const place = document.querySelector("[data-drop]");
      if (!place) return;
      event.preventDefault(); // a file dropped beside the field must not replace the page
      place.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer) send(event.dataTransfer.files);
    });
  }
  document.addEventListener("toggle", (event) => {
    const fold = event.target.dataset && event.target.dataset.fold;
    if (fold && event.target.open) unfolded.add(fold);
    else if (fold) unfolded.delete(fold);
  }, true);
  new MutationObserver(() => {
    unfold();
    giveBack();
    sayAgain();
    follow();
  }).observe(document.body, { childList: true, subtree: true });
})();
