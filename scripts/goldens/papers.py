"""Writes test/statistics/fixtures/papers.golden.json: what SciPy and an independent Bayesian signed-rank test say.

    python scripts/goldens/papers.py [--seed N] [--out FOLDER]

Needs numpy and scipy. The Bayesian test is that of Benavoli et al. (JMLR 18, 2017), written from the paper: NumPy draws
its own Dirichlet weights, a million for each sample, and all pairs are added up in a matrix.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy import stats

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, default=20170608)
parser.add_argument(
    "--out", type=Path, default=Path(__file__).resolve().parents[2] / "test" / "statistics" / "fixtures"
)
arguments = parser.parse_args()
rng = np.random.default_rng(arguments.seed)


def bayesian_signed_rank(differences, rope, draws=1_000_000, chunk=20_000):
    """Posterior probabilities of below, inside and above ±rope; a draw that ties gives each its share."""
    z = np.concatenate([[0.0], differences])
    sums = np.add.outer(z, z)
    right, left = (sums > 2 * rope + 1e-12).astype(float), (sums < -2 * rope - 1e-12).astype(float)
    votes = np.zeros(3)
    for _ in range(draws // chunk):
        weights = rng.dirichlet([0.5] + [1.0] * len(differences), chunk)
        above = ((weights @ right) * weights).sum(1)
        below = ((weights @ left) * weights).sum(1)
        shares = np.stack([below, 1 - above - below, above])
        winners = shares == shares.max(0)
        votes += (winners / winners.sum(0)).sum(1)
    return (votes / draws).tolist()


def bayesian_samples():
    yield [0.01, 0.02], 0.0
    yield [0.012, -0.004, 0.021, 0.003, 0.009], 0.005
    yield [0.001, -0.002, 0.0, 0.003, -0.001, 0.002], 0.004
    yield [k / 512 for k in (3, 0, -1, 2, 4, 0, 3, 1, -2, 5)], 2 / 512
    yield [0.0, 0.0, 0.0], 0.0
    yield rng.normal(0.004, 0.01, 20).round(4).tolist(), 0.003
    yield rng.normal(-0.02, 0.03, 12).round(4).tolist(), 0.0
    yield rng.standard_t(1.5, 40).round(4).tolist(), 0.5


bayesian = [
    dict(differences=differences, rope=rope, probabilities=bayesian_signed_rank(differences, rope))
    for differences, rope in bayesian_samples()
]

tails = [0.9, 0.5, 0.1, 0.05, 0.01, 0.001, 1e-6]
shapes = [(0.5, 3.0), (1, 1), (1, 10), (7, 4), (19, 2), (60, 45)]
degrees = [(1, 4), (2, 6), (3, 21), (4, 12), (9, 90), (1, 1)]
lattice = rng.integers(80, 90, (9, 5)) / 100

golden = dict(
    bayesianSignedRank=bayesian,
    studentizedRangeUpperQuantile=[
        [tail, k, stats.studentized_range.isf(tail, k, np.inf)] for k in (2, 3, 4, 5, 10, 20, 50) for tail in (0.5, 0.1, 0.05, 0.01, 0.001)
    ],
    studentizedRangeTail=[[q, k, stats.studentized_range.sf(q, k, np.inf)] for k in (2, 3, 7, 30) for q in (0.1, 1.0, 2.5, 4.0, 6.0)],
    betaUpperQuantile=[[tail, a, b, stats.beta.isf(tail, a, b)] for a, b in shapes for tail in tails],
    betaLowerQuantile=[[tail, a, b, stats.beta.ppf(tail, a, b)] for a, b in shapes for tail in tails],
    fUpperTail=[[f, *df, stats.f.sf(f, *df)] for df in degrees for f in (0.1, 1.0, 4.0, 20.0, 300.0)],
    fUpperQuantile=[[tail, *df, stats.f.isf(tail, *df)] for df in degrees for tail in tails],
    chiSquaredUpperTail=[[x, df, stats.chi2.sf(x, df)] for df in (1, 2, 3, 4, 9, 30) for x in (0.0, 0.1, 1.0, 5.0, 20.0, 100.0)],
    friedmanWithTies=dict(values=lattice.tolist(), chiSquared=stats.friedmanchisquare(*lattice.T).statistic),
)
(arguments.out / "papers.golden.json").write_text(json.dumps(golden, indent=1) + "\n")
