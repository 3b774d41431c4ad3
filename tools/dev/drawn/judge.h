/* Two readings of one invoice side by side: what became of a misread digit. */
#pragma once
#include "invoice/invoice.h"

enum judge_verdict {
    JUDGE_RIGHT,        /* every value as in the clean reading */
    JUDGE_FLAGGED,      /* what differs is marked as unsure */
    JUDGE_LOST,         /* a value is missing, and nothing says so */
    JUDGE_SILENT,       /* a value is wrong, and nothing says so */
    JUDGE_WRONG_REPAIR, /* a value was repaired into a wrong one */
    JUDGE_MAX
};

/* *where receives the first value that differs, or NULL. */
enum judge_verdict judge_readings(struct arena *a, const struct invoice *clean,
                                  const struct invoice *got,
                                  const char **where);
/* How many values are marked as unsure. */
size_t judge_unsure(const struct invoice *inv);
/* How many were repaired. */
size_t judge_repaired(const struct invoice *inv);
