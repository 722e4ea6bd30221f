"""Which code, versions, machine and command a result came from."""

import functools
import os
import platform
import shlex
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

from experiments.compute.tensorflow_import import import_tensorflow

MAKERS = ("tensorflow", "keras", "numpy")
"""Packages on which every artefact's numbers depend."""
VARIABLES = ("TF_", "XLA_FLAGS", "ONEDNN_", "DNNL_", "NVIDIA_TF32_OVERRIDE")
"""How environment variables begin by which TensorFlow rounds, adds or draws in another way."""
NOT_OF_NUMBERS = ("TF_CPP_", "TF_CONFIG", "TF_FORCE_GPU_ALLOW_GROWTH")
NO_ACCELERATOR, NOT_LOOKED_FOR = "none", "not looked for: everything was stored"
PACKAGES = ("tensorflow", "keras", "numpy", "scipy", "tensorflow-datasets", "mlxtend")


def provenance(seconds: float) -> dict:
    """JSON values that let a reader repeat the run.

    Args:
        seconds: that the run has taken.
    """
    return {
        "command": shlex.join(["python", os.path.basename(sys.argv[0]), *sys.argv[1:]]),
        "commit": commit(),
        "finished": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "seconds": round(seconds, 1),
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "processor": _processor(),
        "accelerators": _accelerators(),
        "environment": _environment(),
    }


@functools.cache
def versions() -> dict[str, str]:
    """What makes artefacts now, noted in each of them: code, packages, accelerators and environment variables."""
    import_tensorflow()  # else accelerators are unknown; who makes an artefact loads it anyway
    packages = {name: metadata.version(name) for name in MAKERS}
    code = {"commit": commit(), "python": platform.python_version(), **packages}
    return {**code, "accelerators": _accelerators(), "environment": _environment()}


@functools.cache
def commit() -> str:
    """The checked-out commit, marked where files differ from it."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown: not a git checkout"


def _environment() -> str:
    """Such variables as a shell sets them."""
    known = {name: value for name, value in os.environ.items() if name.startswith(VARIABLES)}
    of_numbers = sorted(name for name in known if not name.startswith(NOT_OF_NUMBERS))
    return " ".join(f"{name}={shlex.quote(known[name])}" for name in of_numbers) or "default"


def _processor() -> str:
    """The name Linux gives it, else the platform's word."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _accelerators() -> str:
    """Known only to a run that computed something: asking loads TensorFlow."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:
        return NOT_LOOKED_FOR
    details = map(tensorflow.config.experimental.get_device_details, tensorflow.config.list_physical_devices("GPU"))
    return ", ".join(detail.get("device_name", "unnamed GPU") for detail in details) or NO_ACCELERATOR
