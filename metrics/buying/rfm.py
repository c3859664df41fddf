"""RFM: how recently, how often and for how much each customer bought, in scores of 1 to 5 and segments with names.

Recency is scored by quintiles of rank, so that equal customers get equal scores; frequency by fixed cuts, since quintiles of "one order"
are arbitrary; money is shown and names nothing.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]

CUTS = (1, 2, 4, 9)
"""Orders up to which frequency scores 1, 2, 3 and 4."""
MONTHS = 12

# Segment by recency (from 1 to 5, downwards) and frequency (from 1 to 5, across).
SEGMENTS: tuple[tuple[str, ...], ...] = (
    ("Hibernating", "Hibernating", "At risk", "At risk", "Cannot lose"),
    ("Hibernating", "Hibernating", "At risk", "At risk", "Cannot lose"),
    ("About to sleep", "Need attention", "Need attention", "Loyal", "Loyal"),
    ("Promising", "Potential loyal", "Potential loyal", "Loyal", "Loyal"),
    ("New", "Potential loyal", "Potential loyal", "Champions", "Champions"),
)


def rfm(days: pd.DataFrame, until: date, months: int = MONTHS) -> pd.DataFrame:
    """Scores and segment of everybody who has ever bought by `until`.

    Shape: `days` has customer, day, orders, amount; answer: a row per customer with silent (days since the last order), orders and
    amount (of the last `months`), r and f (1 to 5), segment.
    """
    end = pd.Timestamp(until)
    known = days[days["day"] <= end]
    recent = known[known["day"] > end - pd.DateOffset(months=months)]
    last = known.groupby("customer")["day"].max()
    sums = recent.groupby("customer")[["orders", "amount"]].sum().reindex(last.index, fill_value=0)
    silent = (end - last).dt.days
    r, f = quintile(-silent), np.searchsorted(CUTS, sums["orders"], side="left") + 1
    segment = [SEGMENTS[row - 1][column - 1] for row, column in zip(r, f, strict=True)]
    columns = {"silent": silent, "orders": sums["orders"], "amount": sums["amount"], "r": r, "f": f, "segment": segment}
    return pd.DataFrame(columns, index=last.index)


def quintile(values: pd.Series[float]) -> Ints:
    """Fifth of the ranking that each value falls into, 5 for the highest; ties share their mean rank. Shape: as given."""
    rank = values.rank(method="average").to_numpy(dtype=np.float64)
    return np.clip(np.ceil(rank / max(len(values), 1) * 5), 1, 5).astype(np.int64)


def sizes(scored: pd.DataFrame) -> pd.DataFrame:
    """Customers and money by segment, with their shares. Shape: segment -> customers, amount, customer_share, amount_share."""
    frame = scored.groupby("segment").agg(customers=("r", "size"), amount=("amount", "sum")).sort_values("amount", ascending=False)
    whole = frame["amount"].sum()
    money = frame["amount"] / whole if whole > 0 else np.nan
    return frame.assign(customer_share=frame["customers"] / frame["customers"].sum(), amount_share=money)
