"""Values in GetQueryResults are text in Athena's form."""

from tests.simulators.athena.conftest import Person

# literal -> Type, Precision, Scale, text
VALUES = {
    "cast(null as varchar)": ("varchar", 2147483647, 0, None),
    "cast('x' as varchar)": ("varchar", 2147483647, 0, "x"),
    "''": ("varchar", 0, 0, ""),
    "true": ("boolean", 0, 0, "true"),
    "cast(1 as tinyint)": ("tinyint", 3, 0, "1"),
    "7": ("integer", 10, 0, "7"),
    "cast(9007199254740993 as bigint)": ("bigint", 19, 0, "9007199254740993"),
    "cast(1.50 as decimal(18, 2))": ("decimal", 18, 2, "1.50"),
    "1.5e0": ("double", 17, 0, "1.5"),
    "1e5": ("double", 17, 0, "100000.0"),
    "1e7": ("double", 17, 0, "1.0E7"),
    "123456789.5e0": ("double", 17, 0, "1.234567895E8"),
    "-2.5e-4": ("double", 17, 0, "-2.5E-4"),
    "0e0": ("double", 17, 0, "0.0"),
    "nan()": ("double", 17, 0, "NaN"),
    "real '1.5'": ("float", 17, 0, "1.5"),
    "date '2026-05-01'": ("date", 0, 0, "2026-05-01"),
    "timestamp '2026-05-01 10:00:00'": ("timestamp", 3, 0, "2026-05-01 10:00:00.000"),
    "timestamp '2026-05-01 10:00:00.123456'": ("timestamp", 3, 0, "2026-05-01 10:00:00.123"),
    "timestamp '2026-05-01 10:00:00.123 UTC'": ("timestamp with time zone", 3, 0, "2026-05-01 10:00:00.123 UTC"),
    "array[1, null]": ("array", 0, 0, "[1, null]"),
    "map(array['a'], array[1e0])": ("map", 0, 0, "{a=1.0}"),
    "cast(row(1, true) as row(n integer, b boolean))": ("row", 0, 0, "{n=1, b=true}"),
    "x'6a6b'": ("varbinary", 1073741824, 0, "6a 6b"),
}


def test_values_come_as_text_with_their_types(person: Person) -> None:
    [page] = person.pages(person.done(f"select {', '.join(VALUES)}"))
    kinds = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    texts = [datum.get("VarCharValue") for datum in page["ResultSet"]["Rows"][1]["Data"]]
    found = [(kind["Type"], kind["Precision"], kind["Scale"], text) for kind, text in zip(kinds, texts, strict=True)]
    assert dict(zip(VALUES, found, strict=True)) == VALUES


def test_a_column_without_a_name_is_numbered(person: Person) -> None:
    [page] = person.pages(person.done("select 1, 2 as b, 3"))
    names = [column["Name"] for column in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
    assert names == ["_col0", "b", "_col2"]
