"""Writes test/statistics/fixtures/*.golden.json: what scipy and statsmodels say about 200 samples and more.

    python scripts/goldens/statistics.py [--seed N] [--out FOLDER]

With another seed the samples are others; the same tests then hold the code against those:

    LOCKSTEP_STATISTICS_GOLDENS=FOLDER npx mocha dist/test/statistics/goldens.test.js

Needs numpy, scipy >= 1.15 and statsmodels. Where scipy has no function (sign flips of many pairs,
the interval of the Hodges-Lehmann estimate), the definition is written out with exact integers.
Samples at extreme scales are computed at scale 1 and multiplied by a power of two, because scipy
squares them out of range.
"""

import argparse
import json
from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import integrate, stats
from scipy.stats._wilcoxon import WilcoxonDistribution
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import DescrStatsW

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, default=20170608)
parser.add_argument(
    "--out", type=Path, default=Path(__file__).resolve().parents[2] / "test" / "statistics" / "fixtures"
)
arguments = parser.parse_args()
rng = np.random.default_rng(arguments.seed)
OUT = arguments.out


def samples():
    """(kind, baseline, challenger, exponent of a power of two both are multiplied by, margin)"""
    for i in range(60):  # what networks give: correlated accuracies
        n = int(rng.integers(2, 17))
        luck = rng.normal(0, 0.01, n)
        baseline = 0.87 + luck + rng.normal(0, 0.005, n)
        yield "normal", baseline, baseline.mean() + luck + rng.normal(0.01 * (i % 3), 0.008, n), 0, 0.02
    for i in range(40):  # accuracies on 512 examples: multiples of 1/512, with ties and zeros
        n = int(rng.integers(3, 15))
        baseline = rng.integers(430, 460, n) / 512
        yield "lattice", baseline, baseline + rng.integers(-3, 6, n) / 512, 0, 4 / 512
    for i in range(30):  # heavy tails and skew
        n = int(rng.integers(2, 14))
        yield "heavy", rng.standard_t(1.5, n), rng.lognormal(0, 2, n), 0, 1.0
    for i in range(30):  # huge and tiny scales
        n = int(rng.integers(2, 14))
        exponent = int(rng.choice([-1000, -500, -60, 60, 500, 1000]))
        yield "scale", rng.normal(0, 1, n), rng.normal(0.5, 1, n), exponent, 0.75
    for i in range(20):  # a small difference of large values
        n = int(rng.integers(2, 14))
        baseline = 1e6 + rng.integers(0, 1000, n) / 8
        yield "offset", baseline, baseline + rng.integers(-20, 40, n) / 64, 0, 0.5
    for i in range(20):  # many pairs of whole numbers, for exact counts of sign patterns
        n = int(rng.integers(20, 41))
        yield "whole", rng.integers(0, 50, n) * 1.0, rng.integers(0, 60, n) * 1.0, 0, 10.0


def sign_flip(d, whole):
    total = abs(d.sum())
    if whole:
        sums = Counter({0: 1})
        for value in np.abs(d).astype(int):
            step = Counter()
            for key, ways in sums.items():
                step[key + int(value)] += ways
                step[key - int(value)] += ways
            sums = step
        return sum(ways for key, ways in sums.items() if abs(key) >= total) / 2 ** len(d)
    patterns = np.array(list(product([1, -1], repeat=len(d))))
    return float(np.mean(np.abs(patterns @ d) >= total - 1e-11 * np.abs(d).sum()))


def hodges_lehmann(d, level):
    n = len(d)
    walsh = np.sort([(d[i] + d[j]) / 2 for i in range(n) for j in range(i, n)])
    distribution = WilcoxonDistribution(n)
    cut = 0
    while float(distribution.cdf(cut)) <= (1 - level) / 2:
        cut += 1
    interval = None
    if cut > 0:
        interval = {
            "low": walsh[cut - 1],
            "high": walsh[len(walsh) - cut],
            "attained": 1 - 2 * float(distribution.cdf(cut - 1)),
        }
    return {"estimate": float(np.median(walsh)), "interval": interval}


