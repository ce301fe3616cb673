import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy

from cartera.design.widgets import Drawn

CHOICES = [("", "<none>"), (1, gettext_lazy("Accounts")), ("Group & more", [("a", 'A "quoted"'), ("b", "B")])]
WIDGETS = [
    (forms.TextInput(attrs={"maxlength": 20, "autofocus": True, "disabled": False, "data-x": '"<&'}), "a <b> & 'c'"),
    (forms.TextInput(), None),
    (forms.NumberInput(attrs={"min": 0}), 12345),
    (forms.EmailInput(), "ada@example.org"),
    (forms.HiddenInput(), 7),
    (forms.DateInput(), "2026-03-02"),
    (forms.DateTimeInput(attrs={"type": "datetime-local"}), None),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.PasswordInput(render_value=True), "secret"),
    (forms.Textarea(attrs={"rows": 2}), "a\n<b>"),
    (forms.Textarea(), ""),
    (forms.Select(choices=CHOICES), 1),
    (forms.Select(choices=CHOICES), None),
    (forms.SelectMultiple(choices=CHOICES), ["a", "b"]),
    (forms.RadioSelect(choices=CHOICES, attrs={"class": "wide"}), "a"),
    (forms.CheckboxSelectMultiple(choices=CHOICES), ["a", "1"]),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_widget_drawn_directly_is_the_one_of_djangos_template(widget, value):
    drawn, plain = (widget.render("name", value, {"id": "id_name"}, renderer=by()) for by in (Drawn, DjangoTemplates))
    assert _close(drawn) == _close(plain)


def _close(html):
    """Without the space between tags, of which Django's templates of options leave more."""
    return re.sub(r"\s*([<>])\s*", r"\1", html)
