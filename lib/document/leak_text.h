/* The matching rules of the gate, on text in its own form: lower case
 * without accents. */
#pragma once
#include "base/buf.h"
#include "document/document.h"

/* One text prepared for searching. */
struct leak_text {
    const char *words;    /* " mme marche prix ": letters and digits */
    const char *squeezed; /* the same without spaces */
    const char *dense;    /* folded without white space, marks kept */
    const char *folded;   /* folded, as it stands */
};

void leak_text_prepare(struct arena *a, const char *utf8,
                       struct leak_text *out);
/* What kind of text is searched. */
enum leak_mode {
    LEAK_PROSE, /* what people read: digits also with separators */
    LEAK_SYNTAX /* operators and dictionaries, full of numbers */
};
/* True when the needle is in the text and not in the neutral one. */
bool leak_text_has(struct arena *a, enum leak_mode mode,
                   const struct leak_text *t, const struct leak_text *neutral,
                   const struct needle *needle);
/* Bytes that are no text (fonts, compressed data), for leak_text_in_bytes:
 * ASCII case folded, as they stand and without NULs (UTF-16). */
void leak_text_prepare_bytes(struct arena *a, struct bytes b,
                             struct leak_text *out);
/* True when the needle stands there; shorter than eight letters or digits it
 * occurs by chance and does not count. */
bool leak_text_in_bytes(struct arena *a, const struct leak_text *t,
                        const struct leak_text *neutral,
                        const struct needle *needle);
/* What is a leak whatever it says: a link, 14 digits in a row, something
 * like an IBAN. Its kind, or NULL. */
const char *leak_text_suspect(const struct leak_text *t);
