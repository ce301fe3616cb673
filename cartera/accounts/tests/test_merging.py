from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartera.accounts import duplicates, operations
from cartera.accounts.models import Account, Contact
from cartera.accounts.tests.test_operations import LATER, undo
from cartera.kit.errors import Refused

HISTORY = {"kit.change", "timeline.event", "search.entry"}


def everything():
    """All rows of all our tables, but for the history, which only grows."""
    models = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("cartera.")]
    return {
        model._meta.label_lower: sorted(model._base_manager.values_list(), key=str)
        for model in models
        if model._meta.label_lower not in HISTORY
    }


def invoice(account, number):
    return apps.get_model("contracts.Invoice").objects.create(
        account=account, number=number, issued_at=LATER, recorded_at=LATER, currency="EUR", total=Decimal(10)
    )


def test_a_merge_keeps_every_reference_and_fills_what_was_empty(cast):
    operations.edit(cast.norte, country="Spain", tags=["wine"], by=None, at=LATER)
    bill = invoice(cast.norte, "7")
    operations.merge(cast.norte, into=cast.puente, by=cast.diego, at=LATER)
    bill.refresh_from_db()
    assert bill.account == cast.puente
    assert list(cast.puente.contacts.all()) == [cast.bea]
    assert (cast.puente.country, cast.puente.tags, cast.puente.tier) == ("Spain", ["wine"], "B")
    assert cast.norte not in Account.objects.visible_to(cast.vera)
    assert not operations.with_wrong_lead().exists()


def test_two_invoices_of_one_number_are_not_merged_silently(cast):
    invoice(cast.norte, "7")
    invoice(cast.puente, "7")
    with pytest.raises(Refused, match="7"):
        operations.merge(cast.norte, into=cast.puente, by=cast.diego, at=LATER)


def test_a_group_merged_into_its_own_part_leaves_no_circle(cast):
    operations.edit(cast.puente, parent_id=cast.norte.pk, by=None, at=LATER)
    operations.edit(cast.molino, parent_id=cast.norte.pk, by=None, at=LATER)
    operations.merge(cast.norte, into=cast.puente, by=None, at=LATER)
    cast.molino.refresh_from_db()
    assert (cast.puente.parent, cast.molino.parent) == (None, cast.puente)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_undoing_a_merge_leaves_everything_as_it_was(cast, data):
    from django.db import transaction

    names = st.sampled_from(["norte", "puente", "molino", "harbour", "solo"])
    with transaction.atomic():
        one, other = (getattr(cast, name) for name in data.draw(st.lists(names, min_size=2, max_size=2, unique=True)))
        for number, name in enumerate(data.draw(st.lists(names, max_size=4))):
            invoice(getattr(cast, name), str(number))
        for name, parent in data.draw(st.lists(st.tuples(names, names), max_size=3)):
            try:
                operations.edit(
                    Account.objects.get(pk=getattr(cast, name).pk),
                    parent_id=getattr(cast, parent).pk,
                    by=None,
                    at=LATER,
                )
            except Refused:
                continue
        fields = data.draw(
            st.fixed_dictionaries({"country": st.sampled_from(["", "Spain"]), "tags": st.lists(st.sampled_from("ab"))})
        )
        operations.edit(Account.objects.get(pk=one.pk), **fields, by=None, at=LATER)
        revenue = data.draw(st.none() | st.decimals(0, 1000, places=2))
        operations.keep_figures(
            [{"account_id": one.pk, "revenue": revenue, "last_touch_at": datetime(2026, 1, 1, tzinfo=UTC)}]
        )
        before = everything()
        one, other = Account.objects.get(pk=one.pk), Account.objects.get(pk=other.pk)
        undo(operations.merge(one, into=other, by=cast.vera, at=LATER), cast.vera)
        assert everything() == before
        transaction.set_rollback(True)


def test_two_entries_of_one_person_become_one_and_two_again(cast):
    second = operations.add_contact(cast.norte, name="B. Bosch", phone="1", by=None, at=LATER)
    operations.edit_contact(cast.bea, reports_to=second, by=None, at=LATER)
    before = everything()
    change = operations.merge_contacts(second, into=cast.bea, by=cast.ana, at=LATER)
    assert list(cast.norte.contacts.known()) == [Contact.objects.get(pk=cast.bea.pk)]
    assert (cast.bea.phone, cast.bea.reports_to) == ("1", None)
    undo(change, cast.ana)
    assert everything() == before


def test_duplicates_are_found_by_domain_tax_number_and_similar_name(cast):
    ids = operations.open_many(
        [{"name": "Bodegas del Norte, S.L."}, {"name": "Puente Azul SA"}, {"name": "X", "tax_number": "B1"},
         {"name": "Y", "tax_number": "B1"}],
        by=None, at=LATER,
    )  # fmt: skip
    found = {(pair.first, pair.second): str(pair.reason) for pair in duplicates.pairs(Account.objects.all(), limit=10)}
    assert found == {
        (cast.norte.pk, ids[0]): "similar name",
        (cast.puente.pk, ids[1]): "similar name",
        (ids[2], ids[3]): "same tax number",
    }
    operations.keep_apart(cast.norte, Account.objects.get(pk=ids[0]), by=cast.vera, at=LATER)
    assert len(duplicates.pairs(Account.objects.all(), limit=10)) == 2
