"""`queue-server voice …`: check, render and list what is spoken. Attached by cli."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .cli import cli, fail, with_places

if TYPE_CHECKING:
    from .speech.orders import LanguageOrder, Source
    from .speech.outcome import Outcome


@cli.group()
def voice() -> None:
    """The gong and the voice of calls."""


@voice.command()
@with_places
@click.pass_context
def check(context: click.Context, config: Any, data: Path) -> None:
    """Say which voice each language has, and every problem."""
    from .speech.orders import order_for
    from .speech.outcome import read_outcome
    from .speech.rendering import VOICES
    from .speech.wording import spoken_remarks

    order, outcome = order_for(config, context.obj["path"]), read_outcome(data / VOICES)
    problems = list(spoken_remarks(config))
    if outcome.order != order.fingerprint:
        problems.append("something is not rendered yet; run: queue-server voice render")
    for wanted in order.languages:
        click.echo(f"{wanted.language}: {_source(outcome, wanted.language)}")
        problems += _problems(wanted, outcome, data / VOICES)
    _end(problems)


@voice.command()
@with_places
@click.pass_context
def render(context: click.Context, config: Any, data: Path) -> None:
    """Render now what is missing, and wait for it."""
    from .speech.orders import order_for
    from .speech.rendering import render as render_now

    order = order_for(config, context.obj["path"])
    try:
        outcome = render_now(order, data)
    except OSError as error:
        fail(f"{error.filename or data}: sounds cannot be written ({error.strerror})")
    for wanted in order.languages:
        click.echo(f"{wanted.language}: {_source(outcome, wanted.language)}")
    _end(list(outcome.trouble))


@voice.command("prompts")
@click.option("--language", help="Only this one.")
@with_places
def list_prompts(config: Any, data: Path, language: str | None) -> None:
    """List what to record for this office: file name, tabulator, text."""
    from .speech.prompts import prompts

    languages = config.spoken_languages()
    if language is not None and language not in languages:
        fail(f'calls are not spoken in "{language}", only in {", ".join(languages)}', 2)
    for spoken in [language] if language else languages:
        for clip, text in prompts(config, spoken).items():
            click.echo(f"{spoken}/{clip}.wav\t{text}")


def _source(outcome: Outcome, language: str) -> str:
    pack = outcome.packs.get(language)
    return f"{pack.source} ({len(pack.seconds)} clips in {pack.folder})" if pack else "gong only"


def _problems(wanted: LanguageOrder, outcome: Outcome, voices: Path) -> Iterator[str]:
    from .speech.packs import NotAPack, Pack, problems, recording_problems

    try:
        for source in wanted.sources:
            if source.kind == "recordings":
                yield from recording_problems(Pack.load(Path(source.path)), wanted.texts)
        pack = outcome.packs.get(wanted.language)
        if pack is not None:
            yield from problems(Pack.load(voices / pack.folder), wanted.texts)
    except NotAPack as error:
        yield str(error)
    yield from _missing_engines(wanted.sources, pack.source if pack else "")


def _missing_engines(sources: tuple[Source, ...], used: str) -> Iterator[str]:
    """Of engines that would have been preferred to the one in use."""
    for source in sources:
        if source.kind == used:
            return
        if source.kind != "recordings" and not source.program:
            yield f"{source.kind} is not installed"
        elif source.kind == "piper" and not Path(source.path).is_file():
            yield f"there is no voice file {source.path}"


def _end(problems: list[str]) -> None:
    for problem in problems:
        click.echo(problem, err=True)
    sys.exit(2 if problems else 0)
