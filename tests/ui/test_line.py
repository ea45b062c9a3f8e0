"""A line: first come, first served, so many at a time; who leaves makes room."""

from __future__ import annotations

import threading

from ui.line import Line


def never() -> bool:
    return False


def test_who_finds_a_place_does_not_wait() -> None:
    line = Line(2)
    with line.ticket() as one, line.ticket() as two:
        assert list(line.wait(one, gone=never)) == list(line.wait(two, gone=never)) == []


def test_who_finds_none_is_told_how_many_are_before() -> None:
    line = Line(2)
    with line.ticket(), line.ticket(), line.ticket() as third, line.ticket() as fourth:
        assert (next(line.wait(third, gone=never)), next(line.wait(fourth, gone=never))) == (1, 2)


def test_everybody_is_served_in_order() -> None:
    line, served, told = Line(1), list[int](), dict[int, list[int]]()
    standing = threading.Semaphore(0)
    go = threading.Event()

    def come(number: int) -> None:
        with line.ticket() as ticket:
            standing.release()
            go.wait()
            told[number] = list(line.wait(ticket, gone=never))
            served.append(number)

    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=come, args=(number,)))
        threads[-1].start()
        standing.acquire()
    go.set()
    for thread in threads:
        thread.join(10)
    assert served == list(range(8))
    assert all(before == sorted(before, reverse=True) for before in told.values())


def test_who_leaves_makes_room() -> None:
    line, left = Line(1), False
    with line.ticket(), line.ticket() as second:
        waiting = line.wait(second, gone=lambda: left)
        assert next(waiting) == 1
        left = True
        assert list(waiting) == []
    with line.ticket() as third:
        assert list(line.wait(third, gone=never)) == []
