/* The words of a statement, French and English. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

enum statement_words_key {
#define WORD(key, english, french) STATEMENT_WORDS_##key,
#include "billing/statement_words.tbl"
#undef WORD
    STATEMENT_WORDS_MAX
};

RETURNS_NONNULL const char *statement_words_text(enum statement_words_key key,
                                                 bool french);
/* "use" as a reader says it; a kind without words stays as it is. */
RETURNS_NONNULL const char *statement_words_kind(const char *kind, bool french);
/* The same of a meter ("search") and of a billing mode ("result"). */
RETURNS_NONNULL const char *statement_words_meter(const char *meter,
                                                  bool french);
RETURNS_NONNULL const char *statement_words_mode(const char *mode, bool french);
/* "novembre 2026", "November 2026" from "2026-11". */
RETURNS_NONNULL const char *statement_words_month(struct arena *a,
                                                  const char *month,
                                                  bool french);
/* "03/11/2026" or "2026-11-03", with the time that follows, if any. */
RETURNS_NONNULL const char *statement_words_moment(struct arena *a,
                                                   const char *at, bool french);
