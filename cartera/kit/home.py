"""The folder that holds everything an installation writes."""

import secrets
from pathlib import Path


def prepared_home(path: str) -> Path:
    """Return the installation's folder, made with its subfolders if they are missing."""
    home = Path(path).resolve()
    for folder in (home, home / "lake", home / "uploads", home / "mail", home / "static", home / "tmp"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def secret_key(home: Path) -> str:
    """Return the installation's secret, made on first use and readable by its owner only."""
    place = home / "secret_key"
    try:
        with place.open("x") as file:
            place.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return place.read_text().strip()
