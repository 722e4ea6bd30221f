"""What the distance to the manifold is measured on, and at which scale. Defaults are the protocol's for CIFAR-10."""

from dataclasses import dataclass

from experiments.settings.options import ABOVE_0, COUNT, one_of, option
from experiments.settings.studies import VaeGanStudy

SUCCESS_RULES = ("standard_network", "attacked_network")
PROJECTIONS = ("encode", "optimise")
ATTACK_LOSSES = ("cross_entropy", "cw")
"""Every network is attacked with each. Source: protocol, Section 2.1."""
NOISE_SHARES = (1 / 6, 1 / 3, 2 / 3, 1.0)
"""Noise sizes of the check that distance grows, as shares of the attack's eps (2, 4, 8, 12 in the protocol)."""
SEARCH_STEP = 3
"""Network passes that an image's step of --projection=optimise takes as long as: two on CIFAR-10, four on MNIST."""


@dataclass(frozen=True)
class ManifoldStudy(VaeGanStudy):
    """One data set, its networks and its VAE-GAN."""

    manifold_eps: float = option(
        12.0, "l2 radius of the attacks whose distance is measured.", "manifold", "12", ABOVE_0
    )
    manifold_steps: int = option(40, "Steps of those attacks.", "manifold", "40", COUNT)
    success: str = option(
        "standard_network",
        f"Whose label an attack must change to count: {', '.join(SUCCESS_RULES)}. The page shows the other rule "
        "beside it.",
        "manifold",
        "attacked_network",
        one_of(SUCCESS_RULES),
    )
    projection: str = option(
        "encode",
        "The VAE-GAN's reconstruction as in the paper (encode), or the nearest generated image found from there "
        "(optimise).",
        "manifold",
        "optimise",
        one_of(PROJECTIONS),
    )
    projection_steps: int = option(100, "Adam steps of --projection=optimise.", "manifold", "100", COUNT)

    @property
    def searches(self) -> bool:
        """Whether projections are the nearest images found, and not the encoder's."""
        return self.projection == "optimise"


def projection_passes(study: ManifoldStudy, images: int) -> int:
    """What projecting some images takes beyond the encoder's reconstruction, in network passes."""
    return SEARCH_STEP * study.projection_steps * images if study.searches else 0
