"""What the page of components shows: every component's data, with a long name, nothing, and the edges."""

from datetime import date, timedelta
from math import sin
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartera.design import charts, month_columns
from cartera.design.charts import Bar, Mark, Part, Point
from cartera.design.month_columns import Column

LONG = "Sociedad Cooperativa de Distribución Alimentaria y Hostelera del Cantábrico Oriental, S. Coop. Ltda."

# A year with a month of more returns than sales, one without sales and one that nobody knows.
MONTHS = [
    *((n, 9_000 + 700 * n, f"€{9_000 + 700 * n:,}", f"#month-{n}") for n in range(1, 10)),
    (10, -1_200, "−€1,200", "#month-10"),
    (11, 0, "€0", ""),
    (12, None, "–", ""),
]


class Sample(forms.Form):
    """A form with a field of every kind."""

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As it stands on the invoice."))
    mail = forms.EmailField(label=gettext_lazy("Mail address"), required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=[("A", "A"), ("B", "B")])
    since = forms.DateField(label=gettext_lazy("Since"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        widget=forms.RadioSelect,
        choices=[("call", gettext_lazy("Call")), ("visit", gettext_lazy("Visit"))],
    )
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea({"rows": 3}), required=False)
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)

    def clean(self) -> None:
        self.add_error(None, _("The dates do not fit together."))


def context(today: date) -> dict[str, Any]:
    """Everything that the page shows, as of *today*."""
    return {
        "long": LONG,
        "today": today,
        "form": Sample(),
        "wrong": Sample({"name": "", "mail": "nobody@", "tier": "C"}),
        "scores": [
            (86.4, 3.2, 0.94),
            (55, -6, 0.8),
            (22, -18, 0.5),
            (None, None, 0.1),
        ],
        "history": [40 + 30 * sin(day / 5) for day in range(30)],
        "gaps": [80, 78, None, None, 60, 41, 39],
        "amounts": [(1234567.5, "EUR"), (-99.9, "GBP"), (12000, "JPY"), (None, "EUR")],
        "charts": [
            charts.history_line(
                [(today - timedelta(days=180 - 6 * step), 62 + 24 * sin(step / 4)) for step in range(31)],
                label=_("Health over six months"),
                marks=[Mark(day=today - timedelta(days=60), text=_("A complaint"), url="#complaint")],
            ),
            charts.waterfall(
                [
                    Part(label=_("Rhythm of orders"), value=28, text="28 / 30", most=30, url="#rhythm"),
                    Part(label=_("Trend of revenue"), value=16.5, text="16.5 / 25", most=25, url="#trend"),
                    Part(label=_("Breadth of products"), value=9, text="9 / 15", most=15),
                    Part(label=_("Overdue money"), value=-12, text="−12"),
                ],
                label=_("Why this health"),
                total=Part(label=_("Health"), value=41.5, text="41.5"),
            ),
            charts.bars(
                [
                    Bar(label=LONG[:44], value=412_000, text="€412,000", url="#first"),
                    Bar(label="Bodegas Norte", value=96_500, text="€96,500"),
                    Bar(label="El Molino", value=12_000, text="€12,000", tone="bad"),
                ],
                label=_("Revenue of twelve months"),
            ),
            charts.matrix(
                [
                    Point(label=f"Account {n}", x=(n * 37) % 100, y=(n * n * 131) % 90_000, text=f"€{n}", url=f"#{n}",
                          tone=("good", "watch", "bad")[n % 3])
                    for n in range(1, 40)
                ],
                label=_("Accounts by health and revenue"),
                x_label=_("Health"),
                y_label=_("Revenue"),
            ),
            month_columns.columns(
                [Column(month=date(today.year - 1, n, 1), value=v, text=text, url=url) for n, v, text, url in MONTHS],
                label=_("Net revenue by month"),
                measure=_("Revenue"),
            ),
            charts.history_line([], label=_("Nothing yet")),
        ],
    }  # fmt: skip
