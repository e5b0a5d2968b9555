"""What the browser tests rely on: a page finds nothing that another one left behind."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from tests.browser.conftest import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

KEPT: Final = """async () => [
  localStorage.length, sessionStorage.length, document.cookie,
  (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.permissions.query({name: 'geolocation'})).state === 'granted',
]"""
KEEP: Final = """async () => {
  localStorage.setItem('a', '1'); sessionStorage.setItem('a', '1'); document.cookie = 'a=1';
  await caches.open('a');
  await new Promise((done) => { indexedDB.open('a').onsuccess = done; });
}"""
NOTHING: Final = [0, 0, "", 0, 0, False]
FROM_CACHE: Final = """() => performance.getEntriesByType('resource')
  .some((entry) => entry.transferSize === 0 && entry.decodedBodySize > 0)"""


def test_only_our_files_are_kept_from_page_to_page(browser: Browser, address: str) -> None:
    with opened(browser) as (page, _):
        page.context.grant_permissions(["geolocation"])
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.evaluate(KEEP)
        kept = page.evaluate(KEPT)
        assert all(one != none for one, none in zip(kept, NOTHING, strict=True))
    with opened(browser) as (page, _):
        page.goto(address)
        assert page.evaluate(KEPT) == NOTHING
        assert page.evaluate(FROM_CACHE)


def test_a_stranger_has_nothing(browser: Browser, address: str) -> None:
    with opened(browser) as (page, _):
        page.goto(address)
    with opened(browser, stranger=True) as (page, _):
        page.goto(address)
        assert page.evaluate(KEPT) == NOTHING
        assert not page.evaluate(FROM_CACHE)


def test_who_failed_does_not_come_again(browser: Browser) -> None:
    def fail() -> None:
        raise LookupError

    met: list[BrowserContext] = []
    with contextlib.suppress(LookupError), opened(browser) as (page, _):
        met.append(page.context)
        fail()
    with opened(browser) as (page, _):
        assert page.context is not met[0]
