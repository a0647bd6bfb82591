"""Asks DuckDB from Python: duckdb_run.py QUERY. Prints the rows as JSON."""

import json
import sys

import duckdb

with open(sys.argv[1], encoding="utf-8") as file:
    answer = duckdb.connect().execute(file.read())
names = [column[0] for column in answer.description]
rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
print(json.dumps(rows, default=str))
