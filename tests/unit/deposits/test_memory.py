"""The memory of a département's answers: who answered, and one deposit's answers undone."""

from __future__ import annotations

from fs_pipeline.deposits.memory import Journal, Memory, read_memory, write_memory

EMPTY = Memory({}, Journal())


def test_undoing_a_deposit_gives_back_what_was_remembered_before_it() -> None:
    one = EMPTY.with_file("a1", "mars.xlsx", {"zorg": "phone"}, {"k1": "Mairie : un doute"})
    two = one.with_file("b2", "avril.xlsx", {"zorg": "email", "blob": ""}, {"k2": "CCAS : un doute"})
    back, undone = two.without("avril.xlsx")
    assert back.columns == one.columns
    assert back.journal.verified == {"k1"}
    assert len(undone) == 3
    assert not back.heeds("b2")
    assert back.heeds("a1")


def test_a_later_answer_stays_when_an_earlier_deposit_is_undone() -> None:
    one = EMPTY.with_file("a1", "mars.xlsx", {"zorg": "phone"}, {})
    two = one.with_file("b2", "avril.xlsx", {"zorg": "email"}, {})
    back, _ = two.without("a1")
    assert back.columns == {"zorg": "email"}


def test_the_same_answer_twice_is_remembered_once() -> None:
    one = EMPTY.with_file("a1", "mars.xlsx", {"zorg": "phone"}, {"k1": "un doute"})
    assert one.with_file("b2", "avril.xlsx", {"zorg": "phone"}, {"k1": "un doute"}) == one


def test_a_memory_comes_back_as_it_was_written() -> None:
    one = EMPTY.with_file("a1", "mars.xlsx", {"zorg": "phone"}, {"k1": "un doute"}).without("rien")[0]
    assert read_memory(write_memory(one)) == one
