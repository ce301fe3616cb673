"""Writing the feed: one row per account for everything that is recorded in the history."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from cartera.kit.features import offers
from cartera.kit.models import Change
from cartera.timeline.models import Event
from cartera.timeline.offers import FeedKind

# What an event may carry of a verb whose kind nobody offers.
LONGEST_DATA = 4_000


@cache
def kinds() -> dict[str, FeedKind]:
    """All kinds of events that the apps offer, by name."""
    return {kind.kind: kind for kind in offers("feed")}


def write(sender: Any, *, change: Change, account_ids: list[int], **_rest: Any) -> None:
    """Turn a row of the history into rows of the feed; connected to `kit.history.recorded`."""
    if account_ids:
        spread(change, account_ids, kind=kinds().get(change.verb))


def spread(change: Change, account_ids: Iterable[int], *, kind: FeedKind | None) -> None:
    """Write the same event for each account, however many, in one statement."""
    data = kind.data(change) if kind else _short(change)
    if change.undoes_id:
        data = {**data, "undone": True}
    ids = [int(pk) for pk in account_ids]
    postgres = connection.vendor == "postgresql"
    each, given = ("unnest(%s::bigint[])", ids) if postgres else ("(SELECT value FROM json_each(%s))", json.dumps(ids))
    column = "accounts" if postgres else "value"  # a scalar function's only column is named as the function is
    cast = "%s::jsonb" if postgres else "%s"
    at = Event._meta.get_field("at").get_db_prep_save(change.at, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {Event._meta.db_table} (account_id, at, kind, "group", by_id, change_id, subject, data) '  # noqa: S608 - our own names
            f"SELECT {column}, %s, %s, %s, %s, %s, %s, {cast} FROM {each} AS accounts",
            [at, change.verb, kind.group if kind else Event.Group.CHANGE, change.by_id, change.pk,
             change.subject_label, json.dumps(data, cls=DjangoJSONEncoder), given],
        )  # fmt: skip


def _short(change: Change) -> Mapping[str, Any]:
    data = {"before": change.before, "after": change.after}
    return data if len(json.dumps(data, cls=DjangoJSONEncoder)) <= LONGEST_DATA else {}
