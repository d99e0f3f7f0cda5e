"""Import-linter contracts of our own: the floors inside a domain, and packages that are functions of their input."""

import sys
from typing import Any

import grimp
from importlinter import Contract, ContractCheck, fields, output

_FLOORS = {"errors": 0, "schemas": 1, "queries": 2, "service": 4, "jobs": 5, "resources": 5}
_IDEA_FILES = 3


class InsideDomains(Contract):
    """Within each domain: resources | jobs > service > idea files > queries > schemas > errors."""

    type_name = "inside_domains"

    domains: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Find the imports that go up, or across from one of the top files to the other."""
        upward = [
            f"{importer} imports {imported}"
            for domain in self.domains
            for importer in sorted(graph.find_children(domain))
            for imported in sorted(graph.find_modules_directly_imported_by(importer) & graph.find_children(domain))
            if _floor(imported) > _floor(importer) or _floor(imported) == _floor(importer) == _FLOORS["resources"]
        ]
        return ContractCheck(kept=not upward, metadata={"upward": upward})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """List what was found."""
        for line in check.metadata["upward"]:
            output.print_error(line, bold=False)


class Pure(Contract):
    """`package` imports nothing but itself, the standard library and the modules `allowed`."""

    type_name = "pure"

    package: Any = fields.StringField()
    allowed: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Find the imports of anything else."""
        inside = {self.package, *graph.find_descendants(self.package)}
        foreign = [
            f"{importer} imports {imported}"
            for importer in sorted(inside)
            for imported in sorted(graph.find_modules_directly_imported_by(importer) - inside - set(self.allowed))
            if imported.partition(".")[0] not in sys.stdlib_module_names
        ]
        return ContractCheck(kept=not foreign, metadata={"foreign": foreign})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """List what was found."""
        for line in check.metadata["foreign"]:
            output.print_error(line, bold=False)


def _floor(module: str) -> int:
    return _FLOORS.get(module.rpartition(".")[2], _IDEA_FILES)
