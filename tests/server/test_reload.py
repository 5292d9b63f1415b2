"""Another configuration while the office runs."""

from __future__ import annotations

import os
import signal

import pytest

from queue_server.app import create_app
from queue_server.config_file import load
from tests.conftest import OFFICE, eventually, new_request
from tests.office_process import Server

WITHOUT_STATUS = OFFICE.replace(
    '[[service]]\nkey = "status"\nseries = "main"\n'
    'name = { de = "Bearbeitungsstand", en = "Status" }\n',
    "",
).replace('services = ["documents", "status"]', 'services = ["documents"]').replace(
    'services = ["status"]', 'services = ["documents"]'
)  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(OFFICE, encoding="utf-8")
    return path


@pytest.fixture
def app(file, clock, tmp_path):
    app = create_app(load(file), tmp_path / "data", clock=clock, config_file=file)
    yield app
    app.extensions["queue"].store.database.close()


@pytest.fixture
def admin(person):
    return person("admin")


def test_a_new_configuration_is_in_force_at_once_and_pages_draw_themselves_anew(
    file, admin, reception, parts
):
    old = parts.views.release
    file.write_text(OFFICE.replace("Platz 1", "Schalter 1"), encoding="utf-8")
    answer = admin.post("/config/reload")
    assert answer.status_code == 200
    assert answer.json["release"] == parts.views.release != old
    counters = reception.get("/queue").json["counters"]
    assert counters[0]["counter_label"] == "Schalter 1"


def test_a_broken_file_is_refused_and_the_old_one_stays_in_force(file, admin, kiosk, parts):
    before = parts.store.events.revision(), parts.views.release
    file.write_text(OFFICE.replace("prefix", "prefx"), encoding="utf-8")
    answer = admin.post("/config/reload")
    assert (answer.status_code, answer.json["error"]) == (422, "config_broken")
    assert 'did you mean "prefix"?' in str(answer.json["details"]["problems"])
    assert (parts.store.events.revision(), parts.views.release) == before
    assert kiosk.take()["number"] == "A001"


def test_a_file_that_is_gone_is_refused(file, admin):
    file.unlink()
    assert admin.post("/config/reload").status_code == 422


@pytest.mark.parametrize("role", ["lead", "reception", "counter"])
def test_only_an_administrator_changes_the_office(person, role):
    assert person(role).post("/config/reload").status_code == 403


def test_clients_of_a_service_that_vanished_stay_visible_and_every_counter_may_call_them(
    file, admin, kiosk, clerk, reception
):
    ticket = kiosk.take("status")
    file.write_text(WITHOUT_STATUS, encoding="utf-8")
    assert admin.post("/config/reload").status_code == 200
    queue = reception.get("/queue").json
    assert [t["service"] for t in queue["waiting"]] == ["status"]
    assert {s["key"]: s["waiting"] for s in queue["services"]}["status"] == 1
    body = {"service": "status", "request_id": new_request()}
    assert kiosk.post("/tickets", body).status_code == 404
    assert clerk.post("/counters/1/call-next").json["id"] == ticket["id"]
    assert clerk.post(f"/tickets/{ticket['id']}/start").status_code == 200


def test_the_words_of_a_service_that_vanished_are_remembered(file, admin, kiosk, reception):
    kiosk.take("status")
    file.write_text(WITHOUT_STATUS, encoding="utf-8")
    admin.post("/config/reload")
    assert reception.get("/queue").json["waiting"][0]["service_name"]["de"] == "Bearbeitungsstand"


def test_after_a_restart_the_vanished_service_is_still_callable(
    file, kiosk, parts, clock, tmp_path
):
    kiosk.take("status")
    parts.store.database.close()
    file.write_text(WITHOUT_STATUS, encoding="utf-8")
    app = create_app(load(file), tmp_path / "data", clock=clock, config_file=file)
    again = app.extensions["queue"]
    try:
        assert again.area.call_next("2").number == "A001"
    finally:
        again.store.database.close()


def test_a_client_at_a_counter_that_vanished_is_still_seen_and_can_be_finished(
    file, admin, kiosk, colleague, reception
):
    """zms 5-47"""
    kiosk.take()
    ticket = colleague.post("/counters/2/call-next").json
    smaller = OFFICE.replace(
        '[[counter]]\nkey = "2"\nlabel = { de = "Platz 2" }\n'
        'services = ["documents", "status"]\n', ""
    )  # fmt: skip
    file.write_text(smaller, encoding="utf-8")
    assert admin.post("/config/reload").status_code == 200
    lines = {c["key"]: c for c in reception.get("/queue").json["counters"]}
    assert lines["2"]["number"] == "A001"
    assert reception.post(f"/tickets/{ticket['id']}/start").status_code == 200
    assert reception.post(f"/tickets/{ticket['id']}/finish").status_code == 200


def test_what_takes_a_restart_is_named(file, admin):
    file.write_text(OFFICE.replace("[server]\n", "[server]\nport = 9999\n"), encoding="utf-8")
    assert admin.post("/config/reload").json["after_restart"] == ["server.port"]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["eventlet", "threading"])
def test_a_running_server_reads_its_file_again_when_it_gets_the_signal(tmp_path, mode):
    server = Server(tmp_path, mode).start()
    try:
        token = server.token("reception")
        text = server.config.read_text(encoding="utf-8")
        server.config.write_text(text.replace("Platz 1", "Schalter 1"), encoding="utf-8")
        os.kill(server.process.pid, signal.SIGHUP)

        def label():
            counters = server.send(token, "GET", "/queue")[1]["counters"]
            return counters[0]["counter_label"] == "Schalter 1"

        assert eventually(label, 10)
        server.config.write_text("broken [", encoding="utf-8")
        os.kill(server.process.pid, signal.SIGHUP)
        wish = {"service": "documents", "request_id": new_request()}
        assert server.send(token, "POST", "/tickets", wish)[0] == 201
        assert server.stop() == 0
    finally:
        server.kill()


@pytest.mark.slow
def test_a_printer_that_comes_with_a_new_configuration_prints(tmp_path):
    server = Server(tmp_path).start()
    try:
        second = '[[printer]]\nkey = "second"\n[[kiosk]]\nkey = "second"\nprinter = "second"\n'
        with server.config.open("a", encoding="utf-8") as file:
            file.write(second)
        token, reception = server.token("kiosk", "--kiosk", "second"), server.token("reception")
        os.kill(server.process.pid, signal.SIGHUP)

        def take():
            wish = {"service": "documents", "request_id": "request-second-printer"}
            status, ticket = server.send(token, "POST", "/tickets", wish)
            return ticket if status in (200, 201) else None

        ticket = eventually(take, 10)
        path = f"/tickets/{ticket['id']}"
        assert eventually(lambda: server.send(reception, "GET", path)[1]["print"] == "printed", 20)
    finally:
        server.kill()
