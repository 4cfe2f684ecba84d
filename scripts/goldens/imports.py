"""Writes test/import/pairs.golden.json: what SciPy says about the two pairs that every fixture of test/import holds.

    python scripts/goldens/imports.py [--out FOLDER]

Needs numpy and scipy >= 1.15.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy import stats

BASELINE = {1: 0.91, 2: 0.92}
CHALLENGER = {1: 0.94, 2: 0.955}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default="test/import")
    out = Path(parser.parse_args().out)
    baseline = np.array(list(BASELINE.values()))
    challenger = np.array(list(CHALLENGER.values()))
    test = stats.ttest_rel(challenger, baseline)
    interval = test.confidence_interval(0.95)
    flips = stats.permutation_test(
        (challenger - baseline,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    welch = stats.ttest_ind(challenger, baseline, equal_var=False)
    golden = {
        "seeds": list(BASELINE),
        "baseline": list(BASELINE.values()),
        "challenger": list(CHALLENGER.values()),
        "mean": float(np.mean(challenger - baseline)),
        "sd": float(np.std(challenger - baseline, ddof=1)),
        "correlation": float(stats.pearsonr(challenger, baseline).statistic),
        "t": float(test.statistic),
        "p": float(test.pvalue),
        "low": float(interval.low),
        "high": float(interval.high),
        "signFlipP": float(flips.pvalue),
        "welchT": float(welch.statistic),
        "welchP": float(welch.pvalue),
    }
    (out / "pairs.golden.json").write_text(json.dumps(golden, indent=2) + "\n")


if __name__ == "__main__":
    main()
