"""The notice's standing words: a sentence for each column that the contracts may have, and what is never kept."""

COLUMNS = {
    "person_id": "A code, made from your id with a secret key. The id itself is not kept with what you log.",
    "id_domain": "Which system gave you your id. This goes into the code, and is not kept by itself.",
    "logged_at": "The day and the time, as far as your app tells it.",
    "mood_score": "Your mood, as a number from 0 to 100. Higher means better.",
    "factors": "What went with your mood, in words from the fixed list below.",
    "sleep_hours": "How many hours you slept, if your app tells it.",
    "instrument": "Which of these question sheets you filled in: {allowed}.",
    "total": "Your total score. Never a single answer.",
    "valid_from": "From which day these groups hold for you.",
    "event": "That you said yes, or that you left.",
    "recorded_at": "When you said so.",
    "covers_from": "From which day on what you log may count.",
    "scope": "What you said yes to: figures about groups, and nothing else.",
    "policy_version": "Which version of this promise you said yes to, as your app or care team wrote it.",
}
"""A plain sentence per column of the incoming contracts; `{allowed}` is the column's list of values. A dimension of the
grid needs none: its label and keys are told."""

BESIDES = {
    "source_no": "Which app or system it came from.",
    "batch_no": "Which file it came in, and when that file came.",
    "mood_native": "Your mood as your app wrote it.",
    "daily": "Whether it is about one moment or the whole day.",
    "day_part": "The part of the day, such as morning, if your app tells no time.",
    "utc_offset_min": "How far your clock was from world time.",
    "sleep_quality": "How well you slept, if your app tells it.",
    "key_value": "Your app's own number for the entry, turned into a code.",
}
"""What the vault keeps with an entry that no contract has a column for, by the vault's own column."""

COUNTED = {
    "product": "The name under which they come out.",
    "period": "The weeks that they are about.",
    "last_week": "The week in which that time ends.",
}
"""What the vault keeps of releases that counted a person, by its own column, where a plan bounds their number."""

NAMES = {"phq9": "PHQ-9", "gad7": "GAD-7", "who5": "WHO-5", "who5_index": "WHO-5 (0 to 100)"}
"""Values of contracts whose plain name is not their own with blanks for underscores."""

NEVER_KEPT = (
    "Notes, or any other text that you write.",
    "Titles and photos.",
    "Places where you were.",
    "Your name and your address.",
    "Single answers on question sheets. Above all, none about self-harm.",
    "The names of your devices.",
    "Names that you made up yourself for moods or for things you do.",
)

NEVER_DONE = (
    "Giving a person a score.",
    "Selling what you log, or handing it on.",
    "Looking up one person, except to let them leave.",
    "Training a computer model on what you log.",
    "Deciding anything about a person.",
)

CADENCES = {"week": "Every week", "four_weeks": "Every four weeks"}

HELD_DAYS = 14
"""How long a file with a row that could not be read is kept as it came."""


def plain(value: str) -> str:
    """Return a contract's value in plain words: `self_care` is `self care`."""
    return NAMES.get(value, value.replace("_", " "))
