"""The real web server on loopback, with the official clients, and with a sudden death under load."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 60.0  # seconds for a server to answer, and for a client to be installed
SENDERS = 4
BATCHES = 60  # acknowledged before the server dies

MADE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from cartera.usage import operations
from cartera.kit.clock import now
from cartera.accounts.operations import open_account
open_account(name="Bodegas Norte", external_id="norte", by=None, at=now())
print(operations.make_key(name="Test", by=None, at=now())[1])
"""

TOLD = """
import django; django.setup()
import json
from cartera.kit.clock import now
from cartera.lake.queries import facts_as_of
from cartera.usage import folding
from cartera.usage.models import Aside, Person
done = folding.fold(at=now())
rows = facts_as_of(now()).usage.to_pyarrow().to_pylist()
counted = {}
for row in rows:
    counted[row["feature"]] = counted.get(row["feature"], 0) + row["events"]
print(json.dumps({
    "counted": counted, "twice": done.twice, "aside": list(Aside.objects.values_list("reason", flat=True)),
    "people": sorted(Person.objects.values_list("external_id", flat=True)),
    "tied": len([row for row in rows if row["account_id"]]),
}))
"""


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def environment(home):
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CARTERA", "DATABASE"))}
    return kept | {
        "CARTERA_HOME": str(home),
        "CARTERA_DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
    }


def run(script, environment):
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1]


def told(environment):
    """What stands in the lake after a fold, by a process that has seen nothing of the server's."""
    return json.loads(run(TOLD, environment))


@contextmanager
def serving(environment, workers=2):
    """A web server with processes of its own group; yields its port and the number of that group."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cartera", "web", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port):
            assert process.poll() is None
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.2)
        yield port, process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(port):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("OPTIONS", "/v1/batch")
            return connection.getresponse().status == 204
        except OSError:
            return False


def report(user, name):
    return {
        "type": "track", "userId": user, "event": name, "messageId": name, "context": {"groupId": "norte"},
        "properties": {"filling": "x" * 2000},
    }  # fmt: skip


def test_everything_acknowledged_is_there_after_a_kill_in_the_middle(environment):
    key = run(MADE, environment)
    acknowledged, lock, enough = [], threading.Lock(), threading.Event()

    def send(number, port):
        headers = {"Authorization": "Basic " + b64encode(f"{key}:".encode()).decode()}
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            for turn in range(10_000):
                names = [f"{number}-{turn}-{place}" for place in range(5)]
                body = json.dumps({"batch": [report(f"u{number}", name) for name in names]})
                try:
                    connection.request("POST", "/v1/batch", body, headers)
                    answer = connection.getresponse()
                    answer.read()
                except (OSError, http.client.HTTPException):
                    return
                assert answer.status == 200
                with lock:
                    acknowledged.extend(names)
                    if len(acknowledged) >= BATCHES * 5:
                        enough.set()

    with serving(environment) as (port, group):
        senders = [threading.Thread(target=send, args=(number, port)) for number in range(SENDERS)]
        for sender in senders:
            sender.start()
        assert enough.wait(PATIENCE)
        os.killpg(group, signal.SIGKILL)
        for sender in senders:
            sender.join(PATIENCE)
    found = told(environment)
    assert set(acknowledged) <= set(found["counted"])
    assert set(found["counted"].values()) == {1}
    assert len(found["counted"]) <= len(acknowledged) + SENDERS * 5  # at most what was on its way
    assert found["tied"] == len(found["counted"])


PYTHON = """
import sys
import segment.analytics as analytics
analytics.write_key, analytics.host, analytics.gzip = sys.argv[1], sys.argv[2], sys.argv[3] == "zipped"
problems = []
analytics.on_error = lambda error, items: problems.append(error)
analytics.group("u1", "norte", {"name": "Bodegas Norte", "seats": 12})
analytics.identify("u1", {"email": "bea@norte.example"})
for number in range(250):
    analytics.track("u1", "Report exported", {"pages": number})
analytics.page("u1", name="Prices")
analytics.screen("u1", name="Home")
analytics.alias("visitor", "u1")
analytics.shutdown()
assert not problems, problems
"""

NODE = """
const { Analytics } = require("@segment/analytics-node")
const [writeKey, host] = process.argv.slice(1)
const analytics = new Analytics({ writeKey, host, path: "/v1/batch", maxRetries: 1 })
analytics.on("error", (error) => { console.error(error); process.exitCode = 1 })
analytics.group({ userId: "u1", groupId: "norte", traits: { seats: 12 } })
analytics.identify({ userId: "u1", traits: { email: "bea@norte.example" } })
for (let number = 0; number < 250; number++)
  analytics.track({ userId: "u1", event: "Report exported", properties: { pages: number } })
analytics.page({ userId: "u1", name: "Prices" })
analytics.screen({ anonymousId: "visitor", name: "Home", context: { groupId: "norte" } })
analytics.alias({ userId: "u1", previousId: "visitor" })
analytics.closeAndFlush()
"""


@pytest.fixture(scope="module")
def python_client(tmp_path_factory):
    """A folder with Segment's client for Python, from the package registry."""
    uv = shutil.which("uv") or shutil.which("uv", path=Path(sys.prefix).resolve().parent / ".tools/bin")
    installing = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    folder = tmp_path_factory.mktemp("python-client")
    install([*installing, "--target", str(folder), "segment-analytics-python"], folder)
    return folder


@pytest.fixture(scope="module")
def node_client(tmp_path_factory):
    """A folder with Segment's client for Node, from the package registry."""
    if not (shutil.which("npm") and shutil.which("node")):
        pytest.skip("node and npm are not installed: Segment's client for Node was not tried")
    folder = tmp_path_factory.mktemp("node-client")
    install(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), "@segment/analytics-node"], folder)
    return folder


def install(command, folder):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=2 * PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"the official client could not be installed, so it was not tried: {error}")
    if done.returncode:
        pytest.skip(f"the official client could not be installed, so it was not tried: {done.stderr[-300:]}")


@pytest.mark.parametrize("how", ["plain", "zipped"])
def test_the_official_python_client(environment, python_client, how):
    key = run(MADE, environment)
    with serving(environment, workers=1) as (port, _group):
        given = environment | {"PYTHONPATH": str(python_client)}
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PYTHON, key, f"http://127.0.0.1:{port}", how],
            env=given, cwd=python_client, check=True, timeout=PATIENCE,
        )  # fmt: skip
    found = told(environment)
    assert found["counted"] == {"Report exported": 250, "Prices": 1, "Home": 1}
    assert (found["aside"], found["people"]) == ([], ["u1", "visitor"])


def test_the_official_node_client(environment, node_client):
    key = run(MADE, environment)
    with serving(environment, workers=1) as (port, _group):
        subprocess.run(
            ["node", "-e", NODE, key, f"http://127.0.0.1:{port}"],
            cwd=node_client, check=True, timeout=PATIENCE, capture_output=True,
        )  # fmt: skip
    found = told(environment)
    assert found["counted"] == {"Report exported": 250, "Prices": 1, "Home": 1}
    assert (found["aside"], found["people"]) == ([], ["u1", "visitor"])
