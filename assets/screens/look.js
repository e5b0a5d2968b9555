// The look of the page: language, theme, title and arrangement, taken from the map state.
(function () {
  "use strict";
  const root = (window.yiping = window.yiping || {});
  const page = document.documentElement;
  const TAGS = { zh: "zh-CN", en: "en" };

  /** Before anything is drawn the address already knows the theme. */
  const asked = new URLSearchParams(window.location.search);
  if (!page.dataset.theme) page.dataset.theme = asked.get("theme") === "light" ? "light" : "dark";
  const arranged = { dept: "desk", grids: "compare" }[asked.get("on")] || "cells";
  page.dataset.mode = asked.get("heat") === "1" ? "heat" : arranged;

  /** The scale bar may have come onto the page after the map had settled. */
  function measure() {
    for (const scene of (root.map && root.map.scenes) || []) scene.view.scaleBar();
  }

  /** Take over what the server's answer says about the page as a whole. */
  function apply(state) {
    const look = state && state.page;
    if (look) {
      page.lang = TAGS[look.language] || look.language;
      page.dataset.theme = look.theme;
      page.dataset.mode = look.mode;
      page.dataset.cases = look.cases ? "some" : "none";
      document.title = look.title;
      root.page = look;
      window.dispatchEvent(new CustomEvent("yiping:look"));
      requestAnimationFrame(() => requestAnimationFrame(measure));
    }
  }

  /** A change of theme need not wait for the server. */
  window.addEventListener("yiping:go", (event) => {
    const theme = new URLSearchParams(event.detail.search).get("theme");
    page.dataset.theme = theme === "light" ? "light" : "dark";
  });

  (root.takers = root.takers || []).push(apply);
})();
