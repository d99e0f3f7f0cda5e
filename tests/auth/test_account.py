"""Changing the password, and leaving."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from schediora.auth.passwords import Hasher
from schediora.models.users import User
from tests.client import PASSWORD, Api, FrozenClock, Student

NEW = "a new horse, correct"
PLAN = {"title": "Photosynthesis", "topic": "Biology", "duration_minutes": 45}


def login(api: Api, student: Student, password: str) -> int:
    answer = api.post("/auth/login", {"email": student.email, "password": password})
    return int(answer.status_code)


def change(student: Student, new: str) -> int:
    answer = student.put("/users/password", {"old_password": PASSWORD, "new_password": new})
    return int(answer.status_code)


def test_only_the_tokens_of_the_answer_are_good_after_a_change(student: Student, api: Api, clock: FrozenClock) -> None:
    elsewhere = api.post("/auth/login", {"email": student.email, "password": PASSWORD}).json
    earlier = student.refresh_token
    clock.advance(minutes=1)
    moved_on = api.post("/auth/refresh", {"refresh_token": earlier}).json
    pair = student.api.put(
        "/users/password", {"old_password": PASSWORD, "new_password": NEW}, token=moved_on["access_token"]
    ).json
    assert api.get("/users/me", token=pair["access_token"]).status_code == 200
    for token in (student.token, moved_on["access_token"], elsewhere["access_token"]):
        assert api.get("/users/me", token=token).status_code == 401
    for token in (earlier, moved_on["refresh_token"], elsewhere["refresh_token"]):
        assert api.post("/auth/refresh", {"refresh_token": token}).json["code"] == "invalid_refresh_token"
    assert api.post("/auth/refresh", {"refresh_token": pair["refresh_token"]}).status_code == 200
    assert (login(api, student, PASSWORD), login(api, student, NEW)) == (401, 200)


def test_a_wrong_password_changes_nothing_and_keeps_the_student_signed_in(student: Student, api: Api) -> None:
    for answer in (
        student.put("/users/password", {"old_password": "not this one", "new_password": NEW}),
        student.post("/users/me/delete", {"password": "not this one"}),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "wrong_password")
    assert student.get("/users/me").status_code == 200
    assert (login(api, student, PASSWORD), login(api, student, NEW)) == (200, 401)


def test_guessing_by_a_stolen_token_ends_as_at_the_door(student: Student) -> None:
    codes = [student.post("/users/me/delete", {"password": f"guess {number}"}).status_code for number in range(12)]
    assert codes == [403] * 10 + [429] * 2
    assert student.get("/users/me").status_code == 200


def test_what_others_guess_first_is_no_new_password(
    student: Student, api: Api, register: Callable[..., Student]
) -> None:
    named = register("long.enough@example.com")
    faults = []
    for each, new in (
        (student, "password1"),
        (student, "PassWord1"),
        (student, "12345678"),
        (student, "iloveyou1"),
        (student, "Schediora"),
        (named, "long.enough"),
        (named, "LONG.enough@example.com"),
    ):
        answer = each.put("/users/password", {"old_password": PASSWORD, "new_password": new})
        if answer.status_code != 422 or answer.json["errors"][0]["pointer"] != "/new_password":
            faults.append((new, answer.text))
    for email, password in (("a@example.com", "qwertyuiop"), ("another.one@example.com", "another.one")):
        answer = api.post("/auth/register", {"email": email, "password": password})
        if answer.status_code != 422 or answer.json["errors"][0]["pointer"] != "/password":
            faults.append((password, answer.text))
    assert not faults


def test_who_has_such_a_password_already_still_signs_in(student: Student, api: Api, hasher: Hasher) -> None:
    User.update(password_hash=hasher.hash("password1")).where(User.id == student.id).execute()
    assert login(api, student, "password1") == 200


def test_changes_refreshes_and_deletions_at_once_end_in_one_state(student: Student, api: Api) -> None:
    def attempt(number: int) -> int:
        match number % 3:
            case 0:
                return change(student, f"{NEW} {number}")
            case 1:
                return int(api.post("/auth/refresh", {"refresh_token": student.refresh_token}).status_code)
            case _:
                return int(student.post("/ai/plans/generate", {"goal": "Pass", "topic": "Math"}).status_code)

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(attempt, range(30)))
    assert set(codes) <= {200, 202, 401, 403, 409, 429, 503}, codes
    good = [number for number in range(0, 30, 3) if login(api, student, f"{NEW} {number}") == 200]
    assert [number for number, code in enumerate(codes) if number % 3 == 0 and code == 200] == good
    assert len(good) == 1
