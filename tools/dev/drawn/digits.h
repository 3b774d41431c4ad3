/* The printed numbers of a random invoice that take part in an identity, and
 * a misreading of one of their digits. */
#pragma once
#include "../draw/sample.h"
#include "document/page.h"

/* Changes one digit of one such number in the words and lowers the word's
 * confidence below 80, as the seed decides; says what in *what, or is false
 * when none was found. */
bool digits_misread(struct sample *s, struct document *doc, uint32_t seed,
                    const char **what);
