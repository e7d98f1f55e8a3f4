"""Words that no sentence about figures may have."""

import re

FORBIDDEN = re.compile(
    r"because|caus|due to|led to|result|effect|worse|better|best|fail|blame|fault|risk|diagnos|disorder|depress|patient"
    r"|population|prevalence|warning|alarm|crisis|significan",
    re.IGNORECASE,
)
