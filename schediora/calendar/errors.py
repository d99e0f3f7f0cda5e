"""What the feed refuses."""

from schediora.errors import NotFound


class FeedNotFound(NotFound):
    """There is no calendar at this address any more. Make a new link in Schediora."""
