"""Components: each one renders, escapes what it is given, and can be used without seeing and without a mouse."""

import re

import pytest
from django import forms

from cartera.design.tests.elements import elements

XSS = '"><script>alert(1)</script>'


class Contact(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    mail = forms.EmailField(label="Mail", required=False)
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    main = forms.BooleanField(label="Main", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def one(html, tag):
    return next(element for element in elements(html) if element.tag == tag)


def test_a_button_is_a_link_when_it_leads_somewhere(component):
    button = one(component('<c-button icon="plus" data-key="n">Add</c-button>'), "button")
    assert (button.attributes["type"], button.attributes["data-key"], button.text.strip()) == ("button", "n", "Add")
    assert one(component('<c-button href="/x/">Go</c-button>'), "a").attributes["href"] == "/x/"


def test_a_button_of_an_icon_alone_has_a_name(component):
    button = one(component('<c-button icon="pencil" label="Edit"></c-button>'), "button")
    assert button.attributes["aria-label"] == "Edit"
    assert "icon-only" in button.attributes["class"]


def test_what_people_typed_is_escaped_everywhere(component):
    templates = [
        '<c-button label="{{ x }}" title="{{ x }}">{{ x }}</c-button>',
        '<c-badge title="{{ x }}">{{ x }}</c-badge>',
        '<c-figure label="{{ x }}" value="{{ x }}" sub="{{ x }}" />',
        '<c-empty title="{{ x }}">{{ x }}</c-empty>',
        '<c-filterbar value="{{ x }}" error="{{ x }}" />',
        '<c-filterbar :value="x" :error="x" />',
        '<c-menu label="{{ x }}">{{ x }}</c-menu>',
        '<c-dialog id="d" title="{{ x }}">{{ x }}</c-dialog>',
        '<c-panel key="k" title="{{ x }}">{{ x }}</c-panel>',
        "<c-toast>{{ x }}</c-toast>",
        '<c-table label="{{ x }}"></c-table>',
        "<c-notice>{{ x }}</c-notice>",
        '<c-progress :value="1" :max="2" label="{{ x }}" />',
    ]
    for template in templates:
        html = component(template, x=XSS)
        assert "<script" not in html, template
        assert "&lt;script" in html, template


def test_a_field_ties_its_label_its_help_and_its_error(component):
    html = component('<c-field :field="form.name" />', form=Contact({}))
    label, field = one(html, "label"), one(html, "input")
    ids = {element.attributes.get("id") for element in elements(html)}
    assert label.attributes["for"] == field.attributes["id"]
    assert field.attributes["aria-invalid"] == "true"
    assert set(field.attributes["aria-describedby"].split()) == {"id_name_helptext", "id_name_error"} <= ids


def test_a_field_says_when_it_may_stay_empty(component):
    assert "optional" in component('<c-field :field="form.mail" />', form=Contact())
    assert "optional" not in component('<c-field :field="form.name" />', form=Contact())


def test_choices_stand_in_a_group_with_a_name(component):
    html = component('<c-field :field="form.kind" />', form=Contact())
    assert one(html, "legend").text == "Kind"
    assert [element.text.strip() for element in elements(html) if element.tag == "label"] == ["A", "B"]


def test_a_hidden_field_is_only_itself(component):
    html = component('<c-field :field="form.secret" />', form=Contact())
    assert [element.tag for element in elements(html)] == ["input"]


def test_errors_of_the_whole_form_are_announced(component):
    form = Contact({"name": "Bea", "kind": "a"})
    form.add_error(None, "The dates do not fit.")
    html = component('<c-form-errors :form="form" />', form=form)
    assert one(html, "div").attributes["role"] == "alert"
    assert "The dates do not fit." in html
    assert component('<c-form-errors :form="form" />', form=Contact()).strip() == ""


def test_a_person_without_shown_name_is_still_named(component, cast):
    html = component('<c-avatar :member="m" /><c-avatar :member="m" named />', m=cast.ana)
    assert html.count("Ana Arias</span>") == 2
    assert component('<c-avatar :member="m" />', m=None).strip() == ""


def test_a_figure_opens_what_is_behind_it(component):
    assert one(component('<c-figure label="A" value="1" url="/rows/" />'), "a").attributes["href"] == "/rows/"
    assert "href" not in component('<c-figure label="A" value="1" />')


def test_a_panel_loads_from_its_own_address(component):
    html = component('<c-panel key="money" title="Money" url="/accounts/1/money/" />')
    body = next(element for element in elements(html) if "hx-get" in element.attributes)
    assert (body.attributes["hx-get"], body.attributes["hx-trigger"]) == ("/accounts/1/money/", "load")
    assert one(html, "cartera-panel").attributes["key"] == "money"


def test_a_pager_keeps_the_filter_in_its_links(component):
    page = type("Page", (), {"next": "abc", "previous": None})()
    html = component('<c-pager :page="page" count="50 of 10,000+" />', page=page)
    assert re.findall(r'href="([^"]+)"', html) == ["?q=tier%3AA&amp;after=abc"]
    assert "50 of 10,000+" in html


def test_progress_speaks_html_in_every_language(component, settings):
    from django.utils import translation

    with translation.override("es"):
        html = component('<c-progress :value="4372" :max="541909.5" />')
    assert one(html, "progress").attributes["value"] == "4372"
    assert one(html, "progress").attributes["max"] == "541909.5"
    assert "4.372" in html


@pytest.mark.parametrize(("tags", "undoable"), [("undo:7", True), ("", False), ("other", False)])
def test_a_toast_can_be_undone_when_the_message_says_how(component, tags, undoable):
    html = component('<c-toast tone="success" undo="{{ tags|undo_address }}">Done</c-toast>', tags=tags)
    assert ('action="/undo/7/"' in html) is undoable


def test_a_dialog_is_named_by_its_title(component):
    html = component('<c-dialog id="over" title="Hand over">Text<c-slot name="footer">Foot</c-slot></c-dialog>')
    dialog = one(html, "dialog")
    assert dialog.attributes["aria-labelledby"] == "over-title"
    assert one(html, "h2").attributes["id"] == "over-title"
    assert one(html, "footer").text == "Foot"


def test_every_icon_that_templates_and_menus_name_exists():
    from pathlib import Path

    from cartera import design
    from cartera.design.templatetags.cartera import icon
    from cartera.kit.features import offers

    names = {item.icon for item in offers("menu")} | {item.icon for item in offers("adds")}
    for template in Path(design.__path__[0]).parent.rglob("templates/**/*.html"):
        names |= set(re.findall(r'(?:{% icon |\bicon=)"([\w-]+)"', template.read_text()))
    assert all(icon(name) for name in names)
