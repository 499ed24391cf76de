"""The house keeps its floors; these tests add what the import linter's patterns cannot say."""

import ast
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("commerce_api", "sitegen", cache_dir=None)


def package(module: str) -> str:
    return ".".join(module.split(".")[:3])


def test_models_are_imported_only_inside_their_own_package(graph: grimp.ImportGraph) -> None:
    models = [module for module in graph.modules if module.endswith(".models")]
    strangers = [
        (importer, module)
        for module in models
        for importer in graph.find_modules_that_directly_import(module)
        if package(importer) != package(module)
    ]
    assert strangers == []


def test_only_the_source_module_of_sitegen_crosses_the_bridge(graph: grimp.ImportGraph) -> None:
    crossing = graph.find_modules_that_directly_import("commerce_api.site_feed")
    assert {module for module in crossing if module.startswith("sitegen")} <= {"sitegen.source"}


def test_no_import_hides_inside_a_function() -> None:
    hidden = []
    for folder in ("commerce_api", "sitegen", "sandbox", "bench", "deploy"):
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                    found = [n.lineno for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
                    hidden += [f"{path.relative_to(ROOT)}:{line}" for line in found]
    assert hidden == []
