/* One statement a request, sent ahead so that the database looks while the
 * rate is counted: whether a token or key still counts is asked
 * every time, so that a logout, a revoked key or a disabled tenant works at
 * once on every instance. */
#include "domain/principal.h"
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "sql/principal.h"
#include "store/db_value.h"
#include "wire/token.h"

static void name_user(struct principal *p)
{
    memcpy(p->id, "user:", 6);
    str_from_i64(p->id + 5, p->user_id);
}

/* The parameters of the statement, as text. */
struct asked {
    char user[STR_I64_BYTES], session[STR_I64_BYTES], version[STR_I64_BYTES];
    const char *params[3];
};

static void ask(const struct principal *p, struct asked *q)
{
    q->params[0] = str_from_i64(q->user, p->user_id);
    q->params[1] = str_from_i64(q->session, p->session_id);
    q->params[2] = str_from_i64(q->version, p->token_version);
}

void principal_claim(struct db *db, const struct token_claims *claims,
                     struct principal *out)
{
    struct asked q;
    out->kind = PRINCIPAL_USER;
    out->user_id = claims->user_id;
    out->tenant_id = claims->tenant_id;
    out->token_version = claims->version;
    out->role = claims->role;
    if (!str_to_i64(claims->session, &out->session_id))
        out->session_id = 0; /* is no session of ours */
    name_user(out);
    ask(out, &q);
    db_ahead(db, &SQL_PRINCIPAL_USER, 3, q.params);
}

enum err principal_confirm(struct db *db, struct arena *a, struct principal *p)
{
    enum { ID, TENANT_ID, ROLE };
    struct asked q;
    PGresult *row;
    if (p->session_id < 1)
        return ERR_TOKEN_INVALID;
    ask(p, &q);
    const enum err e = db_one(db, a, &SQL_PRINCIPAL_USER, 3, q.params, &row);
    if (e)
        return e == ERR_NOT_FOUND ? ERR_TOKEN_INVALID : e;
    p->row = row;
    p->tenant_id = db_value_i64(row, 0, TENANT_ID);
    /* a change of role ends tokens: one that still says otherwise is none */
    const bool same = str_eq(p->role, PQgetvalue(row, 0, ROLE));
    p->role = PQgetvalue(row, 0, ROLE);
    return same ? OK : ERR_TOKEN_INVALID;
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
    out->key_id = db_value_i64(row, 0, KEY_ID);
    out->user_id = db_value_i64(row, 0, USER_ID);
    out->tenant_id = db_value_i64(row, 0, TENANT_ID);
    out->role = PQgetvalue(row, 0, ROLE);
    out->scopes = PQgetvalue(row, 0, SCOPES);
    name_user(out);
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
