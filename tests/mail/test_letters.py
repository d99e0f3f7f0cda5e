"""What letters say: the same in text and HTML, in the student's language, with links that nobody else steers."""

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP
from zoneinfo import ZoneInfo

from schediora.languages.sentences import Sentences
from schediora.mail.letters import LANGUAGES, Letters, Reader
from schediora.models.mail import MailKind
from tests.client import PASSWORD, Api, Student
from tests.mail.mailbox import Mailbox, text_of

NOW = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)


def test_every_letter_says_the_same_twice_in_every_language_and_is_one_that_servers_take() -> None:
    letters = Letters(Address("Schediora", addr_spec="schediora@example.org"), "https://study.example.org")
    faults = []
    for language in LANGUAGES:
        reader = Reader("student@example.com", language, ZoneInfo("Asia/Jakarta"))
        for kind in MailKind:
            token = "t" * 43 if kind in (MailKind.RESET, MailKind.CONFIRM) else None
            raw = letters.write(kind, reader, token, asked_at=NOW).as_bytes()
            message = message_from_bytes(raw, policy=SMTP)
            text, page = text_of(message), text_of(message, "html")
            link = f"https://study.example.org/#{kind}={'t' * 43}"
            if any(len(line) > 998 for line in raw.splitlines()) or not raw.isascii():
                faults.append((language, kind, "lines"))
            if token and (text.count(link) != 1 or page.count(f'href="{link}"') != 1):
                faults.append((language, kind, "link"))
            if "{" in text or "{" in page or "\r" in str(message["Subject"]):
                faults.append((language, kind, "places"))
            lines = [line for line in text.splitlines() if line and line != link]
            faults += [(language, kind, line) for line in lines if line.replace("'", "&#x27;") not in page]
            if not token and "01:30" not in text:
                faults.append((language, kind, "local time"))
            if message["Auto-Submitted"] != "auto-generated" or message["Content-Language"] != language:
                faults.append((language, kind, "headers"))
    assert not faults


def test_no_language_lacks_a_sentence() -> None:
    words = Sentences("schediora.mail", folder="letters")
    assert words.keys("en") == words.keys("id")
    assert all(words.places(key, "en") == words.places(key, "id") for key in words.keys("en"))


def test_a_student_is_written_to_as_their_plans_are(
    register: Callable[..., Student], api: Api, deliver: Callable[[], int], mailbox: Mailbox
) -> None:
    jakarta = register("jakarta@example.com", timezone="Asia/Jakarta")
    berlin = register("berlin@example.com", timezone="Europe/Berlin")
    deliver()
    assert mailbox.subjects(jakarta.email) == ["Apakah ini alamatmu?"]
    assert mailbox.subjects(berlin.email) == ["Is this your address?"]
    wish = {"goal": "Lulus ujian", "daily_hours": 2, "focus_topics": ["Biologi"], "language": "id"}
    assert berlin.put("/users/preferences", wish).status_code == 200
    assert jakarta.put("/users/preferences", wish | {"language": "en"}).status_code == 200
    for each in (jakarta, berlin):
        each.put("/users/password", {"old_password": PASSWORD, "new_password": "a new horse, correct"})
    deliver()
    assert mailbox.subjects(jakarta.email)[-1] == "Your Schediora password was changed"
    assert mailbox.subjects(berlin.email)[-1] == "Kata sandi Schediora-mu telah diubah"


def test_links_begin_with_the_services_own_address_whatever_a_call_says(
    student: Student, api: Api, deliver: Callable[[], int], mailbox: Mailbox
) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    api.post("/auth/password/forgot", {"email": student.email}, headers=headers)
    deliver()
    for message in mailbox.messages:
        assert "evil" not in message.as_string()
        assert "https://study.example.org/app/#" in text_of(message)
        assert message["From"] == "Schediora <schediora@example.org>"
