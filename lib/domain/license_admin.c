/* Rows are changed by the functions of migration 0006, which psql scripts call
 * too; only what needs a key is done here. */
#include "domain/license_admin.h"
#include <arpa/inet.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "domain/audit.h"
#include "sql/license.h"
#include "store/db_value.h"

enum {
    DAYS_MOST = 3660,
    ADDRESSES_BYTES = 4096,
    ADDRESSES_MOST = 64,
    OVERLAP_MOST_H = 24 * 366
};

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

/* 192.0.2.7, 192.0.2.0/24, 2001:db8::/32 */
static bool is_network(struct arena *a, const char *s)
{
    unsigned char raw[16];
    int64_t bits = 0;
    const char *slash = strchr(s, '/');
    const char *host = slash ? arena_strndup(a, s, (size_t)(slash - s)) : s;
    const int most = inet_pton(AF_INET, host, raw) == 1    ? 32
                     : inet_pton(AF_INET6, host, raw) == 1 ? 128
                                                           : -1;
    return most > 0 && (!slash || (str_to_i64(slash + 1, &bits) && bits >= 0 &&
                                   bits <= most));
}

static bool addresses_ok(struct arena *a, const char *s)
{
    const char *list[ADDRESSES_MOST + 1];
    if (!s || !*s)
        return true;
    if (strlen(s) > ADDRESSES_BYTES)
        return false;
    const size_t n = str_split(a, s, ' ', list, ARRAY_LEN(list));
    for (size_t i = 0; i < n; i++)
        if (!is_network(a, list[i]))
            return false;
    return n <= ADDRESSES_MOST;
}

static bool terms_ok(struct arena *a, const struct license_terms *t)
{
    static const char modes[] = "|search|quota|result|";
    const char *mode = t->billing ? t->billing : "quota";
    const size_t client = strlen(t->client);
    return client >= 1 && client <= LICENSE_KEY_CLIENT &&
           str_utf8_ok(t->client, client) && t->days >= 1 &&
           t->days <= DAYS_MOST && t->quota >= -1 && t->grace_s >= 0 &&
           t->grace_s <= 366 * 86400 && !strchr(mode, '|') &&
           strstr(modes, mode) && *mode && addresses_ok(a, t->addresses) &&
           strlen(or_empty(t->features)) <= ADDRESSES_BYTES;
}

/* NULL without settings for that form, or when a fact does not fit a key: the
 * two are told apart by whether a plain key can be made. */
static enum err make_key(struct arena *a, const struct license_ring *ring,
                         const struct license_key *facts, const char **key)
{
    struct license_key plain = *facts;
    *key = license_key_new(a, ring, facts);
    if (*key)
        return OK;
    plain.client = "x";
    return license_key_new(a, ring, &plain) ? ERR_INVALID_FIELD
                                            : ERR_LICENSE_UNSIGNED;
}

static enum err insert(struct db *db, struct arena *a,
                       const struct license_terms *t, const PGresult *terms,
                       const struct license_key *facts, const char *key)
{
    enum { PLAN = 3, VERSION = 4 };
    const char *const params[] = {db_value_text(a, facts->id),
                                  t->tenant_id ? db_value_text(a, t->tenant_id)
                                               : NULL,
                                  t->client,
                                  PQgetvalue(terms, 0, PLAN),
                                  PQgetvalue(terms, 0, VERSION),
                                  t->billing ? t->billing : "quota",
                                  db_value_text(a, facts->quota),
                                  license_key_hash(a, key),
                                  license_form_name(t->form),
                                  license_key_hint(a, key),
                                  db_value_text(a, facts->expires_s),
                                  db_value_text(a, t->grace_s),
                                  or_empty(t->addresses),
                                  or_empty(t->features),
                                  db_value_text(a, facts->created_s)};
    return db_exec(db, a, &SQL_LICENSE_INSERT, ARRAY_LEN(params), params);
}

static enum err note(struct db *db, struct arena *a, int64_t tenant,
                     const char *actor, const char *event, int64_t id,
                     json_t *facts)
{
    return audit_note(
        db, a,
        &(struct audit_event){
            .tenant_id = tenant,
            .actor = actor,
            .event = event,
            .subject = arena_printf(a, "license:%lld", (long long)id),
            .facts = facts});
}

