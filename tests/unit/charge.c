/* What a refusal tells; the rest is the database's (tests/sql/55-charges). */
#include "domain/charge.h"
#include "tap.h"

int main(void)
{
    const struct charge c = {.quota = "invoices",
                             .limit = 100,
                             .used = 100,
                             .micro_euros = 100000,
                             .period_end = "2026-11-30T23:00:00Z"};
    struct arena *a = arena_new(1024);
    struct db *db = db_open("host=/nonexistent", "api");
    const struct charge_request q = {
        .kind = "tenant", .id = 1, .meter = "invoices", .units = 1};
    struct charge got;
    json_t *o = charge_refusal(&c, ERR_QUOTA_EXCEEDED);
    tap_is_str(json_string_value(json_object_get(o, "quota")), "invoices",
               "which quota");
    tap_is_int(json_integer_value(json_object_get(o, "limit")), 100, "limit");
    tap_is_int(json_integer_value(json_object_get(o, "used")), 100, "used");
    json_decref(o);
    o = charge_refusal(&c, ERR_CREDIT);
    tap_is_int(json_integer_value(json_object_get(o, "needed_micro_euros")),
               100000, "credit tells what it takes");
    json_decref(o);
    tap_ok(!charge_refusal(&c, ERR_UNAVAILABLE), "other errors tell nothing");
    tap_is_int(charge_reserve(db, a, &q, &got), ERR_UNAVAILABLE,
               "no database, no reservation");
    tap_is_int(got.id, 0, "nothing to commit");
    tap_is_int(charge_now(db, a, &q, &got), ERR_UNAVAILABLE, "nor a charge");
    db_close(db);
    arena_free(a);
    return tap_done();
}
