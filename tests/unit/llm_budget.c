/* lib/llm/llm_budget.c: costs are rounded against us, and without a database
 * nothing may be spent. Sharing between callers is shown by tests/api/70-llm.
 */
#include "llm/llm_budget.h"
#include "tap.h"

int main(void)
{
    struct arena *a = arena_new(1024);
    struct llm_budget b = {.calls = 10,
                           .micro_euros = 1000000,
                           .price_in = 150000,
                           .price_out = 600000};
    const char *day = NULL;
    tap_is_int(llm_budget_cost(&b, 1000000, 0), 150000, "a million tokens");
    tap_is_int(llm_budget_cost(&b, 1000, 500), 450, "sent and received");
    tap_is_int(llm_budget_cost(&b, 1, 0), 1, "rounded up");
    tap_is_int(llm_budget_cost(&b, 0, 0), 0, "nothing costs nothing");
    tap_ok(llm_budget_cost(&b, INT64_MAX / 2, 1) == INT64_MAX,
           "too many tokens cost more than there is");
    tap_is_int(llm_budget_reserve(&b, a, 1, &day), ERR_UNAVAILABLE,
               "no database, no money");
    arena_free(a);
    return tap_done();
}
