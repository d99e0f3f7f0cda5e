"""The student's sessions as an iCalendar feed (RFC 5545) that their own calendar subscribes to."""
