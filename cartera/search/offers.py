"""What other apps may offer to be found by typing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise


@dataclass(frozen=True, kw_only=True)
class Searchable:
    """A kind of thing that can be found. All callables but `url` and `visible` take the object.

    `text` is all that it can be found by besides its title: mail, external id, tax number, in any order.
    `detail` tells it from others of its name ("Bodegas Norte" beside a contact). `account_id` is the account that
    it belongs to, or None. `url` takes the Hit (its `pk` is the object's, `account_id` the account's).
    `visible(member)` gives the accounts whose things *member* may find, as a queryset of accounts, or None for
    all of this kind. The app calls `search.operations.index` when an object is made or changed.
    """

    key: str
    label: str | Promise
    model: type[Model]
    title: Callable[[Any], str]
    url: Callable[["Any"], str]
    text: Callable[[Any], str] = lambda thing: ""
    detail: Callable[[Any], str] = lambda thing: ""
    account_id: Callable[[Any], int | None] = lambda thing: None
    visible: Callable[[Any], QuerySet[Any] | None] = lambda member: None
    icon: str = "search"


@dataclass(frozen=True)
class Hit:
    """Something found."""

    searchable: Searchable
    pk: int
    account_id: int | None
    title: str
    detail: str

    @property
    def kind(self) -> str:
        return self.searchable.key

    @property
    def url(self) -> str:
        return self.searchable.url(self)
