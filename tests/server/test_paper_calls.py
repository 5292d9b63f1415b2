"""Print agents: a job is handed out once, and its first outcome stands."""

from __future__ import annotations

import threading

import pytest


@pytest.fixture
def agent(person):
    return person("printer", "entrance")


@pytest.fixture
def job(agent, kiosk):
    kiosk.take(language="en")
    return agent.get("/print-jobs?printer=entrance").json["jobs"][0]


def test_the_slip_says_number_concern_place_time_people_ahead_and_link(job):
    """zms 5-7"""
    texts = [block.get("text", "") for block in job["slip"]["blocks"]]
    kinds = [block["kind"] for block in job["slip"]["blocks"]]
    assert "A001" in texts
    assert "Unterlagen abgeben" in texts
    assert "Hand in documents" in texts
    assert any("24.11.2026" in text and "09:00" in text for text in texts)
    assert "Niemand ist vor Ihnen" in texts
    qr = job["slip"]["blocks"][kinds.index("qr")]
    assert qr["text"].startswith("http://queue.test/t/")


def test_a_job_is_claimed_once(agent, job):
    assert agent.post(f"/print-jobs/{job['id']}/claim").status_code == 200
    answer = agent.post(f"/print-jobs/{job['id']}/claim")
    assert (answer.status_code, answer.json["error"]) == (409, "taken")
    answer = agent.get("/print-jobs?printer=entrance").json
    assert (answer["jobs"], answer["sending"]) == ([], [job["id"]])


@pytest.mark.parametrize("state", ["printed", "not_printed", "unknown"])
def test_the_result_is_seen_on_the_ticket(agent, reception, job, state):
    """peers 11-13"""
    agent.post(f"/print-jobs/{job['id']}/claim")
    agent.post(f"/print-jobs/{job['id']}/result", {"state": state, "reason": None})
    assert reception.get(f"/tickets/{job['ticket_id']}").json["print"] == state


def test_the_first_result_stands_and_may_be_repeated(agent, reception, job):
    result = f"/print-jobs/{job['id']}/result"
    agent.post(f"/print-jobs/{job['id']}/claim")
    assert agent.post(result, {"state": "unknown", "reason": "timeout"}).status_code == 200
    assert agent.post(result, {"state": "unknown", "reason": "timeout"}).status_code == 200
    assert agent.post(result, {"state": "printed"}).status_code == 409
    assert reception.get(f"/tickets/{job['ticket_id']}").json["print"] == "unknown"


@pytest.mark.parametrize(
    ("state", "status"), [("printed", 409), ("unknown", 409), ("not_printed", 200)]
)
def test_a_job_that_nobody_took_cannot_have_been_printed(agent, job, state, status):
    assert agent.post(f"/print-jobs/{job['id']}/result", {"state": state}).status_code == status


def test_nonsense_is_no_result(agent, job):
    answer = agent.post(f"/print-jobs/{job['id']}/result", {"state": "eaten"})
    assert answer.status_code == 422


def test_a_waiting_agent_is_answered_when_a_client_takes_a_ticket(agent, kiosk):
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(agent.get("/print-jobs?printer=entrance&wait=20").json)
    )
    asking.start()
    kiosk.take()
    asking.join(10)
    assert answers[0]["jobs"][0]["number"] == "A001"


def test_an_agent_sees_its_own_printer_only(person, job, agent):
    assert agent.get("/print-jobs?printer=other").status_code == 403
    assert agent.get("/printers/other").status_code == 403
    assert agent.get("/printers/entrance").json["transport"] == "virtual"
    assert person("kiosk", "entrance").get("/print-jobs?printer=entrance").status_code == 403
