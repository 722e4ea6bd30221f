"""The page of Section 2.1: every figure, table and picture in its own place."""

import re
from html import unescape

import pytest

from experiments.manifold.study import ATTACK_LOSSES
from experiments.networks.grid import networks
from experiments.store.values import save
from reports.gallery import MOST_CHARACTERS
from reports.images import data_uri, photograph, signed_map
from reports.manifold.answer import answer
from reports.manifold.page import HEADINGS
from reports.render import page_of, render_reports
from reports.section import judge
from tests.reports.as_values import as_values
from tests.reports.manifold.made_up import KNOWN_STUDY, MEANS, NAMES, SAMPLES, SPREADS, known, made_up, marked
from tests.reports.manifold.test_figures import lines_of, tips_of
from tests.reports.manifold.test_tables import SHOWN
from tests.reports.parts import panels_of, shows_of


def judged_of(measured):
    (judged,) = judge("manifold", [as_values(measured, "manifold", "manifold")])
    return judged


@pytest.fixture(scope="module")
def judged():
    return judged_of(known())


def test_nothing_is_left_out(judged):
    assert not judged.left_out
    assert list(judged.tables) == [
        "distances",
        "paper",
        "densities",
        "noise",
        "controls",
        "quality",
        "training",
        "gradients",
    ]


def test_each_figure_shows_its_own_attack_axis_and_family(judged):
    drawn = panels_of(judged)
    assert list(drawn) == [
        "means",
        "rescaled cross_entropy",
        "rescaled cw",
        "distance cross_entropy",
        "distance cw",
    ]
    names = [panel.name for of_figure in drawn.values() for panel in of_figure]
    assert len(set(names)) == len(names)
    for loss, panel in zip(ATTACK_LOSSES, drawn["means"], strict=True):
        assert tips_of(panel)[0].startswith(f"standard: {MEANS[loss][0]:.2f} ")
        assert panel.name == f"manifold-mnist-5k-means-{loss}"
    for axis in ("rescaled", "distance"):
        for loss in ATTACK_LOSSES:
            for (label, place), panel in zip({"eps 4": 2, "eps 0.2": 3}.items(), drawn[f"{axis} {loss}"], strict=True):
                line = lines_of(panel)[label]
                x, y = list(line.get_xdata()), list(line.get_ydata())
                peak = MEANS[loss][place] - SPREADS[loss][place]
                peak = peak if axis == "distance" else (peak - 8) / 4
                assert x[y.index(max(y))] == pytest.approx(peak, abs=x[1] - x[0])
                assert panel.name == f"manifold-mnist-5k-{axis}-{loss}-{'l2' if place == 2 else 'linf'}-cross_entropy"


def test_the_thumbnail_is_of_mean_distances(judged):
    page = page_of("manifold", [judged.values])
    assert page.thumbnail.name == "manifold-mnist-5k-means-cross_entropy"


def test_what_the_text_names(judged):
    shown = shows_of(judged, MOST_CHARACTERS)
    assert shown["attack_losses"] == {"cross_entropy": "cross-entropy", "cw": "CW margin"}
    assert shown["random_alignment"] == pytest.approx((10 / 784) ** 0.5)
    assert shown["drawn_how"] == "drawn at random with the seed, not picked"
    assert shown["stored_samples"] == len(shown["samples"]) == SAMPLES
    assert [tile.src for tile in shown["generated"]] == [seen(image) for image in marked("generated", 0, 0, count=3)]
    assert [tile.alt for tile in shown["generated"]] == [f"generated image {number}" for number in (1, 2, 3)]


def seen(image) -> str:
    return data_uri(photograph(image))


@pytest.mark.parametrize(("i", "title"), [(0, "Test image 7, labelled three"), (1, "Test image 11, labelled five")])
def test_pictures_are_each_of_their_own_network_and_image(judged, i, title):
    gallery = shows_of(judged, MOST_CHARACTERS)["samples"][i]
    assert (gallery.label, gallery.columns) == (title, ["no attack", *SHOWN])
    headings, (images, projections, gradients) = zip(*gallery.rows, strict=True)
    assert headings == ("Image", "Its projection", "Gradient")
    assert (images[0].src, images[0].alt, images[0].original) == (seen(marked("image", 0, 0)[i]), title, True)
    assert (projections[0].src, projections[0].alt) == (
        seen(marked("projection", 0, 0)[i]),
        f"{title}: its projection",
    )
    assert gradients[0] is None
    for place, network in enumerate(SHOWN):
        image, projection, gradient = (tiles[1 + place] for tiles in (images, projections, gradients))
        example = f"{title}: adversarial example of {network}"
        assert image.src == seen(marked("adversarial by cross_entropy", place, 0)[i])
        assert (image.alt, image.note) == (example, f"taken for cross_entropy {place} 0 {i}")
        assert projection.src == seen(marked("adversarial by cross_entropy, projected", place, 0)[i])
        assert projection.alt == f"{example}, its projection"
        assert gradient.src == data_uri(signed_map(marked("map", place, 0)[i, ..., 0]))
        assert gradient.alt == f"{title}: gradient of {network}"


