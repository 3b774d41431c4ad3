/* Reading parameters and keeping the answer; the error shape is made here
 * and nowhere else. */
#include "web/req.h"
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"

const char req_null[] = "null"; /* told by its address alone */

static const char problem_type[] = "application/problem+json";

const char *req_param(const struct req *r, const char *cgi_name)
{
    size_t n = strlen(cgi_name);
    for (char *const *e = r->env; e && *e; e++)
        if (strncmp(*e, cgi_name, n) == 0 && (*e)[n] == '=')
            return *e + n + 1;
    return NULL;
}

static size_t row_of(const struct req *r, const char *name)
{
    const struct field *in = r->route ? r->route->in : NULL;
    for (size_t i = 0; in && in[i].name; i++)
        if (str_eq(in[i].name, name))
            return i;
    assert(!"field is not in the route's table");
    return 0;
}

const char *req_text(const struct req *r, const char *field)
{
    size_t i = row_of(r, field);
    const char *s = r->values ? r->values[i] : NULL;
    if (s == req_null)
        return NULL;
    return s ? s : r->route->in[i].fallback;
}

bool req_has(const struct req *r, const char *field)
{
    const size_t i = row_of(r, field);
    return r->values && r->values[i] && r->values[i] != req_null;
}

bool req_is_null(const struct req *r, const char *field)
{
    const size_t i = row_of(r, field);
    return r->values && r->values[i] == req_null;
}

const char *const *req_texts(const struct req *r, const char *field, size_t *n)
{
    const char *s = req_text(r, field);
    const char **list = ARENA_ARRAY(r->arena, REQ_TEXTS, const char *);
    *n = s && *s ? str_split(r->arena, s, ' ', list, REQ_TEXTS) : 0;
    return list;
}

bool req_is_french(const struct req *r)
{
    const char *s = req_param(r, "HTTP_ACCEPT_LANGUAGE");
    return s && strncasecmp(s, "fr", 2) == 0 && !isalpha((unsigned char)s[2]);
}

int64_t req_int(const struct req *r, const char *field)
{
    int64_t v = 0;
    const char *s = req_text(r, field);
    bool ok = s && str_to_i64(s, &v);
    return ok ? v : 0;
}

bool req_bool(const struct req *r, const char *field)
{
    const char *s = req_text(r, field);
    return s && (strchr("1tTyY", *s) || strcasecmp(s, "on") == 0);
}

int64_t req_milli(const struct req *r, const char *field)
{
    const char *s = req_text(r, field);
    const char *dot = s ? strchr(s, '.') : NULL;
    int64_t v = 0;
    /* Decimals after the third were checked when read; they are cut here. */
    if (dot && strlen(dot) > 4)
        s = arena_strndup(r->arena, s, (size_t)(dot - s) + 4);
    bool ok = s && str_to_scaled(s, 3, &v);
    return ok ? v : 0;
}

enum err req_id(const struct req *r, size_t i, const char **id)
{
    int64_t v;
    const char *s = r->params[i];
    if (!s || *s < '1' || *s > '9' || !str_to_i64(s, &v))
        return ERR_NOT_FOUND;
    *id = s;
    return OK;
}

/* True when the parameters after a media range hold q=0. */
static bool refused_by_q(const char *s, const char *end)
{
    for (const char *p = s; p + 3 <= end; p++)
        if ((*p == 'q' || *p == 'Q') && p[1] == '=' && p[2] == '0') {
            size_t n = strspn(p + 2, "0.");
            return p[2 + n] < '1' || p[2 + n] > '9';
        }
    return false;
}

bool req_accepts(const struct req *r, const char *media_type)
{
    const char *s = req_param(r, "HTTP_ACCEPT");
    size_t n = strlen(media_type);
    while (s && *s) {
        s += strspn(s, " \t,");
        const char *end = s + strcspn(s, ",");
        size_t len = strcspn(s, " \t,;");
        if (len == n && strncasecmp(s, media_type, n) == 0)
            return !refused_by_q(s + len, end);
        s = end;
    }
    return false;
}

void req_header(struct req *r, const char *name, const char *value)
{
    assert(r->n_headers < REQ_HEADERS);
    r->headers[r->n_headers++] = (struct req_header){name, value};
}

