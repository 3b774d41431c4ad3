/* lib/web/listing.c: pages and the links between them. */
#include "web/listing.h"
#include <libpq-fe.h>
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static struct arena *a;

static const struct field in[] = {
    LISTING_IN, {.name = "since", .kind = IN_TEXT, .max = 40}, {0}};
static const struct route row = {.method = "GET", .path = "/things", .in = in};

static void begin(struct fake *f, const char *limit, const char *cursor,
                  const char *since)
{
    fake_init(f, a);
    const char **values = ARENA_ARRAY(a, 3, const char *);
    values[0] = limit;
    values[1] = cursor;
    values[2] = since;
    f->r.route = &row;
    f->r.values = values;
}

/* Rows with ids from down to 1. */
static PGresult *rows(int n, int from)
{
    static char page_key[] = "page_key", id[] = "id";
    PGresAttDesc columns[] = {{.name = page_key, .typid = 25, .typlen = -1},
                              {.name = id, .typid = 20, .typlen = 8}};
    PGresult *res = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PQsetResultAttrs(res, 2, columns);
    for (int i = 0; i < n; i++) {
        char *text = arena_printf(a, "%d", from - i);
        PQsetvalue(res, i, 0, text, (int)strlen(text));
        PQsetvalue(res, i, 1, text, (int)strlen(text));
    }
    return res;
}

static json_t *answer(struct fake *f, const struct listing *l, PGresult *res)
{
    tap_is_int(listing_answer(&f->r, l, res), OK, "answered");
    PQclear(res);
    return fake_json(f);
}

static void pages(void)
{
    struct fake f;
    struct listing l;
    begin(&f, "2", NULL, NULL);
    f.r.query = "role=admin&cursor=old&limit=2&x=<\">";
    tap_ok(listing_begin(&f.r, "things", &l), "the first page");
    tap_ok(!l.after && str_eq(l.rows, "3"), "asks for one row more");
    json_t *o = answer(&f, &l, rows(3, 9));
    tap_is_int((int)json_array_size(json_object_get(o, "items")), 2,
               "shows two");
    const char *next = json_string_value(json_object_get(o, "next_cursor"));
    tap_is_str(fake_header(&f, "Link"),
               arena_printf(a,
                            "</things?role=admin&limit=2&x=%%3C%%22%%3E&"
                            "cursor=%s>; rel=\"next\"",
                            next),
               "the link keeps the filters and cannot end early");
    next = arena_strdup(a, next);
    json_decref(o);

    begin(&f, "2", next, NULL);
    tap_ok(listing_begin(&f.r, "things", &l), "the second page");
    tap_is_str(l.after, "8", "behind the last row shown");
    o = answer(&f, &l, rows(1, 7));
    tap_ok(!json_object_get(o, "next_cursor") && !fake_header(&f, "Link"),
           "the last page says so");
    json_t *item = json_array_get(json_object_get(o, "items"), 0);
    tap_ok(json_object_size(item) == 1 &&
               json_integer_value(json_object_get(item, "id")) == 7,
           "the sort key is not shown");
    json_decref(o);

    begin(&f, NULL, NULL, NULL);
    tap_ok(listing_begin(&f.r, "things", &l), "no limit");
    tap_is_str(l.rows, "21", "is 20");
    o = answer(&f, &l, rows(0, 0));
    tap_is_int((int)json_array_size(json_object_get(o, "items")), 0, "nothing");
    json_decref(o);

    begin(&f, "2", next, NULL);
    tap_ok(!listing_begin(&f.r, "others", &l), "a cursor of another list");
    tap_is_int(f.r.status, 422, "is a bad field");
}

int main(void)
{
    a = arena_new(16384);
    setenv("JWT_SECRET_KEY", "k1:a9d04b7c61f25e38a9d04b7c61f25e38", 1);
    tap_ok(!conf_init(), "settings");
    pages();
    arena_free(a);
    return tap_done();
}
