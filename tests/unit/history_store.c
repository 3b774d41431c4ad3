/* When anything is kept, what its hashes tell, and that a database that is
 * away is an error and no more. The rows: tests/api/70-history. */
#include "invoice/history_store.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "tap.h"

static const char key[] = "0123456789abcdef0123456789abcdef";

static const char *problem(const char *store, const char *days,
                           const char *secret)
{
    setenv("INVOICE_STORE", store, 1);
    setenv("RETENTION", days, 1);
    setenv("HISTORY_KEY", secret, 1);
    const char *bad = conf_init();
    return bad ? bad : history_store_problem();
}

static void settings(struct db *db)
{
    struct history_store s;
    tap_ok(!problem("none", "400", ""), "none needs no key");
    tap_ok(!history_store_is_on(db, "key:1", &s), "and keeps nothing");
    tap_ok(!problem("results", "0", ""), "no days need no key");
    tap_ok(!history_store_is_on(db, "key:1", &s), "and keep nothing");
    tap_ok(problem("results", "30", "short") != NULL, "a short key");
    tap_ok(problem("some", "30", key) != NULL, "an unknown word");
    tap_ok(problem("results", "-1", key) != NULL, "less than no day");
    tap_ok(!problem("all", "30", key), "all, 30 days");
    tap_ok(!history_store_is_on(NULL, "key:1", &s), "without a database: no");
    tap_ok(history_store_is_on(db, "key:1", &s), "with one: yes");
    tap_is_int(s.days, 30, "for so many days");
}

static void hashes(struct arena *a)
{
    const char *h = history_store_hash(a, "point", "14 579 680 123 456");
    tap_is_int((int64_t)strlen(h), 64, "64 digits");
    tap_is_str(history_store_hash(a, "point", "14579680123456"), h,
               "spaces do not matter");
    tap_is_str(history_store_hash(a, "point", "gi012345"),
               history_store_hash(a, "point", "GI012345"), "nor does case");
    tap_ok(!str_eq(history_store_hash(a, "number", "14579680123456"), h),
           "a number is no point");
    tap_is_str(history_store_hash(a, "point", " "), "", "nothing of nothing");
    problem("all", "30", "another-key-of-32-characters-0000");
    tap_ok(!str_eq(history_store_hash(a, "point", "14579680123456"), h),
           "another key, another hash");
    problem("all", "30", key);
    struct upload x = {.data = {(const uint8_t *)"ab", 2}};
    struct upload two[] = {{.data = {(const uint8_t *)"a", 1}},
                           {.data = {(const uint8_t *)"b", 1}}};
    tap_is_str(history_store_files(a, &x, 1), history_store_files(a, &x, 1),
               "the same files");
    tap_ok(
        !str_eq(history_store_files(a, &x, 1), history_store_files(a, two, 2)),
        "cut otherwise they are others");
}

static void away(struct arena *a, struct db *db)
{
    struct history side = {.now = {.energy = ENERGY_GAS,
                                   .point = "GI012345",
                                   .number = "1",
                                   .offer_type = ""}};
    const struct history_store s = {db, "key:1", 30};
    tap_is_int(history_store_find(a, &s, "f", &side, 1), ERR_UNAVAILABLE,
               "not found for want of a database");
    tap_is_int(history_store_keep(a, &s, "f", &side, 1), ERR_UNAVAILABLE,
               "nor kept");
    tap_is_int(history_store_find(a, &s, "f", &side, 0), OK,
               "nothing to ask is no failure");
}

int main(void)
{
    struct arena *a = arena_new(65536);
    struct db *db = db_open("host=/nonexistent", "api");
    settings(db);
    hashes(a);
    away(a, db);
    db_close(db);
    arena_free(a);
    return tap_done();
}
