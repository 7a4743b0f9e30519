"""A release in pandas: requests received by year, and one figure with the page it is printed on. python read_pandas.py RELEASE"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

release = Path(sys.argv[1])

# Parquet knows its types. In CSV tell pandas that an empty cell is missing and nothing else is, and that codes are text:
# pd.read_csv(release / "csv/requests.csv.gz", keep_default_na=False, na_values=[""], dtype={"region_code": "string"})
requests = pd.read_parquet(release / "parquet" / "requests.parquet")

# Reports of one organ alone: consolidated ones contain the numbers of others. sum() skips what is missing; count() says how many there are.
own = requests[requests["scope"] == "own"]
received = own.groupby("year")["new_received"]
by_year = pd.DataFrame({"reports": received.size(), "with_figure": received.count(), "received": received.sum(min_count=1)})
print(by_year.astype("Int64").to_csv(lineterminator="\n"), end="")

# A figure leads back to the cell: the page, and the table, row and column in it.
figures = pd.read_parquet(
    release / "parquet" / "figures.parquet", filters=[("row_key", "==", "new_received"), ("column_key", "==", "total")]
)
captures = pd.read_parquet(release / "parquet" / "captures.parquet", columns=["id", "url"]).rename(columns={"id": "capture_id"})
traced = figures.merge(captures, on="capture_id", how="left").sort_values("report_id")
print(traced[["report_id", "value", "printed", "url"]].head(1).to_csv(index=False, lineterminator="\n"), end="")
