"""Is anything changing? Process-behaviour limits on the published series, four rules, and control over all of them.

Everything here reads published figures and the noise law: it costs no privacy, and says the same every time.
"""