enum err license_admin_create(struct db *db, struct arena *a,
                              const struct license_ring *ring,
                              const struct license_terms *t, const char *actor,
                              struct license_made *out)
{
    enum { ID, NOW, EXPIRES, PLAN, VERSION, QUOTA };
    PGresult *row;
    if (!terms_ok(a, t))
        return ERR_INVALID_FIELD;
    const char *const params[] = {t->plan ? t->plan : "custom",
                                  db_value_text(a, t->days)};
    enum err e = db_one(db, a, &SQL_LICENSE_TERMS, 2, params, &row);
    if (e)
        return e;
    const struct license_key facts = {
        .form = t->form,
        .client = t->client,
        .created_s = db_value_i64(row, 0, NOW),
        .expires_s = db_value_i64(row, 0, EXPIRES),
        .id = db_value_i64(row, 0, ID),
        .quota = t->quota < 0 ? db_value_i64(row, 0, QUOTA) : t->quota,
        .grace_s = t->grace_s,
        .plan = PQgetvalue(row, 0, PLAN)};
    e = make_key(a, ring, &facts, &out->key);
    if (!e)
        e = insert(db, a, t, row, &facts, out->key);
    out->id = facts.id;
    return e ? e
             : note(db, a, t->tenant_id, actor, "license_created", facts.id,
                    json_pack("{s:s,s:s,s:I,s:s,s:i}", "client", t->client,
                              "plan", facts.plan, "quota",
                              (json_int_t)facts.quota, "form",
                              license_form_name(t->form), "days", t->days));
}

static enum err holder(struct db *db, struct arena *a, const char *key,
                       struct license_adopted *out)
{
    const char *const params[] = {license_key_hash(a, key)};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_LICENSE_HOLDER, 1, params, &row);
    out->was_there = !e;
    out->id = e ? 0 : db_value_i64(row, 0, 0);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err adopt(struct db *db, struct arena *a,
                      const struct license_terms *t,
                      const struct license_key *facts, const char *key,
                      const char *actor, int64_t *id)
{
    enum { ID, NOW, EXPIRES, PLAN, VERSION, QUOTA };
    PGresult *row;
    const char *const params[] = {t->plan ? t->plan : "custom", "1"};
    enum err e = db_one(db, a, &SQL_LICENSE_TERMS, 2, params, &row);
    if (e)
        return e;
    struct license_key k = *facts;
    *id = k.id = db_value_i64(row, 0, ID);
    k.quota = t->quota < 0 ? db_value_i64(row, 0, QUOTA) : t->quota;
    if (!k.created_s)
        k.created_s = db_value_i64(row, 0, NOW);
    e = insert(db, a, t, row, &k, key);
    return e ? e
             : note(db, a, t->tenant_id, actor, "license_imported", k.id,
                    json_pack("{s:s,s:s,s:I,s:s}", "client", t->client, "plan",
                              PQgetvalue(row, 0, PLAN), "quota",
                              (json_int_t)k.quota, "form",
                              license_form_name(t->form)));
}

enum err license_admin_adopt(struct db *db, struct arena *a,
                             const struct license_terms *terms,
                             const struct license_key *facts, const char *key,
                             const char *actor, struct license_adopted *out)
{
    char day[25];
    struct license_terms t = *terms;
    t.form = facts->form;
    t.client = facts->client;
    t.days = 1;
    if (!terms_ok(a, &t))
        return ERR_INVALID_FIELD;
    clock_rfc3339(facts->expires_s * 1000, day);
    out->expiry = arena_strndup(a, day, 10);
    const enum err e = holder(db, a, key, out);
    return e || out->was_there ? e
                               : adopt(db, a, &t, facts, key, actor, &out->id);
}

/* YYYY-MM-DD of the calendar: the database would end the transaction. */
static bool is_day(const char *s)
{
    int64_t y, m, d;
    char year[5] = "", month[3] = "", day[3] = "";
    if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
        return false;
    memcpy(year, s, 4);
    memcpy(month, s + 5, 2);
    memcpy(day, s + 8, 2);
    return str_to_i64(year, &y) && str_to_i64(month, &m) &&
           str_to_i64(day, &d) && y >= 1970 && m >= 1 && m <= 12 && d >= 1 &&
           d <= clock_month_days((int)y, (int)m);
}

enum err license_admin_last_second(struct db *db, struct arena *a,
                                   const char *day, int64_t *out)
{
    const char *const params[] = {day};
    PGresult *row;
    if (!is_day(day))
        return ERR_INVALID_FIELD;
    const enum err e = db_one(db, a, &SQL_LICENSE_LAST_MOMENT, 1, params, &row);
    *out = e ? 0 : db_value_i64(row, 0, 0);
    return e;
}

