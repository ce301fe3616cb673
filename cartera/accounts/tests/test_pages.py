import gzip

import pytest
from django.urls import reverse

from cartera.accounts import operations
from cartera.accounts.models import Account, SavedView
from cartera.accounts.tests.test_operations import LATER

PAGES = ["list", "create", "duplicates"]
OF_ACCOUNT = ["page", "peek", "edit", "people", "group", "details", "stewards", "add_contact"]


@pytest.fixture
def open_page(client):
    """Get an address as a member; the answer's text."""

    def get(member, address, **headers):
        client.force_login(member)
        response = client.get(address, headers=headers)
        return response.status_code, response.content.decode()

    return get


@pytest.mark.parametrize("name", PAGES)
def test_pages_open(cast, open_page, name):
    assert open_page(cast.diego, reverse(f"accounts:{name}"))[0] == 200


@pytest.mark.parametrize("name", OF_ACCOUNT)
def test_pages_of_an_account_open_for_those_who_see_it_only(cast, open_page, name):
    address = reverse(f"accounts:{name}", args=[cast.norte.pk])
    assert open_page(cast.ana, address)[0] == 200
    assert open_page(cast.nell, address)[0] == 404


def test_the_list_shows_ones_book_and_nothing_else(cast, open_page):
    _status, text = open_page(cast.ana, "/accounts/")
    assert "Bodegas Norte" in text
    assert "El Molino" not in text


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ("tier:A", {"Bodegas Norte"}),
        ("nivel:B", {"Puente Azul", "El Molino"}),
        ("owner:none", {"Solo Trading"}),
        ("steward:\"Luz Leal\"", {"Bodegas Norte"}),
        ("health:<50", {"Puente Azul"}),
        ("tag:wine", {"Bodegas Norte"}),
        ("has:contacts", {"Bodegas Norte"}),
        ("field.cellar:>2", {"El Molino"}),
        ("group:norte", {"Bodegas Norte", "Puente Azul"}),
        ("bodegas", {"Bodegas Norte"}),
        ("-tier:B -tier:A", {"Harbour Foods", "Solo Trading"}),
    ],
)  # fmt: skip
def test_filters_as_text(cast, open_page, filter, names):
    operations.define_field(key="cellar", label="Cellar", kind="number", choices=[], order=0, by=None, at=LATER)
    operations.edit(cast.norte, tags=["wine"], by=None, at=LATER)
    operations.edit(cast.molino, custom={"cellar": 3}, by=None, at=LATER)
    operations.edit(cast.puente, parent_id=cast.norte.pk, by=None, at=LATER)
    operations.keep_figures(
        [{"account_id": cast.puente.pk, "health": 41.0}, {"account_id": cast.norte.pk, "health": 81.0}]
    )
    _status, text = open_page(
        cast.vera, reverse("accounts:list") + f"?q={filter.replace('>', '%3E').replace('<', '%3C')}"
    )
    everyone = {"Bodegas Norte", "Puente Azul", "El Molino", "Harbour Foods", "Solo Trading"}
    assert {name for name in everyone if f"data-open>{name}<" in text} == names


def test_a_wrong_filter_says_what_was_meant(cast, open_page):
    status, text = open_page(cast.vera, "/accounts/?q=helth:%3C50")
    assert status == 200
    assert "health:" in text


@pytest.mark.parametrize("address", ["", "?sort=-last_touch_at", "?q=tier:none&sort=-revenue", "?q=client"])
def test_the_list_costs_the_same_queries_for_few_accounts_and_for_many(
    cast, client, django_assert_max_num_queries, address
):
    client.force_login(cast.vera)
    for count in (3, 60):
        operations.open_many(
            [{"name": f"Client {n}", "lead_id": cast.marc.pk} for n in range(count)], by=None, at=LATER
        )
        with django_assert_max_num_queries(10):
            response = client.get(f"/accounts/{address}")
    assert len(response.content) < 60_000
    assert len(gzip.compress(response.content)) < 12_000


@pytest.mark.parametrize(("name", "most"), [("page", 12), ("people", 6), ("group", 6), ("details", 6), ("stewards", 6)])
def test_the_page_of_an_account_and_its_panels_ask_little(cast, client, django_assert_max_num_queries, name, most):
    client.force_login(cast.ana)
    with django_assert_max_num_queries(most):
        client.get(reverse(f"accounts:{name}", args=[cast.norte.pk]))


def test_whom_to_hand_over_to_is_told_to_those_who_may(cast, open_page):
    assert "Ana Arias" in open_page(cast.diego, reverse("accounts:new_stewards"))[1]
    assert open_page(cast.nell, reverse("accounts:new_stewards"))[0] == 403


