"""Search as one types, and the page of all results."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from cartera.kit.requests import Request
from cartera.search.offers import Hit, Searchable
from cartera.search.queries import find_for

IN_PALETTE, ON_PAGE = 12, 50


def palette(request: Request) -> HttpResponse:
    """The palette's answer: the best hits as links, by kind."""
    text = request.GET.get("q", "")
    hits = _fair(find_for(request.member, text, limit=IN_PALETTE), IN_PALETTE)
    return render(request, "search/palette.html", {"groups": grouped(hits), "text": text.strip()})


def results(request: Request) -> HttpResponse:
    """Everything found, by kind."""
    text = request.GET.get("q", "")
    hits = find_for(request.member, text, limit=ON_PAGE)
    context = {"groups": grouped(hits), "text": text.strip(), "most": ON_PAGE}
    return render(request, "search/results.html", context)


def grouped(hits: list[Hit]) -> list[tuple[Searchable, list[Hit]]]:
    """The hits of each kind together; the kind of the best hit comes first."""
    order = {kind: place for place, kind in enumerate(dict.fromkeys(hit.kind for hit in hits))}
    hits = sorted(hits, key=lambda hit: order[hit.kind])
    return [(found[0].searchable, found) for _kind, found in ((k, list(g)) for k, g in groupby(hits, lambda h: h.kind))]


def _fair(hits: list[Hit], most: int) -> list[Hit]:
    """The best *most* hits, with the three best of each kind among them."""
    seen: dict[str, int] = {}
    first: list[Hit] = []
    rest: list[Hit] = []
    for hit in hits:
        seen[hit.kind] = seen.get(hit.kind, 0) + 1
        (first if seen[hit.kind] <= 3 else rest).append(hit)
    kept = {id(hit) for hit in (first + rest)[:most]}
    return [hit for hit in hits if id(hit) in kept]
