"""What every section of a Config is, and the types its keys have.

A key is defined once: name, type, range, default, and below it its page in three paragraphs:
what it does, when to change it, what to look at afterwards.
"""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, ValidationInfo
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from advisor.config.places import builtin_sources, place_of, split_function

EXPECTED = "x-expected"  # the JSON schema's extension that says in words what a text must be


class Section(BaseModel):
    """A frozen table that knows all its keys: anything else in it is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)


def _data_file(text: str, info: ValidationInfo) -> str:
    return _accepted(_is_own_data(text, info.context), text)


def _source(text: str, info: ValidationInfo) -> str:
    return _accepted(place_of(text) == "built-in" or _is_own_data(text, info.context), text)


def _is_own_data(text: str, base: Path | None) -> bool:
    """Whether a text names data of the user's own; a bare word without a folder of that name is rather a misspelt name."""
    bare_word = place_of(text) == "folder" and text.isidentifier() and not (base or Path()).joinpath(text).is_dir()
    return bool(text) and not bare_word and place_of(text) not in {"built-in", "weights"}


def _model_function(text: str) -> str:
    return _accepted(split_function(text) is not None, text)


def _weights(text: str) -> str:
    return _accepted(place_of(text) in {"weights", "folder"}, text)


def _accepted(is_right: bool, text: str) -> str:
    if not is_right:
        raise PydanticCustomError("wrong_text", "not of the expected form")
    return text


def _text(expected: str) -> JsonDict:
    return {EXPECTED: expected}


OWN_FORMS = ("a .csv, .tsv or .npz file", "a folder of images (folder/)", "a function FILE.py:FUNCTION")
SOURCE_FORMS = ", ".join((*builtin_sources(), *OWN_FORMS))
SOURCE = Field(json_schema_extra=_text(f"one of {SOURCE_FORMS}"), examples=list(builtin_sources()))

Number = Annotated[float, Strict()]
Positive = Annotated[Number, Field(gt=0)]
NonNegative = Annotated[Number, Field(ge=0)]
Part = Annotated[Number, Field(ge=0, le=0.9)]
Whole = Annotated[int, Strict()]
Count = Annotated[Whole, Field(ge=1)]
CountOrNone = Annotated[Whole, Field(ge=0)]
Seed = Annotated[Whole, Field(ge=0, le=2**32 - 1)]
Switch = Annotated[bool, Strict()]
Text = Annotated[str, Strict()]
ColumnName = Annotated[Text, Field(json_schema_extra=_text("the name of a column"))]
DataFile = Annotated[Text, Field(json_schema_extra=_text(f"{', '.join(OWN_FORMS)}, like data.source")), AfterValidator(_data_file)]
Source = Annotated[Text, SOURCE, AfterValidator(_source)]
ModelFunction = Annotated[Text, Field(json_schema_extra=_text("a function FILE.py:FUNCTION")), AfterValidator(_model_function)]
Weights = Annotated[Text, Field(json_schema_extra=_text("a run folder or a .safetensors file")), AfterValidator(_weights)]
