"""The networks of a study as pieces: what measures them makes them on the way."""

from collections.abc import Iterator

from experiments.data import Fingerprint
from experiments.networks.grid import networks
from experiments.networks.keys import network_key
from experiments.piece import Piece
from experiments.settings.studies import ImageStudy


def network_pieces(study: ImageStudy, data: Fingerprint, run: int) -> Iterator[Piece]:
    """Every network of one of a study's trainings."""
    for spec in networks(study):
        key = network_key(study, data, spec, run)
        yield Piece(
            key, f"{spec.name}, {spec.passes:g} passes an image", spec.passes * study.epochs * data.train_images
        )
