/* The calls that backups and documents need, over s3_http.c. */
#include "wire/s3.h"
#include <jansson.h>
#include <string.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "wire/s3_http.h"
#include "base/banned.h"

enum {
    ERROR_BYTES = 64 * 1024,
    PAGE_BYTES = 4 * 1024 * 1024,
    META_MAX = 16,
    FIXED = 5, /* headers of a PUT besides its metadata */
    BUCKET_MAX = 63
};
#define META "x-amz-meta-"

static struct {
    struct arena *memory;
    struct s3_site site;
    bool ready;
} store;

/* ---- start -----------------------------------------------------------------
 */

static bool is_bucket(const char *s)
{
    const size_t n = strlen(s);
    return n >= 3 && n <= BUCKET_MAX && *s != '-' && *s != '.' &&
           strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-") == n;
}

/* "https://host[:port]"; plain HTTP only to this machine, or in dev. */
static const char *check_endpoint(const char *url)
{
    static const char *const local[] = {"http://127.0.0.1", "http://localhost",
                                        "http://[::1]"};
    const bool tls = str_starts(url, "https://");
    bool here = str_eq(conf_str(CONF_ENV), "dev");
    for (size_t i = 0; i < ARRAY_LEN(local); i++) {
        const size_t n = strlen(local[i]);
        here = here || (str_starts(url, local[i]) && strchr(":", url[n]));
    }
    if (!tls && !str_starts(url, "http://"))
        return "DO_SPACES_ENDPOINT must begin with https://.";
    const char *host = url + (tls ? 8 : 7);
    if (!*host || strpbrk(host, "/?#@ \t\r\n"))
        return "DO_SPACES_ENDPOINT holds a host and a port only, without a "
               "path.";
    if (!tls && !here)
        return "DO_SPACES_ENDPOINT must be https; http only reaches this "
               "machine.";
    return NULL;
}

static void take_site(void)
{
    const char *url = conf_str(CONF_DO_SPACES_ENDPOINT);
    struct s3_site *s = &store.site;
    const char *host = strstr(url, "://") + 3;
    *s = (struct s3_site){
        .base = url,
        .host = host,
        .bucket = conf_str(CONF_DO_SPACES_BUCKET),
        .path_style = str_eq(conf_str(CONF_DO_SPACES_ADDRESSING), "path"),
        .keys = {conf_str(CONF_DO_SPACES_KEY), conf_str(CONF_DO_SPACES_SECRET),
                 conf_str(CONF_DO_SPACES_REGION)},
        .still_s = conf_int(CONF_DO_SPACES_TIMEOUT_S)};
    if (s->path_style)
        return;
    s->host = arena_printf(store.memory, "%s.%s", s->bucket, host);
    s->base =
        arena_printf(store.memory, "%.*s%s", (int)(host - url), url, s->host);
}

const char *s3_init(void)
{
    static const enum conf_key keys[] = {
        CONF_DO_SPACES_KEY, CONF_DO_SPACES_SECRET, CONF_DO_SPACES_REGION,
        CONF_DO_SPACES_ENDPOINT, CONF_DO_SPACES_BUCKET};
    size_t given = 0;
    if (!store.memory)
        store.memory = arena_new(512);
    arena_reset(store.memory);
    store.ready = false;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        given += *conf_str(keys[i]) != '\0';
    if (given == 0)
        return NULL;
    if (given < ARRAY_LEN(keys))
        return "The S3 store needs all of DO_SPACES_KEY, DO_SPACES_SECRET, "
               "DO_SPACES_REGION, DO_SPACES_ENDPOINT and DO_SPACES_BUCKET.";
    const char *bad = check_endpoint(conf_str(CONF_DO_SPACES_ENDPOINT));
    if (bad)
        return bad;
    if (!is_bucket(conf_str(CONF_DO_SPACES_BUCKET)))
        return "DO_SPACES_BUCKET must be 3 to 63 of a-z 0-9 . and -.";
    const char *how = conf_str(CONF_DO_SPACES_ADDRESSING);
    if (!str_eq(how, "path") && !str_eq(how, "virtual"))
        return "DO_SPACES_ADDRESSING must be path or virtual.";
    take_site();
    store.ready = true;
    return NULL;
}

