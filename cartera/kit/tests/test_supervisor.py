"""The supervisor, with real processes of a few lines."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cartera.kit.supervisor import web_command

# A child with a child of its own, as the web server is; both write their number down.
FAMILY = """
import os, sys, time
child = os.fork()
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
time.sleep(60)
"""
SUPERVISE = (
    "import sys; from cartera.kit.supervisor import run; run([[sys.executable, '-c', sys.argv[1], sys.argv[2]]])"
)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with Path(f"/proc/{pid}/stat").open() as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"


def until(condition, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_what_dies_is_started_again_whole_and_everything_stops_together(tmp_path):
    numbers = tmp_path / "numbers"
    numbers.touch()
    seen = lambda: [int(line) for line in numbers.read_text().split()]  # noqa: E731 - a shorthand
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISE, FAMILY, str(numbers)], stderr=subprocess.DEVNULL)
    try:
        assert until(lambda: len(seen()) == 2)
        first = seen()
        os.kill(min(first), signal.SIGKILL)
        assert until(lambda: len(seen()) == 4)
        assert not any(alive(pid) for pid in first), "the dead one's own child is gone too"
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(20)
        assert until(lambda: not any(alive(pid) for pid in seen()))
    finally:
        supervisor.kill()


def test_a_port_in_use_is_said_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="--port"):
            call_command("serve", port=taken.getsockname()[1])


def test_the_web_server_listens_where_it_is_told():
    command = web_command(host="127.0.0.1", port=8123, workers=2)
    assert command[-1] == "config.wsgi:application"
    assert "8123" in command
