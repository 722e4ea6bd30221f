"""What the page of Section 2.1 shows, prepared for its template."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reports.common import identifier, prefix_of
from reports.drawing import Panel
from reports.evidence.study import Network
from reports.gallery import Gallery, Tile, as_fit, drawn_how, heat, photo, sample_titles
from reports.manifold import figures
from reports.manifold.analysis import Distances
from reports.manifold.answer import answer, axis, no_share
from reports.manifold.claims import no_distance_because
from reports.section import Judged
from reports.styles import name, network_name

HEADINGS = {
    "claims": "What is claimed, and what was measured",
    "distances": "Distances of adversarial examples",
    "duller": "Could something duller explain it?",
    "quality": "Is the VAE-GAN a manifold worth measuring to?",
    "gradients": "How much of the gradient lies along the manifold",
    "pictures": "Gradients and adversarial examples",
}
KEY_PANEL = ("means", 0)
NEEDS: dict[str, Callable[[Mapping[str, Any]], object]] = {"pictures": lambda study: study["samples"]}
"""What a heading stands above, where it may not be there: then there is no heading."""


def panels(judged: Judged) -> dict[str, Callable[[], list[Panel]]]:
    """What draws the figures' panels, by figure: "means", and for each axis and attack "<axis> <loss>"."""
    return {
        "means": partial(_means, judged),
        **{
            f"{axis} {loss}": partial(_densities, judged, axis, loss)
            for axis in figures.AXES
            for loss in judged.found.attack_losses
        },
    }


def _means(judged: Judged) -> list[Panel]:
    prefix, losses = prefix_of(judged), judged.found.attack_losses
    rows, noise_rows = (judged.tables[kind].rows for kind in ("distances", "noise"))
    return [figures.mean_distances(rows, noise_rows, loss, identifier(prefix, "means", loss)) for loss in losses]


def _densities(judged: Judged, axis: str, loss: str) -> list[Panel]:
    """A panel for every series of networks."""
    prefix, rows = prefix_of(judged), judged.tables["densities"].rows
    return [
        figures.density(rows, loss, family, group, axis, identifier(prefix, axis, loss, str(family), str(group)))
        for group, family in judged.found.groups()
    ]


def shows(judged: Judged, characters: int) -> dict[str, Callable[[], object]]:
    """What gives what the template shows beside claims, tables and figures. characters: room for pictures."""
    found: Distances = judged.found
    return {
        "answer": lambda: " ".join(answer(judged)),
        "no_share": lambda: no_share(found),
        "axis": lambda: axis(found),
        "encoder_fails": lambda: no_distance_because(found, found.as_the_paper),
        "target": lambda: found.targets["distance"],
        "attack_losses": lambda: {loss: name(loss) for loss in found.attack_losses},
        "random_alignment": lambda: found.random_alignment,
        "generated": partial(_generated, found),
        "samples": partial(_samples, found, characters),
        "stored_samples": lambda: len(sample_titles(found)),
        "drawn_how": partial(drawn_how, found),
    }


def _generated(found: Distances) -> list[Tile]:
    """Images of random latents."""
    images = found.array("generated_image")
    return [photo(image, f"generated image {number}") for number, image in enumerate(images, start=1)]


def _samples(found: Distances, characters: int) -> list[Gallery]:
    """A gallery for each sample image; as many as fit."""
    return as_fit((_sample(found, i, title) for i, title in enumerate(sample_titles(found))), characters)


def _sample(found: Distances, i: int, title: str) -> Gallery:
    """A sample image and its projection; beside them every network's attack, its projection, and the gradient."""
    image, projection = (found.array(kind)[i] for kind in ("sample_image", "sample_projection"))
    attacked: list[Tile | None] = [photo(image, title, original=True)]
    projected: list[Tile | None] = [photo(projection, f"{title}: its projection")]
    gradients: list[Tile | None] = [None]
    for network in found.networks:
        example, its_projection = _attack(found, network, i, title)
        attacked.append(example)
        projected.append(its_projection)
        gradients.append(_gradient(found, network, i, title))
    rows = [("Image", attacked), ("Its projection", projected), ("Gradient", gradients)]
    return Gallery(title, ["no attack", *map(network_name, found.networks)], rows, image.shape[1])


def _attack(found: Distances, network: Network, i: int, title: str) -> tuple[Tile | None, Tile | None]:
    """A network's adversarial example, and its projection."""
    images, projections = (
        found.shown(kind, network) for kind in ("sample_adversarial", "sample_adversarial_projection")
    )
    labels = found.shown("sample_predicted", network)
    if images is None or projections is None or labels is None:
        return None, None
    example = f"{title}: adversarial example of {network_name(network)}"
    return photo(images[i], example, f"taken for {labels[i]}"), photo(projections[i], f"{example}, its projection")


def _gradient(found: Distances, network: Network, i: int, title: str) -> Tile | None:
    maps = found.shown("sample_map", network)
    return None if maps is None else heat(maps[i], f"{title}: gradient of {network_name(network)}")
