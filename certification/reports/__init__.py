"""Kinds of report. Each is one module or package here, which adds one `Kind`; nothing else names them."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
