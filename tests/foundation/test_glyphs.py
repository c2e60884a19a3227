"""Which letters the certificate's fonts can print, of real names."""

from __future__ import annotations

import pytest

from aimcert.foundation.glyphs import lacking

EACH_DESIGN = pytest.mark.parametrize("sheet", ["documents/certificate.css", "documents/certificate_2.css"])


@EACH_DESIGN
@pytest.mark.parametrize(
    "name",
    [
        "Zoë O’Neill & <Sons>",
        "Zoe\u0308",
        "Żaneta Dvořáková-Ștefănescu",
        "Nguyễn Thị Ánh",
        "Ọláyínká",
        "Αθηνά Ωραία",
        "Ђорђе Ўладзімір",
        "משה שלום",
        "محمد عبد الله",
        "Ŵyn ap Siôn",
        "Whānau Tāmati",
        "M\u0304ana",
        "Jo\u200bAnn",
    ],
)
def test_letters_of_the_bundled_fonts_are_there(name: str, sheet: str) -> None:
    assert lacking(name, stylesheet=sheet) == ()


@EACH_DESIGN
@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王小明", ("王", "小", "明")),
        ("सुनीता", ("सु", "नी", "ता")),
        ("ก้อง", ("ก้", "อ", "ง")),
        ("நிலா", ("நி", "லா")),
        ("አበበ", ("አ", "በ")),
        ("Zoe 😀", ("😀",)),
        ("Ẹ̀bùn", ("Ẹ̀",)),
        ("A\u0327nn", ("A\u0327",)),
    ],
)
def test_letters_without_a_font_are_named_each_once(name: str, letters: tuple[str, ...], sheet: str) -> None:
    assert lacking(name, stylesheet=sheet) == letters