def test_a_cell_set_in_place_is_the_cell_that_a_reload_shows(cast, client):
    client.force_login(cast.ana)
    address = reverse("accounts:set", args=[cast.norte.pk, "tier"])
    assert "<select" in client.get(address + "?edit=1").content.decode()
    answered = client.post(address, {"value": "B"}, headers={"HX-Request": "true"}).content.decode()
    assert Account.objects.get(pk=cast.norte.pk).tier == "B"
    reloaded = client.get("/accounts/").content.decode()
    assert answered[: answered.index("</td>")] in reloaded


def test_selected_accounts_are_handed_over_and_nothing_that_is_not_seen(cast, client):
    client.force_login(cast.diego)
    ids = [cast.norte.pk, cast.harbour.pk]
    client.post("/accounts/bulk/", {"action": "hand_over", "to": cast.marc.pk, "id": ids})
    cast.norte.refresh_from_db()
    cast.harbour.refresh_from_db()
    assert (cast.norte.lead, cast.harbour.lead) == (cast.marc, cast.nell)


def test_all_that_match_are_selected_as_a_filter_on_the_server(cast, client):
    client.force_login(cast.diego)
    client.post("/accounts/bulk/?q=tier:B", {"action": "tag", "add": "fair", "all": "1"})
    assert set(Account.objects.exclude(tags=[])) == {cast.puente, cast.molino}


def test_a_view_is_saved_and_says_when_it_was_changed(cast, client):
    client.force_login(cast.ana)
    client.post("/accounts/views/?q=tier:A&sort=-revenue", {"name": "Large ones"})
    view = SavedView.objects.get()
    assert (view.filter, view.sort) == ("tier:A", "-revenue")
    assert "This view was changed" not in client.get(f"/accounts/?view={view.pk}").content.decode()
    assert "This view was changed" in client.get(f"/accounts/?view={view.pk}&q=tier:B").content.decode()
    client.post(f"/accounts/views/?view={view.pk}&q=tier:B", {"same": "1"})
    view.refresh_from_db()
    assert view.filter == "tier:B"


def test_a_file_holds_what_matches_and_no_live_formula(cast, client):
    client.force_login(cast.vera)
    operations.edit(cast.solo, name="=cmd|' /C calc'!A0", by=None, at=LATER)
    text = b"".join(client.get("/accounts/export.csv?q=tier:D,A").streaming_content).decode()
    assert "Bodegas Norte" in text
    assert "'=cmd" in text
    assert "Harbour" not in text
    assert b"".join(client.get("/accounts/export.xlsx").streaming_content).startswith(b"PK")


def test_the_matrix_has_a_dot_for_each_account(cast, client):
    client.force_login(cast.vera)
    operations.keep_figures([{"account_id": cast.norte.pk, "health": 81.0, "revenue": 1200}])
    assert "Bodegas Norte" in client.get("/accounts/?as=matrix").content.decode()


def test_a_matrix_without_a_single_dot_says_why(cast, client):
    client.force_login(cast.vera)
    assert "both a health and a revenue" in client.get("/accounts/?as=matrix").content.decode()


def test_an_account_is_opened_edited_and_closed_on_its_pages(cast, client):
    client.force_login(cast.diego)
    client.post("/accounts/new/", {"name": "Nuevo Puerto", "to": cast.ana.pk, "parent": "norte"})
    account = Account.objects.get(name="Nuevo Puerto")
    assert (account.lead, account.parent, account.external_id) == (cast.ana, cast.norte, None)
    client.post(f"/accounts/{account.pk}/edit/", {"name": "Nuevo Puerto SA", "parent": "", "tags": "sea"})
    account.refresh_from_db()
    assert (account.name, account.parent, account.tags) == ("Nuevo Puerto SA", None, ["sea"])
    client.post(f"/accounts/{account.pk}/close/", {"reason": "price"})
    account.refresh_from_db()
    assert account.stage == "lost"


def test_a_person_is_added_on_the_page_of_the_account(cast, client):
    client.force_login(cast.ana)
    address = reverse("accounts:add_contact", args=[cast.norte.pk])
    client.post(address, {"name": "Carla Cano", "reports_to": cast.bea.pk})
    assert cast.norte.contacts.get(name="Carla Cano").reports_to == cast.bea
    assert "Carla Cano" in client.get(reverse("accounts:people", args=[cast.norte.pk])).content.decode()


def test_someone_without_accounts_is_told_how_to_begin(cast, open_page):
    assert "/imports/" in open_page(cast.sam, "/accounts/")[1]


def test_own_fields_are_for_administrators(cast, open_page):
    assert open_page(cast.ana, "/settings/fields/")[0] == 403
    assert open_page(cast.ada, "/settings/fields/")[0] == 200


def test_the_chart_shows_the_size_of_each_book_to_those_who_see_its_accounts(cast, open_page):
    operations.keep_figures([{"account_id": cast.norte.pk, "revenue": 412_000}])
    assert "2 accounts · €412K" in open_page(cast.diego, "/people/")[1]
    assert "2 accounts · €412K" not in open_page(cast.nell, "/people/")[1]
