"""Solve a problem of siting with HiGHS, as a mixed integer program.

Reads the problem as JSON from standard input, and prints the best objective that
was found and a bound that no plan exceeds.
"""

import base64
import json
import sys

import highspy
import numpy as np


def columns(problem):
    """Return which site sees which element, a row for each element."""
    count = len(problem["weights"])
    sees = [
        np.unpackbits(np.frombuffer(base64.b64decode(site["sees"]), dtype=np.uint8), bitorder="little")[:count]
        for site in problem["sites"]
    ]
    return np.stack(sees, axis=1)


def merged(problem):
    """Return the distinct elements, and what each further site earns of each."""
    shares = np.array(problem["count_weights"])
    already = np.array(problem["already"] or [0] * len(problem["weights"]))
    weights = np.array(problem["weights"])
    keyed = np.column_stack([columns(problem), np.minimum(already, len(shares)).astype(np.uint8)])
    distinct, which = np.unique(keyed, axis=0, return_inverse=True)
    weight = np.bincount(which.ravel(), weights=weights, minlength=len(distinct))
    start = distinct[:, -1].astype(int)
    base = sum(weight[i] * shares[: start[i]].sum() for i in range(len(distinct)))
    return distinct[:, :-1], weight, start, shares, base


class Program:
    """A program under construction: columns first, then rows."""

    def __init__(self):
        self.cost, self.upper, self.integer = [], [], []
        self.starts, self.index, self.value, self.limit, self.least = [0], [], [], [], []

    def column(self, cost, least, upper, *, integer):
        self.cost.append(cost)
        self.least.append(least)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.cost) - 1

    def row(self, index, value, limit):
        self.index.extend(index)
        self.value.extend(value)
        self.starts.append(len(self.index))
        self.limit.append(limit)

    def solve(self, seconds):
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.limit)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.cost, self.least, self.upper
        lp.row_lower_, lp.row_upper_ = [-highspy.kHighsInf] * len(self.limit), self.limit
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = self.starts, self.index, self.value
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self.integer]
        highs = highspy.Highs()
        highs.silent()
        for option, value in {"time_limit": seconds, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-9, "threads": 1}.items():
            highs.setOptionValue(option, value)
        highs.passModel(lp)
        highs.run()
        info = highs.getInfo()
        return info.objective_function_value, info.mip_dual_bound


def main():
    problem = json.load(sys.stdin)
    sites = problem["sites"]
    program = Program()
    for site in sites:
        program.column(0.0, float(site["fixed"]), float(not site["forbidden"]), integer=True)
    everyone = list(range(len(sites)))
    program.row(everyone, [1.0] * len(sites), problem["max_count"])
    if problem["budget"] is not None:
        program.row(everyone, [site["cost"] for site in sites], problem["budget"])
    for group, limit in enumerate(problem["group_limits"]):
        members = [i for i, site in enumerate(sites) if site["group"] == group]
        program.row(members, [1.0] * len(members), limit)
    for pair in problem["conflicts"] or []:
        program.row(pair, [1.0, 1.0], 1.0)
    seen_by, weight, start, shares, base = merged(problem)
    for i in range(len(weight)):
        seeing = np.flatnonzero(seen_by[i]).tolist()
        gains = [weight[i] * share for share in shares[start[i] : start[i] + len(seeing)]]
        levels = [program.column(gain, 0.0, 1.0, integer=False) for gain in gains if gain > 0]
        if levels:
            program.row(levels + seeing, [1.0] * len(levels) + [-1.0] * len(seeing), 0.0)
    best, bound = program.solve(problem["seconds"])
    print(json.dumps({"objective": best + base, "bound": bound + base}))


main()
