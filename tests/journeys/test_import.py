"""A file is dropped, understood, tried, brought in, and taken out again."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WORKER = True  # the tasks of imports are carried out

FILE = """Nombre cliente;Código;Segmento;País;Su color
Aceites Olivar;N-1;A;ES;verde
Bodega Clara;N-2;B;ES;azul
Sin categoría;N-3;Z;ES;rojo
"""


def found(page, words: str) -> list[str]:
    page.goto(f"/accounts/?q={words}")
    return page.locator(".accounts-table [data-open]").all_inner_texts()


def test_a_customer_list_comes_in_and_goes_out_again(visit, drop):
    page = visit("ada")
    page.goto("/imports/new/")
    page.locator("input[name=kind][value=accounts]").check()
    drop(page, "clientes.csv", FILE)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_label("Nombre cliente")).to_have_value("name")
    expect(page.get_by_label("Segmento")).to_have_value("tier")
    expect(page.get_by_label("Su color")).to_have_value("")
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator(".figure", has_text="Would be created")).to_contain_text("2", timeout=60_000)
    expect(page.get_by_role("region", name="Reasons")).to_contain_text("Segmento")
    assert found(page, "Olivar") == []
    page.go_back()
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page.locator(".figure", has_text="Created")).to_contain_text("2", timeout=60_000)
    run = page.url
    assert found(page, "Olivar") == ["Aceites Olivar"]
    page.goto(run)
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible(timeout=60_000)
    assert found(page, "Olivar") == []
