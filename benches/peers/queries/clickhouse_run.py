"""Asks ClickHouse within this process: clickhouse_run.py QUERY. Prints the rows as JSON."""

import json
import sys

import chdb

with open(sys.argv[1], encoding="utf-8") as file:
    answer = chdb.query(file.read(), "JSONEachRow")
rows = [json.loads(line) for line in answer.bytes().decode().splitlines()]
# A sum may not bear the name of what it sums.
print(json.dumps([{name.removesuffix("_sum"): row[name] for name in row} for row in rows]))
