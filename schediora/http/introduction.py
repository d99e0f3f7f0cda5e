"""What whoever reads the OpenAPI document has to know before the first call, in Markdown."""

INTRODUCTION = """\
The backend of a study planner: students sign in, say how they want to study, have a week's plan made, tick sessions
off and see how it is going.

## Signing in

`register` and `login` answer a pair of tokens. Every call but those marked as open takes the access token, as
`Authorization: Bearer <access token>`. When it is refused with 401, give the refresh token to `refresh` for a new pair
and keep only that one: a refresh token is good for one exchange, and an old one that turns up again ends the sign-in.

## Requests

A body is JSON with `Content-Type: application/json`, at most 64 KiB. Fields and parameters that are not named here are
refused, never ignored; so is `null` where it is not offered. Text but passwords is brought to NFC and trimmed, and each
run of white space in it becomes one blank. HEAD answers like GET, without the body; OPTIONS says in `Allow` what an
address takes, and needs no token. Answers may gain fields at any time.

## Times

Instants are RFC 3339 in UTC and end in `Z`; they are taken with any offset, never without one, and within 366 days of
now. Dates and weeks are local: they are the student's own, in the time zone that the student has set. Weeks run from
Monday to Sunday. A student may let their day start after midnight (`day_starts_at`): until then it is the day before,
for whatever is planned, done or counted; only the weekdays of study times and the dates of exams are the calendar's.
Lengths are whole minutes.

## Lists

A list is a JSON array of at most `limit` entries. While there is more, the header `Link` names the next page:
`<...>; rel="next"`, relative to this address. Its `cursor` is opaque; one that the list did not give is refused.

## Keeping sessions on a device

`GET /sessions?since=` lists all of them, in pages. Follow `Link` while it is `rel="next"`; the last page's is
`rel="since"`: ask there the next time, for what has changed meanwhile. An entry with `deleted` says that the session of
that `id` is gone; every other one is the session as it is now, to be put in the place of the one that is there. A link
is good for 90 days. Where 410 `resync_needed` answers, forget the sessions and begin again with an empty `since`.

## Sending a call again

A phone that hears no answer does not know whether its call was done. Give each authenticated POST a new text as
`Idempotency-Key`, and send the call again with the same one: it is done once, and for 24 hours it answers what it
answered first. What was refused has done nothing, is not remembered, and is judged anew.

## Errors

Every error is `application/problem+json` (RFC 9457): `code` is from a closed list and for programs, `detail` is one
sentence for the student. Every answer carries `X-Request-ID`; name it when you ask for help. What is somebody else's
is not found. Any call may answer 503; like 429 it carries `Retry-After`, the seconds after which to try again. What is
no call at all is refused in the same form: 404 for an unknown address, 405 with `Allow` for an unknown method, 431 for
too long a head, 501 and 505 for what is not HTTP/1.1 as we speak it.

## Limits

A student may make 300 calls in any minute, where a replanning counts 10 and asking for a plan 3; signing in and what
needs no token are limited by address. Past a limit calls answer 429, and `RateLimit-Policy` and `RateLimit` name it. An
app that looks every 15 seconds, with hundreds of others behind one address, meets none of them.
"""
