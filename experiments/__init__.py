"""Experiments: what is measured. A folder for each measurement; a section of the report reads one of them.

This is the one list of sections, in the paper's order.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Section(NamedTuple):
    """A section of the report.

    Attributes:
        number: of the paper's section, or what it is where the paper has none.
        measurement: the folder of `experiments/` that measures what it reads.
    """

    number: str
    measurement: str

    @property
    def title(self) -> str:
        """ "Section 3.2"; what is no section of the paper is named as it is."""
        return f"Section {self.number}" if self.number[:1].isdigit() else self.number


SECTIONS: Mapping[str, Section] = {
    "manifold": Section("2.1", "manifold"),
    "boundary": Section("2.2", "boundary"),
    "roar": Section("3.2", "scores"),
    "tradeoff": Section("3.3", "scores"),
    "survey": Section("Beyond the paper", "survey"),
}
"""By name, as on the command line."""

MEASUREMENTS = tuple(dict.fromkeys(section.measurement for section in SECTIONS.values()))
