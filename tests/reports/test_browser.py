"""The pages in a real browser, with no network: nothing asked for, nothing wrong, nobody shut out."""

import re
import shutil

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from reports.gallery import Gallery, heat, photo
from reports.render import _environment

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
PAGES = ("index", "manifold", "boundary", "roar", "tradeoff", "survey")
WITH_PICTURES = ("manifold", "roar")
DESKTOP, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        # With scroll bars, as people have them.
        options = {"args": ["--no-sandbox"], "ignore_default_args": ["--hide-scrollbars"]}
        started = playwright.chromium.launch(executable_path=CHROMIUM, **options)
        yield started
        started.close()


@pytest.fixture
def opened(browser, request):
    """Opens a page offline; afterwards checks what it asked for and said."""
    heard, contexts = [], []

    def open_page(page_or_path, **options):
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: request.url.startswith(("file:", "data:")) or heard.append(request.url))
        page.goto(_path(page_or_path, request).as_uri())
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert heard == []


def _path(page_or_path, request):
    """Of a page of the smallest run, by its name, or the path itself."""
    if isinstance(page_or_path, str):
        return request.getfixturevalue("tiny_run")[0] / "reports" / f"{page_or_path}.html"
    return page_or_path


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(opened, name, theme):
    assert wrong(opened(name, color_scheme=theme)) == []


def wrong(page):
    """What shuts people out."""
    checked = Axe().run(page).response
    assert len(checked["passes"]) > 10
    found = [violation for violation in checked["violations"] if violation["impact"] in ("serious", "critical")]
    return [(violation["id"], violation["nodes"][0]["html"][:200]) for violation in found]


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
        return cells.evaluate_all("cells => cells.map(cell => cell.dataset.sort ?? cell.textContent)")

    eps = table.locator("thead button", has_text="eps in [")
    eps.click()
    assert column(2) == ["0.1", "0.5", "\N{EN DASH}"]
    eps.click()
    assert column(2) == ["0.5", "0.1", "\N{EN DASH}"]  # what has no number stays last
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


# Pictures

BOXES = """all => all.map(one => {
  const { width, height } = one.getBoundingClientRect();
  return [width, height, getComputedStyle(one.querySelector("img")).imageRendering];
})"""


