"""What a job counts is a dictionary of numbers, and the job has the words to say it."""

from inspect import get_annotations

import pytest

from cartera.kit.jobs import offered


@pytest.mark.parametrize("job", offered(), ids=lambda job: job.key)
def test_a_job_that_counts_has_words_for_it(job):
    counted = get_annotations(job.task.func)["return"]
    assert counted in (None, dict[str, int])
    assert bool(job.words) is (counted is not None)
