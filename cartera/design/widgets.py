"""Form widgets drawn directly: Django's own markup, without a template for each option of each choice."""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
FOLDER = "django/forms/widgets/"


class Drawn(DjangoTemplates):
    """The form renderer: the widgets in DRAWN by their function, all else by Django's templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if draw := DRAWN.get(template_name):
            return mark_safe(draw(context["widget"]))
        return mark_safe(super().render(template_name, context, request))


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(value)}"')
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = widget["value"]
    held = "" if value is None else f' value="{conditional_escape(value)}"'
    name = conditional_escape(widget["name"])
    return f'<input type="{conditional_escape(widget["type"])}" name="{name}"{held}{_attributes(widget)}>'


def _textarea(widget: Widget) -> str:
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _select(widget: Widget) -> str:
    groups = "".join(_group(label, options) for label, options, _index in widget["optgroups"])
    return f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>{groups}\n</select>'


def _group(label: str | None, options: list[Widget]) -> str:
    drawn = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{conditional_escape(label)}">{drawn}\n  </optgroup>' if label else drawn


def _option(option: Widget) -> str:
    value, label = conditional_escape(option["value"]), conditional_escape(option["label"])
    return f'<option value="{value}"{_attributes(option)}>{label}</option>'


def _several(widget: Widget) -> str:
    """Boxes or buttons to choose from, as `CheckboxSelectMultiple` and `RadioSelect` have them."""
    attributes = {name: value for name in ("id", "class") if (value := widget["attrs"].get(name))}
    groups = "".join(_choices(label, options) for label, options, _index in widget["optgroups"])
    return f"<div{_attributes({'attrs': attributes})}>{groups}\n</div>"


def _choices(label: str | None, options: list[Widget]) -> str:
    drawn = "".join(f"<div>\n    {_choice(option)}\n</div>" for option in options)
    return f"\n  <div><label>{conditional_escape(label)}</label>{drawn}\n  </div>" if label else drawn


def _choice(option: Widget) -> str:
    if not option.get("wrap_label"):
        return _input(option)
    pk = option["attrs"].get("id")
    belongs = f' for="{conditional_escape(pk)}"' if pk else ""
    return f"<label{belongs}>{_input(option)} {conditional_escape(option['label'])}</label>"


INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox", "search")
DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{FOLDER}{kind}.html": _input for kind in INPUTS},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
    **{f"{FOLDER}{kind}.html": _several for kind in ("checkbox_select", "radio")},
    **{f"{FOLDER}{kind}.html": _choice for kind in ("checkbox_option", "radio_option")},
}