def test_a_network_without_pictures_keeps_its_place():
    """Pictures are of the training of which most is there, though one network's gradients and attack are not."""
    measured = known()
    weak, _, linf = networks(KNOWN_STUDY)[1:]
    for run in (1, 2):
        del measured.values["gradients", weak, run]
        for loss in ATTACK_LOSSES:
            del measured.values["attack", weak, loss, run]
    del measured.values["gradients", linf, 0], measured.values["attack", linf, "cross_entropy", 0]
    judged = judged_of(measured)
    assert (judged.found.runs, len(judged.found.networks)) == ([1, 2], 3)
    gallery = shows_of(judged, MOST_CHARACTERS)["samples"][0]
    assert gallery.columns == ["no attack", SHOWN[0], SHOWN[2], SHOWN[3]]
    for heading, tiles in gallery.rows:
        assert tiles[3] is None, heading
        assert SHOWN[2] in tiles[2].alt


def cells_in(html: str, caption: str) -> list[list[str]]:
    """The head and the rows of the table under a caption."""
    (table,) = [
        part
        for part in re.findall(r'<table class="sortable">.*?</table>', html, re.DOTALL)
        if caption in unescape(part)
    ]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [
        [unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]
        for row in rows
    ]


@pytest.fixture(scope="module")
def html(judged, tmp_path_factory):
    folder = tmp_path_factory.mktemp("manifold")
    save(judged.values, folder)
    render_reports(folder)
    return (folder / "reports" / "manifold.html").read_text()


def test_the_page_has_every_heading_once(html):
    found = re.findall(r'<h2 id="mnist-5k-([^"]+)">([^<]*?)\s*</h2>', html)
    assert [(anchor, unescape(text)) for anchor, text in found] == list(HEADINGS.items())


def test_the_page_shows_the_tables_cell_by_cell(judged, html):
    for kind, table in judged.tables.items():
        if table.shown:
            head, *rows = cells_in(html, table.caption)
            assert head == [column.heading for column in table.shown], kind
            expected = [[" ".join(filter(None, (cell.text, cell.interval))) for cell in row] for row in table.cells]
            assert rows == expected, kind


def test_each_caption_stands_below_its_own_figure(html):
    figures = re.findall(r'<figure>\s*<div class="panels">.*?</figure>', html, re.DOTALL)
    expected = [
        ("mean distance", "distances"),
        *(
            (words, "densities")
            for loss in ("cross-entropy", "CW margin")
            for words in (
                f"Attacks with {loss}, in the paper's arrangement",
                "distance between image and the encoder's reconstruction",
            )
        ),
    ]
    assert len(figures) == len(expected)
    for figure, (words, data) in zip(figures, expected, strict=True):
        assert words.lower() in unescape(figure).lower()
        assert f'href="tables/manifold-mnist-5k-{data}.csv"' in figure
    for figure, (axis, loss) in zip(
        figures[1:], [(axis, loss) for loss in ("cross-entropy", "CW margin") for axis in ("rescaled", "")], strict=True
    ):
        assert f"under {loss} attacks" in unescape(figure)
        assert ("0 and 1: nearest and farthest clean test image" in figure) == (axis == "rescaled")


def test_the_text_tells_the_study_s_own_settings(html):
    text = " ".join(unescape(re.sub("<[^>]+>", "", html)).split())
    assert "(l₂, eps 12, 12 steps)" in text
    assert "the label that the standard network gives it differs" in text
    assert "--success=standard_network" in text
    assert "the other rule judges by the attacked network" in text
    assert "Mean distance to the encoder's reconstruction of each network's" in text
    assert "Here 1 is the farthest of 20 clean test images" in text
    assert "(standard deviation over mean). No claim about these distances is tested: the distance of clean" in text
    assert "they stand beside ours on its own data sets alone" in text
    assert "--projection=encode" in text
    assert "a random direction has about 0.113" in text
    assert "Attacks are with cross-entropy; under each" in text
    assert "The same 2 test images for every network" in text
    assert all(name in text for name in NAMES[1:3])


def test_what_could_be_duller_stands_open_under_its_own_heading(html):
    """Between its heading and the next: noise of equal size, and manifolds without a VAE-GAN; nothing is folded."""
    part = html.partition('<h2 id="mnist-5k-duller">')[2].partition("<h2")[0]
    assert "Attacked images and noise of the same size" in part
    assert "Closer than the standard network's, by the VAE-GAN and by what knows nothing of it" in unescape(part)
    assert "<details" not in part


def test_the_answer_stands_above_everything_and_in_the_summary(tmp_path):
    values = as_values(made_up(), "manifold", "manifold")
    save(values, tmp_path)
    render_reports(tmp_path)
    (judged,) = judge("manifold", [values])
    told = " ".join(answer(judged))
    for page in ("manifold", "index"):
        html = (tmp_path / "reports" / f"{page}.html").read_text()
        assert told in unescape(html)
    page = (tmp_path / "reports" / "manifold.html").read_text()
    assert unescape(page).index(told) < page.index("<h2")
