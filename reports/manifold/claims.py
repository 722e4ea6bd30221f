"""The claims of Section 2.1, judged, and what a reader must know before believing them."""

import itertools
from collections.abc import Iterator
from typing import Any

from reports.evidence.claim import UNKNOWN, Claim, Estimate, judged
from reports.evidence.published import NORMS
from reports.evidence.registered import primary
from reports.evidence.statistics import estimate
from reports.evidence.study import Network, NotMeasuredError
from reports.evidence.wording import with_interval
from reports.manifold.analysis import CONTROLS, ENCODER, Distances, published_modes

NOT_PUBLISHED = "not published"


def no_distance_because(found: Distances, to: str = "distance") -> str:
    """Why distances tell nothing: "" where distance grows with noise from the smallest size on."""
    for (before, after), step in zip(itertools.pairwise(found.noise_sizes), found.noise_steps(to), strict=True):
        if step.low is None or step.high is None:
            return f"the distance of clean images with noise of size {before:.3g} or {after:.3g} does not exist"
        if step.low <= 0:
            change = with_interval(step.value, step.low, step.high, 3)
            return f"from noise of size {before:.3g} to {after:.3g} the distance of clean images changes by {change}"
    return ""


def registered(found: Distances) -> Iterator[Claim]:
    """Those of the registered list."""
    ends = found.ends("cross_entropy", "l2")
    design = "" if ends else "no network is trained against l2 attacks on cross-entropy"
    alone = "" if len(set(ends)) > 1 else "one l2 training on cross-entropy has no stronger one to be compared with"
    lost = next((f"{network.name} is missing" for network in ends if network not in found.networks), "")
    closer = gain = stronger = UNKNOWN
    if ends and not lost:
        closer = estimate(found.closer(found.standard, ends[-1], "cross_entropy"))
        stronger = UNKNOWN if alone else estimate(found.closer(ends[0], ends[-1], "cross_entropy"))
        gain = estimate(found.alignment_gain(ends[-1]))
    published = {"closer": modes_of(found, found.standard, *ends[-1:]), "stronger": modes_of(found, *ends)}
    premise = lost or no_distance_because(found)
    rows = f"distances to {found.targets['distance']}; {found.rows}"
    yield primary("closer", found.dataset, closer, design=design, reason=premise, rows=rows, **published)
    yield primary(
        "closer-with-strength", found.dataset, stronger, design=design or alone, reason=premise, rows=rows, **published
    )
    yield primary("gradients", found.dataset, gain, design=design, reason=lost, rows=found.rows)


def modes_of(found: Distances, *pair: Network) -> str:
    """From where to where the modes go from one network to another: the paper's, and beside them ours on its data."""
    published = published_modes(found.dataset)
    theirs = [published.get("standard" if network == found.standard else network.strength) for network in pair]
    if len(set(pair)) < 2 or None in theirs:
        return NOT_PUBLISHED
    told = f"its modes fall from {theirs[0]} to {theirs[1]} on the paper's own axis"
    if not found.is_the_papers_data:
        return f"{told}, for other images"
    try:
        first, second = (found.modes.get((network, "cross_entropy")) for network in pair)
    except NotMeasuredError:  # of an older run
        return told
    return told if first is None or second is None else f"{told}; ours from {first:.2g} to {second:.2g}"


def distances(found: Distances) -> Iterator[Claim]:
    """Of the strongest network of every series, under every attack."""
    for network, loss in itertools.product(found.strongest(), found.attack_losses):
        yield from _under_attack(found, network, loss)


def _under_attack(found: Distances, strongest: Network, loss: str) -> Iterator[Claim]:
    weakest, _ = found.ends(strongest.group, strongest.family)
    where = f"{_series(strongest)}-{loss}"
    about = f"({_trained(strongest)}, {loss} attack)"
    check, reason = strongest.family not in NORMS, no_distance_because(found)
    target = found.targets["distance"]
    yield _claim(
        found,
        f"closer-{where}",
        f"Adversarial examples of the strongest training lie closer to {target} {about}",
        estimate(found.closer(found.standard, strongest, loss)),
        f"mean l2 distance to {target}, standard network minus {strongest.name}",
        paper="closer on every data set",
        check=check,
        reason=reason,
    )
    if found.searches:
        yield _claim(
            found,
            f"closer-encoded-{where}",
            f"They lie closer to {ENCODER} as well, to which the paper measures {about}",
            estimate(found.closer(found.standard, strongest, loss, to="encoded")),
            f"mean l2 distance to {ENCODER}, standard network minus {strongest.name}",
            paper="closer on every data set",
            check=True,
            reason=no_distance_because(found, "encoded"),
        )
    if weakest != strongest and weakest in found.networks:
        yield _claim(
            found,
            f"stronger-{where}",
            f"Stronger training brings them closer still {about}",
            estimate(found.closer(weakest, strongest, loss)),
            f"mean l2 distance to {target}, weakest training minus strongest",
            paper="closer with every step of eps",
            check=check,
            reason=reason,
        )
    yield _claim(
        found,
        f"beyond-linear-{where}",
        f"They lie closer to the VAE-GAN's manifold by more than to any that knows nothing of it {about}",
        found.beyond_controls(strongest, loss),
        f"how much closer to {target}, minus the largest of 0 and how much closer to {', '.join(CONTROLS.values())}",
        check=True,
        reason=reason,
    )


