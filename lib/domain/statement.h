/* What a licensed client used and paid in a month, from the ledger alone. */
#pragma once
#include <stdbool.h>
#include "store/db.h"

enum { STATEMENT_LINES = 100000 }; /* most lines of one statement */

struct statement_line {
    const char *at;    /* of Paris, "2026-11-03 10:07:26", or the day alone */
    const char *kind;  /* use, refund, credit or plan */
    const char *meter; /* what was used: "search", "verify" */
    const char *request_id, *note;
    int64_t charge_id, count; /* ledger lines in this one */
    int64_t units;
    int64_t micro_euros; /* change of the credit; negative: paid from it */
    int64_t price_micro_euros;   /* of a plan line */
    int64_t balance_micro_euros; /* credit after it */
};

/* All sums are micro-euros without VAT, over every line of the month. */
struct statement {
    int64_t license_id, quota_monthly;
    const char *client, *plan, *billing_mode;
    const char *month;                       /* YYYY-MM */
    const char *made_at;                     /* of Paris, "2026-11-03 10:07" */
    bool is_over;                            /* false: the month still runs */
    int64_t opening, credits, paid, closing; /* of the prepaid credit */
    int64_t price;                           /* of the plan */
    int64_t units, total_lines;
    const struct statement_line *lines;
    size_t n;
};

/* True for a month written YYYY-MM, from 2000-01 to 2999-12. */
bool statement_month_ok(const char *month);
/* The statement of a licence; month NULL: this one; by_day: uses of one day
 * and meter are one line. ERR_NOT_FOUND; ERR_TOO_LARGE beyond STATEMENT_LINES
 * lines. */
MUST_CHECK enum err statement_read(struct db *db, struct arena *a,
                                   int64_t license, const char *month,
                                   bool by_day, struct statement *out);
