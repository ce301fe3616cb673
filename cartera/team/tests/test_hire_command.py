import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cartera.team.models import Member


def hire(*words):
    said = StringIO()
    call_command("hire", *words, stdout=said)
    return said.getvalue()


def test_whoever_runs_cartera_can_make_an_administrator_who_chooses_a_password_by_a_link(client, db):
    said = hire("nora@example.org", "--name", "Nora Nieto", "--administrator")
    member = Member.objects.get()
    assert (member.name, member.is_administrator, member.has_usable_password()) == ("Nora Nieto", True, False)
    link = re.search(r"http://127.0.0.1:8000(/invitation/\S+/)", said)[1]
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(("mail", "wrong"), [("nora", "not a mail address"), ("ana@example.org", "here already")])
def test_a_wrong_or_a_taken_address_is_refused(cast, mail, wrong):
    with pytest.raises(CommandError, match=wrong):
        hire(mail)
