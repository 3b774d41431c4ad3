/* Two statements; the arithmetic is rounded against us. */
#include "llm/llm_budget.h"
#include <jansson.h>
#include "base/log.h"
#include "sql/llm.h"
#include "base/banned.h"
#include "store/db_value.h"

int64_t llm_budget_cost(const struct llm_budget *b, int64_t tokens_in,
                        int64_t tokens_out)
{
    const int64_t million = 1000000;
    int64_t in, out, sum;
    if (__builtin_mul_overflow(tokens_in, b->price_in, &in) ||
        __builtin_mul_overflow(tokens_out, b->price_out, &out) ||
        __builtin_add_overflow(in, out, &sum) || sum > INT64_MAX - million)
        return INT64_MAX;
    return (sum + million - 1) / million;
}

enum err llm_budget_reserve(const struct llm_budget *b, struct arena *a,
                            int64_t micro_euros, const char **day)
{
    const char *const params[] = {db_value_text(a, micro_euros),
                                  db_value_text(a, b->calls),
                                  db_value_text(a, b->micro_euros)};
    PGresult *row = NULL;
    if (!b->db)
        return ERR_UNAVAILABLE;
    enum err e =
        db_one(b->db, a, &SQL_LLM_RESERVE, ARRAY_LEN(params), params, &row);
    if (e == ERR_NOT_FOUND)
        return ERR_OVERLOADED;
    if (e)
        return e;
    *day = arena_strdup(a, PQgetvalue(row, 0, 0));
    return OK;
}

void llm_budget_settle(const struct llm_budget *b, struct arena *a,
                       const char *day, int64_t reserved, int64_t spent)
{
    const char *const params[] = {day, db_value_text(a, spent - reserved)};
    if (spent == reserved)
        return;
    if (db_exec(b->db, a, &SQL_LLM_SETTLE, ARRAY_LEN(params), params))
        log_event(LOG_WARNING, "llm_budget_not_settled", "{s:I}", "micro_euros",
                  (json_int_t)(reserved - spent));
}
