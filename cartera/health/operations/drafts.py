"""Drafting a version of a scorecard: from another one or from Cartera's proposal, factor by factor, until it is thrown
away or switched on. Only a draft is ever edited, and a scorecard has one draft at most."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cartera.engine import scoring
from cartera.health.models import Factor, Family, Scorecard
from cartera.health.queries.measuring import proposal
from cartera.kit import history
from cartera.kit.errors import Refused
from cartera.kit.models import Change
from cartera.team.models import Member
from cartera.team.queries import require

type Fields = dict[str, Any]

WRITTEN = ("measure", "label", "curve", "weight", "unknown", "fresh_days", "actionable", "effort")


@transaction.atomic
def start_scorecard(
    *, name: str, by: Member | None, at: datetime, about: str = "", copied_from: Scorecard | None = None
) -> Scorecard:
    """Begin another scorecard with a draft that is a copy of *copied_from*, or of what Cartera proposes."""
    require(by, "set_up")
    if Family.objects.filter(name__iexact=name).exists():
        raise Refused(_("There is a scorecard called %s already.") % name)
    family = Family.objects.create(name=name, about=about)
    return _drafted(family, copied_from, by=by, at=at)


@transaction.atomic
def draft(family: Family, *, copied_from: Scorecard | None, by: Member | None, at: datetime) -> Scorecard:
    """Begin the next version of *family*: a copy of any version (also an old one, to switch back), or the proposal."""
    require(by, "set_up")
    if family.versions.drafts().exists():
        raise Refused(_("%s has a draft already: switch it on or throw it away first.") % family)
    return _drafted(family, copied_from, by=by, at=at)


@transaction.atomic
def rename(family: Family, *, name: str, about: str, by: Member | None, at: datetime) -> Change:
    """Give a scorecard another name, or say what it is for."""
    require(by, "set_up")
    if Family.objects.filter(name__iexact=name).exclude(pk=family.pk).exists():
        raise Refused(_("There is a scorecard called %s already.") % name)
    return _renamed(family, name, about, by=by, at=at)


def put_factor(card: Scorecard, measure: str, *, by: Member | None, at: datetime, **fields: Any) -> Change:
    """Set *fields* of the factor of *measure*, which joins the end of the draft if it is not on it yet."""

    def changed(factors: list[Fields]) -> list[Fields]:
        present = next((row for row in factors if row["measure"] == measure), None)
        if present is None:
            return [*factors, {**_blank(), **fields, "measure": measure}]
        present.update(fields)
        return factors

    return _edit(card, changed, by=by, at=at)


def drop_factor(card: Scorecard, measure: str, *, by: Member | None, at: datetime) -> Change:
    """Take the factor of *measure* off the draft."""
    return _edit(card, lambda factors: [row for row in factors if row["measure"] != measure], by=by, at=at)


def order_factors(card: Scorecard, measures: Sequence[str], *, by: Member | None, at: datetime) -> Change:
    """Put the draft's factors into the order of *measures*; those not named keep theirs, at the end."""
    places = {measure: place for place, measure in enumerate(measures)}
    return _edit(
        card, lambda factors: sorted(factors, key=lambda row: places.get(row["measure"], len(places))), by=by, at=at
    )


def weigh_factors(card: Scorecard, weights: Mapping[str, Decimal], *, by: Member | None, at: datetime) -> Change:
    """Set the weights of those factors that *weights* names."""

    def changed(factors: list[Fields]) -> list[Fields]:
        return [{**row, "weight": str(weights.get(row["measure"], row["weight"]))} for row in factors]

    return _edit(card, changed, by=by, at=at)


@transaction.atomic
def throw_away(card: Scorecard, *, by: Member | None, at: datetime) -> Change:
    """Throw a draft away; a scorecard that never had another version goes with it."""
    require(by, "set_up")
    present = locked_draft(card)
    family, before = present.family, {
        "name": present.family.name, "about": present.family.about, "family": present.family_id,
        "version": present.version, "copied_from": present.copied_from_id, "factors": written(present),
    }  # fmt: skip
    change = history.record("health.throw_away", subject=present, by=by, at=at, before=before)
    present.delete()
    if not family.versions.exists():
        family.delete()
    return change


