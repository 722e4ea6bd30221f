"""The claims of Section 2.1, judged, and what a reader must know before believing them."""

import itertools
from collections.abc import Iterator
from typing import Any

from reports.evidence.claim import UNKNOWN, Claim, Estimate, judged, no_gain
from reports.evidence.published import NORMS
from reports.evidence.registered import primary
from reports.evidence.statistics import estimate, known_difference
from reports.evidence.study import Network
from reports.evidence.wording import with_interval
from reports.manifold.analysis import CONTROLS, Distances, published_modes


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
    lost = [f"{network.name} is missing" for network in ends if network not in found.networks]
    absent = "" if ends else "no network was trained against l2 attacks on cross-entropy"
    modes, reason = published_modes(found.dataset), no_distance_because(found)
    places = [modes.get(network.strength) for network in ends]
    closer, several = _published(modes.get("standard"), *places[1:]), len(set(ends)) > 1
    stronger = _published(*places) if several else _published()
    effects = {"closer": UNKNOWN, "closer-with-strength": UNKNOWN, "gradients": UNKNOWN}
    if ends and not lost:
        effects["closer"] = found.on_the_papers_axis(found.standard, ends[-1])
        effects["gradients"] = estimate(found.alignment_gain(ends[-1]))
    if several and not lost:
        effects["closer-with-strength"] = found.on_the_papers_axis(*ends)
    for name, effect in effects.items():
        why = absent or next(iter(lost), "") or ("" if name == "gradients" else reason)
        yield primary(name, found.dataset, effect, reason=why, rows=found.rows, closer=closer, stronger=stronger)


def _published(*modes: float | None) -> str:
    """What the paper has of a difference of distances: that of two densities' modes, where both were read off."""
    if len(modes) < 2 or None in modes:
        return "not published"
    first, second = (mode or 0.0 for mode in modes)
    return f"{first - second:+.2g} between the densities' modes"


def distances(found: Distances) -> Iterator[Claim]:
    """Of the strongest network of every series, under every attack."""
    for network, loss in itertools.product(found.strongest(), found.attack_losses):
        yield from _under_attack(found, network, loss)


def _under_attack(found: Distances, strongest: Network, loss: str) -> Iterator[Claim]:
    weakest, _ = found.ends(strongest.group, strongest.family)
    where = f"{_series(strongest)}-{loss}"
    about = f"({_trained(strongest)}, {loss} attack)"
    closer = estimate(found.closer(found.standard, strongest, loss))
    check, reason = strongest.family not in NORMS, no_distance_because(found)
    yield _claim(
        found,
        f"closer-{where}",
        f"Adversarial examples of the strongest training lie closer to the manifold {about}",
        closer,
        f"standard network's mean l2 distance minus that of {strongest.name}",
        paper="closer on every data set",
        check=check,
        reason=reason,
    )
    if found.searches:
        yield _claim(
            found,
            f"closer-encoded-{where}",
            f"They lie closer to the encoder's reconstructions as well, to which the paper measures {about}",
            estimate(found.closer(found.standard, strongest, loss, to="encoded")),
            f"mean l2 distance to the encoder's reconstruction, standard network minus {strongest.name}",
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
            "mean l2 distance, weakest training minus strongest",
            paper="closer with every step of eps",
            check=check,
            reason=reason,
        )
    yield _claim(
        found,
        f"beyond-linear-{where}",
        f"They lie closer to the VAE-GAN's manifold by more than to any that knows nothing of it {about}",
        found.beyond_controls(strongest, loss),
        f"closer to the VAE-GAN's manifold minus the largest of closer to {', '.join(CONTROLS.values())}",
        check=True,
        reason=reason or no_gain(closer),
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
        gain = estimate(found.alignment_gain(network))
        yield _claim(
            found,
            f"gradients-{where}",
            f"After {trained} more of the gradient lies in the manifold's tangent space",
            gain,
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
            reason=no_gain(gain),
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
    yield _claim(
        found,
        "noise-grows",
        "Distance grows with the smallest noise on clean images, without which the measure means nothing",
        smallest,
        f"distance with noise of size {found.noise_sizes[1]:.3g} minus without",
        check=True,
    )
    for loss in found.attack_losses:
        attacked, noisy = (found.distances(found.standard, loss, to=name) for name in ("distance", "noise_distance"))
        yield _claim(
            found,
            f"farther-than-noise-{loss}",
            f"The standard network's adversarial examples ({loss}) lie farther from the manifold than noise of their "
            "size",
            estimate(known_difference(attacked, noisy)),
            "distance of the adversarial image minus that of the noisy one, image by image",
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
            "Distances are to the nearest image that the VAE-GAN was found to generate, not to the encoder's "
            f"reconstruction as in the paper{f'. That one would tell nothing here: {reason}' if reason else ''}."
        )
    if found.settings["vae_gan_width"] != 1:
        width, epochs = found.settings["vae_gan_width"], found.settings["vae_gan_epochs"]
        yield f"Small scale: VAE-GANs of width {width:g}, {epochs} epochs."
    for network, loss in itertools.product(found.networks, found.attack_losses):
        kept = found.kept(network, loss).mean()
        if kept < 0.5:
            yield f"{network.name}, {loss} attack: only {kept:.0%} of the images count as successful."
