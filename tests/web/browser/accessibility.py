"""What axe finds on a page, and whether it can be scrolled sideways."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


def faults(page: "Page") -> list[str]:
    """Return each fault in a line."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in axe.Axe().run(page).response["violations"]
        for node in fault["nodes"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([f"{too_wide} px too wide"] if too_wide > 0 else [])