def _series(network: Network) -> str:
    return f"{network.family}-{network.group}"


def _trained(network: Network) -> str:
    by_loss = "" if network.family == network.group else f" on {network.group}"
    return f"{network.family} training{by_loss}"


def gradients(found: Distances) -> Iterator[Claim]:
    """Of the strongest network of every series."""
    for network in found.strongest():
        trained, where = _trained(network), _series(network)
        yield _claim(
            found,
            f"gradients-{where}",
            f"After {trained} more of the gradient lies in the manifold's tangent space",
            estimate(found.alignment_gain(network)),
            f"alignment of {network.name} minus the standard network's",
            paper="judged by eye",
            check=network.family not in NORMS,
        )
        yield _claim(
            found,
            f"gradients-own-{where}",
            f"The gain of {trained} is of the image's own tangent space, not of any image's",
            found.alignment_beyond_another(network),
            "gain in alignment minus the gain with another image's tangent space, at least 0",
            check=True,
        )
        yield _claim(
            found,
            f"gradients-blurred-{where}",
            f"At equal blur {trained} still raises the alignment",
            estimate(found.alignment_gain(network, "alignment_blurred")),
            "alignment, both gradients blurred by a pixel",
            check=True,
        )


def controls(found: Distances) -> Iterator[Claim]:
    """What distances must show before they can be believed."""
    smallest, *_ = found.noise_steps()
    target = found.targets["distance"]
    yield _claim(
        found,
        "noise-grows",
        f"Distance to {target} grows with the smallest noise on clean images, without which it means nothing",
        smallest,
        f"distance with noise of size {found.noise_sizes[1]:.3g} minus without",
        check=True,
    )
    for loss in found.attack_losses:
        yield _claim(
            found,
            f"farther-than-noise-{loss}",
            f"The standard network's attacked images ({loss}) lie farther from {target} than noise of the same size",
            estimate(found.farther_than_noise(found.standard, loss)),
            f"distance to {target} of the adversarial image minus that of the image with noise of that size",
            check=True,
            reason=no_distance_because(found),
        )


def _claim(found: Distances, name: str, statement: str, value: Estimate, of: str, **about: Any) -> Claim:
    return judged(
        value,
        dataset=found.dataset,
        id=f"manifold-{name}",
        statement=statement,
        section="2.1",
        unit=f"{of}; {found.rows}",
        **about,
    )


def alerts(found: Distances) -> Iterator[str]:
    """What a reader must know before believing the numbers; each derived from them."""
    if len(found.runs) == 1:
        yield "One training of every network and VAE-GAN: the numbers are about these alone. Use --training_seeds=5."
    if reason := no_distance_because(found):
        yield f"No distance tells anything here: {reason}."
    clean, linear = found.clean.mean(), found.clean_control("pca_latent").mean()
    if clean > linear:
        upper_bounds = "" if found.searches else ": its distances are upper bounds. Compare --projection=optimise"
        yield (
            f"The VAE-GAN comes no closer to test images ({clean:.2f}) than as many principal components do "
            f"({linear:.2f}){upper_bounds}."
        )
    if found.searches:
        reason = no_distance_because(found, "encoded")
        yield (
            f"Distances are to {found.targets['distance']}, not to {ENCODER} as in the paper"
            f"{f'. That one would tell nothing here: {reason}' if reason else ''}."
        )
    if found.settings["vae_gan_width"] != 1:
        width, epochs = found.settings["vae_gan_width"], found.settings["vae_gan_epochs"]
        yield f"Small scale: VAE-GANs of width {width:g}, {epochs} epochs."
    for network, loss in itertools.product(found.networks, found.attack_losses):
        kept = found.kept(network, loss).mean()
        if kept < 0.5:
            yield f"{network.name}, {loss} attack: only {kept:.0%} of the images count as successful."
