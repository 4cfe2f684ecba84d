"""Writes test/statistics/fixtures/sequential.golden.json: values that `lockstep decide`, racing, the decomposition of streams and a
few numbers of reports are held against. Needs numpy and scipy only.    python scripts/goldens/sequential.py [OUT]

1 sequential  group-sequential test, alpha spent linearly (A_k = alpha n_k / N), sign flips AND t; repeated interval; equivalence
2 eProcess    anytime-valid alternative: E_n = mean over c of cosh(c X_n) / prod cosh(c x_i), c in {1/2, 1, 2}
3 race        dropping points: pooled two-way residual SD, Bonferroni over rivals and looks
4 streams     Latin square over the data, init and dropout streams: components of A, B, B - A, and of their covariance
5 outperforms P(B > A), Clopper-Pearson; 6 datasets: Friedman, Iman-Davenport, Nemenyi CD, Holm
"""
import json, math, sys
import numpy as np
from scipy import optimize, special, stats

ALPHA = 0.05
# ---------------------------------------------------------------- 1 the sequential test
def z_bounds(looks, spent, sides):
    """Critical z at each look of a Brownian motion (information = pairs) that spends `spent` (cumulative) exactly: Armitage,
    McPherson & Rowe 1969 recursion on 400 Gauss-Legendre nodes; sides 2: |Z| >= z, sides 1: Z >= z."""
    x, w = np.polynomial.legendre.leggauss(400)
    z, nodes, mass, before, used = [], np.zeros(1), np.ones(1), 0, 0.0
    for n, a in zip(looks, spent):
        sd = math.sqrt(n - before)
        tail = lambda b: sides * float(mass @ stats.norm.sf((b - nodes) / sd)) - (a - used)
        b = optimize.brentq(tail, -2 * math.sqrt(n) if sides == 1 else 0, 40 * math.sqrt(n), xtol=1e-13)
        low = -b if sides == 2 else -9 * math.sqrt(n)
        s = (b - low) / 2 * x + (b + low) / 2
        mass = (b - low) / 2 * w * (stats.norm.pdf((s[:, None] - nodes) / sd) / sd @ mass)
        nodes, before, used = s, n, a
        z.append(b / math.sqrt(n))
    return np.array(z)

