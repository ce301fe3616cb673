"""The pages of an import, from the empty list to the undone import."""

from io import BytesIO

import pytest
from django_tasks_db.models import DBTaskResult

from cartera.accounts.models import Account
from cartera.imports import jobs
from cartera.imports.models import RememberedMapping, Run
from cartera.kit import clock

CSV = (
    "Código;Razón social;Nivel;País;Alta;Facturación\nN1;Bodegas Ñu;A;España;31/01/2020;x\nN2;;B;España;01/02/2020;y\n"
)


@pytest.fixture
def ada(client, cast, media):
    client.force_login(cast.ada)
    return client


def work():
    """What the worker does."""
    for result in DBTaskResult.objects.order_by("enqueued_at"):
        getattr(jobs, result.task_path.rpartition(".")[2]).func(*result.args_kwargs["args"])
    DBTaskResult.objects.all().delete()


def upload(client, content=CSV, kind="accounts", name="clientes.csv"):
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    return client.post("/imports/new/", {"kind": kind, "file": file})


def columns_of(client, run):
    form = client.get(f"/imports/{run.pk}/").context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_an_empty_list_says_what_it_is_for_and_offers_the_next_step(ada):
    page = ada.get("/imports/").content.decode()
    assert "Bring your clients along" in page
    assert 'href="/imports/new/"' in page


def test_from_the_file_to_the_undone_import(ada):
    answer = upload(ada)
    run = Run.objects.get()
    assert answer["Location"] == f"/imports/{run.pk}/"
    page = ada.get(answer["Location"]).content.decode()
    assert "Bodegas Ñu" in page
    assert "Facturación" in page

    ada.post(f"/imports/{run.pk}/columns/", columns_of(ada, run))
    assert (
        'hx-get="/imports/1/progress/"'.replace("/1/", f"/{run.pk}/") in ada.get(f"/imports/{run.pk}/").content.decode()
    )
    assert "Being checked" in ada.get(f"/imports/{run.pk}/progress/").content.decode()
    work()
    assert ada.get(f"/imports/{run.pk}/progress/")["HX-Refresh"] == "true"
    page = ada.get(f"/imports/{run.pk}/").content.decode()
    assert "Import 1 row" in page
    assert "line 3 – Razón social: is empty" in page
    assert "day first" in page
    assert not Account.objects.filter(external_id="N1").exists()

    ada.post(f"/imports/{run.pk}/start/")
    work()
    account = Account.objects.get(external_id="N1")
    assert (account.name, account.tier, account.country) == ("Bodegas Ñu", "A", "España")
    assert b"line 3" in ada.get(f"/imports/{run.pk}/left-out/").getvalue()

    ada.post(f"/imports/{run.pk}/undo/")
    work()
    assert not Account.objects.filter(external_id="N1").exists()
    assert "Undone" in ada.get(f"/imports/{run.pk}/").content.decode()
    assert "clientes.csv" in ada.get("/imports/").content.decode()


def test_a_mapping_is_remembered_for_files_with_the_same_headings(ada):
    upload(ada)
    run = Run.objects.get()
    ada.post(f"/imports/{run.pk}/columns/", {**columns_of(ada, run), "column-5": "industry"})
    assert RememberedMapping.objects.get().mapping["5"] == "industry"
    upload(ada)
    assert Run.objects.latest("pk").mapping["5"] == "industry"


def test_a_column_given_twice_or_missing_is_said_at_its_place(ada):
    upload(ada)
    run = Run.objects.get()
    twice = ada.post(f"/imports/{run.pk}/columns/", {**columns_of(ada, run), "column-5": "name"})
    assert twice.status_code == 422
    assert "Another column is this already." in twice.content.decode()
    missing = ada.post(f"/imports/{run.pk}/columns/", {**columns_of(ada, run), "column-1": ""})
    assert "Still missing: name." in missing.content.decode()


def test_a_file_that_is_no_table_is_told_at_the_field(ada):
    answer = upload(ada, b"%PDF-1.7 \x00\x01", name="x.csv")
    assert answer.status_code == 422
    assert "This is a PDF file, not a table." in answer.content.decode()
    assert not Run.objects.exists()


def test_dates_in_two_formats_are_asked_about_and_can_be_decided(ada):
    upload(ada, "id;name;since\n1;A;31/01/2020\n2;B;01/31/2020\n")
    run = Run.objects.get()
    ada.post(f"/imports/{run.pk}/columns/", columns_of(ada, run))
    work()
    page = ada.get(f"/imports/{run.pk}/").content.decode()
    assert "line 2 says 31/01/2020 (day first), line 3 says 01/31/2020 (month first)" in page
    ada.post(f"/imports/{run.pk}/start/", {"columns": ""})
    ada.post(f"/imports/{run.pk}/columns/", {**columns_of(ada, run), "dates": "dmy"})
    work()
    run.refresh_from_db()
    assert (run.state, run.dry["created"], run.dry["rejected"]) == ("checked", 1, 1)


def test_a_file_read_wrongly_can_be_read_in_another_way(ada):
    upload(ada, "id;name\n1;Mu\u00f1oz\n".encode("mac_roman"))
    run = Run.objects.get()
    ada.post(f"/imports/{run.pk}/reading/", {"encoding": "cp1252", "delimiter": ";"})
    run.refresh_from_db()
    assert run.format["encoding"] == "cp1252"


def test_who_may_not_import_sees_neither_the_menu_nor_the_pages(client, cast, media):
    for member in (cast.ana, cast.sam, cast.luz):
        client.force_login(member)
        assert client.get("/imports/").status_code == (200 if member == cast.ana else 403)


def test_a_leader_sees_their_own_imports_only_and_only_what_they_may_bring(client, cast, ada):
    upload(ada)
    client.force_login(cast.diego)
    run = Run.objects.get()
    assert client.get(f"/imports/{run.pk}/").status_code == 404
    assert client.post(f"/imports/{run.pk}/start/").status_code == 404
    page = client.get("/imports/new/").content.decode()
    assert 'value="accounts"' in page
    assert 'value="members"' not in page


def test_an_import_of_which_nothing_is_heard_can_go_on(ada):
    upload(ada)
    run = Run.objects.get()
    ada.post(f"/imports/{run.pk}/columns/", columns_of(ada, run))
    work()
    Run.objects.update(state=Run.State.RUNNING, beat_at=clock.now().replace(year=2020))
    page = ada.get(f"/imports/{run.pk}/").content.decode()
    assert "Nothing was heard of this import" in page
    ada.post(f"/imports/{run.pk}/start/")
    work()
    assert Run.objects.get().state == Run.State.DONE


def test_the_empty_file_has_the_headings(ada):
    answer = ada.get("/imports/template/accounts/")
    assert answer.getvalue().decode("utf-8-sig").startswith("external id,name,part of,tier")


def test_it_speaks_spanish(ada, cast):
    cast.ada.language = "es"
    cast.ada.save()
    upload(ada, "Nombre\n\nX@\x07\n")
    run = Run.objects.get()
    ada.post(f"/imports/{run.pk}/columns/", columns_of(ada, run))
    work()
    page = ada.get(f"/imports/{run.pk}/").content.decode()
    assert "línea 3" in page
    assert "Se omitirían" in page


@pytest.mark.parametrize("address", ["/imports/", "/imports/new/", "/imports/{}/"])
def test_pages_ask_the_database_a_few_times_only(ada, django_assert_max_num_queries, address):
    for _n in range(3):
        upload(ada)
    ada.get("/imports/")
    with django_assert_max_num_queries(10):
        ada.get(address.format(Run.objects.latest("pk").pk))
