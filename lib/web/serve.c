/* One process, one request at a time. A busy process that gets TERM finishes
 * its request and ends, an idle one ends at once. */
#include "web/serve.h"
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/audit.h"
#include "store/cache.h"
#include "version.h"
#include "web/access.h"
#include "web/cors.h"
#include "web/gate.h"
#include "web/gate_license.h"
#include "web/input.h"
#include "web/limit.h"
#include "web/metrics.h"
#include "web/serve_print.h"
#include "web/transact.h"
#include "wire/seal.h"
#include "wire/token.h"

enum {
    ARENA_BYTES = 32768,
    HEADER_BYTES = 16384,
    FRAME_BYTES = 65536, /* room for multipart headers and fields */
    PATH_BYTES = 2048
};

static struct db *db; /* this process's one connection, or NULL */

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } rows[] = {{200, "OK"},
                {201, "Created"},
                {202, "Accepted"},
                {204, "No Content"},
                {400, "Bad Request"},
                {401, "Unauthorized"},
                {402, "Payment Required"},
                {403, "Forbidden"},
                {404, "Not Found"},
                {405, "Method Not Allowed"},
                {409, "Conflict"},
                {411, "Length Required"},
                {412, "Precondition Failed"},
                {413, "Content Too Large"},
                {414, "URI Too Long"},
                {415, "Unsupported Media Type"},
                {422, "Unprocessable Content"},
                {429, "Too Many Requests"},
                {500, "Internal Server Error"},
                {503, "Service Unavailable"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].status == status)
            return rows[i].text;
    return "Status";
}

/* A header value must not be able to end its line. */
static bool value_ok(const char *s)
{
    return !strpbrk(s, "\r\n");
}

static void put_header(struct buf *b, const char *name, const char *value)
{
    buf_str(b, name);
    buf_str(b, value);
    buf_add(b, "\r\n", 2);
}

static void send_answer(struct req *r, FCGX_Stream *out)
{
    struct buf b;
    buf_init(&b, r->arena, HEADER_BYTES);
    char number[STR_I64_BYTES];
    buf_str(&b, "Status: ");
    buf_i64(&b, r->status);
    buf_char(&b, ' ');
    put_header(&b, "", reason(r->status));
    if (r->type)
        put_header(&b, "Content-Type: ", r->type);
    if (r->status != 204)
        put_header(
            &b, "Content-Length: ", str_from_i64(number, (int64_t)r->answer.n));
    put_header(&b, "Cache-Control: ", "no-store");
    for (size_t i = 0; i < r->n_headers; i++)
        if (value_ok(r->headers[i].value)) {
            buf_str(&b, r->headers[i].name);
            put_header(&b, ": ", r->headers[i].value);
        }
    buf_str(&b, "\r\n");
    FCGX_PutStr(b.p, (int)b.n, out);
    if (r->answer.n && !str_eq(r->method, "HEAD"))
        FCGX_PutStr((const char *)r->answer.p, (int)r->answer.n, out);
}

