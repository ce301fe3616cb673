"""The panels that accounts itself gives to the account page."""

from django.utils.translation import gettext_lazy as _

from cartera.accounts.offers import Panel
from cartera.accounts.queries import books
from cartera.team.offers import MemberFigure, MemberPanel

PANELS = [
    Panel(key="accounts-people", title=_("People"), url_name="accounts:people", order=120),
    Panel(key="accounts-group", title=_("Group"), url_name="accounts:group", order=160),
    Panel(key="accounts-details", title=_("Details"), url_name="accounts:details", order=180),
    Panel(key="accounts-stewards", title=_("Who looks after it"), url_name="accounts:stewards", order=190),
]
MEMBER_PANELS = [
    MemberPanel(
        key="accounts-book", title=_("Book of business"), url_name="accounts:book", order=10, icon="building-2",
        on_leaving=True,
    ),
]  # fmt: skip
MEMBER_FIGURES = [MemberFigure(key="accounts-book", label=_("Book"), order=10, values=books)]
