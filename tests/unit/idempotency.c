/* The header and what a request asks for, without a database; with one
 * (COMPTOIR_TEST_DB, set by tests/sql) the life of a key. */
#include "web/idempotency.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static enum err none(struct req *r)
{
    (void)r;
    return OK;
}

static const struct field in[] = {
    {.name = "n", .kind = IN_INT}, {.name = "f", .kind = IN_FILE}, {0}};
static const struct route work = {.method = "POST",
                                  .path = "/v1/tasks/{id}",
                                  .handler = none,
                                  .idempotent = true,
                                  .in = in};
static const struct route other = {
    .method = "POST", .path = "/v1/other", .handler = none, .idempotent = true};
static const struct route show = {
    .method = "GET", .path = "/v1/tasks/{id}", .handler = none, .tx = true};

static struct arena *a;

static void ask(struct fake *f, const struct route *route, const char *key)
{
    fake_init(f, a);
    f->r.route = route;
    f->r.method = route->method;
    f->r.params[0] = "7";
    f->r.body = (struct bytes){(const uint8_t *)"{}", 2};
    snprintf(f->r.who.id, sizeof f->r.who.id, "user:1");
    if (key)
        fake_param(f, "HTTP_IDEMPOTENCY_KEY", key);
}

static struct idempotency read_key(struct fake *f)
{
    struct idempotency k;
    tap_ok(idempotency_read(&f->r, &k), "read");
    return k;
}

static void reading(void)
{
    struct fake f;
    struct idempotency k;
    ask(&f, &work, NULL);
    tap_ok(!read_key(&f).hash, "no header: nothing to do");
    ask(&f, &show, "abc");
    tap_ok(!read_key(&f).hash, "a route without: ignored");
    ask(&f, &work, "\"\"");
    tap_ok(!idempotency_read(&f.r, &k) && f.r.status == 422, "no key: 422");
    json_t *o = fake_json(&f);
    json_t *e = json_array_get(json_object_get(o, "errors"), 0);
    tap_is_str(json_string_value(json_array_get(json_object_get(e, "loc"), 1)),
               "Idempotency-Key", "which names the header");
    json_decref(o);
}

static void names(void)
{
    struct fake f, g;
    ask(&f, &work, "abc");
    const struct idempotency first = read_key(&f);
    tap_ok(strlen(first.hash) == 64 && strlen(first.fingerprint) == 64,
           "a hash and a fingerprint");
    ask(&g, &work, "\"abc\"");
    struct idempotency k = read_key(&g);
    tap_is_str(k.hash, first.hash, "in quotes it is the same");
    tap_ok(memcmp(k.seal, first.seal, 32) == 0, "with the same seal");
    ask(&g, &work, "abd");
    tap_ok(!str_eq(read_key(&g).hash, first.hash), "another key");
    ask(&g, &other, "abc");
    tap_ok(!str_eq(read_key(&g).hash, first.hash), "another route");
    ask(&g, &work, "abc");
    snprintf(g.r.who.id, sizeof g.r.who.id, "user:2");
    tap_ok(!str_eq(read_key(&g).hash, first.hash), "another caller");
    ask(&g, &work, "abc");
    setenv("API_KEY_PEPPER", "another pepper of enough characters 1", 1);
    tap_ok(!conf_init() && !str_eq(read_key(&g).hash, first.hash),
           "another pepper");
    unsetenv("API_KEY_PEPPER");
    tap_ok(!conf_init(), "back");
}

static void fingerprints(void)
{
    struct fake f, g;
    const char *values[] = {"5", NULL};
    struct file_part file = {"f", "a.pdf", NULL, {(const uint8_t *)"x", 1}};
    ask(&f, &work, "abc");
    f.r.values = values;
    f.r.files = &file;
    f.r.n_files = 1;
    fake_param(&f, "CONTENT_TYPE", "multipart/form-data; boundary=one");
    const char *want = read_key(&f).fingerprint;
    ask(&g, &work, "abc");
    g.r.values = values;
    g.r.files = &file;
    g.r.n_files = 1;
    fake_param(&g, "CONTENT_TYPE", "multipart/form-data; boundary=two");
    tap_is_str(read_key(&g).fingerprint, want, "the boundary does not count");
    file.data.p = (const uint8_t *)"y";
    tap_ok(!str_eq(read_key(&g).fingerprint, want), "the file does");
    file.data.p = (const uint8_t *)"x";
    values[0] = "6";
    tap_ok(!str_eq(read_key(&g).fingerprint, want), "a field does");
    values[0] = req_null;
    const char *null = read_key(&g).fingerprint;
    values[0] = "null";
    tap_ok(!str_eq(read_key(&g).fingerprint, null), "null is no text");
    values[0] = "5";
    g.r.params[0] = "8";
    tap_ok(!str_eq(read_key(&g).fingerprint, want), "the path does");
    ask(&f, &other, "abc");
    want = read_key(&f).fingerprint;
    f.r.body.n = 1;
    tap_ok(!str_eq(read_key(&f).fingerprint, want),
           "without fields it is the body");
}

