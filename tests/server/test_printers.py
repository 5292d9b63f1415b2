"""Printers as agents report them and as kiosks, clerks and the reception see them."""

from __future__ import annotations

import re
import threading

import pytest

from printer.escpos_device import FAULTS
from queue_server.config_file import parse
from queue_server.domain.events import Kind
from tests.conftest import OFFICE, new_request

TWO_PRINTERS = OFFICE.replace(
    '[[printer]]\nkey = "entrance"\n',
    '[[printer]]\nkey = "entrance"\nfallback = "office"\n'
    '[[printer]]\nkey = "office"\ntransport = "network"\nhost = "127.0.0.1"\n',
)


@pytest.fixture
def agent(person):
    """The print agent of the entrance, which says who it is."""
    agent = person("printer", "entrance")
    agent.headers["X-Agent"] = "agent-one"
    return agent


def report(agent, state, reason=None, **more):
    return agent.post("/printers/entrance/state", {"state": state, "reason": reason, **more})


def jobs(agent, printer="entrance"):
    return agent.get(f"/print-jobs?printer={printer}").json["jobs"]


def finish(agent, state, reason=None, **more):
    """Claim the next job and say what became of it."""
    job = jobs(agent)[0]
    assert agent.post(f"/print-jobs/{job['id']}/claim").status_code == 200
    result = {"state": state, "reason": reason, **more}
    assert agent.post(f"/print-jobs/{job['id']}/result", result).status_code == 200
    return job


def paper_of(reception, ticket):
    return reception.get(f"/tickets/{ticket['id']}").json["print"]


# --- Trouble ------------------------------------------------------------------------------------


def test_trouble_and_its_end_are_seen_by_clerks_and_reception(agent, reception, parts, clock):
    """peers 11-13"""
    report(agent, "trouble", "paper_end")
    clock.forward(seconds=5)
    line = reception.get("/printers").json["printers"][0]
    assert (line["state"], line["reason"]) == ("trouble", "paper_end")
    assert line["since"] == "2026-11-24T08:00:00.000Z"
    trouble = parts.views.snapshot("counter:1")["trouble"]
    assert trouble == [{"printer": "entrance", "reason": "paper_end"}]
    assert reception.get("/queue").json["printers"][0]["reason"] == "paper_end"
    report(agent, "ready")
    assert parts.views.snapshot("counter:1")["trouble"] == []


def test_a_sign_of_life_that_says_nothing_new_is_no_event(agent, parts):
    report(agent, "ready")
    revision = parts.store.events.revision()
    report(agent, "ready")
    assert parts.store.events.revision() == revision
    report(agent, "ready", near_end=True)
    assert parts.store.events.revision() == revision + 1


def test_an_agent_that_falls_silent_is_trouble_of_its_own(agent, reception, clock):
    report(agent, "ready")
    clock.forward(seconds=31)
    line = reception.get("/printers").json["printers"][0]
    assert (line["state"], line["reason"]) == ("trouble", "agent_away")


def test_a_kiosk_whose_printer_is_known_to_be_broken_gives_tickets_without_paper_at_once(
    agent, kiosk, parts, clock
):
    report(agent, "trouble", "cover_open")
    assert parts.views.snapshot("kiosk:entrance")["paper"] == "broken"
    assert kiosk.take()["print"] == "not_printed"
    assert jobs(agent) == []
    report(agent, "ready")
    assert parts.views.snapshot("kiosk:entrance")["paper"] == "yes"
    assert kiosk.take()["print"] == "queued"


def test_old_word_of_trouble_is_not_believed(agent, kiosk, clock):
    report(agent, "trouble", "cover_open")
    clock.forward(seconds=31)
    assert kiosk.take()["print"] == "queued"


def test_a_kiosk_of_an_office_without_printer_is_not_broken(parts):
    assert parts.views.snapshot("kiosk:paperless")["paper"] == "no"


@pytest.mark.parametrize("state", ["", "broken", 7, None])
def test_a_strange_report_is_refused_and_changes_nothing(agent, parts, state):
    revision = parts.store.events.revision()
    assert agent.post("/printers/entrance/state", {"state": state}).status_code == 422
    assert parts.store.events.revision() == revision


