"""What Schediora stands on: a CycloneDX list of all that is installed, its licences, and what is known against it.

    python .ci/supply_chain.py PYTHON LIST

PYTHON is that of an environment with Schediora and nothing else; run by one that has what .ci/tools.txt names. Writes
LIST, in CycloneDX's JSON and valid by its schema. Exits with 1 for a package with a known weakness or a licence that
nobody has looked at. Where the advisory service does not answer, it says so and goes on.
"""

import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(sys.executable).parent
PERMISSIVE = {
    "Apache Software License",
    "Apache-2.0",
    "Apache-2.0 AND BSD-2-Clause",
    "Apache-2.0 OR BSD-2-Clause",
    "Apache-2.0 OR BSD-3-Clause",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT AND PSF-2.0",
    "MIT OR Apache-2.0",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "Unlicense",
    "Zope Public License",
}
"""What asks for no more than its own text beside it; MPL's asks for the source of changes, of which we make none."""
LESSER = {"LGPL-3.0-only", "LGPL-3.0-or-later"}
"""What asks for more: whoever is under it is named in README.md, and its text lies in schediora/licenses."""
UNDECLARED = {"huey": "MIT", "peewee": "MIT"}
"""Packages that do not declare in their metadata what stands in their LICENSE file."""
OURS = {"schediora", "pip", "setuptools", "wheel"}
AUDIT_SECONDS = 120


def main(python: str, out: Path) -> int:
    """Make the list and look at it; return the exit code."""
    out.parent.mkdir(parents=True, exist_ok=True)
    command = [HERE / "cyclonedx-py", "environment", "--output-reproducible", "--of", "JSON", "-o", out, python]
    subprocess.run(command, check=True)  # it validates what it writes
    components = [each for each in json.loads(out.read_text())["components"] if each["name"] not in OURS]
    print(f"{out}: {len(components)} packages")
    return 1 if licences_unknown(components) | weaknesses_known(python) else 0


def licences_unknown(components: list[dict[str, Any]]) -> bool:
    """Say which licences there are, and return whether one of them is unknown or not named where it has to be."""
    said = Path("README.md").read_text(encoding="utf-8").partition("## Licences")[2]
    by_licence: dict[str, list[str]] = defaultdict(list)
    for component in components:
        by_licence[licence_of(component)].append(component["name"])
    for licence, names in sorted(by_licence.items()):
        print(f"  {licence}: {', '.join(sorted(names, key=str.lower))}")
    unnamed = [
        name for licence in LESSER for name in by_licence[licence] if f"`{name.removesuffix('-binary')}`" not in said
    ]
    strange = [f"{licence}: {', '.join(names)}" for licence, names in by_licence.items() if licence not in PERMISSIVE]
    strange = [line for line in strange if line.partition(":")[0] not in LESSER]
    for name in unnamed:
        print(f"{name} is under the LGPL, and README.md does not say so.")
    for line in strange:
        print(f"Nobody has looked at this licence yet, see .ci/supply_chain.py: {line}")
    return bool(unnamed or strange)


def licence_of(component: dict[str, Any]) -> str:
    """Return the licence as it is declared: the expression or identifier, else the words of the classifier."""
    given = component.get("licenses", [])
    names = [each.get("expression") or each["license"].get("id") or each["license"]["name"] for each in given]
    if not names:
        return UNDECLARED.get(component["name"], "none declared")
    return str(names[0]).rpartition(":: ")[2]


def weaknesses_known(python: str) -> bool:
    """Ask the advisory service for every package; return whether it knows a weakness of one."""
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, check=True
    )
    path = site.stdout.decode().strip()
    command = [HERE / "pip-audit", "--path", path, "--format", "json", "--progress-spinner", "off"]
    try:
        asked = subprocess.run(command, capture_output=True, timeout=AUDIT_SECONDS, check=False)
        found = json.loads(asked.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError):
        print("The advisory service does not answer from here: nothing was looked up.")
        return False
    known = [each for each in found if "vulns" in each]
    if not known:
        print("The advisory service knows none of these packages from here: nothing was looked up.")
        return False
    weak = [each for each in known if each["vulns"]]
    print(f"{len(known)} of {len(found)} packages looked up; {len(weak)} with a known weakness")
    for each in weak:
        ids = ", ".join(vuln["id"] for vuln in each["vulns"])
        print(f"  {each['name']} {each['version']}: {ids}")
    return bool(weak)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