def philox_signs(draws, n):
    """src/statistics/random-signs.ts: bit i mod 32 of word i div 32 of the Philox 4x32-10 blocks (draw, block, 0, 0)."""
    out = np.empty((draws, n), np.int8)
    for block in range(-(-n // 128)):
        c = [np.arange(draws, dtype=np.uint64), np.full(draws, block, np.uint64), np.zeros(draws, np.uint64), np.zeros(draws, np.uint64)]
        k, m32 = [0x7369676E, 1], np.uint64(0xFFFFFFFF)
        for _ in range(10):
            p0, p1 = c[0] * np.uint64(0xD2511F53), c[2] * np.uint64(0xCD9E8D57)
            c = [(p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k[0]), p1 & m32, (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k[1]), p0 & m32]
            k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
        for i in range(128 * block, min(n, 128 * block + 128)):
            out[:, i] = np.where((c[(i % 128) // 32] >> np.uint64(i % 32)) & np.uint64(1), 1, -1)
    return out

def flip_path(d, looks, spent, sides, exact):
    """P_k at every look: the share of sign patterns that an earlier look would have stopped, or whose sum is now at least as extreme.
    Exact: a tree over all patterns (two-sided: up to the overall sign). Else 99,999 Philox patterns and the observed one."""
    d = np.asarray(d, float); at, dead, path = 0, 0.0, []
    if exact: sums = np.zeros(1)
    else: signs = philox_signs(99_999, len(d)); sums = np.zeros(99_999); alive = np.ones(99_999, bool)
    for n, a in zip(looks, spent):
        for i in range(at, n):
            m = abs(d[i])
            if not exact: sums += signs[:, i] * m
            else: sums = np.array([m]) if i == 0 and sides == 2 else np.concatenate([sums + m, sums - m])
        at = n
        count = 2.0 ** (n - sides + 1) if exact else 100_000.0
        tau = 1e-12 * np.abs(d[:n]).sum()
        size = (np.abs if sides == 2 else np.array)(sums if exact else sums[alive])
        observed = abs(d[:n].sum()) if sides == 2 else d[:n].sum()
        hits = int((size >= observed - tau).sum()) + (0 if exact else 1)
        path.append(dead + hits / count)
        quota = math.floor(count * (a - dead) + 1e-9)
        if quota > 0 and quota < len(size):
            threshold = np.partition(size, len(size) - quota - 1)[len(size) - quota - 1]    # the largest that does not fit
            gone = (np.abs(sums) if sides == 2 else sums) > threshold + tau
            if exact: dead += gone.sum() / count; sums = sums[~gone]
            else: dead += (gone & alive).sum() / count; alive &= ~gone
    return path

def first_look(cap, sides=2):
    n = 1
    while ALPHA * n / cap < 2.0 ** (sides - 1 - n): n += 1
    return n

def t_of(d):
    n = len(d); sd = d.std(ddof=1) if n > 1 else 0.0
    if n < 2 or (d == d[0]).all(): return None
    return d.mean() / (sd / math.sqrt(n))

def sequential(name, d, cap, margin=0.0, every=1):
    d = np.array(d, float); exact = cap <= 20
    looks = sorted(set(range(first_look(cap), cap + 1, every)) | {cap}); spent = [ALPHA * n / cap for n in looks]
    t2 = stats.t.isf(stats.norm.sf(z_bounds(looks, spent, 2)), np.array(looks) - 1)
    t1 = stats.t.isf(stats.norm.sf(z_bounds(looks, spent, 1)), np.array(looks) - 1)
    flips = flip_path(d, looks, spent, 2, exact)
    low, high = (flip_path(x, looks, spent, 1, exact) for x in (margin + d, margin - d)) if margin else ([None] * len(looks),) * 2
    rows, decision, stopped, above, below = [], None, None, False, False
    for k, n in enumerate(looks):
        x = d[:n]; t = t_of(x); mean = x.mean(); se = None if t is None else x.std(ddof=1) / math.sqrt(n)
        differs = flips[k] <= spent[k] + 1e-12 and (t is None or abs(t) >= t2[k])
        row = dict(n=n, spent=spent[k], mean=mean, t=t, tCritical=t2[k], flipP=flips[k], differs=bool(differs),
                   interval=None if se is None else [mean - t2[k] * se, mean + t2[k] * se])
        if margin:
            within = se is not None or abs(mean) < margin
            above |= bool(within and low[k] <= spent[k] + 1e-12 and (se is None or (mean + margin) / se >= t1[k]))
            below |= bool(within and high[k] <= spent[k] + 1e-12 and (se is None or (margin - mean) / se >= t1[k]))
            row.update(tCriticalOneSided=t1[k], flipPAboveLower=low[k], flipPBelowUpper=high[k], aboveLower=above, belowUpper=below,
                       equivalenceInterval=None if se is None else [mean - t1[k] * se, mean + t1[k] * se])
        rows.append(row)
        if decision is None:
            if margin and above and below: decision, stopped = "equivalent", n
            elif differs and mean != 0: decision, stopped = ("higher" if mean > 0 else "lower"), n
    return dict(name=name, differences=d.tolist(), cap=cap, alpha=ALPHA, margin=margin, method="exact" if exact else "monteCarlo", looks=looks,
                perLook=rows, decision=decision or "inconclusive", stoppedAt=stopped or cap)

# ---------------------------------------------------------------- 2 the e-process
def log_e(d, theta=0.0):
    y = np.asarray(d, float) - theta; n = np.arange(1, len(y) + 1)
    r = np.sqrt(np.cumsum(y * y) / n); x = np.divide(y, r, out=np.zeros_like(y), where=r > 0)
    logcosh = lambda v: np.abs(v) + np.log1p(np.exp(-2 * np.abs(v))) - math.log(2)
    return special.logsumexp([logcosh(c * np.cumsum(x)) - np.cumsum(logcosh(c * x)) for c in (0.5, 1.0, 2.0)], axis=0) - math.log(3)

def e_process(name, d):
    d = np.array(d, float); logs = log_e(d); rows = []
    for n in range(1, len(d) + 1):
        f = lambda theta: log_e(d[:n], theta)[-1] - math.log(1 / ALPHA)
        m, reach, ends = d[:n].mean(), 1e3 * np.ptp(d[:n]), []      # E is 1 at the mean of a symmetric sample, and grows away from it
        for side in (-1, 1) if reach > 0 else (): ends.append(None if f(m + side * reach) < 0 or f(m) > 0 else optimize.brentq(f, m, m + side * reach, xtol=1e-14))
        rows.append(dict(n=n, logE=logs[n - 1], interval=None if reach == 0 or None in ends else ends))
    hit = np.flatnonzero(logs >= math.log(1 / ALPHA))
    return dict(name=name, differences=d.tolist(), alpha=ALPHA, perPair=rows, stopsAt=int(hit[0]) + 1 if len(hit) else None)

# ---------------------------------------------------------------- 3 the race
def race(values, looks):
    """values[point][seed], higher is better. Looks before the last seed; K of them, m points: level alpha / (K (m - 1)), one-sided."""
    y = np.array(values, float); m = len(y); alive = np.arange(m); rows = []
    for n in looks:
        x = y[alive, :n]; a = len(alive)
        if a == 1: break
        res = x - x.mean(1, keepdims=True) - x.mean(0) + x.mean()
        df = (a - 1) * (n - 1); s = math.sqrt((res**2).sum() / df)
        q = stats.t.isf(ALPHA / (len(looks) * (m - 1)), df); bar = q * s * math.sqrt(2 / n)
        means = x.mean(1); drop = alive[means.max() - means > bar]
        rows.append(dict(n=n, alive=alive.tolist(), pooledSd=s, df=df, tCritical=q, bar=bar, leader=int(alive[means.argmax()]), dropped=drop.tolist()))
        alive = np.setdiff1d(alive, drop)
    return dict(values=values, alpha=ALPHA, looks=list(looks), perLook=rows, survivors=alive.tolist())

# ---------------------------------------------------------------- 4 streams
def streams(A, B):
    """A, B [L][L]: trial (data seed i, init seed j, dropout seed (i + j) mod L) of the two variants."""
    A, B = np.array(A, float), np.array(B, float); L = len(A); drop = np.add.outer(np.arange(L), np.arange(L)) % L
    def products(u, v):
        gu, gv = u.mean(), v.mean(); dev = lambda f: (f(u) - gu, f(v) - gv)
        by = dict(data=dev(lambda y: y.mean(1)), init=dev(lambda y: y.mean(0)), dropout=dev(lambda y: np.array([y[drop == k].mean() for k in range(L)])))
        sp = {k: L * float(p @ q) for k, (p, q) in by.items()}
        rest = float(((u - gu) * (v - gv)).sum()) - sum(sp.values()); dfe = (L - 1) * (L - 2)
        ms = {k: s / (L - 1) for k, s in sp.items()} | dict(rest=rest / dfe)
        return ms, {k: (ms[k] - ms["rest"]) / L for k in sp} | dict(rest=ms["rest"])
    out = dict(A=A.tolist(), B=B.tolist(), meanSquares={}, components={}, F={}, p={}, ratioInterval={}, share={})
    dfe = (L - 1) * (L - 2)
    for name, y in (("A", A), ("B", B), ("difference", B - A)):
        ms, comp = products(y, y); out["meanSquares"][name], out["components"][name] = ms, comp
        pos = {k: max(0.0, c) for k, c in comp.items()}; out["share"][name] = {k: c / sum(pos.values()) for k, c in pos.items()}
        F = {k: ms[k] / ms["rest"] for k in ("data", "init", "dropout")}; out["F"][name] = F
        out["p"][name] = {k: stats.f.sf(f, L - 1, dfe) for k, f in F.items()}
        # exact for normal effects: sigma_stream^2 / sigma_rest^2
        out["ratioInterval"][name] = {k: [max(0.0, (f / stats.f.isf(ALPHA / 2, L - 1, dfe) - 1) / L), max(0.0, (f / stats.f.isf(1 - ALPHA / 2, L - 1, dfe) - 1) / L)] for k, f in F.items()}
    _, cov = products(A, B); total = sum(out["components"]["A"].values()) + sum(out["components"]["B"].values())
    out["covariance"] = cov; out["pairingSaves"] = {k: 2 * c / total for k, c in cov.items()}   # share of var A + var B that pairing this stream removes
    return out

# ---------------------------------------------------------------- 5, 6
def outperforms(wins, ties, losses):
    n = wins + ties + losses
    return dict(wins=wins, ties=ties, losses=losses, p=(wins + ties / 2) / n,
                low=0.0 if wins == 0 else stats.beta.ppf(ALPHA / 2, wins, n - wins + 1),
                high=1.0 if wins + ties == n else stats.beta.ppf(1 - ALPHA / 2, wins + ties + 1, n - wins - ties))

def datasets(x):
    """x[data set][variant], higher is better; the first variant is the baseline."""
    x = np.array(x, float); N, k = x.shape; ranks = np.array([stats.rankdata(-r) for r in x]); R = ranks.mean(0)
    chi2 = stats.friedmanchisquare(*x.T).statistic; F = (N - 1) * chi2 / (N * (k - 1) - chi2)
    cd = stats.studentized_range.isf(ALPHA, k, np.inf) / math.sqrt(2) * math.sqrt(k * (k + 1) / (6 * N))
    raw = 2 * stats.norm.sf(np.abs(R[1:] - R[0]) / math.sqrt(k * (k + 1) / (6 * N))); o = np.argsort(raw, kind="stable"); holm = np.empty(k - 1)
    holm[o] = np.minimum(1, np.maximum.accumulate(raw[o] * (k - 1 - np.arange(k - 1))))
    return dict(values=x.tolist(), averageRanks=R.tolist(), friedman=chi2, p=stats.chi2.sf(chi2, k - 1), imanDavenport=F, pImanDavenport=stats.f.sf(F, k - 1, (k - 1) * (N - 1)),
                nemenyiCd=cd, holmAgainstBaseline=holm.tolist())

def main(out):
    rng = np.random.default_rng(20260101)
    lattice = [k / 512 for k in (3, 0, -1, 2, 4, 0, 3, 1, -2, 5, 2, 0, 1, 4, 3, 2)]
    clear = [0.041, 0.029, 0.055, 0.018, 0.047, 0.036, 0.06, 0.025, 0.033, 0.051]
    near = [0.002, -0.003, 0.001, 0.004, -0.001, -0.002, 0.003, 0.0, -0.004, 0.002, 0.001, -0.001, 0.003, -0.002, 0.0, 0.001]
    noisy = np.round(rng.normal(0.004, 0.01, 20), 4).tolist(); long = np.round(rng.normal(0.004, 0.008, 50), 4).tolist()
    seq = [sequential("clear", clear, 10), sequential("lattice with ties and zeros", lattice, 16, margin=2 / 512), sequential("equivalent", near, 16, margin=0.006),
           sequential("every 4 pairs", noisy, 20, margin=0.01, every=4), sequential("Monte Carlo, cap 50", long, 50), sequential("all equal", [0.01] * 10, 10),
           sequential("all zero, with a margin", [0.0] * 10, 10, margin=0.01), sequential("lower, inconclusive at first", [-0.01, 0.004, -0.02, -0.015, 0.003, -0.008, -0.012, -0.001, -0.009, -0.014, -0.006, -0.011], 12)]
    es = [e_process("clear", clear), e_process("lattice with ties and zeros", lattice), e_process("equivalent", near), e_process("Monte Carlo, cap 50", long), e_process("all equal", [0.01] * 10)]
    luck = rng.normal(0, 0.01, 8); pts = [[round(float(v), 5) for v in 0.9 - g + luck + rng.normal(0, 0.005, 8)] for g in (0, 0.004, 0.02, 0.05, 0.01, 0.08)]
    L = 5; i, j = np.indices((L, L)); sq = lambda: 0.9 + rng.normal(0, 0.01, L)[i] * 1 + rng.normal(0, 0.006, L)[j] + rng.normal(0, 0.003, L)[(i + j) % L] + rng.normal(0, 0.004, (L, L))
    base = sq(); other = np.round(0.4 * base + 0.6 * sq() + 0.01, 5); base = np.round(base, 5)
    bounds = [dict(looks=l, spent=s, sides=sd, z=z_bounds(l, s, sd).tolist()) for l, s, sd in (
        (list(range(7, 21)), [ALPHA * n / 20 for n in range(7, 21)], 2), (list(range(7, 21)), [ALPHA * n / 20 for n in range(7, 21)], 1),
        ([1, 2, 3, 4, 5], [ALPHA * math.log(1 + (math.e - 1) * k / 5) for k in range(1, 6)], 2))]   # the last: gsDesign gives 2.4380 2.4268 2.4101 2.3966 2.3859
    data = dict(zBounds=bounds, firstLook={str(N): first_look(N) for N in (6, 8, 9, 10, 12, 16, 20, 22, 30, 50, 51, 100)}, sequential=seq, eProcess=es,
                race=race(pts, range(2, 8)), streams=streams(base, other), outperforms=[outperforms(*w) for w in ((10, 0, 0), (9, 0, 1), (8, 1, 1), (0, 0, 5), (22, 3, 4))],
                datasets=datasets([[0.91, 0.93, 0.92, 0.90], [0.80, 0.85, 0.83, 0.79], [0.72, 0.71, 0.75, 0.70], [0.95, 0.97, 0.96, 0.95], [0.66, 0.70, 0.69, 0.64], [0.88, 0.90, 0.87, 0.86], [0.77, 0.81, 0.80, 0.78], [0.93, 0.94, 0.94, 0.92]]))
    json.dump(data, open(out, "w"), indent=1)
    for s in seq: print(f"{s['name']:32s} cap {s['cap']} first look {s['looks'][0]}: {s['decision']} at {s['stoppedAt']}")
    for e in es: print("e-process", e["name"], "stops at", e["stopsAt"])
    print("race", data["race"]["survivors"], [r["dropped"] for r in data["race"]["perLook"]]); print("z", np.round(bounds[2]["z"], 4))

if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "test/statistics/fixtures/sequential.golden.json")