enum err req_body(struct req *r, int status, const char *type, const void *p,
                  size_t n)
{
    r->status = status;
    r->type = type;
    r->answer = (struct bytes){p, n};
    return OK;
}

static enum err answer_json(struct req *r, int status, const char *type,
                            json_t *root)
{
    /* 15 digits print a decimal fraction as it was written */
    char *s = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(root);
    if (!s) {
        log_event(LOG_ERROR, "answer_not_json", NULL);
        return req_body(r, 500, type, "{}", 2);
    }
    arena_defer(r->arena, free, s);
    return req_body(r, status, type, s, strlen(s));
}

enum err req_json(struct req *r, int status, json_t *root)
{
    return answer_json(r, status, "application/json", root);
}

/* RFC 9457 section 3.1; quota and overload have registered types. */
static void add_problem_members(struct req *r, json_t *o, enum err e)
{
    const char *type =
        arena_printf(r->arena, "urn:comptoir:error:%s", err_code(e));
    if (e == ERR_RATE_LIMITED)
        type = "https://iana.org/assignments/http-problem-types"
               "#quota-exceeded";
    if (e == ERR_OVERLOADED)
        type = "https://iana.org/assignments/http-problem-types"
               "#temporary-reduced-capacity";
    json_object_set_new(o, "type", json_string(type));
    json_object_set_new(o, "title", json_string(err_message(e)));
    json_object_set_new(o, "status", json_integer(err_status(e)));
    json_object_set_new(
        o, "instance",
        json_string(arena_printf(r->arena, "urn:comptoir:request:%s", r->id)));
}

static void log_failure(const struct req *r, enum err e, const char *detail)
{
    int status = err_status(e);
    enum log_level level = status >= 500 ? LOG_ERROR : LOG_INFO;
    log_event(level, "request_failed", "{s:s,s:i,s:s,s:s*}", "code",
              err_code(e), "status", status, "route",
              r->route ? r->route->path : "", "detail", detail);
}

enum err req_fail_with(struct req *r, enum err e, const char *log_detail,
                       json_t *extra)
{
    if (log_detail || err_status(e) >= 500)
        log_failure(r, e, log_detail);
    bool problem = req_accepts(r, problem_type);
    /* 000's paths carry the sentence where the others carry the code */
    const bool sentence = str_starts(r->path, "/api/v1/");
    const char *text = req_is_french(r) ? err_french(e) : err_message(e);
    json_t *o =
        json_pack("{s:s}", "error", sentence ? err_french(e) : err_code(e));
    json_t *rest = json_pack("{s:s,s:s,s:s,s:i,s:s}", "code", err_code(e),
                             "message", text, "detail", text, "status_code",
                             err_status(e), "request_id", r->id);
    json_object_update(o, extra); /* first: the 429's order is a promise */
    json_object_update_missing(o, rest);
    json_decref(extra);
    json_decref(rest);
    if (problem)
        add_problem_members(r, o, e);
    if (err_status(e) == 401)
        req_header(r, "WWW-Authenticate",
                   "Bearer realm=\"comptoir\", ApiKey realm=\"comptoir\"");
    if (err_status(e) == 503)
        req_header(r, "Retry-After", "1");
    return answer_json(r, err_status(e),
                       problem ? problem_type : "application/json", o);
}

enum err req_fail(struct req *r, enum err e, const char *log_detail)
{
    return req_fail_with(r, e, log_detail, NULL);
}

enum err req_fail_why(struct req *r, enum err e, json_t *extra, const char *why,
                      const char *why_french)
{
    const char *text = req_is_french(r) ? why_french : why;
    json_t *o = extra ? extra : json_object();
    json_object_set_new(o, "message", json_string(text));
    json_object_set_new(o, "detail", json_string(text));
    return req_fail_with(r, e, NULL, o);
}

enum err req_fail_at(struct req *r, const char *where, const char *field,
                     const char *msg, const char *type)
{
    return req_fail_with(r, ERR_INVALID_FIELD, NULL,
                         json_pack("{s:[{s:[s,s],s:s,s:s}]}", "errors", "loc",
                                   where, field, "msg", msg, "type", type));
}

enum err req_fail_field(struct req *r, const char *field, const char *msg,
                        const char *type)
{
    return req_fail_at(r, "body", field, msg, type);
}
