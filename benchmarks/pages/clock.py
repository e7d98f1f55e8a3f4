"""A clock inside the page: when its heading was there, when its last mark was drawn, when the server rested.

Timed by the page itself, so that the time in which Python waits and asks is no part of it.
"""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

QUIET_MS = 150
"""A page is rendered once nothing has moved in its main part for so long; the time itself is not counted."""
LIMIT_MS = 20_000
"""After this the measurement ends with an error: it never waits for ever."""

_CLOCK = """
(() => {
  const clock = window.murmurationClock = {begin: 0, heading: 0, moved: 0, rested: 0, runs: 0};
  const inMain = node => (node.nodeType === 1 ? node : node.parentElement)?.closest?.('[data-testid=stMain]');
  const state = () => document.querySelector('[data-test-script-state]')?.dataset.testScriptState;
  let before;
  const look = records => {
    const now = performance.now();
    if (!clock.heading && document.querySelector('[data-testid=stMain] h1')) clock.heading = now;
    if (records.some(record => inMain(record.target))) clock.moved = now;
    const after = state();
    if (after !== before) {
      if (after === 'running') clock.runs += 1;
      if (after === 'notRunning') clock.rested = now;
      before = after;
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ['data-test-script-state', 'width', 'height', 'd'],
  });
  document.addEventListener('pointerdown', () => Object.assign(clock, {
    begin: performance.now(), moved: 0, rested: 0, runs: 0,
  }), {capture: true});
  clock.done = quiet => {
    const now = performance.now();
    const drawn = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(
      it => it.querySelector('svg, canvas'));
    if (!(clock.moved || clock.runs) || state() !== 'notRunning') return null;
    if (!drawn || !document.querySelector('footer')) return null;
    if (now - clock.moved < quiet || (clock.runs && now - clock.rested < quiet)) return null;
    const last = clock.moved || clock.rested; // a choice that this page does not show moves nothing
    return {usable: (clock.heading - clock.begin) / 1000, rendered: (last - clock.begin) / 1000};
  };
})()
"""


def context(browser: Browser, width: int = 1280, height: int = 800, *, is_dark: bool = False) -> BrowserContext:
    """Return a new browser profile whose pages have the clock."""
    result = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if is_dark else "light"
    )
    result.set_default_timeout(LIMIT_MS)
    result.add_init_script(_CLOCK)
    return result


def rendered(page: Page) -> dict[str, float]:
    """Return the seconds until the heading (`usable`) and the last mark (`rendered`), since opening or the last click.

    Raises:
        playwright.sync_api.TimeoutError: after `LIMIT_MS`.
    """
    handle = page.wait_for_function("quiet => window.murmurationClock?.done(quiet)", arg=QUIET_MS, polling=20)
    found: Any = handle.json_value()
    return {str(name): float(value) for name, value in found.items()}
