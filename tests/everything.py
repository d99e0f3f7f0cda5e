"""All of Schediora, imported, for commands that are forked instead of started."""

from importlib import import_module
from pkgutil import walk_packages

import schediora_cli

import schediora

for package in (schediora, schediora_cli):
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
