"""Asks axe-core about a page: WCAG 2.2 AA and best practice.

The page's context needs bypass_csp=True, because the check is a script from outside.
"""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
]  # fmt: skip


def violations(page: Page, context: str | None = None) -> list[str]:
    """One line for each element that breaks a rule; empty when all is well."""
    options = {"runOnly": {"type": "tag", "values": RULES}}
    found = Axe().run(page, context, options).response["violations"]
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))}: {_why(node)}"
        for rule in found
        for node in rule["nodes"]
    ]


def _why(node: dict) -> str:
    checks = [*node.get("any", []), *node.get("all", []), *node.get("none", [])]
    return "; ".join(check["message"] for check in checks) or node["html"]
