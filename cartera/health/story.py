"""Health in sentences, made from the numbers that the page shows."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from cartera.design import bands, reader
from cartera.design.templatetags.cartera import minutes
from cartera.engine.turning import Turn
from cartera.health.differences import Difference, Row
from cartera.health.explaining import Explained
from cartera.health.models import Scoring

MOST = 4  # parts of a difference that a sentence names
MUCH = 3.0  # points that a factor has to lack to be named


def standing(stood: Scoring, factors: Sequence[Explained]) -> list[str]:
    """How the account stands, how much of it is known, and what is missing most."""
    if stood.score is None:
        return [_("There is no score: too little is known that it could be made of.")]
    said = {
        "score": reader.number(stood.score, 1), "band": str(bands.band(float(stood.score)).word).lower(),
        "known": reader.percent(stood.coverage),
    }  # fmt: skip
    sentences = [_("Health is %(score)s of 100: %(band)s. It stands on %(known)s of what it could be made of.") % said]
    lacking = sorted((one for one in factors if one.lost >= MUCH), key=lambda one: -one.lost)[:2]
    words = (_("Most is missing in %(factor)s: %(lost)s points."), _("Then %(factor)s: %(lost)s points."))
    for lead, one in zip(words, lacking, strict=False):
        sentences.append(f"{lead % {'factor': lower(one.label), 'lost': reader.number(one.lost, 1)}} {one.sentence}")
    return sentences if lacking else [*sentences, _("No factor lacks more than a few points.")]


def difference(found: Difference) -> str:
    """Two days in one sentence, whose parts add up to the difference."""
    days = {"before": reader.day(found.before.day), "after": reader.day(found.after.day)}
    if not found.is_known:
        return _("There was no computed score on one of the two days, so there is nothing to subtract.")
    figures = {
        **days, "size": reader.number(abs(found.total), 1), "low": reader.number(found.before.counted, 1),
        "high": reader.number(found.after.counted, 1),
    }  # fmt: skip
    reasons = _reasons(found)
    if not found.total:
        whole = _("Health was %(low)s on %(before)s and on %(after)s.") % figures
        return f"{whole} {_('Beneath it: %s.') % '; '.join(reasons)}" if reasons else f"{whole} {_('Nothing moved.')}"
    words = (
        _("Health fell by %(size)s from %(before)s to %(after)s (%(low)s → %(high)s): %(reasons)s.")
        if found.total < 0
        else _("Health rose by %(size)s from %(before)s to %(after)s (%(low)s → %(high)s): %(reasons)s.")
    )
    return words % {**figures, "reasons": "; ".join(reasons)}


def _reasons(found: Difference) -> list[str]:
    """Each part that moved in words, the largest first; beyond MOST they are summed up."""
    parts = [
        (figure, words)
        for row in found.rows
        for figure, words in (
            (row.values, _by_value(row)), (row.missing, _by_missing(row)), (row.card, _by_card(row)),
        )
    ]  # fmt: skip
    parts.append((found.override, _("by hand")))
    moved = sorted((part for part in parts if part[0]), key=lambda part: -abs(part[0]))
    told = [_("%(points)s %(why)s") % {"points": _signed(figure), "why": words} for figure, words in moved[:MOST]]
    if rest := round(sum(figure for figure, _words in moved[MOST:]), 1):
        told.append(_("%s by smaller changes") % _signed(rest))
    elif len(moved) > MOST:
        told.append(_("smaller changes that cancel out"))
    return told


def _by_value(row: Row) -> str:
    said = {"factor": lower(row.label), "before": row.before.value, "after": row.after.value, "unit": row.unit}
    if said["before"] == said["after"]:
        return _("because %(factor)s changed a little (%(after)s, %(unit)s)") % said
    return _("because %(factor)s went from %(before)s to %(after)s (%(unit)s)") % said


def _by_missing(row: Row) -> str:
    if row.after.value is None:
        return _("because %s is no longer known") % lower(row.label)
    if row.before.value is None:
        return _("because %s is known now") % lower(row.label)
    return _("because %s became too old, or is fresh again") % lower(row.label)


def _by_card(row: Row) -> str:
    return _("because the scorecard counts %s differently") % lower(row.label)


def turn(found: Turn, line: float) -> str:
    """What the cheapest way over the line takes, or that there is none."""
    said = {"line": reader.number(line), "reach": reader.number(found.reach, 1), "minutes": minutes(found.minutes)}
    if found.moves is not None:
        return _("The cheapest way to %(line)s: about %(minutes)s of work.") % said
    words = _("Not within reach: with all that we can move at its best, health would be %(reach)s, short of %(line)s.")
    return words % said


def target(label: object, value: float, decimals: int, unit: object, now: str | None, *, at_least: bool) -> str:
    """One move in the measure's own terms."""
    said = {"factor": lower(label), "value": reader.number(value, decimals), "unit": unit, "now": now or ""}
    if now is None:
        words = (
            _("Find out about %(factor)s, and bring it to %(value)s or more (%(unit)s).")
            if at_least
            else _("Find out about %(factor)s, and bring it to %(value)s or less (%(unit)s).")
        )
    else:
        words = (
            _("Bring %(factor)s up to %(value)s or more (%(unit)s); it is %(now)s now.")
            if at_least
            else _("Bring %(factor)s down to %(value)s or less (%(unit)s); it is %(now)s now.")
        )
    return words % said


def lower(label: object) -> str:
    """A factor's name within a sentence: only its first letter changes, for it may hold names."""
    text = str(label)
    return text[:1].lower() + text[1:] if text[1:2].islower() or not text[1:2].isalpha() else text


def _signed(figure: float | Decimal) -> str:
    return reader.number(figure, 1, signed=True)