def test_an_agent_speaks_only_for_its_own_printer(person):
    stranger = person("printer", "entrance")
    assert stranger.post("/printers/nonsense/state", {"state": "ready"}).status_code == 403
    assert person("kiosk", "entrance").get("/printers").status_code == 403


# --- Two agents ---------------------------------------------------------------------------------


def test_the_second_agent_of_a_printer_is_refused_until_the_first_has_gone(agent, person, clock):
    second = person("printer", "entrance")
    second.headers["X-Agent"] = "agent-two"
    assert agent.get("/print-jobs?printer=entrance").status_code == 200
    refused = second.get("/print-jobs?printer=entrance")
    assert (refused.status_code, refused.json["error"]) == (409, "other_agent")
    clock.forward(seconds=19)
    assert report(agent, "ready").status_code == 200
    clock.forward(seconds=19)
    assert second.get("/print-jobs?printer=entrance").status_code == 409
    clock.forward(seconds=2)
    assert second.get("/print-jobs?printer=entrance").status_code == 200
    assert agent.get("/print-jobs?printer=entrance").status_code == 409


def test_a_refused_agent_does_not_speak_for_the_printer_either(agent, person, parts):
    agent.get("/print-jobs?printer=entrance")
    second = person("printer", "entrance")
    second.headers["X-Agent"] = "agent-two"
    refused = second.post("/printers/entrance/state", {"state": "trouble", "reason": "paper_end"})
    assert (refused.status_code, refused.json["error"]) == (409, "other_agent")
    assert parts.room.record("entrance").state == "unknown"
    assert agent.get("/print-jobs?printer=entrance").status_code == 200


def test_our_own_agent_that_was_started_again_need_not_wait(agent, person, parts):
    agent.get("/print-jobs?printer=entrance")
    parts.office.release_agent("entrance")
    again = person("printer", "entrance")
    again.headers["X-Agent"] = "agent-two"
    assert again.get("/print-jobs?printer=entrance").status_code == 200


# --- Late and forgotten jobs --------------------------------------------------------------------


def test_a_ticket_whose_client_has_gone_is_never_handed_out(agent, kiosk, reception, clock):
    ticket = kiosk.take()
    job = jobs(agent)[0]
    clock.forward(seconds=31)
    answer = agent.post(f"/print-jobs/{job['id']}/claim")
    assert (answer.status_code, answer.json["error"]) == (409, "taken")
    assert paper_of(reception, ticket) == "not_printed"
    assert jobs(agent) == []


def test_without_an_agent_a_job_ends_by_itself(kiosk, reception, parts, clock):
    ticket = kiosk.take()
    parts.office.expire()
    assert paper_of(reception, ticket) == "queued"
    clock.forward(seconds=31)
    parts.office.expire()
    assert paper_of(reception, ticket) == "not_printed"
    assert parts.office.newest("entrance", 1)[0]["reason"] == "expired"


def test_a_job_that_an_agent_never_spoke_of_again_is_unknown(agent, kiosk, reception, parts, clock):
    ticket = kiosk.take()
    job = jobs(agent)[0]
    agent.post(f"/print-jobs/{job['id']}/claim")
    clock.forward(seconds=89)
    parts.office.expire()
    assert paper_of(reception, ticket) == "sending"
    clock.forward(seconds=2)
    parts.office.expire()
    assert paper_of(reception, ticket) == "unknown"
    late = agent.post(f"/print-jobs/{job['id']}/result", {"state": "printed"})
    assert (late.status_code, late.json["error"]) == (409, "taken")


# --- Printing again -----------------------------------------------------------------------------


def test_a_client_whose_paper_did_not_come_prints_once_more_and_only_once(agent, kiosk, parts):
    """peers 11-14"""
    ticket = kiosk.take()
    finish(agent, "not_printed", "paper_end")
    again = kiosk.post(f"/tickets/{ticket['id']}/reprint")
    assert (again.status_code, again.json["print"]) == (200, "queued")
    job = finish(agent, "unknown", "timeout")
    assert job["kind"] == "reprint"
    assert {"kind": "mark", "text": "Nachdruck"} in job["slip"]["blocks"]
    refused = kiosk.post(f"/tickets/{ticket['id']}/reprint")
    assert (refused.status_code, refused.json["error"]) == (409, "reprint_not_possible")
    assert len(parts.store.tickets.waiting(parts.area.today())) == 1


