"""The risk model: learning a version of it, switching one on, and saying each account's risk by the one in force."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from cartera.engine import hazard, learning
from cartera.engine.columns import Floats, Integers
from cartera.engine.hazard import Model, Reading, RiskFactor
from cartera.engine.learning import Learned, Snapshots
from cartera.health.models import Risk, RiskModel, RiskSwitch, Scorecard, Terms
from cartera.health.queries import Columns, measured, offered
from cartera.health.queries.risks import everyones_card
from cartera.health.queries.scorecards import all_ids
from cartera.health.snapshots import Cut, Say, cuts_before, taken
from cartera.kit import bulk, history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.lake import operations as lake
from cartera.lake.queries import Facts
from cartera.team.models import Member
from cartera.team.queries import require

CUTS = 18  # looked back at while learning, besides the present
KEPT_FIELDS = ["account", "model", "on", "base", "log_odds", "in_30", "in_90", "in_180", "parts"]


def learn(
    *,
    as_of: date,
    period: int,
    base: Decimal,
    by: Member | None,
    at: datetime,
    admitted: Collection[str] = (),
    say: Say | None = None,
) -> RiskModel:
    """Learn a version from the accounts' own history up to *as_of*; nothing uses it until it is switched on.

    It starts from the scorecard of whoever no segment catches: one model for all accounts, because losses are rare and
    to divide them among segments would leave each with too few to learn from.
    """
    require(by, "set_up")
    lake.publish()
    card = everyones_card(at)
    if card is None:
        raise Refused(_("There is no scorecard to start from."))
    factors = risk_factors(card)
    days = [*cuts_before(as_of, window=period, number=CUTS), as_of]
    cuts = taken(days, [factor.key for factor in factors], all_ids(), window=period, as_of=as_of, say=say)
    learned = learning.fit(
        snapshots(cuts, factors, card),
        factors,
        base=float(base),
        period=period,
        as_of=as_of.toordinal(),
        admitted=admitted,
    )
    return _kept(learned, factors, card, as_of=as_of, period=period, base=base, admitted=admitted, by=by, at=at)


@transaction.atomic
def _kept(
    learned: Learned,
    factors: Sequence[RiskFactor],
    card: Scorecard,
    *,
    as_of: date,
    period: int,
    base: Decimal,
    admitted: Collection[str],
    by: Member | None,
    at: datetime,
) -> RiskModel:
    version = RiskModel.objects.create(
        made_at=at,
        made_by=by,
        on=as_of,
        scorecard=card,
        period=period,
        base=base,
        admitted=sorted(admitted),
        learned={
            "model": learned.model.as_dict(),
            "start": learned.start.as_dict(),
            "factors": [{"key": factor.key, "direction": factor.direction} for factor in factors],
            "accounts": learned.accounts,
            "losses": learned.losses,
            "cuts": [date.fromordinal(int(cut)).isoformat() for cut in learned.cuts],
            "refused": [asdict(leak) for leak in learned.refused],
            "calibration": asdict(learned.calibration) if learned.calibration else None,
        },
    )
    history.record("health.learn_risk", subject=version, by=by, at=at, after={"on": as_of, "losses": learned.losses})
    return version


@transaction.atomic
def switch_risk(version: RiskModel | None, *, why: str, by: Member | None, at: datetime) -> Change | None:
    """Say risk by *version* from now on; with None by the rhythm of orders alone. None when that is so already."""
    require(by, "set_up")
    last = RiskSwitch.objects.in_force(at)
    before = last.model if last else None
    if before == version:
        return None
    RiskSwitch.objects.create(model=version, at=at, by=by, why=why)
    return history.record(
        "health.switch_risk",
        subject=version,
        by=by,
        at=at,
        before={"model": before.pk if before else None},
        after={"model": version.pk if version else None, "why": why},
    )


@transaction.atomic
def undo_switch_risk(change: Change, *, by: Member, at: datetime) -> Change:
    """Go back to the version that was in force before."""
    require(by, "set_up")
    back = RiskModel.objects.filter(pk=change.before["model"]).first()
    now = RiskSwitch.objects.in_force(at)
    if (now.model_id if now else None) != change.after["model"]:
        raise Refused(_("Another version was switched on since."))
    RiskSwitch.objects.create(model=back, at=at, by=by)
    return history.record("health.switch_risk", subject=back, by=by, at=at, undoes=change)


@transaction.atomic
def set_terms(
    *, margin: Decimal, cost: Decimal, chance: Decimal, losses: int, by: Member | None, at: datetime
) -> Terms:
    """State what acting on an account costs, what it saves, and how often."""
    require(by, "set_up")
    terms = Terms.objects.create(margin=margin, cost=cost, chance=chance, losses=losses, by=by, at=at)
    history.record(
        "health.set_terms",
        subject=terms,
        by=by,
        at=at,
        after={"margin": margin, "cost": cost, "chance": chance, "losses": losses},
    )
    return terms


def risk_factors(card: Scorecard) -> list[RiskFactor]:
    """The columns that risk may depend on: the scorecard's factors, then all other measures that the apps offer."""
    known = offered()
    factors = [
        RiskFactor(
            key=factor.measure,
            curve=[(float(value), float(points)) for value, points in factor.curve],
            weight=float(factor.weight),
            unknown=factor.unknown,  # type: ignore[arg-type]
            direction=known[factor.measure].direction if factor.measure in known else "either",  # type: ignore[arg-type]
        )
        for factor in card.factors.all()
    ]
    carded = {factor.key for factor in factors}
    others = [
        RiskFactor(key=key, direction=measure.direction)  # type: ignore[arg-type]
        for key, measure in known.items()
        if key not in carded
    ]
    return [*factors, *others]