@pytest.mark.parametrize("name", WITH_PICTURES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_pictures_are_large_enough_to_look_at(opened, name, viewport):
    boxes = opened(name, viewport=viewport).locator(".tile").evaluate_all(BOXES)
    assert len(boxes) > 20
    assert all(width >= 96 and height >= 96 and rendering == "pixelated" for width, height, rendering in boxes)


@pytest.mark.parametrize("name", WITH_PICTURES)
def test_every_picture_is_in_a_button_and_in_the_page_once(opened, name):
    page = opened(name)
    assert page.locator("main img").count() == page.locator("main button.tile > img").count()
    originals = page.locator("[data-original] img").evaluate_all("all => all.map(one => one.src)")
    text = page.content()
    assert len(originals) == 4
    assert all(text.count(source) == 1 for source in originals)


def shown(page):
    """Under the enlarged picture, and its source."""
    assert page.locator("dialog").is_visible()
    image = page.locator("dialog img").first
    assert image.evaluate("one => getComputedStyle(one).imageRendering") == "pixelated"
    return page.locator("dialog p").inner_text(), image.get_attribute("src")


def tile(page, *words):
    """The one picture whose text has all the words."""
    found = page.locator(".tile:enabled")
    for word in words:
        found = found.filter(has=page.locator(f'img[alt*="{word}"]'))
    return found


def focused(page):
    return page.evaluate("document.activeElement.querySelector('img')?.alt")


def test_a_click_enlarges_a_picture_and_arrow_keys_go_to_its_neighbours(opened):
    page = opened("roar", viewport=DESKTOP)
    first = tile(page, "Gradient of standard").first
    first.click()
    caption, source = shown(page)
    assert re.fullmatch(r"Test image \d+, labelled \d: Gradient of standard", caption)
    assert source == first.locator("img").get_attribute("src")
    assert page.locator("dialog img").first.bounding_box()["width"] >= 470
    original = page.locator("[data-original] img").first.get_attribute("src")
    assert page.locator("dialog img").nth(1).get_attribute("src") == original
    assert wrong(page) == []

    page.keyboard.press("ArrowRight")  # the same image and attribution, the next network
    assert shown(page)[0].endswith(": Gradient of l\N{SUBSCRIPT TWO} eps 0.5, cross-entropy")
    page.keyboard.press("ArrowDown")  # the same image and network, the next attribution
    assert shown(page)[0].endswith(
        ": Gradient\N{MULTIPLICATION SIGN}Input of l\N{SUBSCRIPT TWO} eps 0.5, cross-entropy"
    )
    page.keyboard.press("ArrowDown")  # there is none below
    page.locator("dialog [data-key=ArrowLeft]").click()
    assert shown(page)[0].endswith(": Gradient\N{MULTIPLICATION SIGN}Input of standard")
    page.keyboard.press("ArrowUp")
    assert shown(page)[0].endswith(": Gradient of standard")
    page.keyboard.press("ArrowRight")

    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert focused(page).endswith(": Gradient of l\N{SUBSCRIPT TWO} eps 0.5, cross-entropy")


def test_enter_enlarges_a_picture_and_the_button_or_a_click_outside_closes_it(opened):
    page = opened("manifold", viewport=DESKTOP)
    adversarial = tile(page, "adversarial example of standard").first
    adversarial.focus()
    page.keyboard.press("Enter")
    assert re.search(r": adversarial example of standard, taken for \d$", shown(page)[0])
    page.get_by_role("button", name="Close", exact=True).click()
    assert not page.locator("dialog").is_visible()
    assert focused(page).endswith(": adversarial example of standard")
    page.keyboard.press("Enter")
    page.mouse.click(5, 5)
    assert not page.locator("dialog").is_visible()


def test_a_gallery_is_one_stop_on_the_way_through_the_page_and_arrow_keys_move_in_it(opened):
    page = opened("roar", viewport=DESKTOP)
    galleries = page.locator(".gallery")
    assert galleries.count() == 8
    stops = galleries.evaluate_all("all => all.map(one => one.querySelectorAll('.tile[tabindex=\"0\"]').length)")
    assert stops == [1] * 8
    tile(page, "Gradient of standard").first.focus()
    page.keyboard.press("ArrowDown")
    assert focused(page).endswith(": Gradient\N{MULTIPLICATION SIGN}Input of standard")
    assert not page.locator("dialog").is_visible()


def test_without_script_no_button_promises_what_it_cannot_do(opened):
    page = opened("roar", java_script_enabled=False)
    assert page.locator(".tile:enabled, .scripted:visible").count() == 0
    assert page.locator(".tile img").first.is_visible()


# What is wider than the page

REGIONS = """all => all.filter(one => one.checkVisibility()).map(one => {
  one.scrollLeft = 80;
  const first = one.querySelector("tbody tr > :first-child");
  const kept = !first || Math.abs(first.getBoundingClientRect().left - one.getBoundingClientRect().left) < 1;
  const known = { label: one.ariaLabel, more: one.scrollWidth - one.clientWidth, kept };
  return { ...known, bar: one.offsetHeight - one.clientHeight, over: one.getBoundingClientRect().right - innerWidth };
})"""
OUTSIDE = """[...document.querySelectorAll("main *")].filter(one =>
  !one.closest(".scroll, pre, svg") && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1
).map(one => one.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_what_is_too_wide_scrolls_shows_it_and_keeps_its_first_column(opened, name, viewport):
    page = opened(name, viewport=viewport)
    regions = page.locator(".scroll").evaluate_all(REGIONS)
    scrolling = [region for region in regions if region["more"] > 0]
    assert all(region["bar"] >= 8 and region["kept"] and region["over"] <= 0 for region in scrolling), scrolling
    assert page.evaluate(OUTSIDE) == []
    if viewport is PHONE and name != "index":
        assert len(scrolling) > 1


@pytest.fixture
def large_gallery(tmp_path):
    """A page with the maps of ten attributions and nine networks."""
    noise = np.random.default_rng(0).normal(size=(28, 28))
    networks = [f"l2 eps {number}, cross-entropy" for number in range(9)]
    attributions = [f"Long name of attribution_{number}" for number in range(10)]
    rows = [(a, [heat(noise, f"Test image 1: {a} of {n}") for n in networks]) for a in attributions]
    corner = photo(noise[..., None].clip(-1, 1), "Test image 1", original=True)
    shown = Gallery("Test image 1", networks, rows, 28, corner=corner).along_the_longer()
    page = """{% extends "base.html" %}{% from "macros.html" import gallery %}{% block title %}Large{% endblock %}
    {% block body %}<div class="columns"><nav class="contents"></nav><main id="main"><h1>Large</h1>
    <section>{{ gallery(shown) }}</section></main></div>{% endblock %}"""
    path = tmp_path / "large.html"
    path.write_text(_environment().from_string(page).render(current="", stored=[], shown=shown))
    return path


def test_a_gallery_of_ten_attributions_and_nine_networks_fits_and_keeps_its_headings(opened, large_gallery):
    page = opened(large_gallery, viewport=DESKTOP)
    region = page.locator(".gallery")
    assert region.evaluate("one => one.scrollWidth <= one.clientWidth && one.offsetHeight <= innerHeight")
    assert all(width >= 96 for width, *_ in page.locator(".tile").evaluate_all(BOXES))
    assert_headings_stay(region)
    assert wrong(page) == []


def test_on_a_phone_too(opened, large_gallery):
    page = opened(large_gallery, viewport=PHONE)
    region = page.locator(".gallery")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert region.evaluate("one => one.clientWidth - one.querySelector('tbody th').offsetWidth") > 2 * 96
    assert_headings_stay(region)


def assert_headings_stay(region):
    """With the last picture in sight, its row's and column's headings and the image are too."""
    region.evaluate("one => one.scrollTo(one.scrollWidth, one.scrollHeight)")
    frame = region.bounding_box()
    for heading in (
        "thead th:last-child",
        "tbody tr:last-child th",
        "[data-original]",
        "tbody tr:last-child td:last-child",
    ):
        box = region.locator(heading).bounding_box()
        assert frame["x"] - 1 <= box["x"], heading
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1, heading
        assert frame["y"] - 1 <= box["y"], heading
        assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 1, heading


# A survey of many measures


@pytest.fixture
def survey(made_up_survey):
    return made_up_survey / "reports" / "survey.html"


@pytest.mark.parametrize(("theme", "viewport"), [("light", DESKTOP), ("dark", PHONE)])
def test_a_survey_is_accessible(opened, survey, theme, viewport):
    assert wrong(opened(survey, color_scheme=theme, viewport=viewport)) == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_the_matrix_of_ten_measures_needs_no_scrolling(opened, survey, viewport):
    page = opened(survey, viewport=viewport)
    assert page.locator(".matrix").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OUTSIDE) == []
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.outerHTML)"
    assert page.locator(".matrix td, .matrix th").evaluate_all(cut) == []


def test_on_a_phone_every_cell_names_its_measure(opened, survey):
    cell = opened(survey, viewport=PHONE).locator(".matrix td").first
    assert cell.evaluate("one => getComputedStyle(one, '::before').content") == '"ROAR"'


def test_the_navigation_with_every_section_is_one_line_on_a_phone(opened, survey):
    page = opened(survey, viewport=PHONE)
    names = ("Summary", "2.1", "2.2", "3.2", "3.3", "Measures")
    entries = "".join(f'<li><a href="#">{name}</a></li>' for name in names)
    page.locator(".bar ul").evaluate("(list, entries) => { list.innerHTML = entries; }", entries)
    tops = page.locator(".bar li").evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().top))")
    assert len(set(tops)) == 1
    assert page.get_by_role("button", name="Theme: auto").is_visible()


def test_an_outline_is_round_the_enlarged_picture_too(opened, survey):
    page = opened(survey, viewport=DESKTOP)
    page.locator(".tile[data-outlined=lower]").nth(1).click()
    framed = page.locator("dialog [data-outlined=lower]")
    assert framed.count() == 2  # the map, and the image beside it
    line = "one => { const s = getComputedStyle(one, '::after'); return [s.borderTopStyle, parseFloat(s.height)]; }"
    style, height = framed.first.evaluate(line)
    assert style == "dashed"
    assert height == pytest.approx(framed.first.locator("img").bounding_box()["height"] / 2, abs=5)
