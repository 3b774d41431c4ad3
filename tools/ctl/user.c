/* Users: look, disable, roles, a new password, their sessions and keys. */
#include <stdio.h>
#include <string.h>
#include "base/encode.h"
#include "base/str.h"
#include "operator.h"
#include "sql/user_admin.h"

enum { TOKEN_BYTES = 32, RESET_MINUTES = 60, RESET_MOST = 10080 };

static int usage(const char *sentence)
{
    ctl_fail("%s", sentence);
    return CTL_USAGE;
}

int user_list(struct ctl *c)
{
    PGresult *res;
    if (c->argc > 1)
        return usage("list takes a part of the e-mail address at most.");
    const char *const params[] = {c->argc ? c->argv[0] : NULL};
    if (db_many(c->db, c->a, &SQL_USER_ADMIN_BRIEF, 1, params, &res))
        return ctl_fail("The database refused; the log line says why.");
    ctl_table(res);
    return CTL_OK;
}

int user_show(struct ctl *c)
{
    if (c->argc != 1)
        return usage("show takes a number, e-mail address or username.");
    const char *id = operator_user(c, c->argv[0]);
    const char *const params[] = {id};
    PGresult *row =
        id ? operator_run(c, &SQL_USER_ADMIN_SHOW, 1, params, c->argv[0])
           : NULL;
    if (!row)
        return CTL_FAILED;
    operator_card(row);
    return CTL_OK;
}

/* Tells whether the verb changed anything. */
static int told(const PGresult *res, const char *done)
{
    if (!res)
        return CTL_FAILED;
    puts(*PQgetvalue(res, 0, 0) == 't' ? done : "It was so already.");
    return CTL_OK;
}

static int change(struct ctl *c, const char *wanted, const char *done)
{
    const char *id = operator_user(c, c->argv[0]);
    if (!id)
        return CTL_FAILED;
    const char *const params[] = {id, wanted, operator_actor(c)};
    return told(operator_run(c, &SQL_USER_ADMIN_CHANGE, 3, params,
                             arena_printf(c->a, "user %s", c->argv[0])),
                done);
}

int user_disable(struct ctl *c)
{
    if (c->argc != 1)
        return usage("disable takes a number, e-mail address or username.");
    return change(c, "{\"is_active\": false}",
                  "Disabled; sessions, tokens and keys ended.");
}

int user_enable(struct ctl *c)
{
    if (c->argc != 1)
        return usage("enable takes a number, e-mail address or username.");
    return change(c, "{\"is_active\": true}", "Enabled.");
}

static bool is_role(const char *s)
{
    return str_eq(s, "user") || str_eq(s, "admin");
}

int user_role(struct ctl *c)
{
    if (c->argc != 2 || !is_role(c->argv[1]))
        return usage("role takes a user, and user or admin.");
    return change(c, arena_printf(c->a, "{\"role\": \"%s\"}", c->argv[1]),
                  "The role is changed.");
}

int user_grant_operator(struct ctl *c)
{
    if (c->argc != 1)
        return usage("grant-operator takes a number, e-mail address or "
                     "username.");
    const char *id = operator_user(c, c->argv[0]);
    if (!id)
        return CTL_FAILED;
    const char *const params[] = {id, operator_actor(c)};
    return told(operator_run(c, &SQL_USER_ADMIN_GRANT, 2, params, c->argv[0]),
                "Is an operator from the next sign-in or refresh on.");
}

int user_revoke_operator(struct ctl *c)
{
    if (c->argc < 1 || c->argc > 2 || (c->argc == 2 && !is_role(c->argv[1])))
        return usage("revoke-operator takes a user, and user (the default) or "
                     "admin.");
    const char *id = operator_user(c, c->argv[0]);
    if (!id)
        return CTL_FAILED;
    const char *const params[] = {id, c->argc == 2 ? c->argv[1] : "user",
                                  operator_actor(c)};
    return told(operator_run(c, &SQL_USER_ADMIN_REVOKE, 3, params, c->argv[0]),
                "Is no operator any more.");
}

/* Only its hash is kept: the token is shown here once. */
int user_reset(struct ctl *c)
{
    int64_t minutes = RESET_MINUTES;
    uint8_t random[TOKEN_BYTES];
    if (c->argc < 1 || c->argc > 2 ||
        (c->argc == 2 && !str_to_i64(c->argv[1], &minutes)) || minutes < 1 ||
        minutes > RESET_MOST)
        return usage("reset takes a user, and for how many minutes.");
    const char *id = operator_user(c, c->argv[0]);
    if (!id)
        return CTL_FAILED;
    encode_random(random, sizeof random);
    const char *token = encode_base64url(c->a, random, sizeof random);
    const char *const params[] = {
        id, encode_sha256(c->a, token, strlen(token)),
        arena_printf(c->a, "%lld", (long long)minutes), operator_actor(c)};
    PGresult *res =
        operator_run(c, &SQL_USER_ADMIN_RESET, 4, params, c->argv[0]);
    if (!res)
        return CTL_FAILED;
    printf("%s\nGood once, until %s: POST /api/auth/password/reset with "
           "{\"token\", \"new_password\"}.\n",
           token, PQgetvalue(res, 0, 0));
    return CTL_OK;
}

int user_end_sessions(struct ctl *c)
{
    if (c->argc != 1)
        return usage("end-sessions takes a number, e-mail address or "
                     "username.");
    const char *id = operator_user(c, c->argv[0]);
    if (!id)
        return CTL_FAILED;
    const char *const params[] = {id, operator_actor(c)};
    PGresult *res =
        operator_run(c, &SQL_USER_ADMIN_END_SESSIONS, 2, params, c->argv[0]);
    if (!res)
        return CTL_FAILED;
    printf("%s sessions ended.\n", PQgetvalue(res, 0, 0));
    return CTL_OK;
}

/* session end, key revoke: by number. */
static int by_number(struct ctl *c, const struct db_query *q, const char *noun,
                     const char *done)
{
    if (c->argc != 1 || !operator_is_id(c->argv[0])) {
        ctl_fail("It takes the number of one %s.", noun);
        return CTL_USAGE;
    }
    const char *const params[] = {c->argv[0], operator_actor(c)};
    return told(operator_run(c, q, 2, params,
                             arena_printf(c->a, "%s %s", noun, c->argv[0])),
                done);
}

int user_session_end(struct ctl *c)
{
    return by_number(c, &SQL_USER_ADMIN_END_SESSION, "session", "Ended.");
}

int user_key_revoke(struct ctl *c)
{
    return by_number(c, &SQL_USER_ADMIN_REVOKE_KEY, "key", "Revoked.");
}
