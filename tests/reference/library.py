"""Other libraries, or the reason why their tests are skipped."""

import importlib
from types import ModuleType

import pytest


def library(module: str) -> ModuleType:
    """A module of another library. Builds that do not fit each other, as of torch and torchvision, raise anything."""
    try:
        return importlib.import_module(module)
    except Exception as error:
        reason = f"{module} cannot be imported ({type(error).__name__}: {error}); requirements-reference.txt has it"
        pytest.skip(reason, allow_module_level=True)
