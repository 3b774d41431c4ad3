/* DATA_KEYS at the operator's hand: what is sealed under which of them, and
 * all of it sealed anew under the first (docs/ops/keys.md). */
#include <stdio.h>
#include "base/str.h"
#include "ctl.h"
#include "domain/reseal.h"
#include "store/blob_object.h"
#include "store/db_value.h"
#include "wire/seal.h"

enum { COUNT_PLACE, COUNT_KID, COUNT_N };

static bool begin(struct ctl *c, const char *verb)
{
    const char *bad = seal_init();
    bad = bad ? bad : blob_object_init();
    if (c->argc)
        ctl_fail("keys %s takes nothing.", verb);
    else if (bad)
        ctl_fail("%s", bad);
    return !c->argc && !bad;
}

static bool is_known(const char *kid)
{
    size_t i = 0;
    while (seal_kid_at(i) && !str_eq(seal_kid_at(i), kid))
        i++;
    return seal_kid_at(i) != NULL;
}

static const char *state_of(const char *kid)
{
    if (!*kid)
        return seal_ready() ? "in clear, to be sealed" : "in clear";
    if (seal_ready() && str_eq(kid, seal_kid()))
        return "the first key";
    return is_known(kid) ? "an older key, to be sealed anew"
                         : "NOT IN DATA_KEYS: cannot be read";
}

static int64_t rows_under(const PGresult *rows, const char *kid)
{
    int64_t n = 0;
    for (int i = 0; i < PQntuples(rows); i++)
        if (str_eq(PQgetvalue(rows, i, COUNT_KID), kid))
            n += db_value_i64(rows, i, COUNT_N);
    return n;
}

int keys_status(struct ctl *c)
{
    PGresult *rows;
    int code = CTL_OK;
    if (!begin(c, "status"))
        return CTL_USAGE;
    if (reseal_counts(c->db, c->a, &rows))
        return ctl_fail("The database refused; the log line says why.");
    for (int i = 0; i < PQntuples(rows); i++) {
        const char *kid = PQgetvalue(rows, i, COUNT_KID);
        printf("%-30s  %-12s  %9s  %s\n", PQgetvalue(rows, i, COUNT_PLACE),
               *kid ? kid : "-", PQgetvalue(rows, i, COUNT_N), state_of(kid));
        if (*kid && !is_known(kid))
            code = CTL_FAILED;
    }
    for (size_t i = 1; seal_ready() && seal_kid_at(i); i++) {
        const int64_t n = rows_under(rows, seal_kid_at(i));
        if (n)
            printf("%s: %lld still, keep it.\n", seal_kid_at(i), (long long)n);
        else
            printf("%s: 0, it can be dropped.\n", seal_kid_at(i));
    }
    return code;
}

int keys_reseal(struct ctl *c)
{
    struct reseal r = {.sealed = 1};
    int64_t all = 0;
    enum err e = OK;
    if (!begin(c, "reseal"))
        return CTL_USAGE;
    if (!seal_ready())
        return ctl_fail("DATA_KEYS is empty: there is no key to seal with.");
    while (!e && r.sealed) { /* what others were at is taken the next time */
        e = reseal_all(c->db, 0, &r);
        all += r.sealed;
    }
    printf("%lld rows and objects were sealed anew under %s.\n", (long long)all,
           seal_kid());
    if (e)
        return ctl_fail("It ended early (%s); go on with: keys reseal.",
                        err_code(e));
    if (r.left)
        return ctl_fail("%lld could not be opened or replaced; the log lines "
                        "name them.",
                        (long long)r.left);
    return CTL_OK;
}
