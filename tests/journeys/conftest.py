"""A real browser before a real server with the demonstration company in it."""

import fcntl
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
from playwright.sync_api import expect, sync_playwright

from cartera.kit.demo import PASSWORD

PATIENCE = 20_000  # milliseconds, for a machine that is busy with other things
expect.set_options(timeout=PATIENCE)
ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CARTERA", "DATABASE", "DJANGO"))}
    return {**kept, "CARTERA_HOME": str(home)}


def cartera(home: Path, *words: str) -> str:
    """Run a command of Cartera's over the installation in *home*, and return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "cartera", *words], cwd=ROOT, env=environment(home), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def command():
    """Run a command over an installation: `command(home, "first_link")` gives what it says."""
    return cartera


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder that all processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def demo_home(shared):
    """The demonstration company, built once by whoever comes first; what changes it works on a copy."""
    home = shared / "demo"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            cartera(home, "demo", "--build-only")
            cartera(home, "collectstatic", "--no-input", "-v0")
    return home


class Serving:
    """The server, and if asked the worker, over an installation's folder; on a free port."""

    def __init__(self, home: Path, *, worker: bool = False) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.home, self.base = home, f"http://127.0.0.1:{port}"
        self.log = (home / "server.log").open("w+")
        self.processes = [self.start("web", "--port", str(port))]
        if worker:
            self.processes.append(self.start("worker"))
        self.wait()

    def start(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "cartera", *words],
            cwd=ROOT,
            env=environment(self.home),
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def wait(self) -> None:
        for _try in range(300):
            if self.processes[0].poll() is not None:
                break
            try:
                urllib.request.urlopen(self.base + "/sign-in/login/", timeout=5).read()
                return
            except OSError:
                time.sleep(0.2)
        self.log.seek(0)
        raise RuntimeError(f"the server did not start:\n{self.log.read()[-3000:]}")

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=20)
        self.log.close()


@pytest.fixture(scope="module")
def serve():
    """Serve an installation's folder until the tests of the module are done: `serve(home, worker=True)`."""
    running = []

    def begin(home: Path, **options: bool) -> Serving:
        running.append(Serving(home, **options))
        return running[-1]

    yield begin
    for serving in running:
        serving.stop()


@pytest.fixture(scope="module")
def site(demo_home, tmp_path_factory, serve, request):
    """A server over a copy of the demonstration company, for one module's tests; with `WORKER = True`, a worker too."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(demo_home, home)
    return serve(home, worker=getattr(request.module, "WORKER", False))


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
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append(context)
        if who:
            page.goto("/sign-in/login/")
            sign_in(page, who)
        return page

    open_for.complaints = complaints
    yield open_for
    for context in opened:
        context.close()
    assert complaints == []


def sign_in(page, who: str, password: str = PASSWORD) -> None:
    page.locator("input[name=login]").fill(f"{who}@faro.example")
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


@pytest.fixture
def drop():
    """Drop a file on the page's place for it: `drop(page, "clients.csv", text)`."""

    def drop_on(page, name: str, text: str) -> None:
        given = page.evaluate_handle(
            "([name, text]) => { const it = new DataTransfer(); it.items.add(new File([text], name)); return it }",
            [name, text],
        )
        page.locator("[data-drop]").dispatch_event("drop", {"dataTransfer": given})

    return drop_on


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
