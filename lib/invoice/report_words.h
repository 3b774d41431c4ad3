/* The French words of lib/templates/report_fr.tbl, by key. All results are
 * static text. */
#pragma once
#include <stddef.h>
#include "base/buf.h"
#include "invoice/invoice.h"

/* Wording of a word of the record, e.g. ("option", "HPHC"); NULL when the
 * word is NULL or not one of ours. */
const char *report_words_find(const char *list, const char *word);
RETURNS_NONNULL const char *report_words_field(enum field_id id);
/* Our own copy of the check's id, what to do about it and the law or table
 * behind it (NULL for none); an unknown id gets a general wording. */
struct check_words {
    const char *id, *advice, *source;
};
struct check_words report_words_check(const char *id);
