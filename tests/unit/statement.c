#include "domain/statement.h"
#include "tap.h"

int main(void)
{
    static const char *const good[] = {"2026-11", "2026-01", "2999-12"},
                             *const bad[] = {"",          "2026",    "2026-13",
                                             "2026-00",   "1999-12", "2026-1",
                                             "2026-011",  "2026/11", "x026-11",
                                             "2026-11-01"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        tap_ok(statement_month_ok(good[i]), "%s", good[i]);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tap_ok(!statement_month_ok(bad[i]), "not %s", bad[i]);
    struct arena *a = arena_new(1024);
    struct db *db = db_open("host=/nonexistent", "license");
    struct statement s;
    tap_is_int(statement_read(db, a, 1, NULL, true, &s), ERR_UNAVAILABLE,
               "no database");
    db_close(db);
    arena_free(a);
    return tap_done();
}
