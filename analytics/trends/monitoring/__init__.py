"""Find changes: process-behaviour limits of the published series, four rules, and a limit on false signals over all.

Everything here reads published figures and the noise law: it costs no privacy, and says the same every time.
"""
