"""Whether every text of every app has its Spanish, and the same one everywhere. Exits with 1 and names what is wrong.

It extracts the texts anew (gettext's xgettext, through Django) into a copy, so that nothing in the tree changes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def extracted(app: Path, place: Path) -> Path:
    """Copy *app* to *place*, extract its texts there, and return the Spanish catalogue brought up to date."""
    copy = place / app.name
    shutil.copytree(app, copy, ignore=shutil.ignore_patterns("__pycache__", "tests", "*.mo"))
    (copy / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "django", "makemessages", "-l", "es", "--no-location", "--no-obsolete"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run(command, cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL)
    return copy / "locale/es/LC_MESSAGES/django.po"


def missing(catalogue: Path) -> list[str]:
    """The texts of *catalogue* without a sure translation."""
    with catalogue.open("rb") as file:
        messages = read_po(file)
    return [str(m.id) for m in messages if m.id and (m.fuzzy or not all(m.string if m.pluralizable else [m.string]))]


def at_odds(catalogues: Iterable[Path]) -> list[str]:
    """The texts that apps translate differently.

    Django merges all catalogues into one, so that a page would show the Spanish of whichever app comes first. Give the
    same text in another sense a context.
    """
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for catalogue in catalogues:
        with catalogue.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    app = catalogue.parents[3].name
                    said.setdefault((message.context, str(message.id)), {}).setdefault(str(message.string), app)
    return [
        f"{text!r}: " + ", ".join(f"{spanish!r} in {app}" for spanish, app in ways.items())
        for (_context, text), ways in said.items()
        if len(ways) > 1
    ]


def main() -> int:
    if not shutil.which("xgettext"):
        print("gettext is not installed: whether every text is translated was not checked.")
        return 0
    differing = at_odds(sorted((ROOT / "cartera").glob("*/locale/es/LC_MESSAGES/django.po")))
    for text in differing:
        print("two ways in Spanish: " + text)
    wrong = len(differing)
    with tempfile.TemporaryDirectory() as place:
        for app in sorted(path.parent for path in (ROOT / "cartera").glob("*/apps.py")):
            catalogue = extracted(app, Path(place))
            left = missing(catalogue) if catalogue.exists() else []
            wrong += len(left)
            for text in left:
                print(f"{app.name}: not in Spanish: {text!r}")
    print("Every text has its Spanish." if not wrong else f"{wrong} texts without good Spanish.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
