#include "web/limit_override.h"
#include <stdlib.h>
#include "base/conf.h"
#include "tap.h"

/* With rows from a real database: tests/api/22-own-limits. */
int main(void)
{
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    const struct principal who = {.id = "user:12", .tenant_id = 7};
    limit_override_refresh(NULL);
    tap_ok(!limit_override_find(&who, "auth_me"), "nothing without a database");
    struct db *db = db_open("host=/nonexistent/at/all", "account");
    for (int i = 0; i < 100; i++)
        limit_override_refresh(db);
    tap_is_int(db_failures(), 1, "one that is away is asked once, then seldom");
    tap_ok(!limit_override_find(&who, "auth_me"), "and grants nothing");
    db_close(db);
    return tap_done();
}
