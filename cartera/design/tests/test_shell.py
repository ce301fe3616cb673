"""The page shell: what every page has, and what no page may have."""

import pytest


@pytest.fixture
def gallery(client, cast):
    client.force_login(cast.ana)
    return client.get("/design/").content.decode()


def test_a_page_says_who_is_signed_in_and_what_day_is_pretended(gallery):
    assert "Ana Arias" in gallery
    assert "As of 2 Mar 2026" in gallery
