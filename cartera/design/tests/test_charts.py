"""Charts: what they draw is what they say, read back from the SVG."""

from datetime import date
from xml.etree import ElementTree

import pytest

from cartera.design import charts
from cartera.design.charts import Bar, Mark, Part, Point
from cartera.design.month_columns import Column, columns


def drawn(chart):
    return ElementTree.fromstring(f"<all>{chart}</all>")


def percent(element, name):
    return float(element.get(name).removesuffix("%"))


def test_a_spark_runs_from_left_to_right_and_high_is_up():
    svg = drawn(charts.spark([0, 50, 100], width=66, height=20)).find("svg")
    assert svg.find("path").get("d") == "M3.0 17.0h0L33.0 10.0L63.0 3.0"
    assert (svg.find("circle").get("cx"), svg.find("circle").get("cy")) == ("63.0", "3.0")


def test_a_spark_leaves_a_gap_where_nothing_is_known():
    path = drawn(charts.spark([10, None, 30, 40])).find("svg/path").get("d")
    assert path.count("M") == 2
    assert path.count("L") == 1


def test_a_spark_without_values_is_nothing():
    assert charts.spark([]) == charts.spark([None, None]) == ""


def test_a_spark_without_a_name_is_hidden_from_screen_readers():
    assert drawn(charts.spark([1, 2])).find("svg").get("aria-hidden") == "true"
    assert drawn(charts.spark([1, 2], label="Health")).find("svg").get("aria-label") == "Health"


HISTORY = [(date(2026, 1, 1), 40.0), (date(2026, 1, 3), None), (date(2026, 1, 5), 70.0), (date(2026, 1, 11), 65.0)]


def test_a_history_stands_on_a_true_time_axis():
    chart = drawn(charts.history_line(HISTORY, label="Health"))
    places = chart.find(".//path").get("d").replace("h0", "").replace("L", "M").split("M")[1:]
    first, second, third = [float(place.split(" ")[0]) for place in places]
    assert (second - first) / (third - first) == pytest.approx(0.4)


def test_a_history_says_itself_in_words_and_as_a_table():
    chart = drawn(charts.history_line(HISTORY, label="Health"))
    assert chart.find(".//title").text == "Health"
    assert chart.find(".//desc").text == "From 40 on 1 Jan 2026 to 65 on 11 Jan 2026."
    rows = [[cell.text for cell in row] for row in chart.findall(".//tbody/tr")]
    assert rows == [["1 Jan 2026", "40"], ["5 Jan 2026", "70"], ["11 Jan 2026", "65"]]


def test_a_history_marks_what_happened_and_links_to_it():
    marks = [
        Mark(day=date(2026, 1, 6), text="A <complaint>", url="/cases/1/"),
        Mark(day=date(2025, 1, 1), text="Long before"),
    ]
    chart = drawn(charts.history_line(HISTORY, label="Health", marks=marks))
    [link] = chart.findall(".//a")
    assert link.get("href") == "/cases/1/"
    assert link.find(".//title").text == "6 Jan 2026: A <complaint>"
    assert chart.find(".//svg").get("role") == "group"


def test_a_history_of_nothing_says_so():
    assert "There is no history yet." in charts.history_line([(date(2026, 1, 1), None)], label="Health")


def test_a_history_of_one_day_is_a_dot():
    chart = drawn(charts.history_line([(date(2026, 1, 1), 50)], label="Health"))
    assert chart.find(".//circle[@class='dot']") is not None


PARTS = [
    Part(label="Rhythm", value=30, text="30", most=40, url="/rows/"),
    Part(label="Trend", value=20, text="20"),
    Part(label="Overdue", value=-10, text="−10"),
]


def test_a_waterfall_adds_up_to_its_total():
    chart = drawn(charts.waterfall(PARTS, label="Why", total=Part(label="Health", value=40, text="40")))
    bars = [rect for rect in chart.iter("rect") if rect.get("class") != "track"]
    spans = [(percent(bar, "x"), percent(bar, "x") + percent(bar, "width")) for bar in bars]
    assert spans == [(0, 30), (30, 50), (40, 50), (0, 40)]
    assert [bar.get("class") for bar in bars] == ["bar", "bar", "bad", "total"]


def test_a_waterfall_shows_what_a_part_could_have_added():
    chart = drawn(charts.waterfall(PARTS, label="Why", total=Part(label="Health", value=40, text="40")))
    [track] = [rect for rect in chart.iter("rect") if rect.get("class") == "track"]
    assert (percent(track, "x"), percent(track, "width")) == (0, 40)


