"""Writes docs/plans.md: the rules with the numbers that the code holds today, and weeks planned by the real code.

Run `python -m docs.write_plans`; a test fails while the page is not what this prints.
"""

from pathlib import Path

from docs.example_plans import examples, table
from schediora.ai import author, leases, which_week
from schediora.ai.curriculum import composition, draft, load
from schediora.ai.curriculum.week import LONGEST_MOCK
from schediora.ai.model import breaker, patience
from schediora.memory import replay, state
from schediora.planner import proposal, quotas, series
from schediora.planner.scheduler import objective, problem
from tests.ai.evaluation import score

PAGE = Path(__file__).with_name("plans.md")

DUNLOSKY = "Dunlosky et al. 2013"
CEPEDA = "Cepeda et al. 2008"
ROHRER = "Rohrer et al. 2014"
YE = "Ye et al. 2022"
BLOOM = "Bloom 1984"
OURS = "our choice"

INTRODUCTION = f"""\
# How plans are made

*Made by `python -m docs.write_plans` from the code itself; do not edit by hand.*

What to study is decided in four steps, each a function of its input, and then placed by a fifth.

1. **Syllabus.** What there is to learn in a topic: units with the units that come before them. The student's own list
   wins; else ours, for the subjects that we know; else a list that a model made once, checked and kept with the
   student; else openly nothing: the plan then says how to study, and that chapters or focus topics would help.
2. **Memory.** What the student knows of each unit, replayed from their sessions by FSRS-6 ({YE}): a unit is due
   when it would be recalled with less than {replay.WANTED_RECALL:.0%}, and solid when that lies
   {replay.SOLID_DAYS} days ahead or more. What a student only says to know comes back after
   {state.KNOWN_FOR_DAYS} days, or in the week before the exam.
3. **Curriculum.** Which units, in which kinds of work, for how many minutes, this week: {load.FEWEST_SLOTS} to
   {load.MOST_SLOTS} steps.
4. **Words.** A title and a detail for each step. A language model writes them where there is one, and nothing else: it
   gets the unit, the kind of work, the minutes, the material and what went wrong before. Each of its texts is judged
   alone, kept, or asked for once more, or replaced by our own words, which are complete without it.
5. **Placement.** When: the scheduler alone decides, and the same steps and the same week give the same plan. Language
   models are poor at this: on the TravelPlanner benchmark GPT-4 alone met all constraints in 0.6 % of the cases, on
   NATURAL PLAN's trips models reach 31 to 35 %, and with a solver behind them over 90 %.

The student's words are data in the prompt, never instructions, and go to a model server only when the operator has
switched one on.
"""

SOURCES = """\
## Sources

- Bloom, B. S. (1984). The 2 sigma problem. *Educational Researcher* 13(6). In his comparison mastery learning, in which
  a unit is repeated until it is learned before the next one builds on it, gained one standard deviation on usual
  teaching. Later studies found less; we take the direction, not the size.
- Cepeda, N. J., Vul, E., Rohrer, D., Wixted, J. T., Pashler, H. (2008). Spacing effects in learning: a temporal
  ridgeline of optimal retention. *Psychological Science* 19(11). The best gap before a review was 20 to 40 % of the
  time to a test a week away, and fell to 5 to 10 % of a year.
- Dunlosky, J., Rawson, K. A., Marsh, E. J., Nathan, M. J., Willingham, D. T. (2013). Improving students' learning with
  effective learning techniques. *Psychological Science in the Public Interest* 14(1). Of ten techniques two were of
  high utility: practice testing and distributed practice.
- Rohrer, D., Dedrick, R. F., Burgess, K. (2014). The benefit of interleaved mathematics practice is not limited to
  superficially similar kinds of problems. *Psychonomic Bulletin & Review* 21. Mixed practice led to 72 % in a test two
  weeks later, practice in blocks to 38 %.
- Ye, J., Su, J., Cao, Y. (2022). A stochastic shortest path algorithm for optimizing spaced repetition scheduling.
  *KDD '22*. The model of memory behind FSRS: stability, difficulty and the chance of recall.
"""

