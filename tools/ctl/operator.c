/* The database's verbs (0010_operator) say by their SQLSTATE why they refuse;
 * here it becomes a sentence. */
#include "operator.h"
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "sql/user_admin.h"

enum { ID_DIGITS = 18 };

const char *operator_actor(struct ctl *c)
{
    return arena_printf(c->a, "ctl:%s", ctl_who());
}

bool operator_is_id(const char *text)
{
    int64_t id;
    return strlen(text) <= ID_DIGITS && str_to_i64(text, &id) && id > 0;
}

PGresult *operator_run(struct ctl *c, const struct db_query *q, size_t n,
                       const char *const *params, const char *what)
{
    static const struct {
        enum err e;
        const char *why;
    } rows[] = {{ERR_NOT_FOUND, "there is none"},
                {ERR_CONFLICT, "its state does not allow that"},
                {ERR_UNAVAILABLE, "the database does not answer"}};
    PGresult *res;
    const enum err e = db_one(c->db, c->a, q, n, params, &res);
    if (!e)
        return res;
    const char *why = "the database refused; the log line says why";
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].e == e)
            why = rows[i].why;
    ctl_fail("%s: %s.", what, why);
    return NULL;
}

const char *operator_user(struct ctl *c, const char *who)
{
    const char *const params[] = {who};
    PGresult *res = operator_run(c, &SQL_USER_ADMIN_FIND, 1, params,
                                 arena_printf(c->a, "user %s", who));
    return res ? PQgetvalue(res, 0, 0) : NULL;
}

void operator_card(const PGresult *row)
{
    for (int i = 0; i < PQnfields(row); i++)
        printf("%-20s %s\n", PQfname(row, i), PQgetvalue(row, 0, i));
}
