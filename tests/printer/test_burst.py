"""The first half hour: many tickets at once, and each slip comes out in its turn."""

from __future__ import annotations

import threading

from slips import slip

from printer.slip_layout import draw_slip
from printer.virtual_printer import VirtualPrinter

TICKETS = [f"A{number:03}" for number in range(1, 51)]


def test_fifty_tickets_at_once_come_out_in_order_and_none_is_lost(server, start):
    sheets: list[bytes] = []
    with VirtualPrinter(on_sheet=lambda sheet: sheets.append(sheet.tobytes())) as printer:
        server.settings |= {"port": printer.port, "width_px": 384, "poll_interval_s": 0.1}
        start()
        kiosks = [threading.Thread(target=server.queue, args=(number,)) for number in TICKETS]
        for kiosk in kiosks:
            kiosk.start()
        assert server.wait_until(lambda: len(server.results) == len(TICKETS), timeout=30)
    asked = [job["number"] for job in server.jobs.values()]
    assert sorted(asked) == TICKETS
    assert server.results == [(job, "printed", None) for job in sorted(server.jobs)]
    assert sheets == [draw_slip(slip(number), 384).tobytes() for number in asked]