def snapshots(cuts: Sequence[Cut], factors: Sequence[RiskFactor], card: Scorecard) -> Snapshots:
    """The cuts as rows: accounts that were at risk, and at a cut whose window is not over all of them."""
    values, accounts, days, outcomes = [], [], [], []
    for cut in cuts:
        known = ~np.isnan(cut.outcome)
        rows = known if known.any() else np.ones(len(cut.ids), np.bool_)
        values.append(fresh_values(cut.columns, factors, card)[rows])
        accounts.append(cut.ids[rows])
        days.append(np.full(int(rows.sum()), float(cut.on.toordinal())))
        outcomes.append(cut.outcome[rows])
    return Snapshots(np.concatenate(values), np.concatenate(accounts), np.concatenate(days), np.concatenate(outcomes))


def fresh_values(columns: dict[str, Columns], factors: Sequence[RiskFactor], card: Scorecard) -> Floats:
    """The values of *factors*, (accounts, factors); what is older than the scorecard allows is unknown."""
    limits = {factor.measure: factor.fresh_days for factor in card.factors.all()}
    fresh = []
    for factor in factors:
        column, limit = columns[factor.key], limits.get(factor.key)
        fresh.append(column.value if limit is None else np.where(column.age <= limit, column.value, np.nan))
    return np.column_stack(fresh)


def forget_risk(ids: Integers) -> None:
    """Take out how accounts *ids* stood: also when no version says it any more."""
    Risk.objects.filter(account__in=bulk.one_of(ids.tolist())).delete()


@dataclass(frozen=True)
class Foretold:
    """The risk of accounts *ids* (rising) by the version in force."""

    version: RiskModel
    ids: Integers
    values: Floats
    reading: Reading

    @classmethod
    def of(cls, facts: Facts, ids: Integers, at: datetime) -> "Foretold | None":
        """None while no version is switched on."""
        switch = RiskSwitch.objects.in_force(at)
        if switch is None or switch.model is None:
            return None
        model = Model.from_dict(switch.model.learned["model"])
        columns = measured([shape.key for shape in model.shapes], facts=facts, ids=ids)
        values = fresh_values(columns, [RiskFactor(shape.key) for shape in model.shapes], switch.model.scorecard)
        return cls(switch.model, ids, values, hazard.read(model, values))

    def within(self, days: int, ids: Integers) -> Floats:
        """Probability to be lost within *days* of some of the accounts (rising); NaN where none is said."""
        return self.reading.risk(days)[np.searchsorted(self.ids, ids)]

    def keep(self, on: date) -> None:
        """Write how the accounts stand, of those of whom something can be said; what stood before is forgotten."""
        bulk.insert(Risk, KEPT_FIELDS, list(self._rows(on)))

    def _rows(self, on: date) -> Any:
        keys = [shape["key"] for shape in self.version.learned["model"]["shapes"]]
        base = Decimal(f"{self.reading.base:.2f}")
        said = np.flatnonzero(~np.isnan(self.reading.log_odds))
        chances = np.column_stack([self.reading.risk(days) for days in (30, 90, 180)])
        for place in said.tolist():
            parts = [
                {"measure": keys[column], "value": _known(self.values[place, column]), "part": part}
                for column, part in enumerate(self.reading.parts[place].tolist())
                if part
            ]
            shown = [Decimal(f"{chance:.4f}") for chance in chances[place].tolist()]
            log_odds = Decimal(f"{self.reading.log_odds[place]:.2f}")
            yield (int(self.ids[place]), self.version.pk, on, base, log_odds, *shown, parts)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
