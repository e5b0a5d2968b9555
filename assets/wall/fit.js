// What a panel shows of its rows: whole ones, as many as have room; figures as large as they fit.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const wall = (root.wall = root.wall || {});
  const SIZES = [2.6, 2.3, 2, 1.75, 1.5, 1.3, 1.1, 1]; // of the figures, in letters

  const SPARE = 0.15; // of a letter: what the boxes of lines stand out, but no stroke
  const TITLES = [1.7, 1.5, 1.3, 1.15, 1]; // of the screen's title

  /** Whether what is in a box is larger than the box. */
  function over(box) {
    const spare = SPARE * parseFloat(getComputedStyle(box).fontSize);
    return box.scrollHeight > box.clientHeight + spare || box.scrollWidth > box.clientWidth + 1;
  }

  /** Hide whole rows from the end until the rest fits; the first always stands. */
  function rows(tree) {
    const list = tree.querySelector(".wall-rows");
    if (!list) return;
    const all = [...list.children];
    for (const row of all) if (row.hidden) row.hidden = false;
    for (let i = all.length - 1; i > 0 && (over(tree) || over(list)); i -= 1) all[i].hidden = true;
  }

  /** One size for all figures of a panel: the largest at which none is cut. */
  function figures(tree) {
    const list = tree.querySelector(".wall-figures");
    if (!list) return;
    const fits = () => !over(tree) && ![...list.children].some(over);
    list.classList.remove("bare");
    for (const size of SIZES) {
      tree.style.setProperty("--figure", size + "em");
      if (fits()) return;
    }
    list.classList.add("bare");
  }

  /** A note that has no room beside its title stands below it, at the left; a long title is no larger than text. */
  function head(tree) {
    const [title, note] = tree.querySelectorAll(".wall-head > h2, .wall-head > .wall-note");
    if (!note) return;
    const { classList } = note.parentElement;
    classList.remove("two", "long"); // or it would be measured as it was placed
    classList.toggle("long", title.offsetHeight > 1.9 * parseFloat(getComputedStyle(title).fontSize));
    const below = note.offsetTop >= title.offsetTop + title.offsetHeight * 0.7;
    classList.toggle("two", below);
  }

  /** The title of the screen as large as its column lets it be; the smallest may take two lines. */
  function title(tree) {
    const line = tree.querySelector(".wall-title");
    if (!line || !line.firstChild) return;
    const range = document.createRange();
    range.selectNodeContents(line);
    line.classList.remove("long");
    for (const size of TITLES) {
      line.style.fontSize = size + "em";
      if (range.getBoundingClientRect().width <= line.clientWidth) return;
    }
    line.classList.add("long");
  }

  /** Fit one panel; what it is made of has changed, or its box. */
  function fit(tree, name) {
    head(tree);
    if (name === "head") title(tree);
    else if (name === "figures") figures(tree);
    else rows(tree);
  }

  wall.fit = fit;
})();
