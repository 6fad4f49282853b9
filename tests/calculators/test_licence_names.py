"""Licences as people and data hubs write them: the right row or "not known", never a wrong one."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shipworthy.calculators.licence_names import LONGEST, resolve
from shipworthy.reference import load

TABLE = load("licences")

KNOWN = {
    "mit": "mit", "MIT": "mit", "MIT License": "mit", "The MIT License (MIT)": "mit", "license:mit": "mit", "Expat": "mit",
    "MIT/X11": "mit", "3-clause bsd": "bsd-3", "3-Clause BSD License": "bsd-3", "2-clause BSD": "bsd-2",
    "https://opensource.org/licenses/MIT": "mit", "ＭＩＴ": "mit", '["mit"]': "mit",
    "Apache 2": "apache-2.0", "apache2.0": "apache-2.0", "apache-2.0": "apache-2.0", "Apache License, Version 2.0": "apache-2.0",
    "Apache License 2.0.": "apache-2.0", "http://www.apache.org/licenses/LICENSE-2.0.html": "apache-2.0", "ASL 2.0": "apache-2.0",
    "BSD-3-Clause": "bsd-3", "bsd 2 clause": "bsd-2", "isc": "isc",
    "gpl-3.0": "gpl-3.0", "GPLv3": "gpl-3.0", "gpl-3.0+": "gpl-3.0", "GNU GPL v3 or later": "gpl-3.0", "GPL-2.0-only": "gpl-2.0",
    "GNU Affero General Public License v3.0": "agpl-3.0", "agpl-3.0": "agpl-3.0", "lgpl-2.1": "lgpl-2.1", "mpl-2.0": "mpl-2.0",
    "epl-2.0": "epl-2.0", "BUSL-1.1": "bsl-1.1", "bsl-1.1": "bsl-1.1",
    "cc0": "cc0-1.0", "cc0-1.0": "cc0-1.0", "CC0: Public Domain": "cc0-1.0", "pddl": "pddl-1.0",
    "cc-by-4.0 ": "cc-by-4.0", "CC BY 4.0": "cc-by-4.0", "cc by 3.0": "cc-by-3.0", "CC_BY_4.0": "cc-by-4.0",
    "Attribution 4.0 International (CC BY 4.0)": "cc-by-4.0", "Creative Commons Attribution 4.0 International": "cc-by-4.0",
    "https://creativecommons.org/licenses/by/4.0/": "cc-by-4.0",
    "http://creativecommons.org/licenses/by-nc/4.0/legalcode": "cc-by-nc-4.0",
    "https://creativecommons.org/licenses/by-sa/3.0/deed.en": "cc-by-sa-3.0",
    "cc by nc 4.0": "cc-by-nc-4.0", "CC\u2011BY\u2011NC\u20114.0": "cc-by-nc-4.0", "cc-by-nc-sa-4.0": "cc-by-nc-sa-4.0",
    "CC BY-NC-ND 4.0": "cc-by-nc-nd-4.0", "cc-by-nd-4.0": "cc-by-nd-4.0", "CC BY-SA 4.0": "cc-by-sa-4.0",
    "odc-by": "odc-by-1.0", "odbl": "odbl-1.0", "Open Database License": "odbl-1.0",
    "Open Data Commons Open Database License (ODbL) v1.0": "odbl-1.0",
    "Community Data License Agreement - Permissive - Version 1.0": "cdla-permissive-1.0", "cdla-sharing-1.0": "cdla-sharing-1.0",
    "c-uda": "c-uda-1.0", "OGL-UK-3.0": "ogl-3.0", "wtfpl": "wtfpl", "unlicense": "wtfpl", "The Unlicense": "wtfpl",
    "bigscience-openrail-m": "openrail-m-bigscience", "bigscience-bloom-rail-1.0": "rail-1.0-bigscience",
    "bigcode-openrail-m": "bigcode-openrail-m", "creativeml-openrail-m": "creativeml-openrail-m",
    "llama2": "llama-2", "llama 2": "llama-2", "llama-3": "llama-3", "llama3": "llama-3", "llama3.1": "llama-3.1",
    "Llama 3.1 Community License": "llama-3.1", "LLAMA 3.2 COMMUNITY LICENSE AGREEMENT": "llama-3.2", "llama3.3": "llama-3.3",
    "llama4": "llama-4", "gemma": "gemma", "flux-1-dev-non-commercial-license": "flux-1-dev",
    "LicenseRef-scancode-llama-2-license-2023": "llama-2", "openai-tou-20230314": "openai-tou-2023", "ShareGPT": "sharegpt",
    "none": "unspecified", "No license": "unspecified", "unspecified": "unspecified", "All rights reserved": "unspecified",
}  # fmt: skip

NOT_KNOWN = {
    "": (), "   ": (), "other": (), "Other": (), "unknown": (), "n/a": (), "N/A": (), "?": (), "see website": (), "null": (),
    "NOASSERTION": (), "license": (), "Other (specified in description)": (), "()": (), "\u200b": (),
    "apache": ("apache-2.0",), "Apache License": ("apache-2.0",), "bsd": ("bsd-2", "bsd-3"), "BSD License": ("bsd-2", "bsd-3"),
    "gpl": ("gpl-2.0", "gpl-3.0"), "GNU GPL": ("gpl-2.0", "gpl-3.0"), "lgpl": ("lgpl-2.1", "lgpl-3.0"), "agpl": ("agpl-3.0",),
    "mpl": ("mpl-2.0",), "cc-by": ("cc-by-3.0", "cc-by-4.0"), "CC BY-SA": ("cc-by-sa-3.0", "cc-by-sa-4.0"),
    "CC-BY-NC": ("cc-by-nc-4.0",), "cc by nc nd": ("cc-by-nc-nd-4.0",), "cc-by-2.0": ("cc-by-3.0", "cc-by-4.0"),
    "llama": ("llama-1", "llama-2", "llama-3", "llama-3.1", "llama-3.2", "llama-3.3", "llama-4"),
    "openrail": ("openrail-m-bigscience", "bigcode-openrail-m", "creativeml-openrail-m"), "bsl": ("bsl-1.1",),
    "OpenAI terms": ("openai-tou-2023", "openai-tou-2024"), "falcon": ("falcon-180b", "falcon-2-11b"),
    "MIT, Apache-2.0": ("mit", "apache-2.0"), "mit/apache-2.0": ("mit", "apache-2.0"), "MIT & GPL-3.0": ("mit", "gpl-3.0"),
    "openrail++": ("creativeml-openrail-m", "openrail-m-bigscience"), "openai": ("openai-tou-2023", "openai-tou-2024"),
    "flux.1 schnell": ("apache-2.0", "flux-1-dev"), "FLUX.1-schnell": ("apache-2.0", "flux-1-dev"),
    "public domain": ("cc0-1.0", "pddl-1.0"), "proprietary": ("custom-contract",), "custom": ("custom-contract",),
    "unlicensed": ("unspecified", "wtfpl"), "Aapche-2.0": ("apache-2.0",), "bsl-1.0": ("bsl-1.1",),
}  # fmt: skip
NOT_KNOWN_EITHER = [
    "afl-3.0", "artistic-2.0", "MIT-0", "bsd-3-clause-clear", "cc-by-3.0-us", "cc-by-nc-3.0", "gfdl", "openrail++", "not MIT",
    "MIT?", "MIT 🎉", "🤗", "<b>MIT</b>", "<script>alert(1)</script>", "MIT, GPL-3.0", "MIT/Apache-2.0", "Apache 2.0 (modified)",
    "Llama 3.1 (custom)", "llama 3.4", "llama 31", "GPL (>= 2)", "mit or something", "free for research and education", "cc", "cc-by-40",
    "{{ 7 * 7 }}", "__import__('os')", "МІТ", "mistral", "U.S. Government Works", "custom data set", "Data files © Original Authors",
    "MIT WITH Commons-Clause", "MIT AND something", "GPL-1.0", "llama 2 or 3", "contract:acme", "synthetic data", "openai",
]  # fmt: skip


def test_there_are_enough_of_them() -> None:
    assert len(KNOWN) + len(NOT_KNOWN) + len(NOT_KNOWN_EITHER) >= 120


@pytest.mark.parametrize(("text", "row"), KNOWN.items())
def test_a_spelling_means_its_row(text: str, row: str) -> None:
    found = resolve(text)
    assert (found.choices, found.known, found.error, found.suggestions) == (((row,),), True, "", ())
    assert TABLE[row].text("name") in found.words


@pytest.mark.parametrize(("text", "suggestions"), NOT_KNOWN.items())
def test_what_may_mean_several_is_not_known_and_near_names_are_offered(text: str, suggestions: tuple[str, ...]) -> None:
    found = resolve(text)
    assert (found.choices, found.known, found.error) == ((), False, "")
    assert found.suggestions == suggestions
    assert found.words.endswith(".")


@pytest.mark.parametrize("text", NOT_KNOWN_EITHER)
def test_traps_are_not_known(text: str) -> None:
    found = resolve(text)
    assert (found.choices, found.known) == ((), False)
    assert found.words
    assert set(found.suggestions) <= set(TABLE.rows)


@pytest.mark.parametrize("row", list(TABLE), ids=lambda row: row.key)
def test_every_row_is_found_by_key_name_alias_and_loosely_typed(row) -> None:
    for spelling in (row.key, row.text("name"), *filter(None, row.text("aliases").split(";"))):
        for typed in (
            spelling,
            spelling.upper(),
            f"  {spelling}. ",
            spelling.replace("-", " "),
            spelling.replace(" ", "  "),
        ):
            assert resolve(typed).choices == ((row.key,),), typed


def test_no_id_of_the_whole_catalogue_means_a_wrong_row() -> None:
    """2,579 licences of SPDX and ScanCode: each means the row of its own id, or none."""
    from license_expression import get_license_index

    same = {"unlicense": ("wtfpl",), "no-license": ("unspecified",)}
    found = set()
    for entry in get_license_index():
        own = entry["license_key"]
        for text in (own, entry.get("spdx_license_key"), *entry["other_spdx_license_keys"]):
            if not text or not (read := resolve(text)).known:
                continue
            found.add(own)
            first = read.choices[0]
            assert len(first) == 1
            licence = own.removesuffix("-plus")
            assert first == same.get(own) or TABLE[first[0]].text("scancode") == licence, text
    listed = {entry["license_key"] for entry in get_license_index()}
    assert {row.text("scancode") for row in TABLE} & listed <= found


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("mit OR gpl-3.0", (("mit",), ("gpl-3.0",))),
        ("(MIT AND CC-BY-4.0)", (("mit", "cc-by-4.0"),)),
        ("CC BY 4.0 and Apache 2", (("apache-2.0", "cc-by-4.0"),)),
        ("MIT AND (BSD-2-Clause OR GPL-2.0-only)", (("mit", "bsd-2"), ("mit", "gpl-2.0"))),
        ("(MIT OR ISC) AND (CC0-1.0 OR CC-BY-4.0)",
         (("mit", "cc0-1.0"), ("mit", "cc-by-4.0"), ("isc", "cc0-1.0"), ("isc", "cc-by-4.0"))),
        ("MIT OR (MIT AND GPL-3.0-only)", (("mit",),)),
        ("MIT OR MIT", (("mit",),)),
        ("GPL-2.0-or-later", (("gpl-2.0",), ("gpl-3.0",))),
        ("LGPL-2.1+ AND MIT", (("mit", "lgpl-2.1"), ("mit", "lgpl-3.0"))),
        ("GPL-2.0-or-later OR MIT", (("gpl-2.0",), ("gpl-3.0",), ("mit",))),
        ("Apache-2.0 WITH LLVM-exception", (("apache-2.0",),)),
        ("gpl-2.0 with classpath-exception-2.0", (("gpl-2.0",),)),
        ("MIT OR Artistic-2.0", (("mit",),)),
        ("bsd-new OR gpl-2.0", (("bsd-3",), ("gpl-2.0",))),
        ("((((MIT))))", (("mit",),)),
    ],
)  # fmt: skip
def test_expressions_give_alternatives(text: str, choices: tuple[tuple[str, ...], ...]) -> None:
    found = resolve(text)
    assert (found.choices, found.known, found.error) == (choices, True, "")


def test_the_words_say_how_it_was_read() -> None:
    assert resolve("MIT AND GPL-3.0-only OR isc").words == "Read as MIT and GPL 3.0; or ISC."
    assert "“Or later”: a newer version may be chosen too." in resolve("GPL-3.0-or-later").words
    assert "judged without it" in resolve("Apache-2.0 WITH LLVM-exception").words
    assert "“Artistic-2.0” was left out: SPDX or ScanCode lists it" in resolve("MIT OR Artistic-2.0").words
    assert "SPDX or ScanCode lists it, but the table here does not hold its terms" in resolve("afl-3.0").words
    assert "leaves open which version" in resolve("cc-by-nc").words
    assert resolve("").words.startswith("No licence was given")
    assert "names no terms" in resolve("other").words
    assert "“foo” is not known here" in resolve("MIT AND foo").words
    assert resolve("unspecified").known
    assert not resolve("unknown").known


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("(MIT", "bracket that is not opened or not closed"),
        ("MIT)", "bracket that is not opened or not closed"),
        ("MIT AND", "on both sides of AND, OR and WITH"),
        ("OR MIT", "on both sides of AND, OR and WITH"),
        ("and", "on both sides of AND, OR and WITH"),
        ("MIT OR OR ISC", "cannot be read"),
        ("MIT WITH (A OR B)", "cannot be read"),
        ("<b>MIT</b> OR ISC", "cannot be read"),
        ("() OR MIT", "on both sides of AND, OR and WITH"),
        ("MIT and/or GPL-3.0", "cannot be read"),
        ("x" * (LONGEST + 1), "more than 500 characters"),
        ("MIT" + " " * 9_000 + "AND LDC", "more than 500 characters"),
        ("(" * 9_000, "more than 500 characters"),
        (
            " AND ".join(f"({a} OR {b})" for a, b in zip(*[iter(list(TABLE.rows)[:14])] * 2, strict=True)),
            "more than 64",
        ),
    ],
)
def test_an_expression_that_cannot_be_read_is_answered_in_one_sentence(text: str, word: str) -> None:
    found = resolve(text)
    assert (found.choices, found.known) == ((), False)
    assert word in found.error
    assert found.error == found.words
    assert found.error.count(". ") == 0
    assert len(found.error) < 160


def test_a_contract_of_ones_own_comes_first() -> None:
    own = ("Acme data (2024)", "MIT and friends", "mit")
    assert resolve("acme  DATA (2024)", contracts=own).choices == (("contract:Acme data (2024)",),)
    assert resolve("contract:Acme data (2024)", contracts=own).choices == (("contract:Acme data (2024)",),)
    assert resolve("MIT and friends", contracts=own).choices == (("contract:MIT and friends",),)
    assert resolve("mit", contracts=own).choices == (("contract:mit",),)
    assert resolve("Lidl OR CC0", contracts=("Lidl", "")).choices == (("contract:Lidl",), ("cc0-1.0",))
    assert resolve("isc AND lidl", contracts=("Lidl",)).words == "Read as ISC and the contract “Lidl”."
    near = resolve("Lidll", contracts=("Lidl",))
    assert not near.known
    assert near.suggestions[0] == "contract:Lidl"
    assert not resolve("", contracts=("", " ")).known


PIECES = [
    "mit",
    "GPL-2.0+",
    "cc by 4.0",
    "foo",
    "AND",
    "or",
    "WITH",
    "(",
    ")",
    "/",
    "LLVM-exception",
    "\n",
    "’",
    ".0",
    "<",
    "+",
    "-or-later",
]


@given(some.one_of(some.text(max_size=60), some.lists(some.sampled_from(PIECES), max_size=25).map(" ".join)))
def test_anything_typed_is_answered(text: str) -> None:
    found = resolve(text)
    assert found.known == bool(found.choices)
    assert found.words
    assert not (found.known and found.error)
    for choice in found.choices:
        assert choice
        assert set(choice) <= set(TABLE.rows)


@given(some.recursive(
    some.sampled_from(["MIT", "ISC", "CC0-1.0", "LDC"]),
    lambda part: some.tuples(part, some.sampled_from(["AND", "OR"]), part),
    max_leaves=7,
))  # fmt: skip
def test_alternatives_are_what_the_expression_means(tree) -> None:
    """For every set of licences kept to: some alternative holds exactly where the expression does."""
    rows = {"MIT": "mit", "ISC": "isc", "CC0-1.0": "cc0-1.0", "LDC": "ldc"}

    def written(part) -> str:
        return part if isinstance(part, str) else f"({written(part[0])} {part[1]} {written(part[2])})"

    def holds(part, kept: set[str]) -> bool:
        if isinstance(part, str):
            return rows[part] in kept
        left, right = holds(part[0], kept), holds(part[2], kept)
        return (left and right) if part[1] == "AND" else (left or right)

    choices = resolve(written(tree)).choices
    for mask in range(16):
        kept = {row for place, row in enumerate(rows.values()) if mask >> place & 1}
        assert any(set(choice) <= kept for choice in choices) == holds(tree, kept)


def test_nothing_heavy_is_loaded_for_a_name() -> None:
    code = (
        "import sys, shipworthy.calculators.licence_names as names; assert names.resolve('cc by 4.0').known; "
        "assert not names.resolve('other').known; print('license_expression' in sys.modules, 'boolean' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", "False"]


def test_several_names_do_not_say_whether_one_or_all_are_meant() -> None:
    found = resolve("MIT, Apache-2.0")
    assert found.words == (
        "“MIT, Apache-2.0” names 2 licences and not whether one may be chosen or all hold: write MIT OR Apache 2.0, or MIT AND "
        "Apache 2.0."
    )
    for written, choices in (("MIT OR Apache 2.0", 2), ("MIT AND Apache 2.0", 1)):
        assert len(resolve(written).choices) == choices
    assert resolve("MIT, nobody knows").words.startswith("“MIT, nobody knows” is not known here")


def test_a_bracket_too_many_suggests_what_is_in_it_and_nothing_else() -> None:
    assert resolve("(MIT").suggestions == ("mit",)
