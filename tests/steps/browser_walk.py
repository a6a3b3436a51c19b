"""One tab that goes from page to page, as whom and in what language, theme and width is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page

from crossclaim.domain.preferences import LANGUAGE_COOKIE, THEME_COOKIE
from tests.steps.browser_house import WALKER
from tests.steps.browser_inventory import Seen
from tests.steps.browser_scene import Scene
from tests.steps.page_faults import Watched

NARROW, WIDE = (360, 740), (1920, 1080)


@dataclass
class Walk:
    scene: Scene
    context: BrowserContext
    watched: Watched = field(init=False)
    _cookies: dict[str, str] = field(default_factory=dict)
    _size: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self.watched = Watched(self.context.new_page())

    @property
    def page(self) -> Page:
        return self.watched.page

    def sized(self, size: tuple[int, int]) -> None:
        if size == self._size:
            return
        self._size = size
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def as_whom(self, who: str, language: str = "en", theme: str = "light") -> None:
        """Sets the browser's cookies; those of others are gone."""
        wanted = {LANGUAGE_COOKIE: language, THEME_COOKIE: theme}
        if who in self.scene.people:
            wanted[WALKER] = self.scene.people[who]
        elif who:
            name, value = self.scene.patients[who]
            wanted[name] = value
        if wanted == self._cookies:
            return
        self._forget()
        url = self.scene.house.url
        self.context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in wanted.items()]
        )
        self._cookies = wanted

    def _forget(self) -> None:
        self.context.clear_cookies()
        self._cookies = {}

    def path(self, seen: Seen) -> str:
        return seen.at.format(**self.scene.places)

    def go(self, seen: Seen, language: str = "en", theme: str = "light") -> str:
        """What is wrong with how the page answers; the empty word: nothing."""
        self.as_whom(seen.who, language, theme)
        answer = self.page.goto(f"{self.scene.house.url}{self.path(seen)}")
        assert answer is not None
        status = answer.status
        if seen.then is not None:
            status = seen.then(self.page)
            # A form may have ended the session.
            self._cookies = {}
        return "" if status == seen.status else f"answers {status}"

    def turn_to(self, seen: Seen, language: str, theme: str) -> str:
        """The same page in another language, in the document that is there: its looks are read and
        its script has begun, which is most of what a page costs."""
        self.as_whom(seen.who, language, theme)
        status = self.page.evaluate(_TURN, self.path(seen))
        return "" if status == seen.status else f"answers {status}"

    def tabbed(self) -> list[str]:
        """What the key Tab reaches, one after the other, until it leaves the page or comes round;
        each as it is known in ``usable``."""
        self.page.evaluate(_LISTEN)
        heard: list[str] = []
        for _ in range(_MOST_TURNS):
            for _ in range(_KEYS_A_TURN):
                self.page.keyboard.press("Tab")
            heard, over = self.page.evaluate("() => [window.reached, window.cameRound]")
            if over:
                break
        return heard

    def usable(self) -> list[str]:
        """What a person can work with, in the order in which it stands."""
        found: list[str] = self.page.evaluate(_USABLE)
        return found


_KEYS_A_TURN, _MOST_TURNS = 12, 80
_TURN = """async (path) => {
  const answer = await fetch(path);
  const found = new DOMParser().parseFromString(await answer.text(), "text/html");
  const root = document.documentElement, other = found.documentElement;
  root.lang = other.lang;
  root.dataset.theme = other.dataset.theme;
  document.title = found.title;
  document.body.replaceWith(document.adoptNode(found.body));
  return answer.status;
}"""
_CALLED = """
  const called = (el) => {
    const all = [...document.querySelectorAll('*')];
    return `${all.indexOf(el)} ${el.outerHTML.replace(/\\s+/g, ' ').slice(0, 90)}`;
  };
"""
_LISTEN = f"""() => {{
  {_CALLED}
  window.reached = []; window.cameRound = false;
  document.activeElement.blur();
  getSelection().removeAllRanges();
  document.addEventListener('focusin', (event) => {{
    const one = called(event.target);
    if (window.reached[0] === one) {{ window.cameRound = true; }}
    if (!window.cameRound) {{ window.reached.push(one); }}
  }}, true);
  // Where no element has it, the key has left the page.
  document.addEventListener('keyup', () => {{
    if (window.reached.length && document.activeElement === document.body) {{
      window.cameRound = true;
    }}
  }}, true);
}}"""
_USABLE = f"""() => {{
  {_CALLED}
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const radios = new Set();
  return [...document.querySelectorAll(kinds)].filter((el) => {{
    if (el.disabled || el.tabIndex < 0 || !el.checkVisibility()) {{ return false; }}
    if (el.type !== 'radio') {{ return true; }}
    // Of a group of these the key reaches one.
    const group = `${{el.form && el.form.action}} ${{el.name}}`;
    const chosen = document.querySelector(`input[type=radio][name="${{el.name}}"]:checked`);
    if (radios.has(group) || (chosen && chosen !== el)) {{ return false; }}
    radios.add(group);
    return true;
  }}).map(called);
}}"""