def test_while_the_paper_is_on_its_way_it_is_not_printed_again(kiosk, parts):
    ticket = kiosk.take()
    revision = parts.store.events.revision()
    refused = kiosk.post(f"/tickets/{ticket['id']}/reprint")
    assert (refused.status_code, refused.json["error"]) == (409, "on_its_way")
    assert parts.store.events.revision() == revision


def test_a_kiosk_prints_nobody_elses_ticket_and_no_old_one(agent, kiosk, person, clock):
    ticket = kiosk.take()
    finish(agent, "not_printed", "paper_end")
    other = person("kiosk", "paperless")
    assert other.post(f"/tickets/{ticket['id']}/reprint").status_code == 409
    clock.forward(minutes=3)
    assert kiosk.post(f"/tickets/{ticket['id']}/reprint").status_code == 409


def test_a_kiosk_without_a_place_of_its_own_prints_no_ticket_of_the_reception(person, reception):
    ticket = reception.take()
    answer = person("kiosk").post(f"/tickets/{ticket['id']}/reprint")
    assert (answer.status_code, answer.json["error"]) == (409, "reprint_not_possible")


def test_reception_prints_as_often_as_it_must_while_the_ticket_lives(
    agent, kiosk, clerk, reception
):
    ticket = kiosk.take()
    finish(agent, "printed")
    for _ in range(2):
        assert reception.post(f"/tickets/{ticket['id']}/reprint").status_code == 200
        finish(agent, "printed")
    reception.post(f"/tickets/{ticket['id']}/withdraw")
    assert reception.post(f"/tickets/{ticket['id']}/reprint").status_code == 409
    assert reception.post("/tickets/1/reprint", {"printer": "nonsense"}).status_code == 409
    assert clerk.post(f"/tickets/{ticket['id']}/reprint").status_code == 403


# --- The printer that stands in -----------------------------------------------------------------


class TestStandingIn:
    @pytest.fixture
    def config(self):
        return parse(TWO_PRINTERS)

    def test_what_certainly_was_not_printed_goes_to_the_other_printer_once(
        self, agent, kiosk, reception, person
    ):
        office = person("printer", "office")
        ticket = kiosk.take()
        finish(agent, "not_printed", "cover_open")
        assert paper_of(reception, ticket) == "queued"
        (job,) = jobs(office, "office")
        assert (job["ticket_id"], job["kind"]) == (ticket["id"], "original")
        office.post(f"/print-jobs/{job['id']}/claim")
        office.post(f"/print-jobs/{job['id']}/result", {"state": "not_printed"})
        assert paper_of(reception, ticket) == "not_printed"
        assert jobs(agent) == jobs(office, "office") == []

    def test_what_nobody_knows_stays_where_it_is(self, agent, kiosk, reception, person):
        ticket = kiosk.take()
        finish(agent, "unknown", "timeout")
        assert paper_of(reception, ticket) == "unknown"
        assert jobs(person("printer", "office"), "office") == []

    def test_a_printer_that_is_known_to_be_broken_is_not_even_asked(self, agent, kiosk, person):
        report(agent, "trouble", "paper_end")
        kiosk.take()
        assert jobs(agent) == []
        assert len(jobs(person("printer", "office"), "office")) == 1

    def test_too_late_for_another_printer_is_too_late(self, agent, kiosk, person, clock):
        kiosk.take()
        job = jobs(agent)[0]
        agent.post(f"/print-jobs/{job['id']}/claim")
        clock.forward(seconds=31)
        agent.post(f"/print-jobs/{job['id']}/result", {"state": "not_printed"})
        assert jobs(person("printer", "office"), "office") == []


# --- Paper --------------------------------------------------------------------------------------


def test_the_paper_is_counted_and_a_new_roll_begins_anew(agent, kiosk, reception, clock):
    for _ in range(6):
        kiosk.take()
        finish(agent, "printed", millimetres=1000)
        clock.forward(minutes=1)
    line = reception.get("/printers").json["printers"][0]
    assert line["paper_left_m"] == 74.0
    assert line["lasts_until"] is not None
    assert line["near_end"] is False
    assert reception.post("/printers/entrance/roll").json["paper_left_m"] == 80.0


