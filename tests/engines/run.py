"""Runs queries on an engine: run.py ENGINE FOLDER.

Each FOLDER/*/*.sql is run by itself; what its last statement gives is written beside it as JSON: a
list of rows, each an object of strings (None where there is nothing), or {"error": "..."}.
"""

import json
import os
import pathlib
import sys
import tempfile


def text(value):
    return None if value is None else str(value)


def duckdb():
    import duckdb

    def run(script):
        with duckdb.connect() as connection:
            answer = connection.execute(script)
            names = [column[0] for column in answer.description]
            return [dict(zip(names, map(text, row))) for row in answer.fetchall()]

    return run


def statements(script):
    return script.rstrip().removesuffix(";").split(";\n")


def clickhouse():
    from chdb import session

    engine = session.Session()
    # As a number in JSON a decimal would become a floating-point number.
    engine.query("SET output_format_json_quote_decimals = 1")

    def run(script):
        *before, last = statements(script)
        for statement in before:
            engine.query(statement)
        lines = engine.query(last, "JSONEachRow").bytes().decode().splitlines()
        return [{name: text(value) for name, value in json.loads(line).items()} for line in lines]

    return run


def spark():
    import pyspark

    # Two worker processes beside the driver; their logs go where all else of this run goes.
    os.environ["SPARK_HOME"] = str(pathlib.Path(pyspark.__file__).parent)
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["SPARK_WORKER_DIR"] = tempfile.mkdtemp(dir=sys.argv[2], prefix=".spark-")
    from pyspark.sql import SparkSession

    engine = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.leafNodeDefaultParallelism", "2")
        # So little data is read faster than code for it is compiled.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    engine.sparkContext.setLogLevel("OFF")
    workers = engine.sparkContext._jsc.sc().getExecutorMemoryStatus

    def run(script):
        *before, last = statements(script)
        for statement in before:
            engine.sql(statement)
        rows = [row.asDict() for row in engine.sql(last).collect()]
        assert workers().size() > 2, "the workers are not there"
        return [{name: text(value) for name, value in row.items()} for row in rows]

    return run


def main():
    run = {"duckdb": duckdb, "clickhouse": clickhouse, "spark": spark}[sys.argv[1]]()
    for script in sorted(pathlib.Path(sys.argv[2]).glob("*/*.sql")):
        try:
            answer = run(script.read_text(encoding="utf-8"))
        except Exception as error:
            answer = {"error": str(error)[:2000]}
        script.with_suffix(".json").write_text(json.dumps(answer), encoding="utf-8")


main()
