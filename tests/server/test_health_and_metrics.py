"""What monitoring sees (P-4, A-D1)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.server.scenes import open_page, watch

DOCS = Path(__file__).parents[2] / "docs" / "operations.md"


def values(text: str) -> dict[tuple[str, ...], float]:
    """(name, labels…) → value."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scrape(app, **asked):
    return app.test_client().get("/metrics", **asked)


def test_the_machine_itself_reads_the_office_as_numbers(app, kiosk, clerk):
    kiosk.take("documents")
    kiosk.take("documents")
    clerk.post("/counters/1/call-next")
    found = values(scrape(app).text)
    assert found["queue_waiting", "documents"] == 1
    assert found["queue_waiting", "status"] == 0
    assert found["queue_counter_open", "1"] == 1
    assert found["queue_counter_open", "2"] == 0
    assert found["queue_part_ok", "database"] == 1


def test_numbers_never_name_a_client_or_a_clerk(app, kiosk, parts):
    """DP-10"""
    ticket = kiosk.take("documents")
    parts.keeper.add_staff("Erika Musterfrau", "counter", "a long password")
    text = scrape(app).text
    assert ticket["number"] not in text
    assert "Musterfrau" not in text


FAR = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
PROXIED = {"headers": {"X-Forwarded-For": "192.0.2.7"}}


@pytest.mark.parametrize("asked", [FAR, PROXIED])
def test_strangers_elsewhere_read_nothing(app, asked):
    assert scrape(app, **asked).status_code == 401


@pytest.mark.parametrize(
    ("role", "status"), [("lead", 200), ("admin", 200), ("counter", 403), ("display", 403)]
)
def test_elsewhere_a_lead_s_token_is_needed(app, parts, role, status):
    token = parts.keeper.create_token(role)
    answer = scrape(app, headers={"Authorization": f"Bearer {token}"}, **FAR)
    assert answer.status_code == status


def test_every_metric_is_explained(app):
    names = set(re.findall(r"^# HELP (\w+)", scrape(app).text, re.MULTILINE))
    explained = set(re.findall(r"^\| `(\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert names == explained


def health(guest):
    answer = guest.get("/health")
    return answer.status_code, answer.json["status"], answer.json["parts"]["sound"]


def test_an_office_whose_displays_were_never_set_up_is_well(guest):
    assert health(guest) == (200, "ok", "ok")


def test_a_wall_that_can_not_be_heard_is_a_warning_but_no_outage(app, parts, guest):
    """P-4: monitoring turns yellow"""
    wall = open_page(app, parts, "display", "hall")
    watch(wall, "wall:hall")
    wall.emit("report", {"sound": "blocked"})
    assert health(guest) == (200, "warning", "warning")
    assert values(scrape(app).text)["queue_sound_ok", "main"] == 0
    wall.emit("report", {"sound": "running"})
    assert health(guest) == (200, "ok", "ok")
    assert values(scrape(app).text)["queue_sound_ok", "main"] == 1


def test_a_wall_that_is_switched_off_is_a_warning_while_the_office_is_open(
    app, parts, guest, clock
):
    """A-D1"""
    wall = open_page(app, parts, "display", "hall")
    watch(wall, "wall:hall")
    wall.emit("report", {"sound": "running"})
    wall.disconnect()
    assert health(guest) == (200, "warning", "warning")
    clock.forward(hours=24)  # Wednesday: closed
    assert guest.get("/health").json["parts"]["sound"] == "ok"


def test_a_clerk_is_told_that_calls_are_seen_only_or_by_nobody(app, parts):
    """P-7"""
    wall = open_page(app, parts, "display", "hall")
    watch(wall, "wall:hall")
    counter = open_page(app, parts, "counter", "1")

    def trouble():
        return [line["reason"] for line in watch(counter, "counter:1")["trouble"]]

    wall.emit("report", {"sound": "blocked"})
    assert "calls_unheard" in trouble()
    wall.emit("report", {"sound": "running"})
    assert not {"calls_unheard", "calls_unseen"} & set(trouble())
    wall.disconnect()
    assert "calls_unseen" in trouble()
