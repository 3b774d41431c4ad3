/* Columns to members, from results made by hand. */
#include "domain/user.h"
#include <stdlib.h>
#include "tap.h"

struct cell {
    const char *name, *value; /* NULL: SQL NULL */
};

static PGresult *made(const struct cell *cells, int n)
{
    PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc columns[16] = {0};
    for (int i = 0; i < n; i++)
        columns[i].name = (char *)cells[i].name;
    PQsetResultAttrs(res, n, columns);
    for (int i = 0; i < n; i++)
        PQsetvalue(res, 0, i, (char *)cells[i].value,
                   cells[i].value ? (int)strlen(cells[i].value) : -1);
    return res;
}

static const char *written(struct arena *a, const struct cell *cells, int n)
{
    struct buf b;
    PGresult *res = made(cells, n);
    buf_init(&b, a, 16384);
    user_write(&b, res, 0);
    PQclear(res);
    return buf_cstr(&b);
}

int main(void)
{
    struct arena *a = arena_new(4096);
    const struct cell shapes[] = {{"id", "12"},
                                  {"is_active", "t"},
                                  {"is_verified", "f"},
                                  {"estimated_products", NULL},
                                  {"last_login", "2026-11-21 10:07:26.123456"},
                                  {"created_at", "2026-11-21 10:07:26"},
                                  {"phone", NULL}};
    tap_is_str(written(a, shapes, 7),
               "{\"id\":12,\"is_active\":true,\"is_verified\":false,"
               "\"estimated_products\":null,"
               "\"last_login\":\"2026-11-21T10:07:26.123456Z\","
               "\"created_at\":\"2026-11-21T10:07:26Z\",\"phone\":null}",
               "numbers, booleans, times, null");
    const struct cell texts[] = {
        {"full_name", "Zo\xc3\xab \"la\" \\ Roux\n\t\x01</script>"},
        {"email", "\xf0\x9f\x8d\x8b@example.org"}};
    json_t *o = json_loads(written(a, texts, 2), 0, NULL);
    tap_is_str(json_string_value(json_object_get(o, "full_name")),
               texts[0].value, "what JSON escapes comes back");
    tap_is_str(json_string_value(json_object_get(o, "email")), texts[1].value,
               "characters of four bytes");
    json_decref(o);
    const struct cell more[] = {
        {"token_version", "7"}, {"id", "1"}, {"hash", "secret"}};
    tap_is_str(written(a, more, 3), "{\"id\":1}",
               "columns that are no members stay out");
    const struct cell numbers[] = {
        {"id", "5"}, {"siret", "73282932000074"}, {"phone", "s1.gone.AAAA"}};
    tap_is_str(written(a, numbers, 3),
               "{\"id\":5,\"siret\":\"73282932000074\",\"phone\":\"\"}",
               "a clear number is shown, one that does not open is empty");
    PGresult *res = made(shapes, 7);
    o = user_to_json(a, res, 0);
    tap_is_int(json_object_size(o), 7, "the same as a value");
    json_decref(o);
    PQclear(res);
    arena_free(a);
    return tap_done();
}
