/* Text helpers: UTF-8 checked at the edge, numbers parsed strictly. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

/* Equal texts; NULL equals only NULL. */
bool str_eq(const char *a, const char *b);
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* Whole text as a decimal int64; false on anything else or out of range. */
MUST_CHECK bool str_to_i64(const char *s, int64_t *out);
enum { STR_I64_BYTES = 21 };
/* The number in decimal; returns out. For what is written at every request:
 * printf costs ten times as much. */
RETURNS_NONNULL char *str_from_i64(char out[STR_I64_BYTES], int64_t v);
/* Whole text as a decimal fraction scaled by 10^scale, e.g. ("0.5", 3) -> 500.
 * More decimals than scale, exponents, signs other than '-' are refused. */
MUST_CHECK bool str_to_scaled(const char *s, int scale, int64_t *out);
/* True when the n bytes are well-formed UTF-8 without NUL. */
bool str_utf8_ok(const char *s, size_t n);
/* Decodes one code point and moves *s past it; 0xFFFD for a bad byte,
 * 0 at the end (and *s stays). */
uint32_t str_utf8_next(const char **s);
/* Writes a code point (at most 4 bytes) and returns how many. */
size_t str_utf8_put(char out[4], uint32_t cp);
/* Lower case without accents: É -> e, œ -> oe, ß -> ss; other letters are
 * lower-cased where Latin. For comparing names and labels, not for showing. */
const char *str_fold(struct arena *a, const char *s);
/* The text without leading and trailing white space (also U+00A0, U+202F). */
const char *str_trim(struct arena *a, const char *s);
/* Splits at sep; empty parts are kept; returns how many, at most max. */
size_t str_split(struct arena *a, const char *s, char sep, const char **out,
                 size_t max);