/* [A-Za-z0-9._-]{8,64}, as nginx checks too; else one of our own. */
static const char *request_id(struct req *r)
{
    static const char clean[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789._-";
    const char *s = req_param(r, "REQUEST_ID");
    size_t n = s ? strlen(s) : 0;
    if (n >= 8 && n <= 64 && strspn(s, clean) == n)
        return s;
    unsigned char random[16];
    encode_random(random, sizeof random);
    return encode_hex(r->arena, random, sizeof random);
}

/* W3C trace context: 00-<32 hex>-<16 hex>-<2 hex>, ids not all zero. */
static const char *trace_id(struct req *r)
{
    static const char hex[] = "0123456789abcdef";
    const char *s = req_param(r, "HTTP_TRACEPARENT");
    if (!s || strlen(s) != 55 || !str_starts(s, "00-") ||
        strspn(s + 3, hex) != 32 || s[35] != '-' || strspn(s + 36, hex) != 16 ||
        s[52] != '-' || strspn(s + 53, hex) != 2)
        return NULL;
    if (strspn(s + 3, "0") == 32 || strspn(s + 36, "0") == 16)
        return NULL;
    return arena_strndup(r->arena, s + 3, 32);
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static const char *decoded_path(const struct req *r)
{
    const char *s = req_param(r, "DOCUMENT_URI");
    return or_empty(s ? s : req_param(r, "SCRIPT_NAME"));
}

static void fill(struct req *r)
{
    r->method = or_empty(req_param(r, "REQUEST_METHOD"));
    r->path = decoded_path(r);
    r->query = or_empty(req_param(r, "QUERY_STRING"));
    r->ip = or_empty(req_param(r, "REMOTE_ADDR"));
    r->id = request_id(r);
    r->trace = trace_id(r);
}

/* Bodies packed by the client are refused: unpacking has no honest limit. */
static bool has_encoding(const struct req *r)
{
    const char *s = req_param(r, "HTTP_CONTENT_ENCODING");
    return s && *s && !str_eq(s, "identity");
}

/* A key, token or licence was sent, and is not good. */
static enum err count_refused(enum err e)
{
    if (e && e != ERR_UNAUTHORIZED && err_status(e) == 401)
        metrics_add(METRIC_keys_refused, 1);
    return e;
}

/* Everything before the handler. Not OK: the error to answer with. */
static enum err pass_gate(struct req *r, const struct route_match *m)
{
    if (strlen(r->path) > PATH_BYTES)
        return ERR_URI_TOO_LONG;
    if (has_encoding(r))
        return ERR_UNSUPPORTED_MEDIA;
    if (!m->route && !m->allow)
        return ERR_NOT_FOUND;
    if (!m->route) {
        req_header(r, "Allow", m->allow);
        return ERR_METHOD_NOT_ALLOWED;
    }
    if (!r->route->handler)
        return ERR_NOT_FOUND;
    limit_refresh(r); /* before the gate asks the database ahead */
    enum err e = count_refused(gate_identify(r));
    log_context(r->id, r->who.id, r->ip);
    log_tenant(r->who.tenant_id);
    return e;
}

/* The whole body into the arena, as long as the route takes one. */
static enum err read_body(struct req *r, FCGX_Stream *in)
{
    int64_t n, most = r->route->body_limit;
    const char *length = or_empty(req_param(r, "CONTENT_LENGTH"));
    if (most == 0)
        return OK;
    if (most < 0)
        most = conf_int(CONF_MAX_CONTENT_LENGTH) + FRAME_BYTES;
    if (!*length)
        return r->route->takes ? OK : ERR_LENGTH_REQUIRED;
    if (!str_to_i64(length, &n) || n < 0)
        return ERR_BAD_REQUEST;
    if (n > most)
        return ERR_TOO_LARGE;
    char *p = arena_alloc(r->arena, (size_t)n + 1);
    if (FCGX_GetStr(p, (int)n, in) != (int)n)
        return ERR_BAD_REQUEST;
    r->body = (struct bytes){(const uint8_t *)p, (size_t)n};
    return OK;
}

static enum err handle(struct req *r, FCGX_Stream *in)
{
    json_t *errors = NULL;
    if (!limit_pass(r))
        return OK;
    enum err e = count_refused(gate_confirm(r));
    if (!e)
        e = read_body(r, in);
    if (!e && r->route->in)
        e = input_read(r, &errors);
    if (errors)
        return req_fail_with(r, e, NULL, json_pack("{s:o}", "errors", errors));
    if (e)
        return e;
    return r->route->tx ? transact_run(r) : r->route->handler(r);
}

static void answer(struct req *r, const struct route_match *m, FCGX_Stream *in)
{
    cors_headers(r);
    enum err e = gate_check_host(r);
    if (!e && m->allow && str_eq(r->method, "OPTIONS")) {
        cors_preflight(r, m->allow);
        return;
    }
    if (!e)
        e = pass_gate(r, m);
    if (!e)
        e = handle(r, in);
    if (e)
        req_fail(r, e, NULL);
    else if (!r->status)
        req_fail(r, ERR_INTERNAL, "handler gave no answer");
}

/* nginx is still writing while a refusal is ready: what it sends is read
 * and forgotten, or it would see a broken pipe instead of our answer. */
static void drain(FCGX_Stream *in)
{
    char trash[8192];
    while (FCGX_GetStr(trash, sizeof trash, in) == (int)sizeof trash)
        ;
}

/* libfcgi would wait until nginx has closed its end, so that what nginx still
 * sends cannot cost it our answer: two more calls and a sleep a request. All
 * of it is read by now (drain), so ours is closed at once, as libfcgi does
 * for a connection that is detached. */
static void close_connection(FCGX_Request *q)
{
    FCGX_Detach(q);
    FCGX_Finish_r(q);
}

/* What layers below counted themselves since the last time. */
static void count_below(void)
{
    static uint64_t failures, events;
    metrics_add(METRIC_db_errors, db_failures() - failures);
    metrics_add(METRIC_audit_events, audit_noted() - events);
    failures = db_failures();
    events = audit_noted();
}

static void serve_one(struct arena *a, FCGX_Request *q, const struct family *f)
{
    int64_t start = clock_mono_us();
    struct req r = {.arena = a, .env = q->envp, .db = db};
    struct route_match m;
    fill(&r);
    if (db)
        db_patience(db, conf_int(CONF_DATABASE_WAIT_MS));
    log_context(r.id, NULL, r.ip);
    route_match(a, f->groups, r.method, r.path, &m);
    metrics_begin(m.index, r.id);
    r.route = m.route;
    memcpy(r.params, m.params, sizeof r.params);
    answer(&r, &m, q->in);
    drain(q->in);
    send_answer(&r, q->out);
    int64_t micros = clock_mono_us() - start;
    gate_license_log(&r);
    access_log(&r, micros); /* before Finish: it frees the parameters */
    close_connection(q);
    count_below();
    metrics_end(m.index, r.status, micros);
    gate_license_note(&r);
    if (r.after)
        r.after(&r);
    log_context(NULL, NULL, NULL);
}

/* Large bodies go back to the system when their request ends: glibc would
 * otherwise learn to keep them. */
static void tame_malloc(void)
{
    mallopt(M_MMAP_THRESHOLD, 131072);
    mallopt(M_TRIM_THRESHOLD, 131072);
}

/* The listening socket and TERM, as one thing to wait for. libfcgi's own way,
 * a handler that interrupts whatever goes on, now and then loses a request:
 * one that is accepted and not yet read when the signal comes. So TERM stays
 * blocked and is only looked at between requests. */
static int open_callers(void)
{
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    int ends = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
    int callers = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event end = {.events = EPOLLIN, .data.fd = ends};
    struct epoll_event call = {.events = EPOLLIN | EPOLLEXCLUSIVE};
    int flags = fcntl(STDIN_FILENO, F_GETFL);
    if (flags < 0 || fcntl(STDIN_FILENO, F_SETFL, flags | O_NONBLOCK) < 0 ||
        epoll_ctl(callers, EPOLL_CTL_ADD, ends, &end) < 0 ||
        epoll_ctl(callers, EPOLL_CTL_ADD, STDIN_FILENO, &call) < 0)
        return -1;
    return callers;
}

/* True when a caller may be there, false when told to end. */
static bool wait_for_caller(int callers)
{
    struct epoll_event found[2];
    int n;
    do
        n = epoll_wait(callers, found, 2, -1);
    while (n < 0 && errno == EINTR);
    for (int i = 0; i < n; i++)
        if (found[i].data.fd != STDIN_FILENO)
            return false;
    return n > 0;
}

/* TERM is blocked, so it stays pending until somebody looks. */
bool serve_is_ending(void)
{
    sigset_t waiting;
    return sigpending(&waiting) == 0 && sigismember(&waiting, SIGTERM) == 1;
}

/* Serves until told to end. Who is waiting already is taken without asking
 * the system first whether somebody waits: under load that is one call less
 * a request. */
static int serve_all(struct arena *a, FCGX_Request *q, int callers,
                     const struct family *f)
{
    while (!serve_is_ending()) {
        const int result = FCGX_Accept_r(q);
        if (result == -EAGAIN) { /* nobody, or another process was faster */
            if (!wait_for_caller(callers))
                return 0;
            continue;
        }
        if (result < 0)
            return 1;
        serve_one(a, q, f);
        arena_reset(a);
    }
    return 0;
}

static int run(const struct family *f)
{
    static char program[64]; /* the log keeps the pointer */
    snprintf(program, sizeof program, "comptoir-%s", f->name);
    log_init(program);
    access_init(program);
    gate_init();
    metrics_init(f->name, f->groups);
    const char *bad = token_init();
    if (!bad)
        bad = seal_init();
    if (!bad)
        bad = gate_license_init();
    if (!bad)
        bad = limit_init();
    if (bad) {
        log_event(LOG_ERROR, "start_refused", "{s:s}", "reason", bad);
        return 78;
    }
    cache_connect(limit_cache());
    if (*conf_str(CONF_DATABASE_URL) && f->role)
        db = db_open(conf_str(CONF_DATABASE_URL), f->role);
    if (f->init && !f->init(db))
        return 1;
    FCGX_Request q;
    int callers = open_callers();
    if (callers < 0 || FCGX_Init() || FCGX_InitRequest(&q, 0, 0)) {
        log_event(LOG_ERROR, "no_fastcgi_socket", NULL);
        return 1;
    }
    struct arena *a = arena_new(ARENA_BYTES);
    const int code = serve_all(a, &q, callers, f);
    arena_free(a);
    return code;
}

/* Keys are in this process's memory: no core file may hold them. */
static void forbid_core_files(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (str_eq(conf_str(CONF_ENV), "prod"))
        prctl(PR_SET_DUMPABLE, 0);
}

int serve_main(int argc, char **argv, const struct family *f)
{
    tame_malloc();
    if (argc == 2 && str_eq(argv[1], "--version")) {
        printf("comptoir-%s %s\n", f->name, COMPTOIR_VERSION);
        return 0;
    }
    const char *bad = conf_init();
    if (bad) {
        fprintf(stderr, "comptoir-%s: %s\n", f->name, bad);
        return 78; /* EX_CONFIG: the supervisor need not try again soon */
    }
    if (argc == 2 && str_eq(argv[1], "--routes"))
        return serve_print_routes(f);
    if (argc == 2 && str_eq(argv[1], "--openapi"))
        return serve_print_openapi(f);
    if (argc > 1) {
        fprintf(stderr, "comptoir-%s: unknown argument %s\n", f->name, argv[1]);
        return 64;
    }
    forbid_core_files();
    return run(f);
}