bool s3_ready(void)
{
    return store.ready;
}

void s3_within(int64_t ms)
{
    store.site.within_ms = ms;
}

/* ---- outcomes --------------------------------------------------------------
 */

static enum err outcome(const struct s3_call *c, struct s3_why *why)
{
    *why = (struct s3_why){.status = c->status,
                           .code = c->fault ? c->fault : c->code,
                           .message = c->message,
                           .tries = c->tries};
    if (c->status >= 200 && c->status < 300)
        return OK;
    if (c->status == 404 && !str_eq(c->code, "NoSuchBucket"))
        return ERR_NOT_FOUND;
    return c->status == 412 ? ERR_CONFLICT : ERR_UNAVAILABLE;
}

static enum err one(struct arena *a, struct s3_call *c, struct s3_why *why)
{
    s3_http_run(a, &store.site, c, 1);
    return outcome(c, why);
}

/* ---- reading ---------------------------------------------------------------
 */

enum err s3_head(struct arena *a, const char *key, struct s3_head *out,
                 struct s3_why *why)
{
    struct s3_call c = {.method = "HEAD", .key = key};
    const enum err e = one(a, &c, why);
    *out = (struct s3_head){.size = -1, .sha256 = ""};
    if (e)
        return e;
    out->meta = ARENA_ARRAY(a, c.n_got + 1, struct sigv4_pair);
    for (size_t i = 0; i < c.n_got; i++)
        if (str_starts(c.got[i].name, META))
            out->meta[out->n_meta++] = (struct sigv4_pair){
                c.got[i].name + strlen(META), c.got[i].value};
    const char *sha = s3_http_header(&c, META "sha256");
    const char *size = s3_http_header(&c, "content-length");
    if (sha)
        out->sha256 = sha;
    if (!size || !str_to_i64(size, &out->size))
        out->size = -1;
    return OK;
}

enum err s3_get(struct arena *a, const char *key, size_t max, struct bytes *out,
                struct s3_why *why)
{
    struct s3_call c = {.method = "GET",
                        .key = key,
                        .answer_max = max > ERROR_BYTES ? max : ERROR_BYTES};
    const enum err e = one(a, &c, why);
    *out = c.answer;
    return !e && c.answer.n > max ? ERR_TOO_LARGE : e;
}

enum err s3_list(struct arena *a, const char *prefix, const char *token,
                 struct s3_page *out, struct s3_why *why)
{
    struct sigv4_pair query[3] = {{"list-type", "2"}, {"prefix", prefix}};
    struct s3_call c = {.method = "GET",
                        .key = "",
                        .query = query,
                        .n_query = 2,
                        .answer_max = PAGE_BYTES};
    if (token)
        query[c.n_query++] = (struct sigv4_pair){"continuation-token", token};
    enum err e = one(a, &c, why);
    if (!e && !s3_xml_list(a, c.answer, out)) {
        why->code = "MalformedList";
        e = ERR_UNAVAILABLE;
    }
    return e;
}

enum err s3_probe(struct arena *a)
{
    const struct sigv4_pair query[] = {{"list-type", "2"}, {"max-keys", "1"}};
    struct s3_call c = {.method = "GET",
                        .key = "",
                        .query = query,
                        .n_query = 2,
                        .answer_max = ERROR_BYTES};
    struct s3_why why;
    const int64_t began = clock_mono_us();
    const enum err e = one(a, &c, &why);
    if (!e) {
        log_info("spaces_probe_ok", "{s:s,s:s,s:I}", "bucket",
                 store.site.bucket, "host", store.site.host, "ms",
                 (json_int_t)((clock_mono_us() - began) / 1000));
        return OK;
    }
    log_warning("spaces_probe_failed", "{s:s,s:s,s:i,s:s,s:s,s:i}", "bucket",
                store.site.bucket, "host", store.site.host, "status",
                why.status, "code", why.code, "message", why.message, "tries",
                why.tries);
    return ERR_UNAVAILABLE;
}

/* ---- writing ---------------------------------------------------------------
 */

