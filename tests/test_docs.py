"""What can drift from the code is held to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.domain.events import Kind

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("kind", Kind)
def test_every_event_is_explained(kind):
    assert f"| `{kind}` |" in (DOCS / "events.md").read_text(encoding="utf-8")


def test_the_published_document_names_every_call_with_its_roles(app):
    document = app.test_client().get("/api/v1/openapi.json").json
    calls = {(m.upper(), path) for path, item in document["paths"].items() for m in item}
    served = {
        (method, str(rule).replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert len(calls) == len(served)
    issue = document["paths"]["/tickets"]["post"]
    assert issue["x-roles"] == ["kiosk", "reception"]
    assert issue["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/IssueBody"
    }
