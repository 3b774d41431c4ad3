/* Rate limits of single customers: granted, listed, taken back. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/str.h"
#include "ctl.h"
#include "domain/audit.h"
#include "sql/limit.h"
#include "web/limit.h"

enum { COUNT_MOST = 1000000000, WINDOW_MOST_S = 86400 };

static bool starts_with_kind(const char *client)
{
    static const char *const kinds[] = {
        "user:", "tenant:", "key:", "lic:", "ip:"};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_starts(client, kinds[i]))
            return true;
    return false;
}

/* A name that no row has would be granted for nothing. */
static const char *name_problem(struct ctl *c, const char *name)
{
    const char *path = conf_str(CONF_LIMITS_FILE);
    if (!*path)
        path = arena_printf(c->a, "%s/share/limits.tsv",
                            conf_str(CONF_COMPTOIR_HOME));
    const char *bad = limit_load(path);
    if (bad)
        return bad;
    if (!limit_find(name))
        return arena_printf(c->a, "%s is no name in %s.", name, path);
    return NULL;
}

static enum err note(struct ctl *c, const char *event, const char *client,
                     json_t *facts)
{
    return audit_note(
        c->db, c->a,
        &(struct audit_event){.actor = arena_printf(c->a, "ctl:%s", ctl_who()),
                              .event = event,
                              .subject = client,
                              .facts = facts});
}

static enum err grant(struct ctl *c, PGresult **row)
{
    const char *const *v = (const char *const *)c->argv;
    const char *const params[] = {
        v[0], v[1], v[2], v[3], v[4], c->argc > 5 ? v[5] : "", ctl_who()};
    enum err e = db_begin(c->db);
    if (e)
        return e;
    e = db_one(c->db, c->a, &SQL_LIMIT_SET, 7, params, row);
    if (!e)
        e = note(c, "limit_grant", v[0],
                 json_pack("{s:s,s:s,s:s,s:s}", "limit", v[1], "count", v[2],
                           "window_s", v[3], "until", PQgetvalue(*row, 0, 1)));
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

int limit_set(struct ctl *c)
{
    int64_t count, window_s;
    PGresult *row;
    if (c->argc < 5 || c->argc > 6 || !starts_with_kind(c->argv[0]) ||
        !str_to_i64(c->argv[2], &count) || count < 1 || count > COUNT_MOST ||
        !str_to_i64(c->argv[3], &window_s) || window_s < 1 ||
        window_s > WINDOW_MOST_S) {
        ctl_fail("set takes a client (user:12, tenant:7, key:…, lic:3, ip:…), "
                 "a limit, a count, a window of 1 to 86400 seconds and a day "
                 "of the end, e.g. user:12 invoices 600 60 2027-01-01.");
        return CTL_USAGE;
    }
    const char *bad = name_problem(c, c->argv[1]);
    if (bad)
        return ctl_fail("%s", bad);
    enum err e = grant(c, &row);
    if (e == ERR_NOT_FOUND)
        return ctl_fail("4096 grants hold already, and no more are read; clear "
                        "some first.");
    if (e)
        return ctl_fail("The database refused; the log line says why. Is the "
                        "end a day to come?");
    printf("%s: %s/%s s of %s until %s; in force within 5 s.\n", c->argv[0],
           c->argv[2], c->argv[3], c->argv[1], PQgetvalue(row, 0, 1));
    return CTL_OK;
}

int limit_list(struct ctl *c)
{
    PGresult *res;
    bool all = c->argc == 1 && str_eq(c->argv[0], "all");
    const char *const params[] = {all ? "true" : "false"};
    if (c->argc > 1 || (c->argc == 1 && !all)) {
        ctl_fail("list takes nothing, or all for those that ended, too.");
        return CTL_USAGE;
    }
    if (db_many(c->db, c->a, &SQL_LIMIT_LIST, 1, params, &res))
        return ctl_fail("The database refused; the log line says why.");
    if (PQntuples(res) == 0)
        puts("Nobody has a limit of their own.");
    else
        ctl_table(res);
    return CTL_OK;
}

static enum err take_back(struct ctl *c, PGresult **row)
{
    const char *limit = c->argc > 1 ? c->argv[1] : "";
    const char *const params[] = {c->argv[0], limit};
    enum err e = db_begin(c->db);
    if (e)
        return e;
    e = db_one(c->db, c->a, &SQL_LIMIT_CLEAR, 2, params, row);
    if (!e && !str_eq(PQgetvalue(*row, 0, 0), "0"))
        e = note(c, "limit_clear", c->argv[0],
                 json_pack("{s:s,s:s}", "limit", limit, "grants",
                           PQgetvalue(*row, 0, 0)));
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

int limit_clear(struct ctl *c)
{
    PGresult *row;
    if (c->argc < 1 || c->argc > 2 || !starts_with_kind(c->argv[0])) {
        ctl_fail("clear takes a client as limit list names it, and a limit or "
                 "nothing for all of them.");
        return CTL_USAGE;
    }
    if (take_back(c, &row))
        return ctl_fail("The database refused; the log line says why.");
    printf("%s taken back.\n", PQgetvalue(row, 0, 0));
    return CTL_OK;
}
