"""What is worth counting, as verbs; here they do nothing, which is what a service without metrics has."""


class Measurements:
    """Takes down nothing. Safe to call from any thread."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Take down an answer; `route` is the template, never the path."""

    def job_taken(self, waited_seconds: float) -> None:
        """Take down that a job was taken up for the first time, so long after it was asked for."""

    def job_ended(self, outcome: str, source: str, failure: str) -> None:
        """Take down how a job ended: `source` of a plan that was made, `failure` of one that was not."""

    def model_asked(self, outcome: str, seconds: float, prompt_tokens: int, completion_tokens: int) -> None:
        """Take down what a model took for a job; `outcome` is `ok`, or why all or part of it was not of use."""

    def kept_answer(self, *, hit: bool) -> None:
        """Take down whether a kept answer served a call that may have one."""

    def limit_reached(self, limit: str) -> None:
        """Take down that a call was refused for a limit by rate, by its name."""


UNMEASURED = Measurements()
