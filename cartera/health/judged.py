"""A backtest in words, figures and names, for people without statistics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cartera.accounts.models import Account
from cartera.design import charts, reader
from cartera.engine.backtesting import LEAST_LOSSES
from cartera.health import evidence
from cartera.health.models import Backtest
from cartera.team.models import Member

LABELS = {rule.key: rule.label for rule in evidence.RULES}
FIGURES: dict[str, tuple[str | Promise, str | Promise]] = {
    "auc": (
        gettext_lazy("Right order"),
        gettext_lazy(
            "Of a client that left and one that stayed, how often it said that the one that left was likelier to. Half "
            "of the times is no better than a coin."
        ),
    ),
    "lift": (
        gettext_lazy("Times as many losses at the top"),
        gettext_lazy("How many times as many of the worst tenth left as of all clients. 1 is no better than a coin."),
    ),
    "profit": (
        gettext_lazy("Profit of acting on it"),
        gettext_lazy("Expected maximum profit for each client (EMPC), to be compared with the rules only."),
    ),
    "precision": (gettext_lazy("Of the red, how many left"), ""),
    "recall": (gettext_lazy("Of those who left, how many were red"), ""),
    "alarms": (gettext_lazy("Of those said to leave, how many left"), ""),
    "heard": (gettext_lazy("Of those who left, how many were said to"), gettext_lazy("At a risk of 50% and more.")),
    "expected": (
        gettext_lazy("Foretold over happened"),
        gettext_lazy("Losses that it foretold for each one that happened. 1 is right, above 1 too gloomy."),
    ),
    "error": (gettext_lazy("How far its probabilities are off"), gettext_lazy("Mean distance in ten groups.")),
}
SHARES = {"auc", "precision", "recall", "alarms", "heard", "error"}


@dataclass(frozen=True)
class Line:
    """A figure with its interval, in the reader's writing."""

    label: str | Promise
    about: str | Promise
    value: str
    interval: str


@dataclass(frozen=True)
class Side:
    """What is said of the score, or of the risk: the verdict as a sentence, its tone, figures, rules, charts."""

    verdict: str
    tone: str
    lines: list[Line]
    rules: SafeString
    calibration: SafeString | str


@dataclass(frozen=True)
class Named:
    """An account that was judged wrongly: what it was on which day."""

    account: Account
    on: date
    score: float


@dataclass(frozen=True)
class Shown:
    """A backtest as its page shows it; names are those that the member may see, hidden is how many they may not."""

    score: Side
    risk: Side | None
    flagged: SafeString
    left: list[Named]
    stayed: list[Named]
    hidden: int


def shown(test: Backtest, member: Member) -> Shown:
    """The backtest for *member*."""
    found: dict[str, Any] = test.found or {}
    numbers = [row["account"] for row in (*found["left"], *found["stayed"])]
    seen = {account.pk: account for account in Account.objects.visible_to(member).filter(pk__in=numbers)}
    left, stayed = (
        [
            Named(seen[row["account"]], date.fromisoformat(row["on"]), row["score"])
            for row in found[kind]
            if row["account"] in seen
        ]
        for kind in ("left", "stayed")
    )
    return Shown(
        score=_side(found["score"], test.window),
        risk=_side(found["risk"], test.window) if found["risk"] else None,
        flagged=_flagged(found["red"]),
        left=left,
        stayed=stayed,
        hidden=len(numbers) - len(left) - len(stayed),
    )


def _side(judged: Mapping[str, Any], window: int) -> Side:
    return Side(
        verdict=_verdict(judged, window),
        tone={"better": "good", "too few": "neutral", "no better than a rule": "watch"}.get(judged["verdict"], "bad"),
        lines=_lines(judged) if judged["verdict"] != "too few" else [],
        rules=_rules(judged) if judged["verdict"] != "too few" else SafeString(""),
        calibration=_calibration(judged["chances"]) if judged["chances"] and judged["verdict"] != "too few" else "",
    )


