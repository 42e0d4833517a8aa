"""Athena's operations. Parameters and answers are those of its JSON API."""

from typing import Any

from tests.simulators.athena import results
from tests.simulators.athena.control import ApiError, Control, WorkGroup
from tests.simulators.athena.executions import WITH_COUNT, Execution, Runner
from tests.simulators.athena.statements import Refused, understood

Json = dict[str, Any]
MOST_ROWS = 1000


class AthenaApi:
    """`OPERATIONS` below lists the operations. All others are refused."""

    def __init__(self, runner: Runner, control: Control) -> None:
        self.runner = runner
        self.control = control
        self.executions: dict[str, Execution] = {}
        self.by_token: dict[str, Execution] = {}

    def reset(self) -> None:
        """Forget all statements."""
        self.executions.clear()
        self.by_token.clear()

    def answer(self, operation: str, parameters: Json) -> Json:
        if operation not in OPERATIONS:
            raise ApiError("UnknownOperationException", f"the Athena simulator does not know {operation}")
        answer: Json = OPERATIONS[operation](self, parameters)
        return answer

    def start_query_execution(self, asked: Json) -> Json:
        # A client that lost the answer repeats its call with the same token. The statement must not run twice.
        token = asked.get("ClientRequestToken", "")
        if known := self.by_token.get(token):
            if known.query != asked["QueryString"]:
                raise invalid("Idempotent parameters do not match")
            return {"QueryExecutionId": known.id}
        group = self._work_group(asked.get("WorkGroup", "primary"))
        output = asked.get("ResultConfiguration", {}).get("OutputLocation")
        if group.output_location and (group.is_enforced or not output):
            output = group.output_location
        if not output:
            raise invalid(
                "No output location provided. An output location is required either through the Workgroup result "
                "configuration setting or as an API input."
            )
        try:
            statement = understood(asked["QueryString"])
        except Refused as refused:
            raise invalid(str(refused)) from refused
        if statement.table and statement.location and group.output_location and group.is_enforced:
            raise invalid(
                "The Create Table As Select query failed because it was submitted with an 'external_location' property "
                "to an Athena Workgroup that enforces a centralized output location for all queries. Please remove the "
                "'external_location' property and resubmit the query."
            )
        database = asked.get("QueryExecutionContext", {}).get("Database")
        made = Execution(asked["QueryString"], statement, group, database, output.rstrip("/") + "/")
        self.executions[made.id] = made
        if token:
            self.by_token[token] = made
        self.runner.start(made)
        return {"QueryExecutionId": made.id}

    def get_query_execution(self, asked: Json) -> Json:
        one = self._execution(asked)
        status: Json = {"State": one.state, "SubmissionDateTime": one.submitted}
        if one.is_over:
            status["CompletionDateTime"] = one.completed
        if one.reason:
            status["StateChangeReason"] = one.reason
        if one.state == "FAILED":
            error = {"ErrorCategory": one.category, "ErrorType": 0, "Retryable": one.category == 1}
            status["AthenaError"] = error | {"ErrorMessage": one.reason}
        took = round(((one.completed or one.submitted) - one.submitted) * 1000)
        kind = "csv" if one.statement.type == "DML" else "txt"
        return {
            "QueryExecution": {
                "QueryExecutionId": one.id,
                "Query": one.query,
                "StatementType": one.statement.type,
                "SubstatementType": one.statement.subtype,
                "ResultConfiguration": {"OutputLocation": f"{one.output}{one.id}.{kind}"},
                "QueryExecutionContext": {"Catalog": "awsdatacatalog"}
                | ({"Database": one.database} if one.database else {}),
                "Status": status,
                "Statistics": {
                    "DataScannedInBytes": one.bytes_scanned,
                    "EngineExecutionTimeInMillis": took,
                    "TotalExecutionTimeInMillis": took,
                    "QueryQueueTimeInMillis": 0,
                    "ServiceProcessingTimeInMillis": 0,
                },
                "WorkGroup": one.work_group.name,
                "EngineVersion": {
                    "SelectedEngineVersion": "AUTO",
                    "EffectiveEngineVersion": "Athena engine version 3",
                },
            }
        }

    def get_query_results(self, asked: Json) -> Json:
        one = self._execution(asked)
        if not one.is_over:
            raise invalid(f"Query has not yet finished. Current state: {one.state}")
        if one.state != "SUCCEEDED":
            raise invalid(f"Query did not finish successfully. Final query state: {one.state}")
        most = asked.get("MaxResults", MOST_ROWS)
        if not 1 <= most <= MOST_ROWS:
            raise invalid(f"MaxResults is not between 1 and {MOST_ROWS}")
        # The names of the columns are the first row and count as a row.
        has_header = one.statement.type == "DML" and one.statement.subtype not in ("EXPLAIN", *WITH_COUNT)
        start = int(asked.get("NextToken", 0))
        rows = [results.header(one.columns)] if has_header and start == 0 else []
        first = max(start - has_header, 0)
        rows += [results.row(one.columns, values) for values in one.rows[first : start + most - has_header]]
        answer: Json = {
            "ResultSet": {
                "Rows": rows,
                "ResultSetMetadata": {"ColumnInfo": [results.column_info(column) for column in one.columns]},
            },
            "UpdateCount": one.update_count or 0,
        }
        if start + most < len(one.rows) + has_header:
            answer["NextToken"] = str(start + most)
        return answer

    def stop_query_execution(self, asked: Json) -> Json:
        self._execution(asked).is_stopped = True
        return {}

    def get_work_group(self, asked: Json) -> Json:
        group = self._work_group(asked["WorkGroup"])
        settings: Json = {
            "EnforceWorkGroupConfiguration": group.is_enforced,
            "PublishCloudWatchMetricsEnabled": False,
            "RequesterPaysEnabled": False,
            "ResultConfiguration": {"OutputLocation": group.output_location} if group.output_location else {},
            "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
        }
        if group.bytes_scanned_cutoff is not None:
            settings["BytesScannedCutoffPerQuery"] = group.bytes_scanned_cutoff
        return {"WorkGroup": {"Name": group.name, "State": "ENABLED", "Configuration": settings}}

    def get_data_catalog(self, asked: Json) -> Json:
        if asked["Name"].lower() != "awsdatacatalog":
            raise invalid(f"DataCatalog {asked['Name']} was not found")
        return {"DataCatalog": {"Name": asked["Name"], "Type": "GLUE", "Parameters": {"catalog-id": "123456789012"}}}

    def _execution(self, asked: Json) -> Execution:
        if found := self.executions.get(asked["QueryExecutionId"]):
            return found
        raise invalid(f"QueryExecution {asked['QueryExecutionId']} was not found")

    def _work_group(self, name: str) -> WorkGroup:
        if found := self.control.work_groups.get(name):
            return found
        raise invalid(f"WorkGroup {name} is not found.")


def invalid(message: str) -> ApiError:
    return ApiError("InvalidRequestException", message)


OPERATIONS = {
    "StartQueryExecution": AthenaApi.start_query_execution,
    "GetQueryExecution": AthenaApi.get_query_execution,
    "GetQueryResults": AthenaApi.get_query_results,
    "StopQueryExecution": AthenaApi.stop_query_execution,
    "GetWorkGroup": AthenaApi.get_work_group,
    "GetDataCatalog": AthenaApi.get_data_catalog,
}
