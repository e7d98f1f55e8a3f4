"""How far weekly figures lie from the truth at one privacy, done in four ways.

    .venv/bin/python -m benchmarks.accuracy [--populations 8] [--repetitions 8]

Twelve weeks of everyone, region, age band and service, each with its five bands. What is published about one person's
whole record is rho 0.0885 of zCDP in all (epsilon 2.0043 at delta 1e-6), or epsilon 2 of pure DP:

* usual: Laplace noise on counts and sums of entries, at most 7 a person and week; epsilon split evenly over the queries
  (people, entries, mood sum, histogram; per table) and the weeks.
* gaussian: the same queries, each with Gaussian noise at an even split of rho.
* identity: this project's shares and reconciliation, each band measured by itself, rho split evenly over the tables.
* frozen: this project as `murmuration plan --freeze` leaves it.

Everything after the noise is free, so nothing is smoothed over time.
"""