@transaction.atomic
def undo_edit(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Put the draft back as it was before *change*, unless it was changed again since."""
    require(by, "set_up")
    card = locked_draft(Scorecard.objects.filter(pk=change.subject_id or 0).first())
    if written(card) != change.after["factors"]:
        raise Refused(_("It was changed again since; nothing was undone."))
    return _write(card, change.before["factors"], by=by, at=at, undoes=change)


@transaction.atomic
def undo_throw_away(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Bring a draft back that was thrown away, and its scorecard if that went with it."""
    require(by, "set_up")
    before = change.before
    family = Family.objects.filter(pk=before["family"]).first()
    if family is None:
        if Family.objects.filter(name__iexact=before["name"]).exists():
            raise Refused(_("There is a scorecard called %s already.") % before["name"])
        family = Family.objects.create(name=before["name"], about=before["about"])
    if family.versions.drafts().exists():
        raise Refused(_("%s has a draft already: switch it on or throw it away first.") % family)
    card = _new_version(family, Scorecard.objects.filter(pk=before["copied_from"]).first(), by=by, at=at)
    _fill(card, before["factors"])
    return history.record(change.verb, subject=card, by=by, at=at, undoes=change)


@transaction.atomic
def undo_rename(change: Change, *, by: Member | None, at: datetime) -> Change:
    """Give a scorecard its old name back."""
    require(by, "set_up")
    family = Family.objects.filter(pk=change.subject_id or 0, name=change.after["name"]).first()
    if family is None or Family.objects.filter(name__iexact=change.before["name"]).exclude(pk=family.pk).exists():
        raise Refused(_("It was changed again since; nothing was undone."))
    return _renamed(family, change.before["name"], change.before["about"], by=by, at=at, undoes=change)


def written(card: Scorecard) -> list[Fields]:
    """The factors of *card* as plain data, in order: what the history keeps and a copy is made from."""
    rows = card.factors.values(*WRITTEN)
    return [{**row, "weight": str(row["weight"])} for row in rows]


def locked_draft(card: Scorecard | None) -> Scorecard:
    """*card* for nobody else to change before the transaction ends; Refused if it is no draft (any more)."""
    found = Scorecard.objects.select_for_update(of=("self",)).select_related("family").drafts()
    present = found.filter(pk=card.pk if card else 0).first()
    if present is None:
        raise Refused(_("This is no draft any more. Make a new version from it."))
    return present


@transaction.atomic
def _edit(
    card: Scorecard, changed: Callable[[list[Fields]], list[Fields]], *, by: Member | None, at: datetime
) -> Change:
    require(by, "set_up")
    present = locked_draft(card)
    return _write(present, changed(written(present)), by=by, at=at)


def _write(
    card: Scorecard, factors: list[Fields], *, by: Member | None, at: datetime, undoes: Change | None = None
) -> Change:
    before = written(card)
    card.factors.all().delete()
    _fill(card, factors)
    card.changed_at = at
    card.save(update_fields=["changed_at"])
    return history.record(
        "health.edit_draft", subject=card, by=by, at=at, before={"factors": before}, after={"factors": written(card)},
        undoes=undoes,
    )  # fmt: skip


def _fill(card: Scorecard, factors: Iterable[Fields]) -> None:
    rows = [Factor(scorecard=card, order=order, **fields) for order, fields in enumerate(factors)]
    for row in rows:
        _check(row)
    Factor.objects.bulk_create(rows)


def _check(factor: Factor) -> None:
    """Raise ValueError for what the engine could not score; the forms say it kindly before."""
    scoring.Factor(factor.measure, factor.curve, factor.weight, factor.unknown, factor.fresh_days)  # type: ignore[arg-type]


def _drafted(family: Family, copied_from: Scorecard | None, *, by: Member | None, at: datetime) -> Scorecard:
    card = _new_version(family, copied_from, by=by, at=at)
    _fill(card, written(copied_from) if copied_from else proposal())
    after = {"copied_from": str(copied_from) if copied_from else "", "factors": written(card)}
    history.record("health.draft", subject=card, by=by, at=at, after=after)
    return card


def _new_version(family: Family, copied_from: Scorecard | None, *, by: Member | None, at: datetime) -> Scorecard:
    last = family.versions.aggregate(last=Max("version"))["last"] or 0
    return Scorecard.objects.create(
        family=family, version=last + 1, copied_from=copied_from, made_at=at, made_by=by, changed_at=at
    )


def _renamed(
    family: Family, name: str, about: str, *, by: Member | None, at: datetime, undoes: Change | None = None
) -> Change:
    before = {"name": family.name, "about": family.about}
    family.name, family.about = name, about
    family.save()
    after = {"name": name, "about": about}
    return history.record("health.rename", subject=family, by=by, at=at, before=before, after=after, undoes=undoes)


def _blank() -> Fields:
    return {
        "label": "", "weight": "0", "unknown": Factor.Unknown.REDISTRIBUTE, "fresh_days": None, "actionable": False,
        "effort": None,
    }  # fmt: skip
