"""Looks: after how many trainings a study is judged, declared before it is run.

Whoever judges after 5, 8 and 12 trainings has three chances to find something. So the level is split equally over the
declared looks (Bonferroni), and Holm's correction runs within each. At a look the trainings up to it pool. A registered
claim that a look decides stays decided, whatever later trainings say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from experiments.store.values import Values
from reports.evidence.claim import DECIDED, NOT_TESTED, Claim
from reports.evidence.correction import judged_together


def looks_of(values: Values) -> list[int]:
    """The numbers of trainings at which a study is judged, ascending; none of a study without trainings, as the toy's.

    Where none was declared there is one look, at all trainings.
    """
    declared, planned = values.settings.get("looks"), values.settings.get("training_seeds")
    return list(declared or ([planned] if planned else []))


def until(values: Values, look: int) -> Values:
    """What was measured in the first so many of the planned trainings."""
    return replace(values, arrays=values.arrays.isel(training=slice(look)))


def is_reached(look: int, values: Values, complete: bool) -> bool:
    """Whether so many trainings were planned, and all of them are whole or nothing more of them is to come.

    complete: whether everything that was planned for the trainings up to the look was measured.
    """
    more_to_come = any(not entry["reason"] for entry in values.missing)
    return look <= values.settings["training_seeds"] and (complete or not more_to_come)


def judged_at_looks(now: Sequence[Claim], at_looks: Mapping[int, Sequence[Claim]], values: Values) -> list[Claim]:
    """Claims about all trainings measured so far, with the verdicts of the looks that were reached.

    A registered claim has the verdict of the look that decided it; every other claim has that of the last look.

    Args:
        now: from all trainings, before any correction.
        at_looks: by look that was reached, ascending, the claims from the trainings up to it, before any correction.
        values: what was measured.
    """
    looks, verdicts = len(looks_of(values)), dict[str, Claim]()
    for look, claims in at_looks.items():
        for claim in judged_together(claims, looks):
            before = verdicts.get(claim.id)
            if before is None or not (claim.primary and before.verdict in DECIDED):
                verdicts[claim.id] = replace(claim, look=look)
    too_early = "" if at_looks else _why_too_early(values)
    return [_with_verdict(claim, verdicts.get(claim.id), too_early) for claim in judged_together(now, looks)]


def _with_verdict(claim: Claim, of_look: Claim | None, too_early: str) -> Claim:
    if of_look is None:
        reason = claim.reason or too_early or "nothing of it was measured at the last look"
        return replace(claim, p=None, reason=reason, needed="", verdict=NOT_TESTED)
    needed = "" if of_look.verdict in DECIDED else claim.needed
    if claim.measured is None:  # a later training lacks something: the numbers are those of the look
        claim = of_look
    return replace(claim, p=of_look.p, reason=of_look.reason, look=of_look.look, needed=needed, verdict=of_look.verdict)


def _why_too_early(values: Values) -> str:
    first, planned = looks_of(values)[0], values.settings["training_seeds"]
    if planned < first:
        return f"the first look is at {first} trainings, this run has {planned}: --training_seeds={first}"
    return f"the first look is at {first} trainings, which are not all measured yet"


def changed_designs(values: Values) -> Iterator[str]:
    """Says so where looks or seed were declared anew in the folder: verdicts were then not fixed beforehand."""
    designs = list(dict.fromkeys((design["at"], tuple(design["looks"]), design["seed"]) for design in values.declared))
    if len({design[1:] for design in designs}) > 1:
        told = "; ".join(
            f"{at}: judged at {', '.join(map(str, looks))} trainings, --seed={seed}" for at, looks, seed in designs
        )
        yield (
            "More than one design was declared in this folder, so that the verdicts were not fixed before numbers "
            f"could be seen ({told})."
        )
