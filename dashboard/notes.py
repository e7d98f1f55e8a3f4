"""The standing words of the page: who this is about, what it can tell, and what it cannot."""

ABOUT = (
    "People who chose to log their mood and to share it for statistics. They are not the population, and not everyone "
    "in care."
)
WHO_COUNTS = (
    "People opt in, and may leave again. Each person counts once in a period, however often they log: their days share "
    "one vote. Days are counted, not entries. A person's place is the one on record for the period; where none is "
    "known, they are in the group called not known. Numbers of people carry noise on purpose."
)
WHO_NOT = (
    "It does not say how many people a service has, who did not log, or why a group logs more or less. A change in "
    "who logs can look like a change in mood."
)
COVERAGE = (
    "They count everyone who lives there, whether they log or not. How many of them log says nothing about those who "
    "do not. The last column sets each group beside all groups together, with intervals that hold for the whole table "
    "at once."
)
WEIGHTED = (
    "Plain: each person counts once. Weighted: each stratum, fixed in the plan, counts by how many live there. That "
    "evens out the sizes of these groups and nothing else: within each of them people chose to log. It stands beside "
    "the plain figure, not in its place. Differences have intervals that hold for all groups of a table at once."
)
NO_STRATA = "the plan names no strata for this figure, so it is not weighted."
WEIGHTS = (
    "The more uneven the weights, the less a figure can be relied on. Design effect: how many times more people would "
    "be needed than with even weights. Effective people: how many evenly weighted people count as much. People of "
    "unknown place are in no public size and have no weight, but they are in the plain figure. Strata too small to be "
    "told alone are joined with a neighbour and share its weight."
)
COMPARE_WITH_CARE = (
    "Read with care: all groups are looked at together, with intervals so wide that all of them hold at once in 95 of "
    "100 such comparisons; where nothing differs, about 1 in 20 still has a difference that looks clear. Groups differ "
    "in who logs: their age, their service, how unwell they are when they log. A difference is seen, not explained: it "
    "blames nobody, ranks nobody, and says nothing about the cause."
)
CHANGES = (
    "Each change is judged together with those of all groups beside it in the same period, but periods one by one: "
    "where nothing changes, about 1 period in 20 still looks clear."
)
INTERVALS = (
    "Thick bar: where the participants' own figure lies (noise alone). Thin line and pale band: the same with the "
    "chance in who logged. At least 94 in 100 such intervals hold the true value."
)
BEYOND = (
    "Noise can carry figures and intervals below 0 or past 100. They are not cut there: read such an end as 0 or 100."
)
NOISE = (
    "Noise is added on purpose, so that nothing published says much about whether any one person took part. It is as "
    "large for a small group as for a large one, so small groups are blurred most. Less certain figures do not mean "
    "weaker privacy: the promise is the same for everyone."
)
FLOORS = (
    "Below that, the noise is too large beside the group for anyone to read it. This rule keeps figures readable; what "
    "protects people is the noise. A group shown just above its floor is on average smaller than it looks: it is shown "
    "because the noise happened to carry its number up."
)
CAN = (
    "Whether mood among those who log is changing, and how sure we are.",
    "Where it differs clearly from all participants, and where nothing can be said.",
    "How many people are counted, about, and in which groups.",
    "Which questions deserve a conversation with the people who know the place.",
)
CANNOT = (
    "How any one person is, or whether they took part.",
    "How common low mood is in the population.",
    "Why a figure changed, or whether a service caused it.",
    "Whether one service is better than another.",
)
NOTHING_YET = (
    "Nothing has been published yet. Figures appear here after the first release: when a period is closed, run "
    "`murmuration release`."
)
NEARLY_ALL_WITHHELD = (
    "Nearly all groups are withheld in this period: the noise that protects people is larger than such small groups. "
    "All participants together may still be read."
)
SMALL_PLAN = "A plan with longer periods and fewer groupings shows more of a small service: the `small` plan."

SIGNALS = (
    "A signal is a change that noise, chance and a series' ordinary ups and downs rarely give, all groups and figures "
    "looked at together. On average up to 1 in 20 are false where periods vary independently; where they hang together "
    "more are: 8 in 100 simulated releases had one though nothing happened. It does not say why, nor whether what "
    "people log has changed or who logs: a group that comes or goes moves everyone's figure. It says nothing about one "
    "person or about people who did not log. No signal does not mean that nothing has changed."
)
LIMITS = "Nearly all figures lie between them as long as nothing changes."
OUTLOOK = "It foresees no event, and no change in who logs."