/* The last header is the condition, so that a call without it is one less. */
static bool fill_put(struct arena *a, const struct s3_object *o,
                     struct s3_call *c)
{
    if (o->n_meta > META_MAX)
        return false;
    struct sigv4_pair *h =
        ARENA_ARRAY(a, (size_t)FIXED + META_MAX, struct sigv4_pair);
    size_t n = 0;
    h[n++] = (struct sigv4_pair){"content-type", o->type};
    h[n++] = (struct sigv4_pair){"x-amz-acl", "private"};
    h[n++] = (struct sigv4_pair){"x-amz-server-side-encryption", "AES256"};
    h[n++] = (struct sigv4_pair){META "sha256", o->sha256};
    for (size_t i = 0; i < o->n_meta; i++)
        h[n++] = (struct sigv4_pair){
            arena_printf(a, META "%s", o->meta[i].name), o->meta[i].value};
    h[n++] = (struct sigv4_pair){"if-none-match", "*"};
    *c = (struct s3_call){.method = "PUT",
                          .key = o->key,
                          .headers = h,
                          .n_headers = n,
                          .body = o->body,
                          .body_sha256 = o->sha256,
                          .answer_max = ERROR_BYTES};
    return true;
}

/* There already: ours from a try whose answer was lost, or another's? */
static enum err compare(struct arena *a, const struct s3_object *o,
                        struct s3_why *why)
{
    struct s3_head h;
    const enum err e = s3_head(a, o->key, &h, why);
    if (e)
        return e;
    return str_eq(h.sha256, o->sha256) && h.size == (int64_t)o->body.n
               ? OK
               : ERR_CONFLICT;
}

/* A server that does not know the condition is asked what is there first. */
static enum err put_unconditionally(struct arena *a, const struct s3_object *o,
                                    struct s3_call *c, struct s3_why *why)
{
    enum err e = compare(a, o, why);
    if (e != ERR_NOT_FOUND)
        return e;
    c->n_headers--;
    c->tries = 0;
    e = one(a, c, why);
    return e;
}

static bool condition_unknown(const struct s3_call *c)
{
    return c->status == 501 ||
           (c->status == 400 && (str_eq(c->code, "NotImplemented") ||
                                 str_eq(c->code, "InvalidArgument")));
}

static enum err settle(struct arena *a, const struct s3_object *o,
                       struct s3_call *c, struct s3_why *why)
{
    const enum err e = outcome(c, why);
    if (e == ERR_CONFLICT)
        return compare(a, o, why);
    if (condition_unknown(c))
        return put_unconditionally(a, o, c, why);
    return e == ERR_NOT_FOUND ? ERR_UNAVAILABLE : e;
}

enum err s3_put(struct arena *a, const struct s3_object *objects, size_t n,
                struct s3_why *why)
{
    struct s3_call *calls = ARENA_ARRAY(a, n, struct s3_call);
    enum err first = OK;
    *why = (struct s3_why){.code = "", .message = ""};
    for (size_t i = 0; i < n; i++)
        if (!fill_put(a, &objects[i], &calls[i]))
            return ERR_INTERNAL;
    s3_http_run(a, &store.site, calls, n);
    for (size_t i = 0; i < n; i++) {
        struct s3_why now;
        const enum err e = settle(a, &objects[i], &calls[i], &now);
        if (e && !first) {
            first = e;
            *why = now;
        }
    }
    return first;
}

/* ---- deleting --------------------------------------------------------------
 */

enum err s3_delete(struct arena *a, const char *const *keys, size_t n,
                   struct s3_why *why)
{
    struct s3_call *calls = ARENA_ARRAY(a, n, struct s3_call);
    enum err first = OK;
    *why = (struct s3_why){.code = "", .message = ""};
    for (size_t i = 0; i < n; i++)
        calls[i] = (struct s3_call){
            .method = "DELETE", .key = keys[i], .answer_max = ERROR_BYTES};
    s3_http_run(a, &store.site, calls, n);
    for (size_t i = 0; i < n; i++) {
        struct s3_why now;
        const enum err e = outcome(&calls[i], &now);
        if (e && e != ERR_NOT_FOUND && !first) {
            first = ERR_UNAVAILABLE;
            *why = now;
        }
    }
    return first;
}