def scaled(value, exponent):
    return None if value is None else float(np.ldexp(value, exponent))


def expected(kind, a, b, exponent, margin, level):
    d = b - a
    n = len(d)
    zero = d[d != 0]
    out = {"signFlip": sign_flip(d, kind == "whole")}
    wins, losses = int((d > 0).sum()), int((d < 0).sum())
    decided = wins + losses
    out["sign"] = {
        "positive": wins,
        "negative": losses,
        "p": stats.binomtest(wins, decided).pvalue if decided else 1.0,
    }
    if len(zero):
        exact = stats.wilcoxon(d, method="exact")
        permutation = None
        if 2 <= len(zero) <= 12:
            permutation = stats.wilcoxon(zero, method=stats.PermutationMethod(n_resamples=np.inf)).pvalue
        out["wilcoxon"] = {"w": exact.statistic, "p": exact.pvalue, "pGivenTies": permutation}
    else:
        out["wilcoxon"] = None
    hl = hodges_lehmann(d, level)
    interval = hl["interval"]
    out["hodgesLehmann"] = {
        "estimate": scaled(hl["estimate"], exponent),
        "interval": interval
        and {
            "low": scaled(interval["low"], exponent),
            "high": scaled(interval["high"], exponent),
            "attained": interval["attained"],
        },
    }
    if len(set(d)) == 1:
        return out | {"pairedT": None, "tost": None}
    t = stats.ttest_rel(b, a)
    ci = t.confidence_interval(level)
    out["pairedT"] = {
        "mean": scaled(d.mean(), exponent),
        "sd": scaled(d.std(ddof=1), exponent),
        "standardError": scaled(stats.sem(d), exponent),
        "t": t.statistic,
        "p": t.pvalue,
        "low": scaled(ci.low, exponent),
        "high": scaled(ci.high, exponent),
        "dz": d.mean() / d.std(ddof=1),
    }
    out["tost"] = DescrStatsW(d).ttost_mean(-margin, margin)[0]
    constant = len(set(a)) == 1 or len(set(b)) == 1
    out["correlation"] = None if constant else float(np.corrcoef(a, b)[0, 1])
    w = stats.ttest_ind(b, a, equal_var=False)
    wci = w.confidence_interval(level)
    out["welch"] = {
        "t": w.statistic,
        "df": w.df,
        "p": w.pvalue,
        "low": scaled(wci.low, exponent),
        "high": scaled(wci.high, exponent),
    }
    out["pairingFactor"] = (a.var(ddof=1) + b.var(ddof=1)) / d.var(ddof=1)
    return out


def paired_fixture():
    rows = []
    for index, (kind, a, b, exponent, margin) in enumerate(samples()):
        level = [0.95, 0.9, 0.99][index % 3]
        rows.append(
            {
                "kind": kind,
                "level": level,
                "margin": scaled(margin, exponent),
                "baseline": [scaled(x, exponent) for x in a],
                "challenger": [scaled(x, exponent) for x in b],
                "expected": expected(kind, a, b, exponent, margin, level),
            }
        )
    return rows


def tost_power(delta, margin, n, alpha):
    df, critical = n - 1, stats.t.isf(alpha, n - 1)
    root = np.sqrt(n)

    def integrand(s):
        low, high = (-margin - delta) * root + critical * s, (margin - delta) * root - critical * s
        return max(0, stats.norm.cdf(high) - stats.norm.cdf(low)) * stats.chi.pdf(s * np.sqrt(df), df) * np.sqrt(df)

    end = margin * root / critical
    return integrate.quad(integrand, 0, end, epsabs=1e-13, epsrel=1e-12, limit=500)[0]