def test_a_waterfall_below_zero_makes_room_on_the_left():
    parts = [Part(label="Loss", value=-25, text="−25"), Part(label="Gain", value=75, text="75")]
    chart = drawn(charts.waterfall(parts, label="Why", total=Part(label="Sum", value=50, text="50"), most=75))
    bars = list(chart.iter("rect"))
    assert [(percent(bar, "x"), percent(bar, "width")) for bar in bars] == [(0, 25), (0, 75), (25, 50)]


def test_a_waterfall_reads_as_a_sentence_of_its_parts():
    chart = drawn(charts.waterfall(PARTS, label="Why", total=Part(label="Health", value=40, text="40")))
    assert chart.find(".//desc").text == "Rhythm: 30; Trend: 20; Overdue: −10; Health: 40"
    assert chart.find(".//a").get("href") == "/rows/"


def test_bars_share_the_width_of_the_longest():
    rows = [Bar(label="A", value=400, text="€400"), Bar(label="B", value=100, text="€100", tone="bad")]
    rects = list(drawn(charts.bars(rows, label="Revenue")).iter("rect"))
    assert [percent(rect, "width") for rect in rects] == [100, 25]
    assert rects[1].get("class") == "bad"


def test_bars_of_nothing_are_still_a_picture():
    assert drawn(charts.bars([], label="Revenue")).find(".//title").text == "Revenue"


def test_a_matrix_puts_each_account_where_it_belongs():
    points = [
        Point(label="Norte", x=0, y=0, text="€0", url="/1/"),
        Point(label="Puente", x=100, y=500, text="€500", url="/2/", tone="good"),
    ]
    chart = drawn(charts.matrix(points, label="Accounts", x_label="Health", y_label="Revenue"))
    low, high = chart.findall(".//circle")
    assert percent(low, "cx") < percent(high, "cx")
    assert float(low.get("cy")) > float(high.get("cy"))
    assert [link.get("aria-label") for link in chart.findall(".//a")] == ["Norte", "Puente"]


@pytest.mark.parametrize(
    "chart",
    [
        charts.spark([1, 2], label='"<b>'),
        charts.bars([Bar(label="<script>", value=1, text="<i>", url="/?a=1&b=2")], label="<x>"),
    ],
)
def test_names_are_escaped_and_nothing_is_styled_inline(chart):
    drawn(chart)
    assert "style=" not in chart
    assert "<script>" not in chart


YEAR = [
    Column(month=date(2026, 1, 1), value=50.0, text="€50", url="/january/"),
    Column(month=date(2026, 2, 1), value=100.0, text="€100"),
    Column(month=date(2026, 3, 1), value=-20.0, text="−€20"),
    Column(month=date(2026, 4, 1), value=None, text="–"),
]


def test_months_are_as_high_as_their_value_and_an_unknown_one_is_only_a_mark():
    chart = drawn(columns(YEAR, label="Revenue by month", measure="Revenue"))
    shapes = [rect for rect in chart.iter("rect") if rect.get("class") != "hit"]
    half, whole, below, unknown = [float(rect.get("height")) for rect in shapes]
    assert (whole / half, whole / below) == (pytest.approx(2), pytest.approx(5))
    assert unknown == 2
    assert [rect.get("class") for rect in shapes] == ["bar", "bar", "bad", "neutral"]


def test_months_lead_to_their_rows_and_say_themselves_as_a_table():
    chart = drawn(columns(YEAR, label="Revenue by month", measure="Revenue"))
    assert [link.get("href") for link in chart.iter("a")] == ["/january/"]
    assert [cell.text for cell in chart.find(".//tbody/tr")] == ["Jan 2026", "€50"]
    assert [head.text for head in chart.iter("th")] == ["Month", "Revenue"]
    assert drawn(columns(YEAR[1:], label="x", measure="y")).find(".//svg").get("role") == "img"


def test_a_long_name_leaves_room_for_its_number_and_is_whole_in_its_title():
    name = "Sociedad Cooperativa de Distribución Alimentaria y Hostelera"
    drawn = charts.bars([charts.Bar(label=name, value=1, text="€412,000")], label="Revenue")
    assert f"<title>{name}</title>Sociedad Cooperativa de Distribución…</text>" in drawn
