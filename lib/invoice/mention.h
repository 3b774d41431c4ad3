/* Phrases that say something beside the fields: data (rows mention_… of
 * patterns.tsv), found in rows by the reader and in labels by the checks. */
#pragma once
#include "invoice/lexicon.h"

/* The mention phrases of ref, as lexicon_mentions says. */
RETURNS_NONNULL const struct lexicon *mention_lexicon(
    struct arena *a, const struct reference *ref);
/* What a text says: bit 1 << enum mention_id. ocr forgives slips. */
uint64_t mention_scan(struct arena *a, const struct lexicon *lex,
                      const char *text, bool ocr);
/* True for a whole IBAN (spaces allowed) whose check digits are right
 * (ISO 13616, remainder 1 of 97). */
bool mention_iban_ok(const char *iban);
