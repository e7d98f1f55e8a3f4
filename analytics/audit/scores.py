"""The score of the best attacker: the likelihood ratio of published cells for a person in a known cell.

Noise is Gaussian, so the ratio grows with the inner product of the noisy cells with the person's own shift, over all
tables of the release, weighted by one over the noise's variance. All of it is read from `cells.parquet`.
"""

from collections.abc import Sequence

import numpy as np

from analytics.audit.harness import FloatArray, PublishedFiles
from analytics.contracts import MICRO


def scores(published: PublishedFiles, cohorts: Sequence[frozenset[str]], category: int, others: int) -> FloatArray:
    """Return one score per release and person: 0 expected without the person, mu with them, standard deviation 1.

    A person is known by the `cohorts` that they are in; all of their mass is in one `category`. `others` people of
    the same cell are known to be there; mu is the root of the sum of squared shifts over variances.
    """
    variance = published.cells["sigma_micro_persons"].to_numpy().astype(np.float64) ** 2
    moved = np.array(published.cells["basis_row"].to_list(), dtype=np.float64)[:, category] * MICRO
    names = np.array(published.cells["cohort"].to_list())
    found = []
    for each in cohorts:
        rows = np.flatnonzero(np.isin(names, list(each)))
        shift, weight = moved[rows], moved[rows] / variance[rows]
        found.append((published.values[:, rows] - others * shift) @ weight / np.sqrt(shift @ weight))
    return np.array(found).T
