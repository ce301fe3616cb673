from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from cartera.kit import jobs
from cartera.kit.jobs import Job
from cartera.kit.locks import Busy, only_one
from cartera.kit.models import JobRun

NIGHT = datetime(2026, 3, 2, 3, 20, tzinfo=UTC)
calls = []


@task
def sweep():
    calls.append("swept")
    return {"rooms": 1300}


@task
def stumble():
    raise ValueError("the stairs")


SWEEP = Job(key="test.sweep", task=sweep, cron="15 3 * * *", label="Sweep")
STUMBLE = Job(key="test.stumble", task=stumble, cron="0 * * * *")


@pytest.fixture(autouse=True)
def offered(monkeypatch):
    monkeypatch.setattr(jobs, "offers", lambda kind: [SWEEP])
    calls.clear()


def work():
    call_command("worker", batch=True)


@pytest.fixture
def quiet_worker(monkeypatch):
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.Worker.configure_signals", lambda worker: None)


def test_a_job_is_due_at_the_last_moment_its_rule_names():
    assert SWEEP.last_due(NIGHT) == datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
    assert SWEEP.last_due(NIGHT.replace(minute=15)) == datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
    assert SWEEP.last_due(NIGHT.replace(minute=14, second=59, microsecond=9)) == datetime(2026, 3, 1, 3, 15, tzinfo=UTC)
    assert SWEEP.next_due(NIGHT) == datetime(2026, 3, 3, 3, 15, tzinfo=UTC)


@pytest.mark.django_db
def test_what_is_due_starts_once_and_missed_nights_are_caught_up_by_one_run():
    assert jobs.tick(at=NIGHT) == 1
    assert jobs.tick(at=NIGHT + timedelta(minutes=1)) == 0
    assert jobs.tick(at=NIGHT + timedelta(days=3)) == 0, "it still waits for a worker"
    JobRun.objects.update(started_at=NIGHT, finished_at=NIGHT)
    assert jobs.tick(at=NIGHT + timedelta(days=3)) == 1
    assert JobRun.objects.count() == DBTaskResult.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it_and_writes_down_how_it_went(quiet_worker):
    jobs.tick(at=NIGHT)
    work()
    run = JobRun.objects.get()
    assert (calls, run.outcome, run.told) == (["swept"], "done", {"rooms": 1300})
    assert run.started_at <= run.finished_at


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_says_why(quiet_worker, monkeypatch):
    monkeypatch.setattr(jobs, "offers", lambda kind: [STUMBLE])
    jobs.tick(at=NIGHT)
    work()
    assert (JobRun.objects.get().outcome, JobRun.objects.get().error) == ("failed", "ValueError: the stairs")
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


@pytest.mark.django_db(transaction=True)
def test_a_job_never_runs_beside_itself(quiet_worker):
    jobs.tick(at=NIGHT)
    with only_one("job.test.sweep"):
        work()
    assert (calls, JobRun.objects.get().outcome) == ([], "busy")


@pytest.mark.django_db(transaction=True)
def test_two_clocks_start_a_job_once():
    if connection.vendor == "sqlite":
        pytest.skip("the tests' SQLite lives in memory, where threads cannot wait for each other")

    def tick():
        jobs.tick(at=NIGHT)
        connection.close()

    clocks = [Thread(target=tick) for _ in range(4)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert JobRun.objects.count() == DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_left_is_done_by_another_but_not_for_ever(quiet_worker):
    jobs.tick(at=NIGHT)
    dead = DBTaskResult.objects.get()
    dead.claim("gone-1")
    assert jobs.revive(at=NIGHT) == 1
    dead.refresh_from_db()
    dead.claim("alive")
    with only_one("worker.alive"):
        assert jobs.revive(at=NIGHT) == 0
    assert jobs.revive(at=NIGHT) == 1
    dead.refresh_from_db()
    dead.claim("gone-3")
    assert jobs.revive(at=NIGHT) == 0
    dead.refresh_from_db()
    assert (dead.status, dead.traceback) == (TaskResultStatus.FAILED, "The worker died.")
    assert dead.task_result.errors[0].exception_class is jobs.WorkerDied


@pytest.mark.django_db(transaction=True)
def test_a_job_that_no_app_offers_any_more_is_skipped(quiet_worker, monkeypatch):
    jobs.tick(at=NIGHT)
    monkeypatch.setattr(jobs, "offers", lambda kind: [])
    work()
    assert (calls, JobRun.objects.get().outcome) == ([], "gone")


@pytest.mark.django_db(transaction=True)
def test_only_one_holds_a_lock_and_lets_go_of_it_even_when_it_fails():
    with only_one("door"), pytest.raises(Busy), only_one("door"):
        pass
    with pytest.raises(ZeroDivisionError), only_one("door"):
        raise ZeroDivisionError
    with only_one("door"), only_one("window"):
        pass


@pytest.mark.django_db
def test_pruning_keeps_the_last_run_of_each_job():
    for days in (400, 300, 200):
        JobRun.objects.create(job="test.sweep", due_at=NIGHT - timedelta(days=days), outcome="done", finished_at=NIGHT)
    jobs.prune.call()
    assert JobRun.objects.get().due_at == NIGHT - timedelta(days=200)