CURRICULUM = (
    ("A new student begins with the first unit, with their focus topics, or with what their list says", OURS),
    ("Only what was learned is recalled, reviewed or tested; a unit is learned by a lesson that was done", BLOOM),
    ("Rated “again”, a lesson comes again as a lesson, and other work as practice", BLOOM),
    (
        "First what was missed, then what is due, then new units at the pace of the exam, then practice of the weakest",
        OURS,
    ),
    ("The pace: units still to learn, divided by the whole weeks before the last seven days, days off left out", OURS),
    (f"Up to {composition.MOST_RECALLED} due units are recalled together, without notes", DUNLOSKY),
    (f"Practice of up to {composition.MIXED_UNITS} units is mixed, the method named first", ROHRER),
    ("What is due comes back at the edge of forgetting", YE + "; " + CEPEDA),
    (
        f"The load follows the hours offered, up to {load.MOST_DAILY_MINUTES // 60} a day, then what was really done",
        OURS,
    ),
    (
        (
            f"A recall takes up to {draft.LONGEST_RECALL} minutes, a review {draft.LONGEST_REVIEW}, a mock as long as "
            f"the real paper, {LONGEST_MOCK} at most and never split"
        ),
        OURS,
    ),
    (
        "In the last seven days a mock comes first, two days before the exam at the latest, and then its errors",
        DUNLOSKY,
    ),
    ("Who learned nothing yet meets the test first, as a diagnosis, and is told so", OURS),
    (
        (
            f"The eve of an exam is a light review of {draft.LONGEST_LIGHT_REVIEW} minutes at most; where it is the "
            f"only day left, {load.EVE_MINUTES} minutes in short steps"
        ),
        OURS,
    ),
    (
        (
            "Where the eve is off, the last day before it ends with the light review; before a longer holiday that "
            "leads up to an exam, the mock comes first too"
        ),
        OURS,
    ),
)

HARD_RULES = (
    (
        "Inside the student's windows, which are wall-clock times",
        "A plan that ignores school or sleep is not followed.",
    ),
    (
        "On no rest day and no day off",
        "Who plans a rest keeps to the plan.",
    ),
    (
        "A day is the student's, which may start after midnight; what is placed in the night lies on the day before",
        "At two at night it is still the evening.",
    ),
    ("At most the daily hours a local day, existing sessions counted", "The student said how much is enough."),
    ("No overlap, nothing in the past, starts on marks of five minutes", "A calendar must be possible."),
    ("Before the local day of the topic's exam", "What prepares for an exam is of no use after it."),
    (
        f"Sessions of {problem.SHORTEST_SESSION_MINUTES} minutes up to the student's longest",
        "Shorter is only switching.",
    ),
    (
        "A step's minutes are moved to the nearest total that such sessions make; longer steps are split and numbered",
        "Whole sessions, as even as possible.",
    ),
    (
        "Nothing comes before the lessons and tests that it builds on, a graph over the steps",
        "Review needs something to review.",
    ),
    ("A step is placed wholly or listed with the reason", "Nothing is dropped in silence."),
)

SOFT_AIMS = (
    (
        "Place the most valuable part first",
        "value a minute: " + ", ".join(f"{kind} {value}" for kind, value in objective.VALUE_PER_MINUTE.items()),
        DUNLOSKY,
    ),
    ("Spread over days", "the square of each day's minutes", DUNLOSKY + " (distributed practice)"),
    (
        "Recall and review 20 to 40 % of the time to the exam after learning",
        f"{objective.SPACING_SHORT} a day too early, {objective.SPACING_LONG} a day too late",
        CEPEDA,
    ),
    (
        "Without an exam, review after a few days",
        f"{objective.GAP_WITHOUT_EXAM[0]} to {objective.GAP_WITHOUT_EXAM[1]} days",
        CEPEDA + ", for a test in ten days",
    ),
    ("Mix topics on a day", f"{objective.SAME_TOPIC} for two neighbours of one topic", ROHRER),
    ("Ten minutes of breath between sessions", f"{objective.MISSING_BREATH} for each five minutes missing", OURS),
    (
        "Keep the last days before an exam free",
        ", ".join(
            f"{cost} for each five minutes {days} day{'s' * (days > 1)} before"
            for days, cost in objective.LAST_DAYS.items()
        ),
        OURS,
    ),
    (
        "Evenings last",
        (
            f"{objective.EVENING_CELL} for each five minutes after {objective.EVENING_MINUTE // 60}:00, "
            f"{objective.NIGHT_CELL} after {objective.NIGHT_MINUTE // 60}:00"
        ),
        OURS,
    ),
    (
        "Afternoons first, nights last",
        (
            f"for each five minutes of what starts before {objective.AFTERNOON_MINUTE // 60}:00 "
            f"{objective.MORNING_CELL}, before 0{objective.MORNING_MINUTE // 60}:00 {objective.NIGHT_CELL}"
        ),
        OURS,
    ),
    (
        "The hours at which the student is seen to study instead, where they are known",
        f"up to {objective.UNUSUAL_CELL} for each five minutes of what starts at other hours",
        OURS,
    ),
    (
        "Before the first of several exams rather than the next",
        f"{objective.AFTER_AN_EXAM} for each five minutes after it",
        OURS,
    ),
)

