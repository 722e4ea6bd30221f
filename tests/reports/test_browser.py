"""The pages in a real browser, with no network: nothing asked for, nothing wrong, nobody shut out."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
PAGES = ("index", "manifold", "boundary", "roar", "tradeoff")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser, tiny_run):
    """Opens a page offline; afterwards checks what it asked for and said."""
    heard, contexts = [], []

    def open_page(name, **options):
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: request.url.startswith(("file:", "data:")) or heard.append(request.url))
        page.goto((tiny_run[0] / "reports" / f"{name}.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert heard == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(opened, name, theme):
    page = opened(name, color_scheme=theme)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    checked = Axe().run(page).response
    found = checked["violations"]
    assert len(checked["passes"]) > 10
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_scrolls_one_way(opened, name):
    page = opened(name, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("name", PAGES)
def test_complete_without_script(opened, name):
    page = opened(name, java_script_enabled=False)
    assert page.locator("h1").inner_text()
    assert page.locator("figure svg, .thumbnail svg").count() > 0
    assert not page.locator("#theme").is_visible()


def test_headings_sort_numbers_as_numbers_and_words_as_words(opened):
    table = opened("roar").locator("table.sortable", has_text="Networks: accuracy").first

    def column(number):
        cells = table.locator(f"tbody td:nth-child({number})")
        return cells.evaluate_all("cells => cells.map(cell => cell.dataset.sort ?? '')")

    eps = table.locator("thead button", has_text="eps in [")
    eps.click()
    assert column(2) == ["0.1", "0.5", ""]
    eps.click()
    assert column(2) == ["0.5", "0.1", ""]  # what has no number stays last
    networks = table.locator("thead button", has_text="Network")
    networks.click()
    assert column(1)[2] == "standard"
    networks.click()
    assert column(1)[0] == "standard"
    assert table.locator("th[aria-sort=descending]").count() == 1


def test_the_theme_button_wins_over_the_system_and_is_remembered(opened):
    page = opened("index", color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    page.locator("#theme").click()
    page.locator("#theme").click()
    assert page.locator("#theme").inner_text() == "Theme: dark"
    assert page.evaluate(background) == "rgb(20, 23, 27)"
    page.reload()
    assert page.evaluate(background) == "rgb(20, 23, 27)"
