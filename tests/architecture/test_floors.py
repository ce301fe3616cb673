"""What import-linter cannot see: references between tables written as text, and leaf apps that can be taken out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from cartera.kit.features import features
from config.features import FEATURES

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [feature.label for feature in features()]


def references():
    for model in apps.get_models():
        if model._meta.app_label in FLOORS:
            for field in model._meta.get_fields(include_hidden=False):
                if field.is_relation and not field.auto_created and field.related_model:
                    yield model, field


def test_references_between_tables_point_down():
    upward = [
        f"{model.__name__}.{field.name}"
        for model, field in references()
        if field.related_model._meta.app_label in FLOORS
        and field.related_model._meta.label != settings.AUTH_USER_MODEL
        and FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert upward == []


def test_references_to_another_app_leave_no_trace_on_it():
    loud = [
        f"{model.__name__}.{field.name}"
        for model, field in references()
        if field.related_model._meta.app_label != model._meta.app_label and not field.remote_field.hidden
    ]
    assert loud == []


def test_package_files_are_empty_but_for_lists_of_contents():
    full = {path.parent.name for path in (ROOT / "cartera").rglob("__init__.py") if path.read_text()}
    assert full <= {"models", "operations", "queries"}


def test_only_the_clock_knows_what_time_it_is():
    asks = re.compile(r"timezone\.(now|localdate)\(\)|date\.today\(|datetime\.(now|utcnow)\(")
    places = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "cartera").rglob("*.py")
        if "/tests/" not in str(path) and path.name != "clock.py" and asks.search(path.read_text())
    ]
    assert places == []


# What stands alone at the top or holds no other app's tables: taking its line out leaves a working product.
LEAVES = ["day", "health", "contracts", "usage"]


@pytest.mark.parametrize("leaf", LEAVES)
def test_apps_can_be_removed(leaf, tmp_path):
    """A process whose list of apps lacks *leaf* (and what stands on it) serves every menu place."""
    above = {app.split(".")[1] for app in FEATURES[[app.split(".")[1] for app in FEATURES].index(leaf) :]}
    gone = {leaf} | {app for app in above if uses(app, leaf)}
    script = f"""
import config.features
config.features.FEATURES = [app for app in config.features.FEATURES if app.split('.')[1] not in {gone!r}]
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from django.urls import reverse
from cartera.kit.features import offers
from cartera.team.models import Member
from cartera.accounts.operations import open_account
from cartera.kit.clock import now
ada = Member.objects.create_member(email="ada@example.org", name="Ada", is_administrator=True)
account = open_account(name="Bodegas Norte", by=ada, at=now())
client = Client()
client.force_login(ada)
places = [reverse(item.url_name) for item in offers("menu") if item.visible(ada)]
places += [reverse("accounts:page", args=[account.pk])]
places += [reverse(panel.url_name, args=[account.pk]) for panel in offers("account_panels")]
for place in places:
    response = client.get(place, follow=True)
    assert response.status_code == 200, (place, response.status_code)
print(len(places))
"""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CARTERA", "DATABASE"))}
    environment |= {
        "CARTERA_HOME": str(tmp_path),
        "CARTERA_DEBUG": "1",
        "CARTERA_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 5


def uses(app: str, used: str) -> bool:
    """Whether any module of *app* outside its tests imports *used*."""
    pattern = re.compile(rf"^\s*(from|import) cartera\.{used}\b", re.MULTILINE)
    files = [path for path in (ROOT / "cartera" / app).rglob("*.py") if "/tests/" not in str(path)]
    return app != used and any(pattern.search(path.read_text()) for path in files)