/* ---- with a database ---------------------------------------------------- */

static const struct db_query
    expire = {"test_expire",
              "UPDATE public.idempotency SET locked_until = now() - "
              "interval '1 second' WHERE status IS NULL"},
    age = {"test_age", "UPDATE public.idempotency SET created_at = now() - "
                       "interval '25 hours'"},
    shown = {"test_shown", "SELECT count(*) FROM public.idempotency AS i "
                           "WHERE i::text LIKE '%secret%'"},
    purge = {"test_purge", "SELECT public.idempotency_purge(0)"};

static struct db *one, *two;

static enum err find(struct fake *f, struct db *db, struct idempotency *k)
{
    f->r.db = db;
    f->r.status = 0;
    return db_begin(db) || !idempotency_read(&f->r, k)
               ? ERR_INTERNAL
               : idempotency_find(&f->r, k);
}

static void answer(struct fake *f)
{
    req_body(&f->r, 201, "text/plain", "secret words", 12);
}

static void at_once(void)
{
    struct fake f, g;
    struct idempotency k, l;
    ask(&f, &work, "k1");
    ask(&g, &work, "k1");
    tap_is_int(find(&f, one, &k), OK, "the first goes on");
    tap_is_int(find(&g, two, &l), ERR_IDEMPOTENCY_RUNNING, "a second does not");
    tap_is_str(fake_header(&g, "Retry-After"), "1", "and is told when");
    db_rollback(two);
    answer(&f);
    tap_is_int(idempotency_store(&f.r, &k), OK, "stored");
    tap_is_int(db_commit(one), OK, "with the work");
    ask(&g, &work, "k1");
    tap_is_int(find(&g, two, &l), OK, "then it is answered");
    tap_is_int(g.r.status, 201, "with the status");
    tap_is_str((const char *)g.r.answer.p, "secret words", "the words");
    tap_is_str(g.r.type, "text/plain", "and the type");
    tap_is_str(fake_header(&g, "Idempotent-Replayed"), "true", "marked");
    db_rollback(two);
    g.r.params[0] = "9";
    tap_is_int(find(&g, two, &l), ERR_IDEMPOTENCY_MISMATCH, "another request");
    db_rollback(two);
    PGresult *res;
    tap_is_int(db_one(two, a, &shown, 0, NULL, &res), OK, "the table");
    tap_is_str(PQgetvalue(res, 0, 0), "0", "shows nothing of it");
    tap_is_int(db_exec(two, a, &age, 0, NULL), OK, "a day later");
    ask(&g, &work, "k1");
    tap_ok(find(&g, two, &l) == OK && !g.r.status, "it is done again");
    answer(&g);
    tap_is_int(idempotency_store(&g.r, &l), OK, "and stored again");
    tap_is_int(db_commit(two), OK, "over the old one");
}

