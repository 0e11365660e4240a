"""A signal ends the command, whoever held the handler when it came."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest
from dagster._utils.interrupts import capture_interrupts

from fs_pipeline.interruption import STOPPING, Interrupted, deferred, given_back, noted, stopping


@pytest.fixture(autouse=True)
def nobody_ignores_a_signal() -> Iterator[None]:
    """Whoever runs the tests may ignore one (nohup), and so may a test before."""
    outside = {number: signal.signal(number, signal.SIG_DFL) for number in STOPPING}
    yield
    for number, handler in outside.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_each_signal_ends_the_command_with_its_own_code(number, code):
    with pytest.raises(Interrupted) as stopped, stopping():
        signal.raise_signal(number)
    assert stopped.value.exit_code == code
    assert signal.getsignal(number) is signal.SIG_DFL


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopping():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_end_of_a_service_is_heard_even_where_it_was_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with pytest.raises(Interrupted), stopping():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_that_somebody_else_swallowed_is_known_all_the_same():
    with stopping(), noted() as stop_if_asked:
        stop_if_asked()
        swallowing = signal.signal(signal.SIGINT, lambda *_: None)
        signal.raise_signal(signal.SIGINT)
        signal.signal(signal.SIGINT, swallowing)
        with pytest.raises(Interrupted):
            stop_if_asked()
        stop_if_asked()  # said once


def test_a_command_of_the_background_can_still_be_stopped_after_a_run():
    """A shell has it ignore SIGINT, and Dagster gives that to SIGTERM."""

    def run_and_stop() -> None:
        with stopping():
            with given_back(), capture_interrupts():
                pass
            signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with pytest.raises(Interrupted) as stopped:
        run_and_stop()
    assert stopped.value.exit_code == 143


def test_a_few_renames_are_finished_before_the_command_ends():
    done = []

    def rename() -> None:
        with stopping(), deferred():
            signal.raise_signal(signal.SIGTERM)
            done.append("renamed")

    with pytest.raises(Interrupted) as stopped:
        rename()
    assert done == ["renamed"]
    assert stopped.value.exit_code == 143


def test_outside_of_the_main_thread_nothing_is_asked_of_signals():
    failures = []

    def work() -> None:
        try:
            with stopping(), noted() as stop_if_asked, deferred():
                stop_if_asked()
        except BaseException as error:
            failures.append(error)

    handlers = [signal.getsignal(number) for number in STOPPING]
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert failures == []
    assert [signal.getsignal(number) for number in STOPPING] == handlers
