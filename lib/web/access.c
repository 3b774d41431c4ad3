/* The line's members are an allow-list: no header, query or body gets in. */
#include "web/access.h"
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"

enum { LINE_BYTES = 2048, TEXT_BYTES = 256 };

static const char *program_name = "comptoir";
static bool wanted = true;

void access_init(const char *program)
{
    program_name = program;
    wanted = str_eq(conf_str(CONF_LOG_LEVEL), "DEBUG") ||
             str_eq(conf_str(CONF_LOG_LEVEL), "INFO");
}

struct line {
    char p[LINE_BYTES];
    size_t n;
};

static void raw(struct line *l, const char *s, size_t n)
{
    if (l->n + n < sizeof l->p - 2) {
        memcpy(l->p + l->n, s, n);
        l->n += n;
    }
}

/* ,"key":"text" with the text escaped and cut at TEXT_BYTES; no text, no
 * member. Bytes beyond ASCII are written as '?': what comes here is either
 * our own or an address nobody served. */
static void member(struct line *l, const char *key, const char *s)
{
    char out[TEXT_BYTES];
    size_t n = 0;
    if (!s || !*s)
        return;
    for (; *s && n < sizeof out - 2; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            out[n++] = '\\';
        out[n++] = c < 0x20 || c >= 0x7f ? '?' : (char)c;
    }
    raw(l, ",\"", 2);
    raw(l, key, strlen(key));
    raw(l, "\":\"", 3);
    raw(l, out, n);
    raw(l, "\"", 1);
}

static void number(struct line *l, const char *key, int64_t v)
{
    char text[STR_I64_BYTES];
    raw(l, key, strlen(key));
    str_from_i64(text, v);
    raw(l, text, strlen(text));
}

void access_log(const struct req *r, int64_t micros)
{
    if (!wanted)
        return;
    struct line l = {.n = 0};
    char ts[25];
    clock_rfc3339(clock_now_ms(), ts);
    raw(&l, "{\"ts\":\"", 7);
    raw(&l, ts, strlen(ts));
    raw(&l, "\"", 1);
    member(&l, "level", "INFO");
    member(&l, "event", "request");
    member(&l, "program", program_name);
    member(&l, "request_id", r->id);
    member(&l, "trace_id", r->trace);
    member(&l, "principal", r->who.id);
    if (r->who.tenant_id)
        number(&l, ",\"tenant\":", r->who.tenant_id);
    member(&l, "ip", r->ip);
    member(&l, "method", r->method);
    if (r->route)
        member(&l, "route", r->route->path);
    else
        member(&l, "path", r->path);
    number(&l, ",\"status\":", r->status);
    number(&l, ",\"ms\":", micros / 1000);
    const int rest = (int)(micros % 1000);
    raw(&l,
        (const char[]){'.', (char)('0' + rest / 100),
                       (char)('0' + rest / 10 % 10), (char)('0' + rest % 10)},
        4);
    number(&l, ",\"bytes\":", (int64_t)r->answer.n);
    raw(&l, "}\n", 2);
    log_line(l.p, l.n);
}
