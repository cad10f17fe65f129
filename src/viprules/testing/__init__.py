"""Policy tests: `*.test.yaml` beside a policy, run by `viprules test` or from here.

`run(["policies/"])` gives a `Run` of plain values; `Run.passed` says whether all is well.
"""

from viprules.testing.results import CaseResult, Failure, Run
from viprules.testing.running import check, files_of, is_test, run
from viprules.testing.schema import policy_test_schema

__all__ = ["CaseResult", "Failure", "Run", "check", "files_of", "is_test", "policy_test_schema", "run"]
