"""Which idle connection is closed where there is no room: the one that is least missed."""

from schediora.server.crowd import Crowd

ROOM = 200
POLL_SECONDS = 15


class Guest:
    """A connection that asks when it is told to."""

    def __init__(self, crowd: Crowd, at: float) -> None:
        self.crowd, self.last_activity = crowd, at
        self.network, self.idle, self.closed = "", True, False
        crowd.enter(self)

    def handle_close(self) -> None:
        self.closed = True
        self.crowd.leave(self)


class Hall:
    """A crowd at a time that the test says."""

    def __init__(self, *, most: int = ROOM, most_per_address: int = 0) -> None:
        self.now = 1_000_000.0
        self.crowd = Crowd(most=most, most_per_address=most_per_address, trusts=lambda _: False, clock=lambda: self.now)

    def enter(self) -> Guest:
        assert self.crowd.has_room_for("192.0.2.1")
        return Guest(self.crowd, self.now)


def came_anew(hall: Hall, phones: int, *, rounds: int) -> float:
    """Let so many phones ask in turn, each every 15 s; return the share of their calls that needed a new connection
    once each had asked twice.
    """
    connections = dict[int, Guest]()
    anew = 0
    for turn in range(phones * (rounds + 2)):
        number = turn % phones
        held = connections.get(number)
        if held is None or held.closed:
            connections[number] = hall.enter()
            anew += turn >= 2 * phones
        else:
            held.last_activity = hall.now
        hall.now += POLL_SECONDS / phones
    return anew / (phones * rounds)


def test_of_more_open_apps_than_connections_only_those_too_many_come_anew() -> None:
    assert came_anew(Hall(), ROOM, rounds=3) == 0
    assert came_anew(Hall(), ROOM + ROOM // 2, rounds=3) < 0.45


def test_the_same_of_one_address() -> None:
    assert came_anew(Hall(most=10 * ROOM, most_per_address=ROOM), ROOM + ROOM // 2, rounds=3) < 0.45


def test_who_is_gone_makes_room_before_anybody_who_still_asks() -> None:
    hall = Hall(most=4)
    gone = [hall.enter()]
    hall.now += 1
    gone.append(hall.enter())
    hall.now += 21
    open_, latest = hall.enter(), hall.enter()
    hall.now += 5
    latest.last_activity = hall.now - 2
    closed = []
    for _ in range(4):
        hall.enter()
        closed.append([guest.closed for guest in (*gone, open_, latest)])
    assert closed == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, False, True],
        [True, True, True, True],
    ]


def test_an_app_that_starts_keeps_its_connection_while_others_wait_longer_for_their_next_call() -> None:
    hall = Hall(most=2)
    open_ = hall.enter()
    hall.now += 14
    starting = hall.enter()
    hall.now += 0.1
    hall.enter()
    assert (open_.closed, starting.closed) == (True, False)
