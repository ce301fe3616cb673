"""HTML read into a flat list of elements, enough to ask what stands in a page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    EMPTY = frozenset({"input", "link", "meta", "img", "br", "hr", "path", "rect", "circle", "line"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs}, inside=[one.tag for one in self.open])
        self.found.append(element)
        if tag not in self.EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and tag in [one.tag for one in self.open]:
            if self.open.pop().tag == tag:
                break

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def elements(html: str) -> list[Element]:
    reader = Reader()
    reader.feed(html)
    return reader.found