def other_fixture():
    holm = []
    for size in [1, 2, 3, 5, 12]:
        ps = np.round(rng.uniform(0, 0.2, size), 3 if size == 12 else 15)
        holm.append({"p": ps.tolist(), "adjusted": multipletests(ps, method="holm")[1].tolist()})
    tables = []
    for both, b, c, neither in [(400, 10, 25, 77), (0, 0, 0, 5), (5, 1, 0, 0), (9000, 480, 400, 120), (3, 7, 7, 1)]:
        tables.append([both, b, c, neither, float(mcnemar([[both, b], [c, neither]], exact=True).pvalue)])
    power = [
        [dz, n, alpha, float(TTestPower().power(dz, n, alpha))]
        for dz in [0.1, 0.5, 1.2]
        for n in [2, 3, 5, 10, 20, 200]
        for alpha in [0.05, 0.01]
    ]
    power = [row for row in power if np.isfinite(row[-1])]  # scipy's noncentral t gives up far out
    equivalence = [
        [delta, margin, n, 0.05, tost_power(delta, margin, n, 0.05)]
        for delta in [0, 0.2]
        for margin in [0.5, 1.0]
        for n in [5, 10, 50, 200]
    ]
    sizes = []
    for dz in [0.08, 0.3, 0.7, 2.0]:
        n = int(np.ceil(TTestPower().solve_power(dz, None, 0.05, 0.8)))
        sizes.append([dz, max(6, n)])
    large = rng.normal(0.05, 1, 400).round(2)
    large_result = stats.wilcoxon(large, method="asymptotic", correction=False)
    tables_two = []
    for seeds, examples in [(3, 8), (6, 20), (4, 15)]:
        y = (
            0.2
            + rng.normal(0, 0.5, (seeds, 1))
            + rng.normal(0, 0.5, (1, examples))
            + rng.normal(0, 1, (seeds, examples))
        )
        index = np.indices(y.shape)
        frame = {"y": y.ravel(), "s": index[0].ravel(), "e": index[1].ravel()}
        model = sm.formula.ols("y ~ C(s) + C(e)", pd.DataFrame(frame)).fit()
        table = anova_lm(model)
        ms = (table["sum_sq"] / table["df"]).tolist()
        df = table["df"].tolist()
        combined = ms[0] + ms[1] - ms[2]
        freedom = combined**2 / sum(m * m / f for m, f in zip(ms, df))
        larger = int(np.argmax(ms[:2]))
        if combined <= ms[larger]:  # a component below 0 is taken for 0
            combined, freedom = ms[larger], df[larger]
        se = float(np.sqrt(combined / y.size))
        tables_two.append(
            {
                "differences": y.tolist(),
                "meanSquares": ms,
                "mean": float(y.mean()),
                "standardError": se,
                "df": freedom,
                "half": float(stats.t.isf(0.025, freedom) * se),
            }
        )
    quantiles = [
        [tail, df, float(stats.t.isf(tail, df))]
        for tail in [0.4, 0.025, 1e-4, 1e-9]
        for df in [1, 2, 2.5, 9, 40, 1000]
    ]
    tails = [
        [t, df, float(stats.t.sf(t, df))] for t in [-3, 1e-6, 0.5, 4, 40, 1e5] for df in [1, 2, 2.5, 9, 40, 1000]
    ]
    return {
        "holm": holm,
        "mcnemar": tables,
        "pairedTPower": power,
        "equivalencePower": equivalence,
        "pairsToShowDifference": sizes,
        "wilcoxonLarge": {"differences": large.tolist(), "w": large_result.statistic, "p": large_result.pvalue},
        "twoLevel": tables_two,
        "tUpperQuantile": quantiles,
        "tUpperTail": tails,
        "normalUpperQuantile": [[tail, float(stats.norm.isf(tail))] for tail in [0.3, 0.025, 1e-9]],
        "normalCdf": [[z, float(stats.norm.cdf(z))] for z in [-30, -5, -0.1, 0, 2]],
    }


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, data in {"paired": paired_fixture(), "other": other_fixture()}.items():
        rows = data if isinstance(data, list) else None
        text = "[\n" + ",\n".join(json.dumps(row, allow_nan=False) for row in rows) + "\n]" if rows else json.dumps(data, allow_nan=False)
        (OUT / f"{name}.golden.json").write_text(text + "\n")
