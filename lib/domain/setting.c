#include "domain/setting.h"
#include <stdlib.h>
#include <string.h>
#include "domain/audit.h"
#include "sql/setting.h"
#include "store/tenant.h"

enum { KEY_BYTES = 64 };

static bool is_key(const char *s)
{
    static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
    const size_t n = strlen(s);
    return n >= 1 && n <= KEY_BYTES && *s >= 'a' && *s <= 'z' &&
           strspn(s, rest) == n;
}

const char *setting_problem(struct arena *a, json_t *settings, const char **key)
{
    json_t *value;
    *key = NULL;
    if (!json_is_object(settings))
        return "must be an object";
    if (json_object_size(settings) > SETTING_MOST)
        return arena_printf(a, "must have at most %d members", SETTING_MOST);
    json_object_foreach(settings, *key, value)
    {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        const size_t n = text ? strlen(text) : 0;
        free(text);
        if (!is_key(*key))
            return "must be named by 1 to 64 of a-z 0-9 _ . from a letter on";
        if (!n || n > SETTING_VALUE_BYTES)
            return arena_printf(a, "must have at most %d bytes",
                                SETTING_VALUE_BYTES);
    }
    return NULL;
}

enum err setting_all(struct db *db, struct arena *a,
                     const struct principal *who, PGresult **out)
{
    const enum err e = tenant_enter(db, a, who->tenant_id, true);
    return e ? e : db_one(db, a, &SQL_SETTING_ALL, 0, NULL, out);
}

static enum err note(struct db *db, struct arena *a,
                     const struct principal *who, json_t *settings)
{
    const char *name;
    json_t *names = json_array(), *value;
    json_object_foreach(settings, name, value)
        json_array_append_new(names, json_string(name));
    const struct audit_event event = {
        .tenant_id = who->tenant_id,
        .actor = who->id,
        .event = "settings_change",
        .subject = arena_printf(a, "tenant:%lld", (long long)who->tenant_id),
        .facts = json_pack("{s:o}", "settings", names)};
    return audit_note(db, a, &event);
}

enum err setting_put(struct db *db, struct arena *a,
                     const struct principal *who, json_t *settings)
{
    char *text = json_dumps(settings, JSON_COMPACT);
    if (!text)
        return ERR_INTERNAL;
    arena_defer(a, free, text);
    const char *const params[] = {
        text, arena_printf(a, "%lld", (long long)who->user_id)};
    enum err e = tenant_enter(db, a, who->tenant_id, true);
    if (!e)
        e = db_exec(db, a, &SQL_SETTING_PRUNE, 1, params);
    if (!e)
        e = db_exec(db, a, &SQL_SETTING_PUT, 2, params);
    return e ? e : note(db, a, who, settings);
}
