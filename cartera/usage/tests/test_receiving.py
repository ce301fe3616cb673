"""What clients send is accepted when it is safely on disk, and counted once, for the right account and day."""

import base64
import gzip
import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from cartera.accounts import operations as accounts
from cartera.accounts.models import Account, Contact
from cartera.kit.clock import start_of
from cartera.kit.models import Change
from cartera.kit.undo import undo
from cartera.lake import appending
from cartera.lake.queries import facts_as_of
from cartera.usage import folding, journal, keys, operations, seen
from cartera.usage.models import Aside, Fold, Hour, JournalFile, Person, Workspace, WriteKey

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings, tmp_path, monkeypatch):
    settings.HOME, settings.LAKE = tmp_path, tmp_path / "lake"
    for folder in ("lake", "tmp", "locks"):
        (tmp_path / folder).mkdir(exist_ok=True)
    keys.forget()
    monkeypatch.setattr("cartera.usage.api.now", lambda: NOW)
    yield tmp_path
    journal.own().close()


@pytest.fixture
def key(cast):
    return operations.make_key(name="Portal", by=cast.ada, at=NOW)[1]


@pytest.fixture
def send(key):
    """Send a call as a client does; gives the answer."""

    def sending(call, body, *, key=key, zipped=False, content_type="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()} if key else {}
        if zipped:
            data, headers["Content-Encoding"] = gzip.compress(data), "gzip"
        client = Client(enforce_csrf_checks=True)
        return client.post(f"/v1/{call}", data, content_type=content_type, headers=headers)

    return sending


def track(user="u1", event="Report", number=0, **more):
    return {"type": "track", "userId": user, "event": event, "messageId": f"m-{user}-{event}-{number}", **more}


def fold(at=NOW):
    return folding.fold(at=at)


def days(as_of=LATER):
    """What stands in the lake: (account, day, feature) -> events, what was taken back left out."""
    found = {}
    for row in facts_as_of(as_of).usage.to_pyarrow().to_pylist():
        place = (row["account_id"], row["happened_at"].date(), row["feature"])
        found[place] = found.get(place, 0) + row["events"]
    return {place: events for place, events in found.items() if events}


# Receiving


@pytest.mark.parametrize("call", ["track", "page", "screen", "identify", "group", "alias"])
def test_each_call_of_the_tracking_api_is_accepted(send, call):
    body = {"userId": "u1", "event": "Report", "name": "Prices", "groupId": "norte", "previousId": "v1"}
    answer = send(call, body)
    assert (answer.status_code, answer.json()) == (200, {"success": True})


@pytest.mark.parametrize("call", ["batch", "import"])
@pytest.mark.parametrize("zipped", [False, True])
def test_batches_are_accepted_plain_and_zipped(send, call, zipped):
    assert send(call, {"batch": [track(), track(event="Prices")]}, zipped=zipped).json() == {"success": True}
    assert fold().events == 2


def test_browsers_put_the_key_into_the_body_and_ask_first(send, key):
    body = {**track(), "writeKey": key}
    answer = send("track", body, key="", content_type="text/plain")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert Client().options("/v1/track").status_code == 204


@pytest.mark.parametrize("given", ["", "wrong", "cw_nobody", "k" * 10_000])
def test_without_a_good_key_nothing_is_taken(send, given, home):
    answer = send("track", track(), key=given)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_write_key")
    assert journal.files() == []


def test_a_revoked_key_is_refused_until_that_is_undone(send, cast, django_capture_on_commit_callbacks):
    assert send("track", track()).status_code == 200
    key = WriteKey.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        change = operations.revoke_key(key, by=cast.ada, at=NOW)
    assert send("track", track()).status_code == 401
    undo(change.pk, by=cast.ada, at=NOW)
    assert send("track", track()).status_code == 200


@pytest.mark.parametrize(
    ("call", "body", "code"),
    [
        ("track", b"{", "not_json"),
        ("track", b"", "not_json"),
        ("track", b'"\xff"', "not_json"),
        ("track", b"[]", "not_an_object"),
        ("track", b"null", "not_an_object"),
        ("batch", b"{}", "no_batch"),
        ("batch", b'{"batch": {"0": 1}}', "no_batch"),
    ],
)
def test_what_is_no_message_is_refused_with_a_reason(send, call, body, code):
    answer = send(call, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["message"]


def test_what_only_says_that_it_is_zipped_is_refused(key):
    headers = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
    for encoding, code in (("gzip", "not_gzip"), ("br", "unknown_encoding")):
        given = headers | {"Content-Encoding": encoding}
        answer = Client().post("/v1/track", b"{}", content_type="application/json", headers=given)
        assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("zipped", [False, True])
def test_too_much_is_refused_even_if_it_is_small_while_zipped(send, zipped):
    assert send("track", track(text="x" * 33_000), zipped=zipped).status_code == 413
    assert send("batch", {"batch": [track(text="x" * 600_000)]}, zipped=zipped).status_code == 413
    assert send("batch", b" " * 50_000_000, zipped=True).status_code == 413


def test_a_full_disk_is_told_so_that_the_client_sends_again(send, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fdatasync", full)
        assert send("track", track(number=1)).status_code == 503
    assert send("track", track(number=1)).status_code == 200
    assert fold().events == 1


def test_other_methods_and_the_login_page_stay_out_of_it(send):
    assert Client().get("/v1/track").status_code == 405
    assert send("batch/", {"batch": [track()]}).status_code == 200


# Counting


def test_what_a_group_does_counts_for_the_account_of_that_id(send, cast):
    send("batch", {"batch": [{"type": "group", "userId": "u1", "groupId": "norte"}, track(), track(number=2)]})
    assert asdict(fold()) == {"events": 3, "twice": 0, "aside": 0, "moved": 0}
    assert days() == {(cast.norte.pk, date(2026, 3, 2), "Report"): 2}
    assert days(as_of=NOW) == {}
    assert Hour.objects.get().events == 3


def test_the_group_of_the_context_wins_over_the_users_own(send, cast):
    send("group", {"userId": "u1", "groupId": "norte"})
    send("track", track(context={"groupId": "puente"}))
    fold()
    assert {account for account, *_ in days()} == {cast.puente.pk}


@pytest.mark.parametrize(
    "body",
    [
        {"type": "group", "userId": "u1", "groupId": "77", "traits": {"domain": "www.Norte.example"}},
        {"type": "group", "userId": "u1", "groupId": "77", "traits": {"website": "https://norte.example/es"}},
        {"type": "identify", "userId": "u1", "traits": {"email": "BEA@norte.example"}},
        {"type": "identify", "userId": "u1", "traits": {"email": "new@norte.example"}},
        {"type": "identify", "userId": "bea-1"},
    ],
)
def test_users_and_groups_are_tied_by_what_is_told_of_them(send, cast, body):
    Account.objects.filter(pk=cast.norte.pk).update(domain="norte.example")
    Contact.objects.filter(pk=cast.bea.pk).update(external_id="bea-1")
    send("batch", {"batch": [body, track(user=body["userId"])]})
    fold()
    assert list(days()) == [(cast.norte.pk, date(2026, 3, 2), "Report")]


def test_a_user_is_the_contact_with_their_mail_address(send, cast):
    send(
        "identify", {"userId": "u1", "traits": {"email": "bea@norte.example", "firstName": "Bea", "lastName": "Bosch"}}
    )
    fold()
    person = Person.objects.get()
    assert (person.contact, person.name) == (cast.bea, "Bea Bosch")


def test_a_public_mailbox_says_nothing_about_the_account(send, cast):
    Account.objects.filter(pk=cast.norte.pk).update(domain="gmail.com")
    send("identify", {"userId": "u1", "traits": {"email": "someone@gmail.com"}})
    send("track", track())
    fold()
    assert Workspace.objects.untied().count() == 1


def test_two_accounts_of_one_domain_leave_a_doubt_that_a_person_decides(send, cast):
    Account.objects.filter(pk__in=[cast.norte.pk, cast.puente.pk]).update(domain="same.example")
    send("group", {"userId": "u1", "groupId": "9", "traits": {"domain": "same.example"}})
    fold()
    assert Workspace.objects.untied().count() == 1


def test_a_visitor_who_signs_in_is_one_person_from_then_on(send, cast):
    visit = {"type": "page", "anonymousId": "v1", "name": "Prices", "context": {"groupId": "norte"}}
    send("batch", {"batch": [{**visit, "messageId": "1"}]})
    fold()
    send("batch", {"batch": [{"type": "identify", "userId": "u1", "anonymousId": "v1"}]})
    send("batch", {"batch": [{**visit, "messageId": "2"}, track(context={"groupId": "norte"})]})
    fold(NOW + timedelta(minutes=1))
    rows = facts_as_of(LATER).usage.to_pyarrow().to_pylist()
    user = Person.objects.get(external_id="u1").pk
    assert [row["person"] for row in rows if row["known_at"] > NOW] == [user, user]


# Doubles, time, and what is put aside


def test_the_same_message_counts_once_within_a_batch_and_later(send, cast):
    send("batch", {"batch": [track(context={"groupId": "norte"})] * 3})
    assert (first := fold()).events == 1
    assert first.twice == 2
    send("batch", {"batch": [track(context={"groupId": "norte"})]})
    assert fold(NOW + timedelta(days=29)).twice == 1
    assert sum(days().values()) == 1


def test_message_ids_are_forgotten_after_a_month(send, cast):
    send("track", track())
    fold()
    fold(NOW + timedelta(days=31))
    send("track", track())
    assert fold(NOW + timedelta(days=31)).events == 1


def test_many_folds_leave_few_files_of_message_ids(send, cast, home, monkeypatch):
    monkeypatch.setattr(seen, "MANY", 3)
    for number in range(8):
        send("track", track(number=number))
        fold()
    assert len(list((home / "usage/seen").iterdir())) <= 4
    for number in range(8):
        send("track", track(number=number))
    assert fold().twice == 8


def test_a_message_without_an_id_counts_each_time(send, cast):
    message = {"type": "track", "userId": "u1", "event": "Report", "context": {"groupId": "norte"}}
    send("batch", {"batch": [message, message]})
    fold()
    assert sum(days().values()) == 2


@pytest.mark.parametrize(
    ("times", "on"),
    [
        ({"timestamp": "2026-02-20T10:00:00Z"}, date(2026, 2, 20)),  # late
        ({"timestamp": "2026-03-02T12:30:00+00:00"}, date(2026, 3, 2)),  # a little ahead
        ({"timestamp": "2026-03-04T11:00:00Z", "sentAt": "2026-03-04T12:00:00Z"}, date(2026, 3, 2)),  # two days fast
        ({"originalTimestamp": "2026-02-27T12:00:00Z", "sentAt": "2026-02-28T12:00:00Z"}, date(2026, 3, 1)),  # slow
        ({"timestamp": "2026-03-01T23:30:00-02:00"}, date(2026, 3, 2)),
        ({}, date(2026, 3, 2)),
    ],
)
def test_a_message_counts_on_the_day_it_happened_by_our_clock(send, cast, times, on):
    send("batch", {"batch": [track(context={"groupId": "norte"}, **times)]})
    fold()
    assert [day for _account, day, _feature in days()] == [on]


def test_the_sending_time_of_the_batch_corrects_its_messages(send, cast):
    message = track(context={"groupId": "norte"}, timestamp="2026-03-05T09:00:00Z")
    send("batch", {"batch": [message], "sentAt": "2026-03-05T12:00:00Z"})
    fold()
    assert [day for _account, day, _feature in days()] == [date(2026, 3, 2)]


def test_imported_history_was_known_on_its_day(send, cast):
    send("import", {"batch": [track(context={"groupId": "norte"}, timestamp="2025-11-03T09:00:00Z")]})
    send("batch", {"batch": [track(event="Late", context={"groupId": "norte"}, timestamp="2025-11-03T09:00:00Z")]})
    fold()
    assert days(as_of=start_of(date(2025, 11, 5))) == {(cast.norte.pk, date(2025, 11, 3), "Report"): 1}
    assert len(days()) == 2


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("text", "shape"),
        (None, "shape"),
        ({"userId": "u1", "event": "x"}, "shape"),
        ({"type": "shout", "userId": "u1"}, "kind"),
        ({"type": "track", "event": "x"}, "nobody"),
        ({"type": "track", "event": "x", "userId": {"a": 1}}, "nobody"),
        ({"type": "track", "userId": "u1"}, "nameless"),
        ({"type": "track", "userId": "u1", "event": {"a": 1}}, "nameless"),
        ({"type": "track", "userId": "u" * 201, "event": "x"}, "long"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": "yesterday"}, "time"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": 17}, "time"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": "2026-03-02T14:00:00Z"}, "future"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": "1999-03-02T14:00:00Z"}, "old"),
        ({"type": "track", "userId": "u1", "event": "x", "timestamp": "0001-01-01T00:00:00Z",
          "sentAt": "9999-01-01T00:00:00Z"}, "time"),
        ({"type": "track", "userId": "u1", "event": "x", "properties": {"t": "y" * 33_000}}, "large"),
        ({"type": "group", "userId": "u1"}, "shape"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_put_aside_with_its_reason(send, cast, message, reason):
    send("batch", {"batch": [message, track()]})
    done = fold()
    assert (done.events, done.aside) == (1, 1)
    assert Aside.objects.get().reason == reason


def test_odd_texts_are_counted_or_put_aside_but_break_nothing(send, cast):
    odd = ["\x00", "a\x00b", "😀" * 40, "\u202e", "  ", "n" * 500, "'); DROP TABLE", "\n\t", "ñ", 17, 1.5, True, [], {}]
    batch = [
        {"type": "track", "userId": user, "event": event, "context": context, "traits": traits}
        for user in odd for event in odd[:6]
        for context, traits in (({"groupId": user}, []), ("x", {"email": 7}), ([], 1))
    ]  # fmt: skip
    batch += [{"type": "identify", "userId": "u1", "traits": {"email": odd, "name": odd[0]}}] * 2
    batch += [{"type": "group", "userId": "u1", "groupId": "g", "traits": {"seats": odd_seats, "domain": "x"}}
              for odd_seats in (-1, 0, 1.5, "many", "12", True, 10**9, None)]  # fmt: skip
    assert send("batch", {"batch": batch}).status_code == 200
    done = fold()
    assert done.events + done.aside == len(batch)
    assert done.events > 90
    assert done.aside > 10


def test_what_was_put_aside_can_be_tried_again(send, cast):
    send("track", track(context={"groupId": "norte"}, timestamp="2026-03-03T09:00:00Z"))
    fold()
    assert Aside.objects.get().reason == "future"
    tomorrow = NOW + timedelta(days=1)
    assert operations.try_again(Aside.objects.all(), by=cast.ada, at=tomorrow) == 1
    assert fold(tomorrow).events == 1
    assert days() == {(cast.norte.pk, date(2026, 3, 3), "Report"): 1}
    assert not Aside.objects.exists()


# Whose it is


def test_what_is_nobodys_waits_and_counts_once_it_is_tied(send, cast):
    send("batch", {"batch": [{"type": "group", "userId": "u1", "groupId": "77", "traits": {"name": "Norte"}}, track()]})
    fold()
    assert list(days()) == [(None, date(2026, 3, 2), "Report")]
    workspace = Workspace.objects.untied().get()
    change = operations.tie(workspace, to=cast.norte, by=cast.ada, at=NOW)
    tomorrow = NOW + timedelta(days=1)
    assert fold(tomorrow).moved == 1
    assert days() == {(cast.norte.pk, date(2026, 3, 2), "Report"): 1}
    assert list(days(as_of=tomorrow)) == [(None, date(2026, 3, 2), "Report")]
    undo(change.pk, by=cast.ada, at=tomorrow)
    assert fold(tomorrow + timedelta(hours=1)).moved == 1
    assert days() == {(None, date(2026, 3, 2), "Report"): 1}


def test_a_workspace_is_tied_by_itself_when_its_account_comes_later(send, cast):
    send("batch", {"batch": [{"type": "group", "userId": "u1", "groupId": "late"}, track()]})
    fold()
    account = accounts.open_account(name="Late", external_id="late", by=cast.ada, at=NOW)
    assert operations.tie_waiting() == 1
    fold(NOW + timedelta(hours=1))
    assert {pk for pk, *_ in days()} == {account.pk}


def test_usage_follows_accounts_that_are_merged_and_parted(send, cast):
    for group in ("norte", "puente"):
        send("track", track(user=group, context={"groupId": group}))
    fold()
    change = accounts.merge(cast.norte, into=cast.puente, by=cast.ada, at=NOW)
    fold(NOW + timedelta(hours=1))
    assert days() == {(cast.puente.pk, date(2026, 3, 2), "Report"): 2}
    undo(change.pk, by=cast.ada, at=NOW)
    fold(NOW + timedelta(hours=2))
    assert days() == {(pk, date(2026, 3, 2), "Report"): 1 for pk in (cast.norte.pk, cast.puente.pk)}
    send("track", track(number=5, context={"groupId": "norte"}))
    accounts.merge(Account.objects.get(pk=cast.norte.pk), into=cast.puente, by=cast.ada, at=NOW)
    fold(NOW + timedelta(hours=3))
    assert {pk for pk, *_ in days()} == {cast.puente.pk}


def test_what_is_left_out_is_not_asked_about_again(send, cast):
    send("track", track())
    fold()
    change = operations.ignore(Workspace.objects.get(), by=cast.ada, at=NOW)
    assert not Workspace.objects.untied().exists()
    undo(change.pk, by=cast.ada, at=NOW)
    assert Workspace.objects.untied().count() == 1


def test_an_erased_user_is_a_number_that_belongs_to_nobody(send, cast):
    send("identify", {"userId": "u1", "anonymousId": "v1", "traits": {"email": "bea@norte.example", "name": "Bea"}})
    send("track", track())
    fold()
    before = days()
    operations.forget(Person.objects.get(external_id="u1"), by=cast.ada, at=NOW)
    assert days() == before
    told = [str(value) for model in (Person, Workspace) for row in model.objects.values_list() for value in row]
    assert not {"u1", "v1", "Bea", "bea@norte.example"} & set(told)
    assert "bea@norte.example" not in str(list(Change.objects.values_list("after", "before", "subject_label")))


# Whoever dies


@pytest.mark.parametrize(
    "step",
    ["cartera.usage.names.keep", "cartera.usage.folding._note", "cartera.usage.folding._finish",
     "cartera.lake.appending.append", "cartera.lake.manifest.write", "cartera.lake.manifest.sweep",
     "cartera.usage.folding._sweep", "cartera.usage.seen.add", "cartera.usage.seen.tidy"],
)  # fmt: skip
def test_a_fold_that_dies_anywhere_is_finished_by_the_next_and_counts_once(send, cast, monkeypatch, step):
    send("batch", {"batch": [track(number=n, context={"groupId": "norte"}) for n in range(3)]})

    def die(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(KeyboardInterrupt):
            fold()
    fold(NOW + timedelta(minutes=1))
    fold(NOW + timedelta(minutes=2))
    assert days() == {(cast.norte.pk, date(2026, 3, 2), "Report"): 3}
    assert not Fold.objects.filter(rows__isnull=False).exists()


def test_a_frame_that_was_cut_short_is_never_half_read(send, cast, home):
    send("batch", {"batch": [track(number=1, context={"groupId": "norte"})]})
    send("batch", {"batch": [track(number=2, context={"groupId": "norte"})]})
    [file] = journal.files()
    whole = file.read_bytes()
    file.write_bytes(whole[:-7])
    assert fold().events == 1
    assert file.exists()  # its writer still lives, and may be about to write the rest
    journal.own().close()
    fold()
    assert not journal.files()
    assert Aside.objects.get().reason == "torn"
    [torn] = (home / "usage/torn").iterdir()
    assert torn.read_bytes() == whole[len(whole) // 2 : -7]
    assert not JournalFile.objects.exists()


@pytest.mark.parametrize("place", [0, 4, 9, 20, 40, 60, -1])
def test_a_frame_that_was_damaged_is_never_read(send, cast, place):
    send("track", track(context={"groupId": "norte"}))
    [file] = journal.files()
    damaged = bytearray(file.read_bytes())
    damaged[place] ^= 0x5
    file.write_bytes(bytes(damaged))
    journal.own().close()
    assert fold().events == 0
    assert Aside.objects.get().reason == "torn"


def test_files_are_folded_while_they_are_written_and_removed_when_left(send, cast, monkeypatch):
    send("track", track(number=1))
    assert fold().events == 1
    assert len(journal.files()) == 1
    monkeypatch.setattr(journal, "LARGEST", 0)
    send("track", track(number=2))
    assert len(journal.files()) == 2
    assert fold().events == 1
    assert len(journal.files()) == 1


def test_a_large_journal_is_folded_in_pieces(send, cast, monkeypatch):
    monkeypatch.setattr(folding, "AT_ONCE", 500)
    for number in range(10):
        send("track", track(number=number, context={"groupId": "norte"}))
    assert fold().events == 10
    assert Fold.objects.count() > 2
    assert sum(days().values()) == 10


def test_the_lake_takes_rows_that_a_busy_hour_left_waiting(send, cast, monkeypatch):
    from cartera.kit.locks import Busy

    def busy(*args, **options):
        raise Busy("lake.publish")

    send("track", track(context={"groupId": "norte"}))
    with monkeypatch.context() as patch:
        patch.setattr(appending, "append", busy)
        with pytest.raises(Busy):
            fold()
    send("track", track(number=9, context={"groupId": "norte"}))
    fold()
    assert sum(days().values()) == 2
