"""The fixed sentences of the page: whom the figures are about, what they can show, and what they cannot."""

from analytics.wording import ABOUT_A_GROUP, DO_NOT_ACT

NOT_ABOUT_YOU = f"{ABOUT_A_GROUP} It is not for diagnosis. {DO_NOT_ACT}"
ABOUT = (
    "These figures are about people who chose to log their mood and to share it for statistics. They are not a sample "
    "of everyone who lives here, or of everyone in care."
)
WHO_COUNTS = (
    "People opt in, and can leave at any time. Each person counts once in a period, however often they log. We count "
    "days, not entries, and share one vote over a person's days. A person's area is the one on record for the period. "
    "People whose area we do not know are in the group “not known”. We add random noise to the numbers of people."
)
WHO_NOT = (
    "These figures do not show how many people a service has, who did not log, or why a group logs more or less. When "
    "the people who log change, it can look like a change in mood."
)
COVERAGE = (
    "Public sizes count everyone who lives in a group, whether they log or not. How many of them log says nothing "
    "about those who do not. The last column compares each group with all groups together. Its intervals hold for the "
    "whole table."
)
WEIGHTED = (
    "Plain: each person counts once. Weighted: each stratum, fixed in the plan, counts by how many people live there. "
    "Weighting evens out the sizes of these groups and nothing else: within each group people chose to log. Read the "
    "weighted figure together with the plain one. The intervals of differences hold for all groups of a table."
)
NO_STRATA = "the plan names no strata for this figure, so it is not weighted."
WEIGHTS = (
    "The more uneven the weights, the less certain the figure. Design effect: how many times more people we would need "
    "than with equal weights. Effective people: how many people with equal weights would count as much. People whose "
    "area is unknown are in no public size. They have no weight, but they are in the plain figure. Strata that are too "
    "small are joined with a neighbour and share its weight."
)
COMPARE_WITH_CARE = (
    "Read with care. We look at all groups together: in 95 of 100 such comparisons all intervals hold. Even if nothing "
    "differs, about 1 comparison in 20 still has a difference that looks clear. Groups differ in who logs: their age, "
    "their service, how unwell they are when they log. A difference does not show why. It is no ranking, and nobody is "
    "to blame for it."
)
MODELLED = (
    "A modelled figure uses earlier {periods} and similar groups as well as the group's own numbers, so it is less "
    "blurred by the noise than the figure above. It follows slow changes. A sudden one can take two {periods} to show. "
    "Changes and differences hold for all groups of the table together. They do not show why a group differs."
)
NOT_MODELLED = {"withheld": "Too few people to read, or most have left", "too_little_history": "Too little history"}
"""The states without a number, in words."""
CHANGES = (
    "We look at the changes of all groups in one period together, but at each period by itself. Even if nothing "
    "changes, about 1 period in 20 still has a change that looks clear."
)
INTERVALS = (
    "Thick bar: where the figure of these participants lies, given the noise. Thin line and pale band: the same, and "
    "also the chance in who logged. At least 94 in 100 such intervals hold the true value."
)
BEYOND = (
    "Noise can carry a figure or an interval below 0 or above 100. We cut it there, with an arrow (↓0, ↑100). The "
    "files hold the number uncut."
)
NOISE = (
    "We add random noise so that nobody can tell from these figures whether you took part. A small risk remains: the "
    "promise above says how small. The noise is as large for a small group as for a large one, so small groups are "
    "blurred most. The promise is the same for everyone: a less certain figure does not mean weaker privacy."
)
FLOORS = (
    "Below that, too few people had enough entries for anyone to read the figure. This rule keeps figures readable. "
    "The noise is what protects people. A group just above its floor is on average smaller than it looks, since we "
    "show it when the noise happens to carry its number up."
)
CAN = (
    "Whether mood among the people who log is changing, and how sure we are.",
    "Which groups clearly differ from all participants, and for which groups we cannot say.",
    "About how many people are counted, and in which groups.",
    "Which questions to ask the people who know the place.",
)
CANNOT = (
    "How any one person feels, or whether they took part.",
    "How common low mood is among people who did not log.",
    "Why a figure changed, or whether a service changed it.",
    "Whether one service is better than another.",
)
NOTHING_YET = (
    "Nothing has been published yet. Figures appear here after the first release. When a period is over, run "
    "`murmuration release`."
)
NEARLY_ALL_WITHHELD = (
    "Nearly all groups are withheld in this period: too few people had enough entries to show them without giving "
    "anyone away. You may still be able to read the figure for all participants together."
)
SMALL_PLAN = "A plan with longer periods and fewer groupings shows more of a small service: the `small` plan."

SIGNALS = (
    "A signal is a change that noise, chance and usual ups and downs rarely cause, when we look at all groups and "
    "figures together. On average up to 1 in 20 signals are false. False signals are more common when one week "
    "resembles the next: 8 in 100 simulated releases had one though nothing happened. A signal does not show why: what "
    "people log may have changed, or who logs. When a group starts or stops logging, the figure of everyone moves too. "
    "No signal does not mean that nothing has changed."
)
NOT_TESTED = "We can look for changes once a figure has been shown in at least 8 periods."
LIMITS = "Nearly all figures lie in this range as long as nothing changes."
OUTLOOK = "It cannot foresee events, or a change in who logs."
