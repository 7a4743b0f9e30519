"""The pages of the site, as Datasette finds them: this file loads the folder ``pages`` beside the plugins and hands on its hooks."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

# Datasette runs each file of the plugins folder by itself, so files there cannot import each other; a package under a name of its own can.
NAME = "harvest_pages"


def _loaded(folder: Path) -> None:
    spec = spec_from_file_location(NAME, folder / "__init__.py", submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder}: the pages are missing; publish again")
    package = module_from_spec(spec)
    sys.modules[NAME] = package
    spec.loader.exec_module(package)


if NAME not in sys.modules:
    _loaded(Path(__file__).parent.parent / "pages")
_hooks = import_module(f"{NAME}.hooks")

register_routes = _hooks.register_routes
render_cell = _hooks.render_cell
extra_template_vars = _hooks.extra_template_vars
asgi_wrapper = _hooks.asgi_wrapper
startup = _hooks.startup
