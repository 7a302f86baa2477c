"""The numbers of a verdict as JSON holds them. They are checked where a file is read, and cost nothing where verdicts are made."""

from __future__ import annotations

from typing import Annotated, Any

DTYPES = ("float64", "float32", "float16", "bfloat16")
"""In which a layer can be asked: those of `precision`, whose numbers need NumPy."""


class AnyFloat:
    """In `Annotated`: a float as JSON holds it, where NaN and the infinities have no number and stand as strings."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema as schema

        words = schema.no_info_after_validator_function(float, schema.literal_schema(["nan", "inf", "-inf"]))
        number = schema.union_schema([schema.float_schema(allow_inf_nan=True, strict=True), words])
        written = schema.plain_serializer_function_ser_schema(_written, when_used="json")
        return schema.no_info_after_validator_function(float, number, serialization=written)

    @staticmethod
    def __get_pydantic_json_schema__(schema: Any, handler: Any) -> Any:
        return {"anyOf": [{"type": "number"}, {"enum": ["nan", "inf", "-inf"]}]}


def _written(value: float) -> float | str:
    return value if abs(value) < float("inf") else repr(float(value))


class FromZero:
    """In `Annotated`: an integer from 0 on."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema as schema

        return schema.int_schema(ge=0, strict=True)


class OneOfDtypes:
    """In `Annotated`: one of `DTYPES`."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema as schema

        return schema.literal_schema(list(DTYPES))


Number = Annotated[float, AnyFloat]
Natural = Annotated[int, FromZero]
Dtype = Annotated[str, OneOfDtypes]
