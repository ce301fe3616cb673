"""Run a command with a PostgreSQL of its own: started on a free port, in a folder of its own, stopped at the end.

python tests/with_postgres.py pytest -q     DATABASE_URL is set for the command
python tests/with_postgres.py --check       exit code 0 if this machine can do it
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The newest installed server's folder of programs, or None."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda place: int(place.parts[-3]))
    if places:
        return places[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a server that lives as long as the block."""
    place = programs()
    if place is None:
        raise SystemExit("PostgreSQL is not installed: no initdb was found.")
    home = Path(tempfile.mkdtemp(prefix="cartera-postgres-"))
    # The server refuses to run as root; Debian's own account for it is there wherever its package is.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(home, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": home}
    data = home / "data"
    initdb = [*user, place / "initdb", "-D", data, "-U", "cartera", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run([*initdb, "--locale=C.UTF-8"], **quiet)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {home} -c fsync=off -c max_connections=60"
    control = [*user, place / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-l", home / "log", "-o", options, "start"], **quiet)
    try:
        yield f"postgres://cartera@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(home)


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        return 0 if programs() else 1
    with postgres() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
