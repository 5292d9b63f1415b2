"""config.toml → Config. Unknown keys, wrong types, dangling references and duplicates are all
listed at once, each with the nearest known name; a broken file never starts half."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from .config import Config
from .speech.wording import spoken_remarks

# (list in the file, field, list it points to)
REFERENCES = (
    ("service", "series", "series"),
    ("counter", "services", "service"),
    ("counter", "overflow", "service"),
    ("counter", "zone", "zone"),
    ("display", "counters", "counter"),
    ("display", "directions", "counter"),
    ("display", "continues", "display"),
    ("message", "displays", "display"),
    ("kiosk", "printer", "printer"),
    ("kiosk", "services", "service"),
    ("printer", "fallback", "printer"),
)
USUAL_SIGN = 14  # letters of a name that walls write as large as the distance asks for
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST_LOGO = 100 * 1024
# Letters as they are drawn on a wall and read from afar, and as they are said in German.
LOOK_ALIKE = ("OQD", "IJL", "UV", "MN", "EF", "CG", "PR", "KX")
SOUND_ALIKE = ("BDPTEGCW", "MN", "FS", "AHK", "IJ", "QU")
LISTS = (
    "series", "service", "counter", "display", "zone", "kiosk", "printer", "workstation",
    "priority",
)  # fmt: skip


class ConfigProblems(Exception):
    """The file cannot be used; `problems` holds one sentence for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(path: Path) -> Config:
    """Read and check the file. Raises ConfigProblems with every problem found."""
    try:
        config = parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigProblems([f"{path}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise ConfigProblems([f"{path}: is not UTF-8 text"]) from error
    return (
        config.with_logo(_read_logo(path.parent / config.slip.logo)) if config.slip.logo else config
    )


def _read_logo(path: Path) -> bytes:
    try:
        picture = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigProblems([f"slip.logo: {path} cannot be read ({reason})"]) from error
    if not picture.startswith(PNG) or len(picture) > LARGEST_LOGO:
        raise ConfigProblems([f"slip.logo: {path} must be a PNG picture of at most 100 kB"])
    return picture


def remarks(config: Config) -> list[str]:
    """What is allowed but probably not meant: one sentence each. They never stop a start."""
    return [
        *_alike_prefixes(config),
        *_services_without_counter(config),
        *_areas_without_display(config),
        *_long_signs(config),
        *spoken_remarks(config),
    ]


def parse(text: str) -> Config:
    """Check the text of a config.toml. Raises ConfigProblems."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblems([f"not valid TOML: {error}"]) from error
    problems = [*_shape_problems(raw), *_duplicates(raw), *_dangling(raw), *_series_problems(raw)]
    problems += [*_printer_problems(raw), *_appointment_problems(raw), *_overflow_problems(raw)]
    if problems:
        raise ConfigProblems(problems)
    return Config.model_validate(raw)


def _shape_problems(raw: Mapping[str, Any]) -> list[str]:
    try:
        Config.model_validate(raw)
    except ValidationError as error:
        return [_sentence(problem["loc"], problem, raw) for problem in error.errors()]
    return []


def _sentence(where: tuple[int | str, ...], problem: Any, raw: Mapping[str, Any]) -> str:
    name = _place(where, raw)
    if problem["type"] == "extra_forbidden":
        unknown = str(where[-1])
        return f"{name}: unknown key{_did_you_mean(unknown, _known_names(where[:-1]))}"
    if problem["type"] == "missing":
        return f"{name}: is missing"
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {reason[:1].lower()}{reason[1:]}"


def _place(where: tuple[int | str, ...], raw: Any) -> str:
    """ "service[documents].name" rather than "service.0.name": a person looks for the key."""
    text, here = "", raw
    for step in where:
        here = _inside(here, step)
        if isinstance(step, int):
            text += f"[{_key_of(here, step)}]"
        else:
            text += f".{step}" if text else step
    return text


def _inside(here: Any, step: int | str) -> Any:
    try:
        return here[step]
    except (KeyError, IndexError, TypeError):
        return None


def _key_of(entry: Any, position: int) -> str:
    key = entry.get("key") if isinstance(entry, dict) else None
    return str(key) if key else str(position + 1)


def _known_names(where: tuple[int | str, ...]) -> list[str]:
    """The names that may stand in the part of the file that `where` leads to."""
    model: type[BaseModel] = Config
    for step in where:
        if isinstance(step, int):
            continue
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        inner = _model_in(fields[step].annotation) if step in fields else None
        if inner is None:
            return []
        model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is list:
        return _model_in(get_args(annotation)[0])
    return None


def _duplicates(raw: Mapping[str, Any]) -> Iterator[str]:
    for name in LISTS:
        for key, times in Counter(_keys(raw, name)).items():
            if times > 1:
                yield f"{name}[{key}].key: stands {times} times; each key may stand once"


def _dangling(raw: Mapping[str, Any]) -> Iterator[str]:
    for name, field, target in REFERENCES:
        known = _keys(raw, target)
        for position, entry in enumerate(_entries(raw, name)):
            for key in _references(entry.get(field)):
                if key not in known:
                    place = f"{name}[{_key_of(entry, position)}].{field}"
                    yield f'{place}: there is no {target} "{key}"{_did_you_mean(key, known)}'


def _references(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | dict):
        return [key for key in value if isinstance(key, str)]
    return []


def _series_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Two series with one prefix would give one number to two clients."""
    seen: dict[str, str] = {}
    for position, entry in enumerate(_entries(raw, "series")):
        key, prefix = _key_of(entry, position), str(entry.get("prefix", ""))
        first, last = entry.get("first", 1), entry.get("last", 999)
        if isinstance(first, int) and isinstance(last, int) and first >= last:
            yield f"series[{key}].last: must be larger than first ({first})"
        if prefix in seen:
            yield f'series[{key}].prefix: "{prefix}" is used by series "{seen[prefix]}" already'
        seen[prefix] = key


# transport -> what it cannot do without
NEEDED = {
    "network": ("host", "the address"),
    "usblp": ("device", 'the device, e.g. "/dev/usb/lp0"'),
    "serial": ("device", 'the device, e.g. "/dev/ttyS0"'),
    "file": ("device", "the file or device to write to"),
    "usb": ("usb_vendor", "the number that lsusb shows"),
    "cups": ("cups_queue", "the name of the queue"),
}


def _printer_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    for position, entry in enumerate(_entries(raw, "printer")):
        key, transport = _key_of(entry, position), str(entry.get("transport"))
        field, what = NEEDED.get(transport, ("key", ""))
        if not entry.get(field):
            yield f'printer[{key}].{field}: is missing; transport "{transport}" needs {what}'
        if entry.get("fallback") == entry.get("key"):
            yield f"printer[{key}].fallback: a printer cannot stand in for itself"
        if entry.get("mode") == "text" and transport == "cups":
            yield f'printer[{key}].mode: transport "cups" prints pictures only'


def _overflow_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Calls go on from one display to the next: a circle or a fork would lose or double them."""
    follows = {str(e.get("key")): e.get("continues") for e in _entries(raw, "display")}
    for display, other in follows.items():
        if other is None:
            continue
        name = f"display[{display}].continues"
        if _runs_in_a_circle(display, follows):
            yield f"{name}: the displays continue each other in a circle"
        if list(follows.values()).count(other) > 1:
            yield f'{name}: only one display may continue "{other}"'


def _runs_in_a_circle(start: str, follows: Mapping[str, Any]) -> bool:
    here: Any = follows.get(start)
    for _ in follows:
        if here is None:
            return False
        here = follows.get(str(here))
    return True


def _appointment_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    section = raw.get("appointments")
    series = section.get("series") if isinstance(section, dict) else None
    if isinstance(series, str) and series not in (known := _keys(raw, "series")):
        yield f'appointments.series: there is no series "{series}"{_did_you_mean(series, known)}'


def _alike_prefixes(config: Config) -> Iterator[str]:
    """Letters that look or sound alike send clients to the wrong call (HW part 8, ZMSKVR-311)."""
    for one, other in combinations(config.series, 2):
        for how, groups in (("look", LOOK_ALIKE), ("sound", SOUND_ALIKE)):
            if _are_alike(one.prefix, other.prefix, groups):
                pair = f'"{one.prefix}" and "{other.prefix}"'
                yield f"series[{other.key}].prefix: {pair} {how} alike; clients mix them up"


def _are_alike(one: str, other: str, groups: tuple[str, ...]) -> bool:
    if len(one) != len(other) or not one:
        return False
    return all(
        a == b or any(a in group and b in group for group in groups)
        for a, b in zip(one, other, strict=True)
    )


def _long_signs(config: Config) -> Iterator[str]:
    """A long name leaves no room for large letters (A-D2); display/static/js/card.js agrees."""
    for counter in config.counters if config.displays else ():
        label = config.words(counter.label)
        if len(label) > USUAL_SIGN:
            yield f'counter[{counter.key}].label: "{label}" is long; walls write it smaller'


def _areas_without_display(config: Config) -> Iterator[str]:
    used = {display.area for display in config.displays}
    for area in config.sound.areas:
        if area.key not in used:
            yield f"sound.area[{area.key}]: no display is in this area"


def _services_without_counter(config: Config) -> Iterator[str]:
    served = {key for c in config.counters for key in (*c.services, *c.overflow)}
    for service in config.services:
        if service.key not in served:
            yield f"service[{service.key}]: no counter calls its clients"


def _entries(raw: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    entries = raw.get(name)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def _keys(raw: Mapping[str, Any], name: str) -> list[str]:
    return [str(entry["key"]) for entry in _entries(raw, name) if "key" in entry]


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f', did you mean "{near[0]}"?' if near else ""