BOUNDS = (
    (
        "The model's time for one answer, for a plan with its tries and the repair turn, for a subject's units",
        (
            f"{patience.TIMEOUT_SECONDS:g} s as the settings come, {patience.MODEL_SECONDS:g} s, "
            f"{author.LIST_SECONDS:g} s; nothing later than {leases.MODEL_UNTIL.seconds} s after the job was made"
        ),
    ),
    ("The model is asked before our own words stand in", f"{patience.TRIES} times as the settings come"),
    (
        "A provider is left alone after failures in a row that weigh",
        f"{breaker.THRESHOLD}: "
        + ", ".join(f"{code.replace('_', ' ')} {blame}" for code, blame in patience.BLAME.items() if blame)
        + "; any answer starts again at 0",
    ),
    ("A job asks no model after", f"{leases.MODEL_CLAIMS} claims or {leases.MODEL_AGE.seconds} s"),
    ("A worker's lease on a job", f"{leases.LEASE.seconds} s"),
    ("A job is given up when its claims by the rules died", f"{leases.RULES_CLAIMS} times"),
    (
        "With less free time than this left in the week, a plan is sized for a whole week",
        f"{which_week.WORTH_STARTING_MINUTES} minutes, or half of a whole week's where that is less",
    ),
    ("A replanning places at once", f"{proposal.MOST_AT_ONCE} sessions; of more, those that were missed come first"),
    ("A series has", f"{series.MOST_SESSIONS} sessions at most"),
    (
        "A planner holds",
        f"{quotas.SESSIONS_A_WEEK} sessions a local week, {quotas.SESSIONS:,} in all, {quotas.PLANS:,} plans",
    ),
)

CONTENT_CHECK = """\
Every text of a model is judged before a student sees it. On recorded answers of several make-believe models to more
than a hundred briefs in seven languages, each text labelled by hand (`tests/ai/evaluation`), so many would reach the
student. Three further sets were written before anybody looked at how the check would take them. When each was first
run, these shares of the good texts were kept, and of the off-topic, dated, linked and unsafe ones so many passed:
89 % and 18 of 94 in the first, 87 % and 5 of 67 in the second, 84 % and 3 of 65 in the third. After each run the check
was mended by kind, so what the table shows of the last two, which are kept aside, is a bound and no estimate. Good
texts that are refused are asked for once more, and then stand in our own words: what a model says of a unit that is
none of ours, without a word of its name, is refused rather than believed. A salvaged text stands whole in an answer
that breaks off or repeats itself.
"""

WHICH_WEEK = """\
Which week: the rest of this one, from now on; when that cannot hold half of the plan, all of the next, unless the next
one can hold nothing: then this one, with what fits. A plan that went to the next week remembers the week that it was
asked for (`asked_for`), is shown in both and closes both. Where the next week has a plan already, generated, deleted or
by hand, a plan for this week stays in it with what fits, and a job with nothing that fits fails and says so.

A plan asked for with `week: "next"` is for all of next week, is shown from its Monday on and closes that week alone;
it never goes to another, and should its week begin while it is made, it is placed in what is left of it. What is still
to come before, or in that week by the student's own hand, is not taught again in it, and an exam before that week is
over for it.
"""


def page() -> str:
    """Return the whole page."""
    parts = [
        INTRODUCTION,
        "## What to study\n",
        table(("rule", "source"), CURRICULUM),
        "## When: hard rules, never broken\n",
        table(("rule", "what it is for"), HARD_RULES),
        "## When: soft aims, one objective\n",
        "Placing more always wins; among equals the cheapest wins. Costs are in the objective's own units.\n",
        table(("aim", "weight today", "source"), SOFT_AIMS),
        "## Bounds\n",
        table(("bound", "today"), BOUNDS),
        WHICH_WEEK,
        "## What the content check lets pass\n",
        CONTENT_CHECK,
        f"{score.table()}\n",
        *examples(),
        SOURCES,
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
