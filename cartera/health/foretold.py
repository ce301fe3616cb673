"""The risk model in words: what the data changed, why an account may be lost, and what it is worth to act."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import exp
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cartera.accounts.models import Account
from cartera.design import charts, reader
from cartera.engine import acting, hazard
from cartera.engine.hazard import Model
from cartera.health.explaining import label_of, sentence_of
from cartera.health.models import Risk, RiskModel, Terms
from cartera.health.queries import offered, standing
from cartera.health.queries.risks import terms
from cartera.lake.offers import Measure

HORIZON = 90  # days over which acting is judged


@dataclass(frozen=True)
class Changed:
    """What the data made of a factor's weight (per cent of all), and of its curve where that differs most."""

    label: str | Promise
    before: float
    after: float
    at: str
    effects: str


@dataclass(frozen=True)
class Learned:
    """A version as its page shows it."""

    origin: str
    changes: list[Changed]
    refused: list[tuple[str, str | Promise, str]]
    calibration: Mapping[str, float] | None
    foretold: str


@dataclass(frozen=True)
class Part:
    """What a factor does to the odds of leaving: a sentence, the log-odds, and the rows behind it."""

    label: str | Promise
    sentence: str | Promise
    part: float
    effect: str
    url: str


@dataclass(frozen=True)
class Acting:
    """What it is worth to act on an account once; value and stake as money in the reader's writing.

    chance, break_even: shares of 1; break_even is None where nothing would do
    """

    value: str
    pays: bool
    break_even: float | None
    chance: float
    stake: str


@dataclass(frozen=True)
class Explained:
    """An account's risk as its page shows it."""

    parts: list[Part]
    chart: SafeString
    acting: Acting | None


def learned(version: RiskModel) -> Learned:
    """What was learned in a version, largest change of weight first."""
    kept = version.learned
    model, start = Model.from_dict(kept["model"]), Model.from_dict(kept["start"])
    changes = [
        Changed(
            _label(change.key), change.weight_before / 100, change.weight_after / 100, _at(change.at), _effects(change)
        )
        for change in hazard.changes(start, model)
        if change.weight_before >= 0.5 or change.weight_after >= 0.5
    ]
    calibration = kept["calibration"]
    ratio = calibration["expected"] / calibration["observed"] if calibration and calibration["observed"] else None
    return Learned(
        origin=_origin(version),
        changes=changes,
        refused=[(leak["key"], _label(leak["key"]), _refused(leak)) for leak in kept["refused"]],
        calibration=calibration,
        foretold="" if ratio is None else reader.number(ratio, 2),
    )


def _at(value: float) -> str:
    """The value at which a curve changed most."""
    return _("unknown") if value != value else reader.number(value, 0 if value == int(value) else 2)


def _effects(change: hazard.Change) -> str:
    return f"{effect(change.before)} → {effect(change.after)}"


def _origin(version: RiskModel) -> str:
    figures = {
        "accounts": reader.number(version.learned["accounts"]),
        "losses": reader.number(version.learned["losses"]),
    }
    words = {
        "scorecard": _(
            "It is the scorecard: %(losses)s losses among %(accounts)s accounts teach nothing yet but how many "
            "leave in all."
        ),
        "few": _("It stays close to the scorecard: %(losses)s losses among %(accounts)s accounts carry only a little."),
        "many": _("It follows the data: %(losses)s losses among %(accounts)s accounts carry curves of their own."),
    }
    return words[version.learned["model"]["origin"]] % figures


def _refused(leak: Mapping[str, Any]) -> str:
    figures = {"figure": reader.percent(leak["figure"]), "beside": reader.percent(leak["beside"])}
    words = {
        "late": _("%(figure)s of its values became known after the day they are said of."),
        "filled": _("Whether it is known tells by itself who left: %(figure)s, against %(beside)s of all."),
        "perfect": _("Alone it is right in %(figure)s of all pairs, all other figures together in %(beside)s."),
    }
    return words[leak["sign"]] % figures


def explained(risk: Risk, account: Account) -> Explained:
    """Why the account may be lost, what raises the odds first; and what acting is worth."""
    standing_now = standing(account.pk)
    rows = {row["measure"]: row for row in standing_now.factors} if standing_now else {}
    parts = sorted((_part(part, rows, account.pk) for part in risk.parts), key=lambda part: -part.part)
    bars = [
        charts.Bar(
            label=str(part.label), value=part.part, text=part.effect, url=part.url,
            tone="bad" if part.part > 0 else "good",
        )
        for part in parts
    ]  # fmt: skip
    chart = charts.bars(bars, label=_("What makes leaving likelier or less likely")) if bars else SafeString("")
    return Explained(parts, chart, _acting(risk, account, terms()))


def _part(kept: Mapping[str, Any], rows: Mapping[str, dict[str, Any]], account_id: int) -> Part:
    measure = offered().get(kept["measure"])
    row = rows.get(kept["measure"])
    if row:
        sentence: str | Promise = sentence_of(measure, row)
    else:
        sentence = _figure(measure, kept["value"])
    return Part(
        label=_label(kept["measure"]),
        sentence=sentence,
        part=kept["part"],
        effect=effect(kept["part"]),
        url=measure.rows_url(account_id) if measure else "",
    )


def _figure(measure: Measure | None, value: float | None) -> str:
    if value is None:
        return _("Unknown.")
    return f"{reader.number(value, 0 if value == int(value) else 2)} · {measure.unit if measure else ''}"


def effect(part: float) -> str:
    """What so many log-odds do to the odds of leaving, in words."""
    times = reader.number(exp(abs(part)), 1 if abs(part) >= 0.1 else 2)
    if round(part, 2) == 0:
        return _("nothing")
    if part > 0:
        return _("odds × %(times)s") % {"times": times}
    return _("odds ÷ %(times)s") % {"times": times}


def _acting(risk: Risk, account: Account, given: Terms) -> Acting | None:
    """Over HORIZON days; None while the account's revenue is unknown."""
    if account.revenue is None:
        return None
    stake = max(float(account.revenue), 0.0) * HORIZON / 365 * float(given.margin) / 100
    belief = acting.stated(float(given.chance) / 100, losses=float(given.losses))
    found = acting.worth([float(risk.in_90)], [stake], [float(given.cost)], belief)
    value, break_even = float(found.value[0]), float(found.break_even[0])
    return Acting(
        value=_money(value),
        pays=value > 0,
        break_even=break_even if break_even <= 1 else None,
        chance=float(given.chance) / 100,
        stake=_money(stake),
    )


def _money(amount: float) -> str:
    return reader.money(Decimal(round(amount)), settings.CURRENCY, whole=True)


def worth_example(given: Terms, revenue: Decimal = Decimal(10_000)) -> str:
    """From which risk on acting pays for an account of so much revenue a year, as a sentence."""
    stake = float(revenue) * HORIZON / 365 * float(given.margin) / 100
    belief = acting.stated(float(given.chance) / 100, losses=float(given.losses))
    threshold = float(acting.worth([0.5], [stake], [float(given.cost)], belief).threshold[0])
    figures = {"revenue": reader.money(revenue, settings.CURRENCY), "risk": reader.percent(min(threshold, 1))}
    if threshold > 1:
        return _("With these terms acting never pays for an account of %(revenue)s a year.") % figures
    return _("With these terms acting pays for an account of %(revenue)s a year from a risk of %(risk)s on.") % figures


def _label(key: str) -> str | Promise:
    return label_of(None, offered().get(key), key)
