from itertools import chain

import pytest
from django.apps import apps
from django.urls import reverse

from cartera.kit import demo
from cartera.kit.history import record
from cartera.search import queries as search
from cartera.search.operations import index
from cartera.team.models import Member


@pytest.fixture
def fresh(db):
    """What the tables hold on the day of installation."""
    return rows()


@pytest.fixture
def company(fresh, cast, settings, tmp_path):
    """The cast, as if it had been built as the demonstration, with what it left in the installation's folder."""
    settings.HOME = tmp_path
    settings.LAKE, settings.MEDIA_ROOT = tmp_path / "lake", tmp_path / "uploads"
    for file in (
        "lake/interactions/month=2026-03/0.parquet",
        "uploads/imports/1/source",
        "mail/1.log",
        "demonstration",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    index(Member.objects.all())
    record("kit.demo_built", by=None, at=cast.at, after={"company": demo.COMPANY})
    return cast


def rows():
    """How many rows each of our own tables holds, the empty ones left out."""
    models = chain.from_iterable(apps.get_app_config(app.label).get_models() for app in apps.get_app_configs())
    ours = [model for model in models if model.__module__.startswith("cartera.")]
    return {model._meta.label: count for model in ours if (count := model._base_manager.count())}


@pytest.mark.django_db(transaction=True)
def test_the_company_goes_in_one_step_and_the_first_run_begins(fresh, company, client, tmp_path):
    client.force_login(company.ada)
    answer = client.post(reverse("team:demonstration"), {"company": "faro  coffee"})
    assert "Welcome to Cartera" in client.get(answer.url).content.decode()
    assert rows() == fresh | {"team.Invitation": 1}
    assert not search.find("Vera")
    assert sorted(place.name for place in tmp_path.rglob("*")) == ["lake", "mail", "uploads", "usage"]
    data = {
        "name": "Eva Egea", "email": "eva@example.org", "password": "olive tree and lamp", "language": "en",
        "time_zone": "Europe/Madrid",
    }  # fmt: skip
    page = client.post(answer.url, data, follow=True).content.decode()
    assert "Welcome, Eva Egea" in page
    assert reverse("team:demonstration") not in page
    assert Member.objects.get().is_administrator
    assert search.find("Eva Egea")


def test_another_name_changes_nothing(company, client):
    client.force_login(company.ada)
    before = rows()
    for typed in ("", "Cartera", "faro"):
        page = client.post(reverse("team:demonstration"), {"company": typed})
        assert page.context["form"].errors
    assert rows() == before


def test_only_administrators_of_a_demonstration_find_the_page(company, client, django_assert_max_num_queries):
    address = reverse("team:demonstration")
    for who in ("vera", "ana"):
        client.force_login(getattr(company, who))
        assert client.get(address).status_code == client.post(address, {"company": demo.COMPANY}).status_code == 403
        assert address not in client.get(reverse("team:chart")).content.decode()
    client.force_login(company.ada)
    with django_assert_max_num_queries(5):
        page = client.get(address).content.decode()
    assert f'href="{address}"' in page
    assert "Everything goes" in page


def test_a_real_company_has_no_such_page(cast, client, settings, tmp_path):
    settings.HOME = tmp_path
    client.force_login(cast.ada)
    assert client.get(reverse("team:demonstration")).status_code == 404
    assert client.post(reverse("team:demonstration"), {"company": demo.COMPANY}).status_code == 404
    assert reverse("team:demonstration") not in client.get(reverse("team:chart")).content.decode()
    assert Member.objects.exists()
