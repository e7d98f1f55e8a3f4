"""Every rule by which a row can be refused, in words for the person who has to correct the file.

The names are stored in the vault's quarantine and are keys of the command line's results: they do not change.
The table of `docs/bad-input.md` is made from this list (`python -m tests.support.rules_table`).
"""

from enum import StrEnum
from typing import Self

_EXPORT_AGAIN = "Export the file again and send it."
_CORRECT = "Correct the row and send the file again."
_RETRY = "then run `murmuration quarantine retry`."


class RuleName(StrEnum):
    """The name of a rule, with what happened and what to do about it."""

    columns: str
    """The columns that the rule looks at, as the page names them; empty: the whole line or record."""
    happened: str
    action: str

    def __new__(cls, name: str, columns: str, happened: str, action: str) -> Self:
        """Make a name that is its stored text."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.columns = columns
        member.happened = happened
        member.action = action
        return member

    LINE_TOO_LONG = (
        "line_too_long",
        "",
        "The line is longer than 256 KiB. It was skipped without being held in memory.",
        _EXPORT_AGAIN,
    )
    NOT_UTF8 = (
        "not_utf8",
        "",
        "The text contains bytes that are not UTF-8.",
        "Save the file as UTF-8 and send it again.",
    )
    NUL_BYTE = ("nul_byte", "", "The text contains a NUL byte.", _EXPORT_AGAIN)
    BROKEN_QUOTES = (
        "broken_quotes",
        "",
        "A quote is never closed, or text follows a closing quote. Each record must be on one line.",
        _EXPORT_AGAIN,
    )
    RAGGED = ("ragged", "", "The line has more or fewer fields than the header.", _EXPORT_AGAIN)
    MISSING = (
        "missing",
        (
            "`person_id`, `logged_at`, `mood`, `valid_from`; `recorded_at`, `scope`, `covers_from` of a grant; any "
            "column that the contract requires"
        ),
        'The field is empty, or holds one of the source\'s texts for "no value".',
        "Fill the field in and send the file again.",
    )
    TOO_LONG = (
        "too_long",
        "`person_id`, `source_id`, `id_domain`, `policy_version`; any text over 10,000 characters",
        "The text is longer than the contract's `maxLength` (for `source_id`: that of `person_id`).",
        _CORRECT,
    )
    DAMAGED_ID = (
        "damaged_id",
        "`person_id`",
        (
            "A spreadsheet damaged the id: it is a rounded number such as `2.02611E+14`, a spreadsheet's word for an "
            "error in any language, or only `#` signs. `12E4`, `1E5` and `3E-01` are accepted, as they may be ids."
        ),
        "Export the file again without opening it in a spreadsheet.",
    )
    ID_PATTERN = (
        "id_pattern",
        "`person_id`",
        (
            "The id does not match the source's `id_pattern`, or the `pattern` of `person_id` in the contract of this "
            "kind of file. Withdrawals are accepted all the same."
        ),
        "Correct the id or the pattern, and send the file again.",
    )
    NOT_A_TIME = (
        "not_a_time",
        "`logged_at`, `recorded_at`",
        "The text is not an ISO 8601 date or time, or names a day or time that does not exist.",
        f"Correct the time, or its form in the declaration and {_RETRY}",
    )
    NOT_A_DATE = (
        "not_a_date",
        "`valid_from`, `covers_from`",
        "The text is not a date written `YYYY-MM-DD`, or names a day that does not exist.",
        _CORRECT,
    )
    FUTURE_DATE = (
        "future_date",
        "`logged_at`; `recorded_at` of a grant",
        "The entry is dated after today on the participant's own clock, or the grant after now.",
        _CORRECT,
    )
    OUT_OF_RANGE = (
        "out_of_range",
        "`logged_at`, `mood_score`, `sleep_hours`, `valid_from`, `recorded_at`, `covers_from`",
        "The value is below the contract's minimum or above its maximum.",
        _CORRECT,
    )
    NOT_A_NUMBER = (
        "not_a_number",
        "`mood`, `sleep_hours`, `sleep_quality`, `total`; amounts in `factors`",
        "The text is not a number in the digits 0-9 with a decimal point. NaN and infinity are not numbers.",
        _CORRECT,
    )
    OFF_SCALE = (
        "off_scale",
        "`mood`, `sleep_quality`, `total`",
        "The value is outside the scale that the source declares.",
        f"Correct the value, or the scale in the declaration and {_RETRY}",
    )
    NOT_ALLOWED = (
        "not_allowed",
        (
            "`factors`, `scope`, `instrument`, `day_part`, `report_kind`; `event` of `murmuration withdraw`; any "
            "column with listed values"
        ),
        "The value is not on the contract's list, or the declaration says that such a value cannot be.",
        _CORRECT,
    )
    UNKNOWN_WORD = (
        "unknown_word",
        "`mood`, `report_kind`",
        (
            "A mood word is not in the declaration's `words` (one of several in a cell is enough), an app's own mood "
            "has no group, or the kind of report is unknown."
        ),
        f"Add the word to the declaration, {_RETRY}",
    )
    UNKNOWN_ENTRY = (
        "unknown_entry",
        "`source_id`",
        "The factors belong to an entry that is not in the vault. Entries from before a consent's cover count as such.",
        f"Send the file with the entry, {_RETRY}",
    )
    BROKEN_JSON = ("broken_json", "", "The line is not one whole JSON value.", _EXPORT_AGAIN)
    TOO_DEEP = ("too_deep", "", "The record's JSON is nested too deeply.", _EXPORT_AGAIN)
    REPEATED_NAME = (
        "repeated_name",
        "",
        "An object names a member twice. We do not guess which of the two is right.",
        _EXPORT_AGAIN,
    )
    UNREADABLE = (
        "unreadable",
        "any",
        (
            "A list, an object or a truth value is in the place of a text or number, or the reader does not know the "
            "shape of the record."
        ),
        "Check that the declaration names the right format, and report the shape if it does.",
    )