enum err license_admin_rekey(struct db *db, struct arena *a,
                             const struct license_ring *ring, int64_t id,
                             int hours, const char *actor,
                             struct license_made *out)
{
    enum { CLIENT, PLAN, QUOTA, GRACE, FORM, EXPIRES, NOW, TENANT };
    PGresult *row;
    enum license_form form;
    const char *const which[] = {db_value_text(a, id)};
    if (hours < 0 || hours > OVERLAP_MOST_H)
        return ERR_INVALID_FIELD;
    enum err e = db_one(db, a, &SQL_LICENSE_FACTS, 1, which, &row);
    if (e)
        return e;
    if (!license_form_from(PQgetvalue(row, 0, FORM), &form) ||
        db_value_i64(row, 0, EXPIRES) <= db_value_i64(row, 0, NOW))
        return ERR_CONFLICT;
    const struct license_key facts = {.form = form,
                                      .client = PQgetvalue(row, 0, CLIENT),
                                      .created_s = db_value_i64(row, 0, NOW),
                                      .expires_s =
                                          db_value_i64(row, 0, EXPIRES),
                                      .id = id,
                                      .quota = db_value_i64(row, 0, QUOTA),
                                      .grace_s = db_value_i64(row, 0, GRACE),
                                      .plan = PQgetvalue(row, 0, PLAN)};
    e = make_key(a, ring, &facts, &out->key);
    if (e)
        return e;
    const char *const params[] = {which[0],
                                  license_key_hash(a, out->key),
                                  license_form_name(form),
                                  license_key_hint(a, out->key),
                                  db_value_text(a, hours),
                                  db_value_text(a, facts.created_s)};
    out->id = id;
    e = db_exec(db, a, &SQL_LICENSE_REKEY, 6, params);
    return e ? e
             : note(db, a, db_value_i64(row, 0, TENANT), actor,
                    "license_rekeyed", id,
                    json_pack("{s:i}", "overlap_hours", hours));
}

enum err license_admin_status(struct db *db, struct arena *a, int64_t id,
                              const char *status, const char *actor,
                              const char *reason)
{
    const char *const params[] = {db_value_text(a, id), status, actor, reason};
    return db_exec(db, a, &SQL_LICENSE_SET_STATUS, 4, params);
}

enum err license_admin_renew(struct db *db, struct arena *a, int64_t id,
                             int days, const char *actor, const char **expiry)
{
    PGresult *row;
    const char *const params[] = {db_value_text(a, id), db_value_text(a, days),
                                  actor};
    if (days < 1 || days > DAYS_MOST)
        return ERR_INVALID_FIELD;
    enum err e = db_one(db, a, &SQL_LICENSE_RENEW, 3, params, &row);
    *expiry = e ? "" : PQgetvalue(row, 0, 0);
    return e;
}

enum err license_admin_plan(struct db *db, struct arena *a, int64_t id,
                            const char *plan, int64_t quota,
                            const char *billing, const char *actor,
                            PGresult **waits)
{
    const char *const params[] = {db_value_text(a, id), plan,
                                  quota < 0 ? NULL : db_value_text(a, quota),
                                  billing, actor};
    const enum err e = db_exec(db, a, &SQL_LICENSE_SET_PLAN, 5, params);
    return e ? e : db_many(db, a, &SQL_LICENSE_WAITS, 1, params, waits);
}

enum err license_admin_expire(struct db *db, struct arena *a, const char *actor,
                              int64_t *n)
{
    PGresult *row;
    const char *const params[] = {actor};
    enum err e = db_one(db, a, &SQL_LICENSE_EXPIRE, 1, params, &row);
    *n = e ? 0 : db_value_i64(row, 0, 0);
    return e;
}

enum err license_admin_list(struct db *db, struct arena *a, int64_t after,
                            const char *status, const char *client, int limit,
                            PGresult **out)
{
    const char *const params[] = {db_value_text(a, after), status, client,
                                  db_value_text(a, limit)};
    return db_many(db, a, &SQL_LICENSE_LIST, 4, params, out);
}

enum err license_admin_show(struct db *db, struct arena *a, int64_t id,
                            PGresult **out)
{
    const char *const params[] = {db_value_text(a, id)};
    return db_one(db, a, &SQL_LICENSE_SHOW, 1, params, out);
}