def test_nearly_no_paper_is_said_to_staff_and_not_to_clients(agent, kiosk, parts):
    report(agent, "ready", near_end=True)
    assert parts.views.snapshot("counter:1")["trouble"] == [
        {"printer": "entrance", "reason": "paper_low"}
    ]
    assert kiosk.take()["print"] == "queued"


# --- Faults of the virtual printer --------------------------------------------------------------


def test_faults_are_switched_by_staff_and_reach_the_agent(agent, reception, parts):
    assert reception.post("/printers/entrance/faults", {"faults": ["paper_out"]}).status_code == 200
    assert agent.get("/print-jobs?printer=entrance").json["faults"] == ["paper_out"]
    changed = parts.store.events.after(0, 100)[-1]
    assert (changed.kind, changed.data["faults"]) == (Kind.PRINTER_CHANGED, ["paper_out"])
    assert agent.post("/printers/entrance/faults", {"faults": []}).status_code == 403


def test_an_agent_that_waits_for_work_hears_of_a_fault_at_once(agent, reception, parts):
    answers = []
    waiting = threading.Thread(
        target=lambda: answers.append(parts.office.open_jobs("entrance", wait_seconds=20))
    )
    waiting.start()
    reception.post("/printers/entrance/faults", {"faults": ["paper_out"]})
    waiting.join(10)
    assert answers == [[]]


def test_a_fault_that_was_switched_between_two_questions_is_told_at_once(agent, reception):
    agent.get("/print-jobs?printer=entrance")
    reception.post("/printers/entrance/faults", {"faults": ["paper_out"]})
    # It would wait for twenty seconds if there were nothing new.
    assert agent.get("/print-jobs?printer=entrance&wait=20").json["faults"] == ["paper_out"]


def test_a_real_printer_cannot_be_given_faults(person, app, parts):
    config = parse(TWO_PRINTERS)
    parts.area.reload(config)
    answer = person("reception").post("/printers/office/faults", {"faults": ["paper_out"]})
    assert (answer.status_code, answer.json["error"]) == (409, "not_virtual")


@pytest.mark.parametrize("body", [{}, {"faults": "paper_out"}, {"faults": ["PAPER; DROP"]}])
def test_strange_faults_are_refused(reception, body):
    assert reception.post("/printers/entrance/faults", body).status_code == 422


# --- What stands on the paper -------------------------------------------------------------------


class TestLayout:
    @pytest.fixture
    def config(self):
        return parse(
            OFFICE.replace(
                'key = "documents"\n',
                'key = "documents"\nbring = { de = ["Ausweis"], en = ["Passport"] }\n',
                1,
            )
            + '[slip]\nblocks = ["number", "bring", "notice", "qr"]\nnotice = { de = "Ruhe" }\n'
        )

    def test_the_office_decides_which_blocks_stand_there_in_which_order(self, agent, kiosk):
        kiosk.take(language="en")
        blocks = jobs(agent)[0]["slip"]["blocks"]
        assert [block["kind"] for block in blocks] == [
            "caption", "number", "bring", "bring", "notice", "qr",
        ]  # fmt: skip
        assert [b["items"] for b in blocks if b["kind"] == "bring"] == [["Ausweis"], ["Passport"]]
        assert blocks[2]["language"] == "de"


def test_a_ticket_taken_after_the_printer_recovered_is_printed(agent, kiosk):
    wish = {"service": "documents", "request_id": new_request()}
    report(agent, "trouble", "paper_end")
    first = kiosk.post("/tickets", wish).json
    report(agent, "ready")
    again = kiosk.post("/tickets", wish).json
    assert again["id"] == first["id"]
    assert jobs(agent) == []
    assert kiosk.post(f"/tickets/{first['id']}/reprint").status_code == 200
    assert len(jobs(agent)) == 1


def test_the_paper_page_offers_every_fault_the_virtual_printer_has(app, parts):
    page = app.jinja_env.loader.get_source(app.jinja_env, "staff/paper.html")[0]
    offered = set(re.findall(r'\("([a-z_]+)", _\(', page))
    assert offered == set(FAULTS)