def _verdict(judged: Mapping[str, Any], window: int) -> str:
    lost, kept = int(judged["lost"]), int(judged["kept"])
    if judged["verdict"] == "too few":
        words = ngettext(
            "No conclusion: %(lost)s client left, %(kept)s stayed. It takes %(least)s of each to say more.",
            "No conclusion: %(lost)s clients left, %(kept)s stayed. It takes %(least)s of each to say more.",
            lost,
        )
        return words % {"lost": reader.number(lost), "kept": reader.number(kept), "least": LEAST_LOSSES}
    ours = reader.percent(judged["ranking"]["auc"]["value"] or 0)
    best = judged["best_rule"]
    theirs = reader.percent(judged["rules"][best]["auc"]["value"] or 0) if best else ""
    rule = str(LABELS.get(best, best)) if best else ""
    words = {
        "no better than chance": _("Do not trust it: it tells no better than a coin who leaves."),
        "worse than a rule": _(
            "Do not trust it: “%(rule)s” alone tells better who leaves (%(theirs)s right against %(ours)s)."
        ),
        "no better than a rule": _(
            "It tells who leaves (%(ours)s right), but not surely better than “%(rule)s” alone (%(theirs)s)."
        ),
        "better": _(
            "You can trust its order: of a client that left within %(window)s days and one that stayed, it had the "
            "right one first in %(ours)s of all pairs; the best plain rule, “%(rule)s”, in %(theirs)s."
        ),
    }[judged["verdict"]]
    return words % {"ours": ours, "theirs": theirs, "rule": rule, "window": window}


def _lines(judged: Mapping[str, Any]) -> list[Line]:
    chances = judged["chances"] or {}
    flagged = ("alarms", "heard") if chances else ("precision", "recall")
    figures = {**judged["ranking"], flagged[0]: judged["precision"], flagged[1]: judged["recall"]}
    figures |= {key: chances[key] for key in ("expected", "error") if key in chances}
    return [
        Line(*FIGURES[key], *_written(key, figure))
        for key, figure in figures.items()
        if figure is not None and figure["value"] is not None
    ]


def _written(key: str, figure: Mapping[str, float | None]) -> tuple[str, str]:
    def write(value: float) -> str:
        return reader.percent(value) if key in SHARES else reader.number(value, 2)

    low, high = figure["low"], figure["high"]
    interval = "" if low is None or high is None else f"{write(low)} – {write(high)}"
    return write(figure["value"] or 0), interval


def _rules(judged: Mapping[str, Any]) -> SafeString:
    """Our order beside the plain rules, as bars of how often each is right."""
    ours = judged["ranking"]["auc"]["value"]
    rows = [charts.Bar(label="Cartera", value=ours or 0, text=reader.percent(ours or 0), tone="good")]
    rows += [
        charts.Bar(
            label=str(LABELS.get(key, key)),
            value=rule["auc"]["value"] or 0,
            text=reader.percent(rule["auc"]["value"] or 0),
        )
        for key, rule in judged["rules"].items()
    ]
    return charts.bars(rows, label=_("How often the right one comes first"), most=1)


def _calibration(chances: Mapping[str, Any]) -> SafeString:
    """What was foretold beside what happened, in groups of equal size."""
    table = chances["table"]
    rows = [
        charts.Bar(
            label=_("foretold %(share)s") % {"share": reader.percent(expected, 0 if expected >= 0.1 else 1)},
            value=happened,
            text=_("happened %(share)s") % {"share": reader.percent(happened)},
        )
        for expected, happened in zip(table["expected"], table["happened"], strict=True)
    ]
    return charts.bars(rows, label=_("Did its probabilities come true?"), most=1)


def _flagged(rows: Sequence[Mapping[str, int]]) -> SafeString:
    bars = [
        charts.Bar(
            label=_("on the day before it") if not row["days"] else _("%(days)s days before") % {"days": row["days"]},
            value=row["red"] / row["known"],
            text=_("%(red)s of %(known)s") % {"red": reader.number(row["red"]), "known": reader.number(row["known"])},
        )
        for row in rows
        if row["known"]
    ]
    return charts.bars(bars, label=_("How many that left had been red"), most=1) if bars else SafeString("")
