"""A real browser before a real server with the demonstration company in it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from cartera.kit.demo import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def cartera(*words: str) -> list[str]:
    return [sys.executable, "-m", "cartera", *words]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CARTERA", "DATABASE", "DJANGO"))}
    return {**kept, "CARTERA_HOME": str(home), **more}


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory):
    """The demonstration company, built once; what changes it works on a copy."""
    home = tmp_path_factory.mktemp("demo")
    subprocess.run(cartera("demo", "--build-only"), cwd=ROOT, env=environment(home), check=True)
    return home


class Serving:
    """A server process on a free port over an installation's folder."""

    def __init__(self, home: Path, **more: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.home = home
        self.log = (home / "server.log").open("w+")
        subprocess.run(
            cartera("collectstatic", "--no-input", "-v0"), cwd=ROOT, env=environment(home, **more), check=True
        )
        self.process = subprocess.Popen(
            cartera("web", "--port", str(port)),
            cwd=ROOT,
            env=environment(home, **more),
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self.wait()

    def wait(self) -> None:
        for _try in range(150):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(self.base + "/accounts/login/", timeout=2).read()
                return
            except OSError:
                time.sleep(0.2)
        self.log.seek(0)
        raise RuntimeError(f"the server did not start:\n{self.log.read()[-3000:]}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


@pytest.fixture(scope="module")
def site(demo_home, tmp_path_factory):
    """A server over a copy of the demonstration company, for the tests of one module."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(demo_home, home)
    serving = Serving(home)
    yield serving
    serving.stop()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(browser, site):
    """Open a browser window for somebody: `visit("ana")` gives their page, signed in. Complaints fail the test."""
    opened, complaints = [], []

    def open_for(who: str | None = "ana", *, width: int = 1440, height: int = 900, dark: bool = False, language="en"):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale={"en": "en-GB", "es": "es-ES"}[language],
            base_url=site.base,
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(context)
        if who:
            sign_in(page, who)
        return page

    open_for.complaints = complaints
    yield open_for
    for context in opened:
        context.close()
    assert complaints == []


def sign_in(page, who: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(f"{who}@faro.example")
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


@pytest.fixture
def axe():
    """Ask axe about a page: `axe(page)` gives what it finds wrong, one line each."""
    rules = Axe()

    def ask(page) -> list[str]:
        found = rules.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        return [
            f"{page.url} {violation['id']}: {violation['nodes'][0]['html'][:120]}"
            for violation in found.response["violations"]
        ]

    return ask
