"""Measures, prints, and puts what it measured into benchmarks/results.json and the tables of docs/benchmarks.md.

python -m benchmarks [name ...]
"""

import importlib
import json
import sys
from pathlib import Path

from experiments.compute.tensorflow_import import import_tensorflow
from reports.written import between

NAMES = (
    "attack",
    "attributions",
    "adversarial_training",
    "training_methods",
    "imputation",
    "standard_training",
    "roar",
    "vae_gan",
    "precision",
    "startup",
    "scaling",
)
RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
START, END = "<!-- benchmarks: made by make bench -->", "<!-- end of benchmarks -->"


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"{unknown[0]!r} is not a benchmark; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 1
    import_tensorflow()
    from benchmarks.measure import machine
    from benchmarks.peers import missing

    results = _stored(machine())
    for name, reason in missing().items():
        print(f"{name} {reason} and goes unmeasured; make bench installs it.", file=sys.stderr)
    for name in names or NAMES:
        print(f"\n{name}", flush=True)
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "run"):
            results["comparisons"][name] = rows = []
            for comparison in module.run():
                rows.append(comparison.as_dict())
                print(_row(rows[-1]), flush=True)
        if hasattr(module, "facts"):
            results["facts"][name] = module.facts()
            print("\n".join(_fact(*fact) for fact in results["facts"][name].items()), flush=True)
        results["missing"] = [other for other in missing() if not _measured(other, results)]
        _keep(results)
    return 0


def _keep(results: dict) -> None:
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), START, END, _tables(results)), encoding="utf-8")


def _stored(machine: dict) -> dict:
    """Results of other benchmarks, if they were measured on this machine with these versions."""
    stored = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return stored if stored.get("machine") == machine else {"machine": machine, "comparisons": {}, "facts": {}}


def _measured(library: str, results: dict) -> bool:
    """Whether one that is not installed now was measured before."""
    return any(row["other"].startswith(library) for rows in results["comparisons"].values() for row in rows)


def _tables(results: dict) -> str:
    machine = results["machine"]
    lines = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['gpus']} GPUs, "
        f"TensorFlow {machine['tensorflow']}, Keras {machine['keras']}.",
        "",
        "| what | ours per second | against | how many times as long it takes (lowest to highest of the rounds) |",
        "|---|---|---|---|",
        *(_row(row) for name in NAMES for row in results["comparisons"].get(name, ())),
        "",
        "| measured | value |",
        "|---|---|",
        *(_fact(*fact) for name in NAMES for fact in results["facts"].get(name, {}).items()),
    ]
    if results["missing"]:
        lines += ["", f"Not installed, and not measured: {', '.join(results['missing'])}."]
    return "\n".join(lines)


def _row(row: dict) -> str:
    rate = f"{row['ours_per_second']:,.{0 if row['ours_per_second'] >= 10 else 2}f} {row['unit']}"
    spread = f"{row['ratio']:.2f} ({row['ratio_lowest']:.2f} to {row['ratio_highest']:.2f})"
    return f"| {row['case']}: {row['ours']} | {rate} | {row['other']} | {spread} |"


def _fact(what: str, value: float) -> str:
    return f"| {what} | {value:.3g} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
