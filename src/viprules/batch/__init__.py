"""Many customers at once: a policy as one statement for DuckDB. Needs the extra `viprules[batch]`."""

try:
    from viprules.batch.deciding import decide_all, last_steps, step_all
    from viprules.batch.statement import NotStatic, Premises, Statement, statement, why_not
except ModuleNotFoundError as error:
    if error.name not in ("duckdb", "sqlglot"):
        raise
    raise ImportError("`viprules.batch` needs an extra: pip install 'viprules[batch]'") from error

__all__ = ["NotStatic", "Premises", "Statement", "decide_all", "last_steps", "statement", "step_all", "why_not"]
