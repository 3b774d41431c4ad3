/* What may be spent in a day, kept in PostgreSQL so that all responders, and
 * all hosts of one database, share it. The most a call can cost is set aside
 * before it is made; two callers at once can never spend the same euro. */
#pragma once
#include <stdint.h>
#include "base/err.h"
#include "store/db.h"

struct llm_budget {
    struct db *db;
    int64_t calls, micro_euros;  /* a day (UTC) at most */
    int64_t price_in, price_out; /* micro-euros for a million tokens */
};

/* What the tokens cost in micro-euros, rounded up. */
int64_t llm_budget_cost(const struct llm_budget *b, int64_t tokens_in,
                        int64_t tokens_out);
/* Sets one call and its highest cost aside; *day names the day to settle.
 * ERR_OVERLOADED when that is more than is left, ERR_UNAVAILABLE when nobody
 * can tell: then nothing may be spent. */
MUST_CHECK enum err llm_budget_reserve(const struct llm_budget *b,
                                       struct arena *a, int64_t micro_euros,
                                       const char **day);
/* Replaces what was set aside by what it cost. A failure is logged and
 * leaves the higher sum: too much is counted rather than too little. */
void llm_budget_settle(const struct llm_budget *b, struct arena *a,
                       const char *day, int64_t reserved, int64_t spent);
