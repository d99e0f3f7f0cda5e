"""Every limit by rate: its name, how much in how many seconds, and what each counts by.

ASVS 5 (2.4.1, 6.3.1) and the API Top 10 of 2023 (API4, API6) ask for them; the figures are the product's own, far above
what the app does, also for a class of forty behind one address. An address is one of IPv4 or a /64 of IPv6.
"""

from schediora.rate_limits.limit import Limit

_MINUTE, _HOUR, _DAY = 60, 3600, 24 * 3600
_TOO_FAST = "Too much was asked for in a short time. Please try again in {wait}."

SIGN_INS_FAILED = Limit("sign-in-address", 30, 5 * _MINUTE, shared=True)
"""By address: sign-ins that failed, whatever the account."""
ARRIVALS = Limit("sign-in", 120, 5 * _MINUTE, shared=True)
"""By address: sign-ins and registrations; one that succeeds is not counted."""
SIGN_INS_FAILED_HERE = Limit("sign-in-account", 10, 10 * _MINUTE, shared=True)
"""By account and address: sign-ins that failed. Alone for whoever is familiar at the address: no stranger uses it up
from elsewhere.
"""
SIGN_INS_FAILED_EVERYWHERE = Limit(
    "account",
    100,
    _HOUR,
    shared=True,
    says="Signing in to this account failed too often, perhaps for somebody else. "
    "To get in now, set a new password with “Forgotten password”; or try again in {wait}.",
)
"""By account: sign-ins that failed at addresses where it is not familiar. A link for a forgotten password lifts it."""
ADDRESS_CHANGES = Limit("address-changes", 10, _HOUR, shared=True, says=_TOO_FAST)
"""By student: each sends mail to an address of their choice. Links for a forgotten password count by their rows."""
REFRESHES = Limit("refresh", 150, 5 * _MINUTE, says=_TOO_FAST)
"""By sign-in."""
CALLS = Limit("user", 300, _MINUTE, says=_TOO_FAST)
"""By student, each call as often as it costs. An open app makes twelve."""
ANONYMOUS_CALLS = Limit("anonymous", 300, _MINUTE, says=_TOO_FAST)
"""By address: calls without a token that have no limit of their own."""
BAD_TOKENS = Limit("bad-tokens", 600, _MINUTE, says=_TOO_FAST)
"""By address: calls with a token that is none, or is none any more. Forty apps whose tokens have ended make 480."""
FEED_READINGS = Limit("calendar", 60, _HOUR)
"""By feed. Calendars look every five minutes at the most; several of a student's may."""
FEED_MISSES = Limit("calendar_misses", 300, _HOUR)
"""By address: calendars go on asking for a feed that was taken back, and many may share an address."""
EXPORTS = Limit(
    "exports", 3, _DAY, shared=True, says="You have taken this along often today. Please try again in {wait}."
)
"""By student: it reads everything that they have."""
JOBS = Limit(
    "generation",
    5,
    _DAY,
    shared=True,
    says="You have asked for five plans today, and one day has room for no more. Please ask again tomorrow.",
)
"""By student and their day, from one start of it to the next: counted from the jobs themselves."""
