"""Products: found, named, archived."""

import pytest
from django.urls import reverse

from cartera.catalogue import operations
from cartera.catalogue.models import Product
from cartera.kit import undo
from cartera.kit.errors import NotAllowed, Refused
from cartera.search import queries as search

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def beans(cast):
    return operations.add(code="BEANS", name="Espresso beans", family="Coffee", by=cast.ada, at=cast.at)


@pytest.fixture
def as_member(client):
    def sign_in(member):
        client.force_login(member)
        return client

    return sign_in


def test_everyone_finds_products_by_code_name_and_family(cast, beans, as_member):
    client = as_member(cast.sam)
    for text in ("bean", "espresso", "coffee esp", ""):
        page = client.get(reverse("catalogue:products"), {"q": text})
        assert page.context["page"].rows == [beans]
    assert not client.get(reverse("catalogue:products"), {"q": "tea"}).context["page"].rows
    assert [hit.title for hit in search.find_for(cast.ana, "espresso")] == ["Espresso beans"]


def test_only_administrators_change_what_we_sell(cast, beans, as_member):
    for verb in (
        lambda: operations.edit(beans, name="x", by=cast.vera, at=cast.at),
        lambda: operations.archive(beans, by=cast.vera, at=cast.at),
        lambda: operations.add(code="x", name="x", by=cast.vera, at=cast.at),
    ):
        with pytest.raises(NotAllowed):
            verb()
    client = as_member(cast.vera)
    assert "Archive</button>" not in client.get(reverse("catalogue:product", args=[beans.pk])).content.decode()
    assert client.get(reverse("catalogue:add")).status_code == 403
    assert client.post(reverse("catalogue:archive", args=[beans.pk])).status_code == 403


def test_another_name_can_be_undone_while_nobody_changed_it_again(cast, beans):
    first = operations.edit(beans, name="House beans", family="Coffee", by=cast.ada, at=cast.at)
    assert first.before == {"name": "Espresso beans"}
    undo.undo(first.pk, by=cast.ada, at=cast.at)
    beans.refresh_from_db()
    assert beans.name == "Espresso beans"
    second = operations.edit(beans, name="Other", by=cast.ada, at=cast.at)
    operations.edit(beans, name="Another", by=cast.ada, at=cast.at)
    with pytest.raises(Refused):
        undo.undo(second.pk, by=cast.ada, at=cast.at)


def test_an_archived_product_leaves_the_list_and_comes_back(cast, beans, as_member):
    client = as_member(cast.ada)
    page = client.post(reverse("catalogue:archive", args=[beans.pk]), follow=True).content.decode()
    assert "Archived Espresso beans." in page
    assert not client.get(reverse("catalogue:products")).context["page"].rows
    assert client.get(reverse("catalogue:products"), {"archived": 1}).context["page"].rows == [beans]
    client.post(reverse("catalogue:archive", args=[beans.pk]))
    beans.refresh_from_db()
    assert beans.archived_at is None


def test_a_code_is_used_once_whatever_its_case(cast, beans):
    with pytest.raises(Refused):
        operations.add(code="beans", name="x", by=cast.ada, at=cast.at)


def test_a_product_is_added_and_edited_on_its_pages(cast, as_member):
    client = as_member(cast.ada)
    assert client.post(reverse("catalogue:add"), {"code": "", "name": "x"}).status_code == 422
    client.post(reverse("catalogue:add"), {"code": "T-1", "name": HOSTILE})
    product = Product.objects.get()
    page = client.get(reverse("catalogue:product", args=[product.pk])).content.decode()
    assert "<script>alert" not in page
    assert client.post(reverse("catalogue:edit", args=[product.pk]), {"name": ""}).status_code == 422
    client.post(reverse("catalogue:edit", args=[product.pk]), {"name": "Tea", "family": "Tea"})
    product.refresh_from_db()
    assert (product.name, product.family) == ("Tea", "Tea")


def test_the_list_takes_the_same_few_queries_however_many_products(cast, as_member, django_assert_num_queries):
    client = as_member(cast.ana)
    client.get(reverse("catalogue:products"))
    Product.objects.bulk_create(Product(code=f"P{number}", name=f"Product {number:03}") for number in range(120))
    with django_assert_num_queries(5):
        page = client.get(reverse("catalogue:products"))
    assert "120 products" in page.content.decode()


def test_imported_products_can_be_found_after_catching_up(cast):
    Product.objects.create(code="Z9", name="Zebra mug")
    assert operations.catch_up() == 1
    assert operations.catch_up() == 0
    assert [hit.title for hit in search.find_for(cast.ana, "zebra")] == ["Zebra mug"]
