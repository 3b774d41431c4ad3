/* lib/domain/row.c: columns by their type. */
#include "domain/row.h"
#include <stdlib.h>
#include <string.h>
#include "tap.h"

static const struct column {
    char name[16];
    Oid type;
    const char *value; /* NULL: NULL */
    const char *json;
} columns[] = {
    {"page_key", 25, "12", NULL},
    {"flag", 16, "t", "true"},
    {"off", 16, "f", "false"},
    {"small", 21, "-3", "-3"},
    {"four", 23, "7", "7"},
    {"eight", 20, "9223372036854775807", "9223372036854775807"},
    {"text", 25, "é\"\n", "\"é\\\"\\n\""},
    {"number", 1700, "1.50", "\"1.50\""},
    {"moment", 1114, "2026-11-21 10:07:26.5", "\"2026-11-21T10:07:26.5Z\""},
    {"facts", 3802, "{\"a\": [1, null]}", "{\"a\":[1,null]}"},
    {"list", 114, "[]", "[]"},
    {"nothing", 25, NULL, "null"},
};
enum { N = sizeof columns / sizeof columns[0] };

int main(void)
{
    PGresAttDesc described[N] = {{0}};
    PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    for (int i = 0; i < N; i++)
        described[i] = (PGresAttDesc){.name = (char *)columns[i].name,
                                      .typid = columns[i].type,
                                      .typlen = -1};
    PQsetResultAttrs(res, N, described);
    for (int i = 0; i < N; i++)
        PQsetvalue(res, 0, i, (char *)columns[i].value,
                   columns[i].value ? (int)strlen(columns[i].value) : -1);
    json_t *o = row_to_json(res, 0);
    for (int i = 0; i < N; i++) {
        json_t *v = json_object_get(o, columns[i].name);
        char *got = v ? json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
        if (columns[i].json)
            tap_is_str(got, columns[i].json, "%s", columns[i].name);
        else
            tap_ok(!got, "%s is not shown", columns[i].name);
        free(got);
    }
    json_decref(o);
    PQclear(res);
    return tap_done();
}
