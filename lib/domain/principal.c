/* One statement a request: whether a token or key still counts is asked
 * every time, so that a logout, a revoked key or a disabled tenant works at
 * once on every instance. */
#include "domain/principal.h"
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "sql/principal.h"
#include "wire/token.h"

static int64_t number(const PGresult *row, int column)
{
    int64_t v = 0;
    return str_to_i64(PQgetvalue(row, 0, column), &v) ? v : 0;
}

enum err principal_by_token(struct db *db, struct arena *a,
                            const struct token_claims *claims,
                            struct principal *out)
{
    char user[24], version[24];
    int64_t session;
    const char *const params[] = {user, claims->session, version};
    PGresult *row;
    if (!str_to_i64(claims->session, &session))
        return ERR_TOKEN_INVALID;
    snprintf(user, sizeof user, "%lld", (long long)claims->user_id);
    snprintf(version, sizeof version, "%lld", (long long)claims->version);
    const enum err e = db_one(db, a, &SQL_PRINCIPAL_USER, 3, params, &row);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_TOKEN_INVALID : e;
    out->kind = PRINCIPAL_USER;
    out->user_id = claims->user_id;
    out->session_id = session;
    out->row = row;
    out->tenant_id = number(row, PQfnumber(row, "tenant_id"));
    out->role = PQgetvalue(row, 0, PQfnumber(row, "role"));
    snprintf(out->id, sizeof out->id, "user:%s", user);
    return OK;
}

enum err principal_by_key(struct db *db, struct arena *a, const char *hash,
                          struct principal *out)
{
    enum { KEY_ID, USER_ID, TENANT_ID, ROLE, SCOPES, STALE };
    const char *const params[] = {hash};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_PRINCIPAL_KEY, 1, params, &row);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_INVALID_API_KEY : e;
    out->kind = PRINCIPAL_KEY;
    out->key_id = number(row, KEY_ID);
    out->user_id = number(row, USER_ID);
    out->tenant_id = number(row, TENANT_ID);
    out->role = PQgetvalue(row, 0, ROLE);
    out->scopes = PQgetvalue(row, 0, SCOPES);
    snprintf(out->id, sizeof out->id, "user:%lld", (long long)out->user_id);
    if (*PQgetvalue(row, 0, STALE) != 't')
        return OK;
    const char *const used[] = {PQgetvalue(row, 0, KEY_ID)};
    return db_exec(db, a, &SQL_PRINCIPAL_KEY_USED, 1, used);
}

bool principal_has_scope(const struct principal *p, const char *scope)
{
    if (p->kind != PRINCIPAL_KEY)
        return true;
    const size_t n = strlen(scope);
    for (const char *s = p->scopes; (s = strstr(s, scope)) != NULL; s++)
        if (s > p->scopes && s[-1] == ' ' && s[n] == ' ')
            return true;
    return false;
}
