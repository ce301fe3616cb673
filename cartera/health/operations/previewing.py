"""Looking at a draft before it is switched on: what it would change on the real accounts, as of today."""

from datetime import datetime
from time import perf_counter

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from cartera.engine.columns import Integers
from cartera.health.comparing import Side, compare
from cartera.health.models import Preview, Scorecard
from cartera.health.operations.drafts import locked_draft
from cartera.health.operations.scored import Scored
from cartera.health.queries.measuring import Everybody, everybody
from cartera.health.queries.scorecards import accounts_of, shares
from cartera.kit.clock import today
from cartera.kit.errors import Refused
from cartera.lake import operations as lake
from cartera.lake.queries import was_published
from cartera.team.models import Member
from cartera.team.queries import require


def preview(card: Scorecard, *, by: Member | None, at: datetime, whole: bool = False) -> Preview:
    """Score the accounts that get this scorecard by the draft and by what is in force, and keep what would change.

    All accounts if *whole*, or if none gets it yet. Both by what was last published, so that only the draft differs.
    """
    require(by, "set_up")
    began = perf_counter()
    if not was_published():
        lake.publish()
    everyone = everybody(today())
    own = accounts_of(card.family, at)
    ids = np.intersect1d(own if len(own) and not whole else everyone.ids, everyone.ids)
    with transaction.atomic():
        present = locked_draft(card)
        if not present.factors.exists():
            raise Refused(_("There is no factor on it yet. Add one first."))
        found = compare(ids, _present(everyone, ids, at), _drafted(everyone, ids, present))
        found["whole"] = len(ids) == len(everyone.ids)
        return Preview.objects.create(
            scorecard=present, at=at, by=by, on=everyone.day, accounts=len(ids), seconds=perf_counter() - began,
            found=found,
        )  # fmt: skip


def _present(everyone: Everybody, ids: Integers, at: datetime) -> Side:
    """As scored by the scorecards in force, each account by its own."""
    side = Side.of_nobody(len(ids))
    for card, share in shares(ids, at):
        _fill(side, everyone, ids, share, card)
    return side


def _drafted(everyone: Everybody, ids: Integers, card: Scorecard) -> Side:
    side = Side.of_nobody(len(ids))
    _fill(side, everyone, ids, ids, card)
    return side


def _fill(side: Side, everyone: Everybody, ids: Integers, share: Integers, card: Scorecard) -> None:
    measures = [factor.measure for factor in card.factors.all()]
    scored = Scored.of(card, share, everyone.day, 0, everyone.of(measures, share))
    side.fill(np.searchsorted(ids, share), measures, scored.scores)
