"""The list of accounts as its address says it: filter, order, columns, place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, F, Q, Sum

from cartera.accounts.columns import USUAL, Column, all_columns, chosen
from cartera.accounts.filters import qualifiers
from cartera.accounts.models import Account, AccountQuerySet, SavedView, sees_few
from cartera.kit import bulk, filters
from cartera.kit.clock import today
from cartera.kit.pagination import Page, keyset_page
from cartera.search.queries import having, matching_ids, rare_ids
from cartera.team.models import Member
from cartera.team.queries import circle

SIZE = 22
FEW = 2_000


@dataclass(frozen=True)
class Totals:
    """What a set of accounts comes to."""

    count: int
    revenue: Decimal | None
    overdue: Decimal | None
    currency: str = field(default_factory=lambda: settings.CURRENCY)


@dataclass
class Listing:
    """What *member* asked of the list; an error of the filter shows nothing and says where it is."""

    member: Member
    text: str = ""
    sort: str = "name"
    keys: list[str] = field(default_factory=list)
    after: str = ""
    view: SavedView | None = None
    matrix: bool = False
    error: filters.FilterError | None = None
    _rare: list[Q] = field(default_factory=list)
    _common: bool = False

    @classmethod
    def from_address(cls, member: Member, address: Mapping[str, str]) -> "Listing":
        """Read the address; what it does not say comes from the saved view that it names."""
        number = address.get("view", "")
        view = saved_views(member).filter(pk=int(number)).first() if number.isdecimal() else None
        listing = cls(member, view=view, after=address.get("after", ""), matrix=address.get("as") == "matrix")
        listing.text = address.get("q", view.filter if view else "").strip()
        listing.keys = address["cols"].split(",") if address.get("cols") else list(view.columns if view else [])
        wanted = address.get("sort", view.sort if view else "")
        known = {column.sort for column in listing.known if column.sort}
        listing.sort = wanted if wanted.removeprefix("-") in known else "name"
        return listing

    @cached_property
    def known(self) -> list[Column]:
        return all_columns()

    @cached_property
    def columns(self) -> list[Column]:
        return chosen(self.keys, self.known)

    @cached_property
    def accounts(self) -> AccountQuerySet:
        """Everything that the filter matches among what the member sees."""
        visible = Account.objects.visible_to(self.member)
        return visible.filter(self._condition) if self._condition else visible

    @cached_property
    def _condition(self) -> Q:
        return self._compiled(self._having)

    def _compiled(self, free_text: Callable[[str], Q]) -> Q:
        context = filters.FilterContext(self.member, today())
        try:
            return filters.compile(self.text, qualifiers(), context=context, free_text=free_text)
        except filters.FilterError as error:
            self.error = error
            return Q(pk__in=[])

    def _having(self, text: str) -> Q:
        if self._sees_few:
            return having(text, "account")
        ids = rare_ids(text, "account")
        if ids is None:
            self._common = True
            return having(text, "account")
        self._rare.append(Q(pk__in=bulk.one_of(ids)))
        return self._rare[-1]

    @cached_property
    def _sees_few(self) -> bool:
        return sees_few(self.member)

    @cached_property
    def page(self) -> Page[Account]:
        beside = ["lead", "parent"] if "group" in self.keys else ["lead"]
        accounts, condition = self.accounts.select_related(*beside), self._condition
        few = None
        if self._common and circle(self.member) == "everyone":  # of fewer accounts, each can be asked
            looked_up = self._compiled(lambda text: Q(pk__in=matching_ids(text, "account")))
            few = Account.objects.visible_to(self.member).filter(looked_up).select_related(*beside)
        every = [] if condition.negated or condition.connector == Q.OR else condition.children
        sparse = self._sees_few or any(rare is part for rare in self._rare for part in (condition, *every))
        return keyset_page(accounts, self.sort, SIZE, self.after, filtered=bool(condition), sparse=sparse, few=few)

    def ordered(self) -> AccountQuerySet:
        """All of it in the list's order, for files."""
        name = self.sort.removeprefix("-")
        order = F(name).desc(nulls_last=True) if self.sort.startswith("-") else F(name).asc(nulls_last=True)
        return self.accounts.select_related("lead", "parent").order_by(order, "pk")

    def address(self, **changes: Any) -> str:
        """The list's address with *changes*; None takes a part away."""
        columns = self.view.columns if self.view else []
        parts = {
            "view": self.view.pk if self.view else None, "q": self.text or ("" if self.view else None),
            "sort": self.sort if self.sort != (self.view.sort or "name" if self.view else "name") else None,
            "cols": ",".join(self.keys) if self.keys and self.keys != columns else None,
            "as": "matrix" if self.matrix else None,
        } | changes  # fmt: skip
        if self.view and parts["q"] == self.view.filter:
            parts["q"] = None
        return "?" + urlencode({name: value for name, value in parts.items() if value is not None})

    @property
    def is_changed(self) -> bool:
        """Whether the saved view says otherwise than the page now shows."""
        view = self.view
        return view is not None and (self.text, self.sort, self.keys or USUAL) != (
            view.filter, view.sort or "name", list(view.columns) or USUAL,
        )  # fmt: skip


def totals(accounts: AccountQuerySet) -> Totals:
    """How many they are and what they are worth; asked for after the page, because it reads every one of them."""
    found = accounts.order_by().aggregate(count=Count("pk"), revenue=Sum("revenue"), overdue=Sum("overdue"))
    return Totals(**found)


def saved_views(member: Member) -> Any:
    """The views of *member* and those that others share."""
    return SavedView.objects.filter(Q(owner=member) | Q(shared=True)).select_related("owner")
