"""What pages are made of, each part made."""

from importlib import import_module

from reports.section import Judged, made


def panels_of(judged: Judged) -> dict:
    """By figure."""
    return made(import_module(f"reports.{judged.section.name}.page").panels(judged), "Figures")


def shows_of(judged: Judged, characters: int) -> dict:
    """By name in the template."""
    return made(import_module(f"reports.{judged.section.name}.page").shows(judged, characters), "Sentences")