/* A PDF with its name, and what is larger than may be kept. */
static void bytes(void)
{
    static const uint8_t pdf[] = {'%', 'P', 'D', 'F', 0, 255, '\r', '\n', 0};
    static const uint8_t large[1025] = {1};
    struct fake f, g;
    struct idempotency k, l;
    ask(&f, &work, "k4");
    req_header(&f.r, "Vary", "Origin");
    tap_is_int(find(&f, one, &k), OK, "work that answers bytes");
    req_header(&f.r, "Content-Disposition",
               "attachment; filename=\"full.pdf\"");
    req_header(&f.r, "Location", "/v1/jobs/7");
    req_body(&f.r, 200, "application/pdf", pdf, sizeof pdf);
    tap_is_int(idempotency_store(&f.r, &k), OK, "stored");
    tap_is_int(db_commit(one), OK, "with the work");
    ask(&g, &work, "k4");
    tap_is_int(find(&g, two, &l), OK, "sent again");
    db_rollback(two);
    tap_ok(g.r.answer.n == sizeof pdf &&
               memcmp(g.r.answer.p, pdf, sizeof pdf) == 0,
           "the same bytes");
    tap_is_str(g.r.type, "application/pdf", "their type");
    tap_is_str(fake_header(&g, "Content-Disposition"),
               "attachment; filename=\"full.pdf\"", "their name");
    tap_is_str(fake_header(&g, "Location"), "/v1/jobs/7", "where it is");
    tap_ok(!fake_header(&g, "Vary"), "nothing of the gate's");
    setenv("IDEMPOTENCY_BYTES", "1024", 1);
    tap_ok(!conf_init(), "kept: at most 1024 bytes");
    ask(&f, &work, "k5");
    tap_is_int(find(&f, one, &k), OK, "work with a large answer");
    req_body(&f.r, 200, "application/pdf", large, sizeof large);
    tap_is_int(idempotency_store(&f.r, &k), ERR_IDEMPOTENCY_TOO_LARGE,
               "is refused");
    req_body(&f.r, 200, "application/pdf", large, 1024);
    tap_is_int(idempotency_store(&f.r, &k), OK, "a byte less is kept");
    db_rollback(one);
    unsetenv("IDEMPOTENCY_BYTES");
    tap_ok(!conf_init(), "back");
}

static void long_work(void)
{
    struct fake f, g;
    struct idempotency k, l;
    ask(&f, &work, "k2");
    ask(&g, &work, "k2");
    g.r.id = "request-0002";
    tap_is_int(find(&f, one, &k), OK, "long work");
    tap_is_int(idempotency_open(&f.r, &k), OK, "opens");
    tap_is_int(db_commit(one), OK, "and is seen");
    tap_is_int(find(&g, two, &l), ERR_IDEMPOTENCY_RUNNING, "it runs");
    db_rollback(two);
    tap_is_int(db_exec(two, a, &expire, 0, NULL), OK, "its lease ends");
    tap_ok(find(&g, two, &l) == OK && !g.r.status, "another takes over");
    tap_is_int(idempotency_open(&g.r, &l), OK, "and opens");
    tap_is_int(db_commit(two), OK, "it");
    answer(&f);
    tap_is_int(db_begin(one), OK, "the first comes back");
    tap_is_int(idempotency_close(&f.r, &k), ERR_IDEMPOTENCY_RUNNING,
               "and may not answer");
    db_rollback(one);
    tap_is_int(idempotency_drop(&f.r, &k), OK, "nor drop");
    answer(&g);
    tap_is_int(db_begin(two), OK, "the second");
    tap_is_int(idempotency_close(&g.r, &l), OK, "may");
    tap_is_int(db_commit(two), OK, "commit");
    tap_ok(find(&f, one, &k) == OK && f.r.status == 201, "and is replayed");
    db_rollback(one);
    ask(&f, &work, "k3");
    tap_is_int(find(&f, one, &k), OK, "work that fails");
    tap_is_int(idempotency_open(&f.r, &k), OK, "opens");
    tap_is_int(idempotency_drop(&f.r, &k), OK, "is dropped");
    tap_is_int(db_commit(one), OK, "commit");
    tap_ok(find(&f, one, &k) == OK && !f.r.status, "and may be tried again");
    db_rollback(one);
    PGresult *res;
    tap_is_int(db_one(one, a, &purge, 0, NULL, &res), OK, "purge");
    tap_is_str(PQgetvalue(res, 0, 0), "3", "tells how many");
}

int main(void)
{
    const char *url = getenv("COMPTOIR_TEST_DB");
    a = arena_new(1 << 16);
    tap_ok(!conf_init(), "settings");
    reading();
    names();
    fingerprints();
    if (url) {
        one = db_open(url, "account");
        two = db_open(url, "api");
        tap_is_int(db_exec(one, a, &purge, 0, NULL), OK, "an empty table");
        at_once();
        bytes();
        long_work();
        db_close(one);
        db_close(two);
    }
    arena_free(a);
    return tap_done();
}
