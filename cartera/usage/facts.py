"""What the lake holds of usage: the days' totals, which live there only, and what is known of the workspaces."""

from django.db.models import F, QuerySet

from cartera.lake.offers import AppendedFact, Column, Fact, Kind
from cartera.usage.models import Seats, Workspace

USAGE = "usage"


def _workspaces() -> QuerySet[Workspace]:
    return Workspace.objects.filter(account__isnull=False)


def _seats() -> QuerySet[Seats]:
    return Seats.objects.filter(workspace__account__isnull=False)


FACTS = [
    # One row: how often a person (a number; their name is in the database) used a feature on a day. Several rows of
    # the same add up; what is moved to another account is taken back from the first. Nobody's yet: no account_id.
    AppendedFact(
        name=USAGE,
        columns={
            "account_id": Column(None, Kind.WHOLE),
            "happened_at": Column(None, Kind.MOMENT),
            "known_at": Column(None, Kind.MOMENT),
            "workspace": Column(None, Kind.WHOLE),
            "person": Column(None, Kind.WHOLE),
            "feature": Column(None, Kind.CODE),
            "events": Column(None, Kind.WHOLE),
        },
        sums=frozenset({"events"}),
    ),
    # That an account uses the product at all, since when.
    Fact(
        name="usage_workspaces",
        rows=_workspaces,
        columns={
            "account_id": Column("account_id", Kind.WHOLE),
            "happened_at": Column("first_seen_at", Kind.MOMENT),
            "known_at": Column("first_seen_at", Kind.MOMENT),
        },
    ),
    Fact(
        name="usage_seats",
        rows=_seats,
        columns={
            "account_id": Column(F("workspace__account_id"), Kind.WHOLE),
            "happened_at": Column("since", Kind.MOMENT),
            "known_at": Column("known_at", Kind.MOMENT),
            "workspace": Column("workspace_id", Kind.WHOLE),
            "seats": Column("seats", Kind.WHOLE),
        },
    ),
]
