"""Writes the pages: stored results in, self-contained HTML out."""

import json
from pathlib import Path

import jinja2

from experiments.artefacts import Store, read_arrays, write_arrays, write_json
from reports import formats, manifold_page, roar_page
from reports.figures import name, network_name
from reports.view import settings_rows

PAGES = {"manifold": manifold_page.study_page, "roar": roar_page.study_page}
"""Per experiment, the function that turns one study's results into what its template shows."""

TITLES = {
    "manifold": "Distance to the image manifold: do robust networks' adversarial examples stay close? (Section 2.1)",
    "roar": "ROAR and KAR: are robust networks' gradients more interpretable? (Section 3.2)",
}


def save_results(results: dict, store: Store) -> None:
    """results/<experiment>.json, and beside it the pictures' arrays as .npz."""
    folder = store.root / "results"
    folder.mkdir(exist_ok=True)
    plain = {name: value for name, value in results.items() if name != "pictures"}
    write_arrays(folder / f"{results['experiment']}.npz", results["pictures"])
    write_json(folder / f"{results['experiment']}.json", plain)


def render_reports(store: Store) -> Path:
    """Every page for which results are stored, and the index.

    Returns:
        The path of the index page.
    """
    pages = []
    for experiment, study_page in PAGES.items():
        stored = store.root / "results" / f"{experiment}.json"
        if stored.exists():
            results = json.loads(stored.read_text())
            pictures = read_arrays(stored.with_suffix(".npz"))
            studies = [study_page(study, results, pictures) for study in results["settings"]["studies"]]
            _write_page(
                store, experiment, results=results, page={"studies": studies, "settings": settings_rows(results)}
            )
            pages.append(results)
    _write_page(store, "index", pages=pages)
    return store.root / "reports" / "index.html"


def _write_page(store: Store, name: str, **context) -> None:
    target = store.root / "reports" / f"{name}.html"
    target.parent.mkdir(exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_text(_environment().get_template(f"{name}.html").render(titles=TITLES, **context))
    partial.replace(target)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(formats.FILTERS, label=name, network=network_name)
    return environment
