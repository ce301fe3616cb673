"""The feed's rows of invoices: one for each, however it came in, and none of those that are gone."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from cartera.contracts.models import Invoice
from cartera.timeline.models import Event

KIND = "contracts.issue"
_DATA = {
    "sqlite": "json_object('kind', i.kind, 'total', CAST(i.total AS TEXT), 'currency', i.currency)",
    "postgresql": "jsonb_build_object('kind', i.kind, 'total', CAST(i.total AS TEXT), 'currency', i.currency)",
}


def tell(account_ids: Sequence[int] | None) -> None:
    """Write an event for each invoice of these accounts (all) that has none; drop imported ones that are gone or grew.

    What a person issued keeps its event as long as the invoice is there.
    """
    invoice, event = Invoice._meta.db_table, Event._meta.db_table
    some, given = _among(account_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {event} WHERE kind = %s AND about_id IS NOT NULL {some} "  # noqa: S608 - our own names
            f"AND NOT EXISTS (SELECT 1 FROM {invoice} i WHERE i.id = about_id "
            f"AND (change_id IS NOT NULL OR CAST(i.total AS TEXT) = {event}.data ->> 'total'))",
            [KIND, *given],
        )
        cursor.execute(
            f'INSERT INTO {event} (account_id, at, kind, "group", about_id, subject, data) '  # noqa: S608
            f"SELECT i.account_id, i.issued_at, %s, %s, i.id, i.number, {_DATA[connection.vendor]} FROM {invoice} i "
            f"WHERE NOT EXISTS (SELECT 1 FROM {event} e WHERE e.kind = %s AND e.about_id = i.id) {some}",
            [KIND, Event.Group.MONEY, KIND, *given],
        )


def data(invoice: Invoice) -> dict[str, str]:
    """What the sentence of an invoice's event needs."""
    return {"kind": invoice.kind, "total": str(invoice.total), "currency": invoice.currency}


def _among(account_ids: Sequence[int] | None) -> tuple[str, list[Any]]:
    if account_ids is None:
        return "", []
    if connection.vendor == "postgresql":
        return "AND account_id = ANY(%s)", [list(account_ids)]
    return f"AND account_id IN ({', '.join(str(int(pk)) for pk in account_ids) or 'NULL'})", []
