/* Terms -> XML in the syntax UN/CEFACT CII D16B, profile EN 16931. */
#pragma once
#include "einvoice/einvoice.h"

#define CII_GUIDELINE "urn:cen.eu:en16931:2017"

/* Why a record is no valid invoice. */
struct cii_problem {
    const char *rule; /* "BR-08", "BR-CO-15" */
    const char *term; /* "BT-40", "BG-25" */
    const char *text; /* English sentence */
    bool missing;     /* the term is absent; else it contradicts others */
};

enum { CII_PROBLEMS_MAX = 32 };

/* Everything EN 16931 asks of the record: terms that must be there, codes,
 * arithmetic. Returns how many problems were written to out. */
size_t cii_check(struct arena *a, const struct einvoice *e,
                 struct cii_problem out[CII_PROBLEMS_MAX]);
/* Writes the whole file; call it for records without problems. */
void cii_write(struct buf *out, const struct einvoice *e);
