"""Browser tests run in the installed Chromium; without one they are skipped, with the reason."""

import os
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("QUEUE_CHROMIUM", "/usr/bin/chromium")

# Offline, and as root in a test machine: no sandbox, and nothing that calls home.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a loudspeaker, as far as the page can see
]


def pytest_collection_modifyitems(items):
    reason = os.environ.get("QUEUE_NO_BROWSER") or missing()
    for item in items:
        if reason and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"no browser: {reason}"))


def missing():
    return "" if os.access(CHROMIUM, os.X_OK) else f"{CHROMIUM} is missing"


@pytest.fixture(scope="session")
def playwright():
    """Only one may run in a process; browsers are started with it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright):
    """One browser for all tests; each page of a test gets a context of its own."""
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, headless=True
    )
    yield browser
    browser.close()


@pytest.fixture
def browsers(playwright):
    """browsers(flag…) starts a Chromium of its own."""
    opened = []

    def start(*flags):
        arguments = [*CHROMIUM_ARGUMENTS, *flags]
        opened.append(playwright.chromium.launch(executable_path=CHROMIUM, args=arguments))
        return opened[-1]

    yield start
    for browser in opened:
        browser.close()
