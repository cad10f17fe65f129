"""Many customers at once: a policy as one statement for DuckDB. Needs the extra `viprules[batch]`."""

from viprules.batch.deciding import decide_all, last_steps, step_all
from viprules.batch.statement import NotStatic, Premises, Statement, statement, why_not

__all__ = ["NotStatic", "Premises", "Statement", "decide_all", "last_steps", "statement", "step_all", "why_not"]
