"""/metrics in Prometheus' text format: the office as numbers, never a person and never a clerk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .loudspeakers import Loudspeakers
from .printer_views import PrinterViews
from .waiting_area import WaitingArea


class OfficeMetrics(Collector):
    """Counted anew at each scrape. docs/operations.md explains each metric."""

    def __init__(
        self,
        area: WaitingArea,
        speakers: Loudspeakers,
        printers: PrinterViews,
        health: Callable[[], Mapping[str, str]],
        sockets: Callable[[], int],
    ) -> None:
        self._area = area
        self._speakers = speakers
        self._printers = printers
        self._health = health
        self._sockets = sockets
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def text(self) -> bytes:
        """The answer to one scrape."""
        return generate_latest(self._registry)

    def describe(self) -> list[Metric]:
        """Nothing in advance: what there is depends on the configuration."""
        return []

    def collect(self) -> Iterator[Metric]:
        """All metrics, as the client library asks for them."""
        yield from self._of_the_server()
        yield from self._of_the_queue()
        yield from self._of_the_walls()
        yield from self._of_the_printers()

    def _of_the_server(self) -> Iterator[Metric]:
        yield _gauge(
            "queue_part_ok", "1 while this part works, as /health says", "part",
            {part: state == "ok" for part, state in self._health().items()},
        )  # fmt: skip
        yield GaugeMetricFamily("queue_sockets", "Open pages", value=self._sockets())
        revision = self._area.store.events.revision()
        yield CounterMetricFamily("queue_events", "Events in the log", value=revision)

    def _of_the_queue(self) -> Iterator[Metric]:
        day = self._area.today()
        waiting = self._area.store.tickets.count_waiting(day)
        known = dict.fromkeys((s.key for s in self._area.config.services), 0)
        yield _gauge("queue_waiting", "Clients who wait", "service", {**known, **waiting})
        states = self._area.store.counters.states()
        keys = [counter.key for counter in self._area.config.counters]
        is_open = {key: states.get(key) == "open" for key in keys}
        yield _gauge("queue_counter_open", "1 while the counter is open", "counter", is_open)

    def _of_the_walls(self) -> Iterator[Metric]:
        pages = {line["display"]: line["connected"] for line in self._speakers.walls()}
        yield _gauge("queue_wall_pages", "Open pages of this display", "display", pages)
        states = self._speakers.states()
        heard = {area: state == "ok" for area, state in states.items()}
        yield _gauge("queue_sound_ok", "1 while calls are heard in this area", "area", heard)
        waiting = {area: self._speakers.waiting(area) for area in states}
        yield _gauge("queue_announcements_waiting", "Calls yet to be said", "area", waiting)
        said = CounterMetricFamily(
            "queue_announcements", "Said since the start, by kind", labels=["area", "kind"]
        )
        for area in states:
            for kind, times in self._speakers.said(area).items():
                said.add_metric([area, kind], times)
        yield said

    def _of_the_printers(self) -> Iterator[Metric]:
        lines = {p.key: self._printers.line(p.key) for p in self._area.config.printers}
        ready = {key: line["state"] == "ready" for key, line in lines.items()}
        yield _gauge("queue_printer_ready", "1 while the printer can print", "printer", ready)


def _gauge(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family
