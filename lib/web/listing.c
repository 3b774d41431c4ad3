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

enum err listing_refuse(struct req *r, const char *where, const char *field,
                        const char *msg, const char *type)
{
    return req_fail_with(r, ERR_INVALID_FIELD, NULL,
                         json_pack("{s:[{s:[s,s],s:s,s:s}]}", "errors", "loc",
                                   where, field, "msg", msg, "type", type));
}

static bool digits(const char **s, int n, int lo, int hi, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++, (*s)++) {
        if (**s < '0' || **s > '9')
            return false;
        *out = *out * 10 + (**s - '0');
    }
    return *out >= lo && *out <= hi;
}

static bool sign(const char **s, char c)
{
    return *(*s)++ == c;
}

/* "T10:07:26Z", with a fraction or another offset. */
static bool is_time(const char *s)
{
    int v;
    if (!sign(&s, 'T') || !digits(&s, 2, 0, 23, &v) || !sign(&s, ':') ||
        !digits(&s, 2, 0, 59, &v) || !sign(&s, ':') ||
        !digits(&s, 2, 0, 59, &v))
        return false;
    if (*s == '.') {
        const size_t n = strspn(s + 1, "0123456789");
        if (!n || n > 9)
            return false;
        s += n + 1;
    }
    if (str_eq(s, "Z"))
        return true;
    return (*s == '+' || *s == '-') && (s++, digits(&s, 2, 0, 14, &v)) &&
           sign(&s, ':') && digits(&s, 2, 0, 59, &v) && !*s;
}

static bool is_moment(const char *s)
{
    int year, month, day;
    if (!digits(&s, 4, 1970, 9999, &year) || !sign(&s, '-') ||
        !digits(&s, 2, 1, 12, &month) || !sign(&s, '-') ||
        !digits(&s, 2, 1, 31, &day))
        return false;
    int most = clock_month_days(year, month);
    return day <= most && (!*s || is_time(s));
}

bool listing_time(struct req *r, const char *field, const char **out)
{
    *out = req_text(r, field);
    if (!*out || is_moment(*out))
        return true;
    listing_refuse(r, "query", field,
                   "must be a day or a time as RFC 3339 has it", "not_a_time");
    return false;
}

bool listing_begin(struct req *r, const char *name, struct listing *l)
{
    const char *cursor = req_text(r, "cursor");
    *l = (struct listing){.name = name, .limit = req_int(r, "limit")};
    l->rows = arena_printf(r->arena, "%lld", (long long)l->limit + 1);
    if (!cursor)
        return true;
    l->after = cursor_open(r->arena, name, cursor);
    if (!l->after)
        listing_refuse(r, "query", "cursor",
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
