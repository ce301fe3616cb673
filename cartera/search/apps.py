from django.utils.translation import gettext_lazy as _

from cartera.kit.features import Feature


class Search(Feature):
    name = "cartera.search"
    verbose_name = _("Search")
    stylesheet = "search/search.css"
