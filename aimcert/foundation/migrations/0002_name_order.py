"""Functions that compare names and put them in order as people do, in PostgreSQL's core alone."""

from django.db import migrations

APOSTROPHES = "['`\\u00b4\\u2018\\u2019\\u201b\\u02b9\\u02bb\\u02bc\\u2032\\uff07]"
HYPHENS = "[-\\u2010-\\u2015\\u2212\\u00ad\\u058a\\u05be]"
MARKS = (
    "[\\u00ad\\u0300-\\u036f\\u0483-\\u0487\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a"
    "\\u064b-\\u065f\\u0670\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u200b-\\u200f\\u2060-\\u206f\\u20d0-\\u20ff\\ufe00-\\ufe0f"
    "\\ufe20-\\ufe2f\\ufeff]"
)
BETWEEN = (
    "[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf\\u00d7\\u00f7\\u2000-\\u206f\\u2212"
    "\\u3000-\\u3020\\u30fb]+"
)
# Letters of names without a space between their words.
ALONE = "([\\u3040-\\u30ff\\u3400-\\u9fff])"
GREEK, CYRILLIC, ARMENIAN = (
    range(0x391, 0x3AA),
    (range(0x400, 0x410), range(0x410, 0x430)),
    range(0x531, 0x557),
)
FROM = "øØłŁđĐħĦıŋŊðÐ" + "".join(map(chr, [*GREEK, *CYRILLIC[0], *CYRILLIC[1], *ARMENIAN]))
TO = (
    "oolldd"
    + "hhinndd"
    + "".join(
        map(chr, [*range(0x3B1, 0x3CA), *range(0x450, 0x460), *range(0x430, 0x450), *range(0x561, 0x587)])
    )
)

# Collation "C" makes each step the same on every server: `lower` then knows our letters alone, and what
# it leaves is translated.
KEY = f"""
CREATE FUNCTION public.name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(lower(translate(
    replace(replace(replace(replace(replace(replace(replace(replace(
        regexp_replace(normalize(regexp_replace(name COLLATE "C", '{APOSTROPHES.replace("'", "''")}', '', 'g'), NFKD),
            '{MARKS}', '', 'g'),
        'ß', 'ss'), 'ẞ', 'ss'), 'æ', 'ae'), 'Æ', 'ae'), 'œ', 'oe'), 'Œ', 'oe'), 'þ', 'th'), 'Þ', 'th'),
    '{FROM}', '{TO}')), '{BETWEEN}', ' ', 'g'));
"""
# A name read three ways: O’Neill-Smith is oneill smith, oneillsmith, and o neill smith.
WAYS = f"""
CREATE FUNCTION public.name_ways(name text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY[
    regexp_replace(public.name_key(name), '{ALONE}', ' \\1 ', 'g'),
    regexp_replace(public.name_key(regexp_replace(name COLLATE "C", '{HYPHENS}', '', 'g')), '{ALONE}', ' \\1 ', 'g'),
    regexp_replace(
        public.name_key(regexp_replace(name COLLATE "C", '{APOSTROPHES.replace("'", "''")}', ' ', 'g')),
        '{ALONE}', ' \\1 ', 'g')
];
"""
WORDS = """
CREATE FUNCTION public.name_words(name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(array_remove(string_to_array(array_to_string(public.name_ways(name), ' '), ' '), ''));
"""
QUERY = """
CREATE FUNCTION public.name_query(typed text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT string_agg('(' || way.words || ')', ' | ')::tsquery FROM (
        SELECT string_agg('''' || word || ''':*', ' & ') AS words
        FROM unnest(public.name_ways(typed)) WITH ORDINALITY AS ways(said, number),
            unnest(string_to_array(ways.said, ' ')) AS word
        WHERE word <> '' GROUP BY ways.number
    ) AS way
);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_roles")]
    operations = [
        migrations.RunSQL(KEY, "DROP FUNCTION public.name_key(text)"),
        migrations.RunSQL(WAYS, "DROP FUNCTION public.name_ways(text)"),
        migrations.RunSQL(WORDS, "DROP FUNCTION public.name_words(text)"),
        migrations.RunSQL(QUERY, "DROP FUNCTION public.name_query(text)"),
    ]
