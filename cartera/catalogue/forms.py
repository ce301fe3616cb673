from django import forms
from django.utils.translation import gettext_lazy as _


class ProductForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    family = forms.CharField(label=_("Family"), max_length=80, required=False)


class NewProductForm(ProductForm):
    code = forms.CharField(label=_("Code"), max_length=60)
    field_order = ("code", "name", "family")
