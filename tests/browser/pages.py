"""What the browser tests do with a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import Error

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

UPDATE: Final = "/_dash-update-component"
QUIET: Final = """() => new Promise((done) => {
  let last = performance.now();
  const watcher = new MutationObserver(() => { last = performance.now(); });
  watcher.observe(document.body, {subtree: true, childList: true, characterData: true});
  const look = () => {
    if (performance.now() - last > 300) { watcher.disconnect(); done(); }
    else setTimeout(look, 50);
  };
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(look, 300)));
})"""
# The network is idle once for a document; what is asked for later is counted here.
COUNT_FLYING: Final = """(() => {
  const ask = window.fetch;
  window.flying = 0;
  window.fetch = (...asked) => {
    window.flying += 1;
    return ask.apply(window, asked).finally(() => { window.flying -= 1; });
  };
})()"""
FLYING: Final = "window.flying > 0"
DIGEST: Final = """() => {
  const page = document.getElementById('react-entry-point').cloneNode(true);
  for (const part of page.querySelectorAll('[data-live], .leaflet-container')) part.remove();
  const links = [...page.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'));
  const root = document.documentElement;
  return {text: page.textContent, links, lang: root.lang, theme: root.dataset.theme,
          title: document.title};
}"""


def show(page: Page, address: str) -> None:
    """Open an address and wait until nothing moves."""
    page.goto(address)
    page.wait_for_selector('[data-live="age"]', state="attached")
    settle(page)


def settle(page: Page) -> None:
    """Wait until the network and the document are quiet, on a slow machine too."""
    while True:
        page.wait_for_load_state("networkidle")
        try:
            page.evaluate(QUIET)
            if not page.evaluate(FLYING):
                return
            page.wait_for_function(f"() => !({FLYING})")
        except Error as error:
            if "context was destroyed" not in str(error):  # else another document is on its way
                raise


def digest(page: Page) -> dict[str, Any]:
    """What a reader could tell about the page."""
    found: dict[str, Any] = page.evaluate(DIGEST)
    return found


def links(page: Page) -> Locator:
    """The links that lead elsewhere on the screen."""
    return page.locator('a[href^="?"]:visible')
