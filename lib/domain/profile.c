#include "domain/profile.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "domain/audit.h"
#include "domain/user_seal.h"
#include "sql/profile.h"
#include "store/db_value.h"
#include "wire/mail.h"

enum { NAME_MIN = 3, NAME_MAX = 64 };

const char *profile_username(struct arena *a, const char *text,
                             const char **clean)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789._-";
    const size_t n = strlen(text);
    (void)a;
    if (!mail_address_ok(text) &&
        (n < NAME_MIN || n > NAME_MAX || strspn(text, plain) != n))
        return "must be 3 to 64 letters, digits, dots, dashes and "
               "underscores, or your e-mail address";
    *clean = text;
    return NULL;
}

enum err profile_load(struct db *db, struct arena *a,
                      const struct principal *who, const PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->user_id)};
    PGresult *row;
    *out = who->row;
    if (who->kind == PRINCIPAL_USER)
        return OK;
    if (!who->user_id)
        return ERR_UNAUTHORIZED;
    const enum err e = db_one(db, a, &SQL_PROFILE_BY_ID, 1, params, &row);
    if (!e)
        *out = row;
    return e;
}

enum err profile_lock(struct db *db, struct arena *a,
                      const struct principal *who, PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  db_value_text(a, who->user_id)};
    return db_one(db, a, &SQL_PROFILE_LOCK, 2, params, out);
}

/* Business numbers are sealed before they leave this program. */
static enum err seal_members(struct arena *a, int64_t user_id, json_t *change)
{
    static const char *const columns[] = {"siret", "vat_number", "phone"};
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        const char *stored,
            *clear = json_string_value(json_object_get(change, columns[i]));
        const enum err e =
            user_seal_value(a, columns[i], user_id, clear, &stored);
        if (e)
            return e;
        if (clear)
            json_object_set_new(change, columns[i], json_string(stored));
    }
    return OK;
}

static enum err note(struct db *db, struct arena *a,
                     const struct principal *who, const json_t *change)
{
    json_t *names = json_array(), *value;
    const char *name;
    json_object_foreach((json_t *)change, name, value)
        json_array_append_new(names, json_string(name));
    const struct audit_event e = {
        .tenant_id = who->tenant_id,
        .actor = who->id,
        .event = "user_change",
        .subject = arena_printf(a, "user:%lld", (long long)who->user_id),
        .facts = json_pack("{s:o}", "fields", names)};
    return audit_note(db, a, &e);
}

enum err profile_change(struct db *db, struct arena *a,
                        const struct principal *who, const PGresult *profile,
                        json_t *change)
{
    const char *name = json_string_value(json_object_get(change, "username"));
    const char *email = PQgetvalue(profile, 0, PQfnumber(profile, "email"));
    if (name && strchr(name, '@') && strcasecmp(name, email) != 0)
        return ERR_INVALID_FIELD;
    enum err e = seal_members(a, who->user_id, change);
    if (e)
        return e;
    char *text = json_dumps(change, JSON_COMPACT);
    if (!text)
        return ERR_INTERNAL;
    arena_defer(a, free, text);
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  db_value_text(a, who->user_id), text};
    e = db_exec(db, a, &SQL_PROFILE_CHANGE, 3, params);
    if (e)
        return e == ERR_CONFLICT ? ERR_ACCOUNT_EXISTS : e;
    return note(db, a, who, change);
}
