"""What the documentation of the statistics promises: every example runs, every error is described."""

import doctest
import importlib
import inspect
import pkgutil
from types import ModuleType

import numpy as np
import pytest

from survey_app import measurement

MODULES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(measurement.__path__, prefix=f"{measurement.__name__}.")
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_examples_run(module: ModuleType) -> None:
    outcome = doctest.testmod(module, extraglobs={"np": np})
    assert outcome.failed == 0


def test_there_are_examples_and_every_public_name_is_explained() -> None:
    assert MODULES
    for module in MODULES:
        assert module.__doc__
        for name, value in vars(module).items():
            if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__:
                assert inspect.getdoc(value), f"{module.__name__}.{name} has no docstring"


def test_statistics_import_neither_frameworks_nor_statistics_packages() -> None:
    for module in MODULES:
        source = inspect.getsource(module)
        for name in ("scipy.stats", "pandas", "statsmodels", "flask", "sqlalchemy", "pydantic"):
            assert f"import {name}" not in source
            assert f"from {name}" not in source
