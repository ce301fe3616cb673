"""Run a command beside a Spark cluster of its own: a master and two workers on loopback, stopped at the end.

python tests/with_spark.py pytest -q     CARTERA_LAKE_ENGINE and CARTERA_SPARK_MASTER are set for the command
python tests/with_spark.py --check       exit code 0 if this machine can do it
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

PATIENCE = 120.0  # seconds until both workers must have come
# Small tables: spreading their work over hundreds of tasks would only cost time.
CONFIGURATION = """
spark.sql.shuffle.partitions 2
spark.default.parallelism 2
spark.executor.memory 512m
spark.sql.adaptive.enabled false
spark.sql.sources.parallelPartitionDiscovery.threshold 1000
spark.sql.files.openCostInBytes 0
spark.log.level ERROR
spark.ui.showConsoleProgress false
"""


def missing() -> str:
    """What this machine lacks for Spark; empty if nothing."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed"
    java = subprocess.run(["java", "-version"], capture_output=True, check=False) if shutil.which("java") else None
    return "" if java and java.returncode == 0 else "Java is not installed"


@contextmanager
def spark() -> Iterator[dict[str, str]]:
    """Yield the environment in which Cartera asks a cluster that lives as long as the block."""
    home = Path(tempfile.mkdtemp(prefix="cartera-spark-"))
    (home / "spark-defaults.conf").write_text(CONFIGURATION)
    port, page = _free_port(), _free_port()
    master = f"spark://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SPARK_HOME": str(_programs()),
        "SPARK_SCALA_VERSION": "2.13",  # workers would look for it in folders that only a source tree has
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_CONF_DIR": str(home),
        "SPARK_LOCAL_DIRS": str(home / "local"),
    }
    started = [_start(home, environment, "master.Master", "--port", str(port), "--webui-port", str(page))]
    try:
        for _worker in range(2):
            started.append(
                _start(home, environment, "worker.Worker", "-c", "1", "-m", "1g", "-d", str(home / "work"), master)
            )
        _wait_for_workers(page, started)
        yield environment | {"CARTERA_LAKE_ENGINE": "spark", "CARTERA_SPARK_MASTER": master}
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait()
        shutil.rmtree(home)


def _programs() -> Path:
    import pyspark

    return Path(pyspark.__file__).parent


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _start(home: Path, environment: dict[str, str], role: str, *options: str) -> subprocess.Popen[bytes]:
    java = ["java", "-cp", f"{home}:{_programs()}/jars/*", "-Xmx512m"]
    command = [*java, f"org.apache.spark.deploy.{role}", "--host", "127.0.0.1"]
    with (home / f"{role}.log").open("ab") as log:
        return subprocess.Popen([*command, *options], env=environment, stdout=log, stderr=log, cwd=home)


def _wait_for_workers(page: int, started: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if any(process.poll() is not None for process in started):
            raise SystemExit("Spark did not start.")
        try:
            with urlopen(f"http://127.0.0.1:{page}/json/", timeout=5) as answer:
                if answer.read().count(b'"ALIVE"') >= 3:  # the master and both workers
                    return
        except OSError:
            pass  # not up yet, or too busy with getting up to answer
        time.sleep(0.2)
    raise SystemExit("Spark's workers did not come.")


def main() -> int:
    if lacks := missing():
        print(lacks)
        return 1
    if sys.argv[1:] == ["--check"]:
        return 0
    with spark() as environment:
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
