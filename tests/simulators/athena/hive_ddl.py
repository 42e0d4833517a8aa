"""Runs Athena's Hive DDL, which Trino does not have, with Glue calls."""

from typing import Any

from tests.simulators.athena.sql_tokens import Reader, Token, Unexpected

Json = dict[str, Any]
Rows = list[str]

PARQUET = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
}
TEXT = {
    "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"},
}
# The keys of a GetTable answer that UpdateTable accepts.
TABLE_INPUT = (
    "Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "ViewOriginalText",
    "ViewExpandedText", "TableType", "Parameters",
)  # fmt: skip


# Hive DDL on an account without the database `default` whose caller may not create it.
NO_DEFAULT = (
    "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
    "MetaException(message:User: arn:aws:sts::123456789012:assumed-role/tests/tests is not authorized to perform: "
    "glue:CreateDatabase on resource: arn:aws:glue:eu-central-1:123456789012:catalog because no identity-based policy "
    "allows the glue:CreateDatabase action (Service: AWSGlue; Status Code: 400; Error Code: AccessDeniedException))"
)


class Failed(Exception):
    """Ends a statement as FAILED. The text is Athena's message."""


class HiveDdl:
    """`HiveDdl(glue, database).run(sql)` gives the lines of the result."""

    def __init__(self, glue: Any, database: str | None, may_create_default: bool = False) -> None:
        self.glue = glue
        self.database = database or "default"
        self.may_create_default = may_create_default

    def run(self, sql: str) -> Rows:
        """Raises Failed, and Unexpected for SQL that it does not know."""
        self._find_default()
        reader = Reader(sql)
        verb, noun = reader.one("word"), reader.one("word")
        if noun == "external":
            noun = reader.one("word")
        noun = {"database": "schema", "databases": "schemas"}.get(noun, noun)
        missing, present = self.glue.exceptions.EntityNotFoundException, self.glue.exceptions.AlreadyExistsException
        try:
            rows: Rows | None = getattr(self, f"_{verb}_{noun}")(reader)
        except missing as error:
            raise Failed(f"FAILED: SemanticException {error.response['Error']['Message']}") from error
        except present as error:
            message = error.response["Error"]["Message"]
            raise Failed(f"FAILED: Execution Error, AlreadyExistsException(message:{message})") from error
        return rows or []

    def _find_default(self) -> None:
        """Create the database `default` if it is missing, as Hive does before every DDL statement."""
        try:
            self.glue.get_database(Name="default")
        except self.glue.exceptions.EntityNotFoundException:
            if not self.may_create_default:
                raise Failed(NO_DEFAULT) from None
            self.glue.create_database(DatabaseInput={"Name": "default"})

    def _create_schema(self, reader: Reader) -> None:
        is_lenient = reader.take("if not exists")
        made: Json = {"Name": reader.name()[1]}
        if reader.take("comment"):
            made["Description"] = reader.one("text")
        if reader.take("location"):
            made["LocationUri"] = reader.one("text")
        _end(reader)
        try:
            self.glue.create_database(DatabaseInput=made)
        except self.glue.exceptions.AlreadyExistsException:
            if not is_lenient:
                raise

    def _drop_schema(self, reader: Reader) -> None:
        is_lenient, name = reader.take("if exists"), reader.name()[1]
        takes_all = reader.take("cascade")
        _end(reader)
        try:
            tables = self.glue.get_tables(DatabaseName=name)["TableList"]
            if tables and not takes_all:
                raise Failed(f"FAILED: InvalidOperationException(message:Database {name} is not empty.)")
            for table in tables:
                self.glue.delete_table(DatabaseName=name, Name=table["Name"])
            self.glue.delete_database(Name=name)
        except self.glue.exceptions.EntityNotFoundException:
            if not is_lenient:
                raise

    def _create_table(self, reader: Reader) -> None:
        is_lenient = reader.take("if not exists")
        database, name = reader.name()
        storage: Json = {"Columns": [_column(item) for item in reader.items()]} | TEXT
        table: Json = {"Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": {"EXTERNAL": "TRUE"}}
        if reader.take("comment"):
            table["Description"] = reader.one("text")
        if reader.take("partitioned by"):
            table["PartitionKeys"] = [_column(item) for item in reader.items()]
        if reader.take("row format serde"):
            storage["SerdeInfo"] = {"SerializationLibrary": reader.one("text")}
            if reader.take("with serdeproperties"):
                storage["SerdeInfo"]["Parameters"] = reader.texts()
        if reader.take("stored as parquet"):
            storage |= PARQUET
        elif reader.take("stored as inputformat"):
            storage["InputFormat"] = reader.one("text")
            reader.need("outputformat")
            storage["OutputFormat"] = reader.one("text")
        else:
            reader.take("stored as textfile")
        reader.need("location")
        storage["Location"] = reader.one("text")
        if reader.take("tblproperties"):
            table["Parameters"] |= reader.texts()
        _end(reader)
        try:
            self.glue.create_table(
                DatabaseName=database or self.database, TableInput=table | {"StorageDescriptor": storage}
            )
        except self.glue.exceptions.AlreadyExistsException:
            if not is_lenient:
                raise

    def _alter_table(self, reader: Reader) -> None:
        database, name = reader.name()
        found = self.glue.get_table(DatabaseName=database or self.database, Name=name)["Table"]
        table = {key: found[key] for key in TABLE_INPUT if key in found}
        if reader.take("set tblproperties"):
            table["Parameters"] = table.get("Parameters", {}) | reader.texts()
        elif reader.take("set location"):
            table["StorageDescriptor"]["Location"] = reader.one("text")
        elif reader.take("add columns"):
            table["StorageDescriptor"]["Columns"] += [_column(item) for item in reader.items()]
        elif reader.take("replace columns"):
            table["StorageDescriptor"]["Columns"] = [_column(item) for item in reader.items()]
        elif reader.take("rename to"):
            raise Failed("FAILED: ParseException ALTER TABLE RENAME TO is supported for Iceberg tables only")
        else:
            raise Failed("FAILED: ParseException the Athena simulator does not know this ALTER TABLE")
        _end(reader)
        self.glue.update_table(DatabaseName=database or self.database, TableInput=table)

    def _drop_table(self, reader: Reader) -> None:
        is_lenient = reader.take("if exists")
        database, name = reader.name()
        _end(reader)
        try:
            self.glue.delete_table(DatabaseName=database or self.database, Name=name)
        except self.glue.exceptions.EntityNotFoundException:
            if not is_lenient:
                raise

    _drop_view = _drop_table

    def _show_schemas(self, reader: Reader) -> Rows:
        _end(reader)
        return sorted(database["Name"] for database in self.glue.get_databases()["DatabaseList"])

    def _show_tables(self, reader: Reader) -> Rows:
        database = reader.name()[1] if reader.take("in") else self.database
        _end(reader)
        return sorted(table["Name"] for table in self.glue.get_tables(DatabaseName=database)["TableList"])


def _column(item: list[Token]) -> Json:
    if len(item) < 2:
        raise Unexpected("a column is a name and a type")
    column = {"Name": item[0].value.lower()}
    if len(item) > 3 and item[-2].raw.lower() == "comment":
        column["Comment"] = item.pop().value
        item.pop()
    return column | {"Type": "".join(token.raw for token in item[1:]).lower()}


def _end(reader: Reader) -> None:
    if not reader.is_done:
        raise Unexpected(f"mismatched input {reader.tokens[reader.at].raw!r}")
