"""Words that no sentence about figures may have."""

import re

from tests.support.glossary import forbidden_words

FORBIDDEN = re.compile(
    r"because|caus|due to|led to|result|effect|worse|better|best|fail|blame|fault|risk|diagnos|disorder|depress|patient"
    r"|population|prevalence|warning|alarm|crisis|significan",
    re.IGNORECASE,
)

FORBIDDEN_WORDS = forbidden_words()
"""The glossary's list of words that no text may hold."""
