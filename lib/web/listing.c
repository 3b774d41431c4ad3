/* One row more than the page holds is read: whether there is a next page needs
 * no second statement. */
#include "web/listing.h"
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "domain/row.h"
#include "web/cursor.h"

enum { LINK_BYTES = 4096 };

bool listing_begin(struct req *r, const char *name, struct listing *l)
{
    const char *cursor = req_text(r, "cursor");
    *l = (struct listing){.name = name, .limit = req_int(r, "limit")};
    l->rows = arena_printf(r->arena, "%lld", (long long)l->limit + 1);
    if (!cursor)
        return true;
    l->after = cursor_open(r->arena, name, cursor);
    if (!l->after)
        req_fail_at(r, "query", "cursor",
                    "must be the next_cursor of this list", "bad_cursor");
    return l->after != NULL;
}

/* The query as it came but for its cursor; nothing that could end the
 * header's <>. */
static void put_query(struct buf *b, const char *query)
{
    static const char safe[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        "-._~%=+:@!$'()*,;/?";
    while (*query) {
        const size_t n = strcspn(query, "&");
        if (n && !str_starts(query, "cursor=")) {
            for (size_t i = 0; i < n; i++)
                if (strchr(safe, query[i]))
                    buf_char(b, query[i]);
                else
                    buf_printf(b, "%%%02X", (unsigned char)query[i]);
            buf_char(b, '&');
        }
        query += n + (query[n] == '&');
    }
}

static const char *next_link(struct req *r, const char *cursor)
{
    struct buf b;
    buf_init(&b, r->arena, LINK_BYTES);
    buf_printf(&b, "<%s?", r->route->path);
    put_query(&b, r->query);
    buf_printf(&b, "cursor=%s>; rel=\"next\"", cursor);
    return buf_ok(&b) ? buf_cstr(&b) : NULL;
}

static int key_column(const PGresult *rows)
{
    const int own = PQfnumber(rows, "page_key");
    return own < 0 ? PQfnumber(rows, "id") : own;
}

enum err listing_answer(struct req *r, const struct listing *l,
                        const PGresult *rows)
{
    const int all = PQntuples(rows), key = key_column(rows);
    const int n = all > l->limit ? (int)l->limit : all;
    json_t *items = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(items, row_to_json(rows, i));
    json_t *o = json_pack("{s:o}", "items", items);
    const char *cursor =
        all > n && n > 0
            ? cursor_make(r->arena, l->name, PQgetvalue(rows, n - 1, key))
            : NULL;
    if (cursor) {
        json_object_set_new(o, "next_cursor", json_string(cursor));
        const char *link = next_link(r, cursor);
        if (link)
            req_header(r, "Link", link);
    }
    return req_json(r, 200, o);
}
