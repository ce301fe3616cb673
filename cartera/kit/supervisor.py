"""Runs the web server and the worker as children: all stop together, and one that dies is started again.

Knows nothing of Django, so that the process that only waits takes little memory.
Run as `python -m cartera.kit.supervisor HOST PORT WORKERS`.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

PATIENCE = 15.0  # seconds that children have to stop politely
PAUSE = 1.0  # seconds before a dead child is started again; doubled each time, up to LONGEST_PAUSE
LONGEST_PAUSE = 30.0
# Few pools of memory for the threads of a process: the C library would keep many, mostly empty.
LEAN = {"MALLOC_ARENA_MAX": "2"}


def web_command(*, host: str, port: int, workers: int) -> list[str]:
    """The web server: one process with a few threads, which the demonstration's memory allows for."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    options += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"]
    return [sys.executable, "-m", "granian", *options, "config.wsgi:application"]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "cartera", "worker", "--clock"]


class Child:
    """A command that is to run until everything stops."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        self.pause = PAUSE
        self.again_at = 0.0
        self.start()

    def start(self) -> None:
        self.started = time.monotonic()
        self.again_at = 0.0
        # A group of its own: Ctrl-C reaches this process alone, which then stops the children in order.
        self.process = subprocess.Popen(self.command, start_new_session=True, env=LEAN | os.environ)  # noqa: S603

    def look(self, at: float) -> None:
        """Start again what has died, a little later each time it dies young."""
        if self.process.poll() is None:
            return
        if not self.again_at:
            self.sweep()
            lived = at - self.started
            calm = lived > LONGEST_PAUSE or self.process.returncode == 0
            self.pause = PAUSE if calm else min(self.pause * 2, LONGEST_PAUSE)
            self.again_at = at + self.pause
            if self.process.returncode:
                print(f"{self.command[2]} ended with {self.process.returncode}; starting it again.", file=sys.stderr)
        elif at >= self.again_at:
            self.start()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        try:
            self.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.sweep()

    def sweep(self) -> None:
        """End what a dead child left behind, such as the web server's own processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def run(commands: list[list[str]], *, host: str = "", port: int = 0) -> None:
    """Run *commands* until this process is told to end; say so once someone listens at *host* and *port*."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: stopping.append(number))
    children = [Child(command) for command in commands]
    waiting = bool(port)
    while not stopping:
        for child in children:
            child.look(time.monotonic())
        if waiting and is_listening(host, port):
            waiting = False
            print(f"Cartera is at http://{host}:{port}/   (Ctrl-C stops it)", flush=True)
        time.sleep(0.2)
    for child in children:
        child.stop()
    until = time.monotonic() + PATIENCE
    for child in children:
        child.wait(until)


def is_listening(host: str, port: int) -> bool:
    """Whether someone answers at *host* and *port*."""
    try:
        with socket.create_connection((host, port), timeout=0.2):
            return True
    except OSError:
        return False


def main(host: str, port: str, workers: str) -> None:
    web = web_command(host=host, port=int(port), workers=int(workers))
    run([web, worker_command()], host=host, port=int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
