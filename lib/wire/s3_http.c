/* libcurl's multi interface; every try has a handle and a signature of its
 * own, connections are shared among them. */
#include "wire/s3_http.h"
#include <ctype.h>
#include <string.h>
#include <time.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/str.h"
#include "wire/libcurl.h"
#include "wire/s3_xml.h"
#include "base/banned.h"

enum {
    STILL_BYTES = 1024, /* a second: less is no progress */
    WHOLE_MS = 540000,  /* a job's soft limit */
    POLL_MS = 1000,
    GOT_MAX = 40,
    GOT_BYTES = 2048,
    UNSENT = -1
};

struct attempt {
    struct s3_call *call;
    struct arena *a;
    CURL *easy; /* while it runs */
    struct curl_slist *headers;
    struct buf answer;
    size_t sent;       /* bytes of the body */
    int64_t due_us;    /* when the next try begins; UNSENT: none */
    int64_t end_us;    /* when no try may run any more */
    bool clock_turned; /* the skew was corrected for it */
};

static const struct libcurl *curl;

/* ---- what libcurl calls ----------------------------------------------------
 */

static size_t take_body(char *data, size_t size, size_t n, void *to)
{
    struct attempt *t = to;
    buf_add(&t->answer, data, size * n);
    return buf_ok(&t->answer) ? size * n : 0;
}

static size_t give_body(char *to, size_t size, size_t count, void *from)
{
    struct attempt *t = from;
    const size_t left = t->call->body.n - t->sent;
    const size_t n = size * count < left ? size * count : left;
    if (n)
        memcpy(to, t->call->body.p + t->sent, n);
    t->sent += n;
    return n;
}

/* libcurl begins a body again when a kept connection turns out closed. */
static int seek_body(void *from, curl_off_t at, int whence)
{
    struct attempt *t = from;
    if (whence != SEEK_SET || at < 0 || (size_t)at > t->call->body.n)
        return CURL_SEEKFUNC_FAIL;
    t->sent = (size_t)at;
    return CURL_SEEKFUNC_OK;
}

static size_t take_header(char *data, size_t size, size_t n, void *to)
{
    struct attempt *t = to;
    struct s3_call *c = t->call;
    const size_t len = size * n;
    const char *colon = memchr(data, ':', len);
    if (len >= 5 && memcmp(data, "HTTP/", 5) == 0)
        c->n_got = 0; /* after a 100 Continue */
    if (!colon || len > GOT_BYTES || c->n_got == GOT_MAX)
        return len;
    char *name = arena_strndup(t->a, data, (size_t)(colon - data));
    for (char *p = name; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    const char *value =
        arena_strndup(t->a, colon + 1, len - (size_t)(colon - data) - 1);
    c->got[c->n_got++] = (struct sigv4_pair){name, str_trim(t->a, value)};
    return len;
}

/* ---- one try ---------------------------------------------------------------
 */

static void add_header(struct attempt *t, const char *name, const char *value)
{
    t->headers =
        curl->append(t->headers, arena_printf(t->a, "%s: %s", name, value));
}

/* The address, with the headers signed; NULL when that failed. */
static const char *sign(struct attempt *t, const struct s3_site *site)
{
    struct s3_call *c = t->call;
    const char *path = site->path_style
                           ? arena_printf(t->a, "/%s%s%s", site->bucket,
                                          *c->key ? "/" : "", c->key)
                           : arena_printf(t->a, "/%s", c->key);
    const struct sigv4_request q = {
        .method = c->method,
        .host = site->host,
        .path = path,
        .query = c->query,
        .n_query = c->n_query,
        .headers = c->headers,
        .n_headers = c->n_headers,
        .payload_sha256 = c->body_sha256,
        .amz_date = sigv4_date(t->a, clock_now_ms() + site->skew_ms)};
    struct sigv4_signed s;
    if (sigv4_sign(t->a, &site->keys, &q, &s))
        return NULL;
    add_header(t, "x-amz-date", q.amz_date);
    add_header(t, "x-amz-content-sha256", q.payload_sha256);
    add_header(t, "Authorization", s.authorization);
    for (size_t i = 0; i < c->n_headers; i++)
        add_header(t, c->headers[i].name, c->headers[i].value);
    t->headers = curl->append(t->headers, "Expect:");
    return arena_printf(t->a, "%s%s", site->base, s.target);
}

static void prepare(struct attempt *t, const struct s3_site *site,
                    const char *url)
{
    const struct s3_call *c = t->call;
    CURL *e = t->easy;
    const int64_t left_ms = (t->end_us - clock_mono_us()) / 1000;
    libcurl_bind(e, url, "http,https", left_ms > 0 ? left_ms : 1);
    curl->setopt(e, CURLOPT_PATH_AS_IS, 1L);
    curl->setopt(e, CURLOPT_LOW_SPEED_TIME, (long)site->still_s);
    curl->setopt(e, CURLOPT_LOW_SPEED_LIMIT, (long)STILL_BYTES);
    curl->setopt(e, CURLOPT_HTTPHEADER, t->headers);
    curl->setopt(e, CURLOPT_PRIVATE, t);
    curl->setopt(e, CURLOPT_WRITEFUNCTION, take_body);
    curl->setopt(e, CURLOPT_WRITEDATA, t);
    curl->setopt(e, CURLOPT_HEADERFUNCTION, take_header);
    curl->setopt(e, CURLOPT_HEADERDATA, t);
    if (str_eq(c->method, "HEAD"))
        curl->setopt(e, CURLOPT_NOBODY, 1L);
    if (str_eq(c->method, "DELETE"))
        curl->setopt(e, CURLOPT_CUSTOMREQUEST, c->method);
    if (!str_eq(c->method, "PUT"))
        return;
    curl->setopt(e, CURLOPT_UPLOAD, 1L);
    curl->setopt(e, CURLOPT_READFUNCTION, give_body);
    curl->setopt(e, CURLOPT_READDATA, t);
    curl->setopt(e, CURLOPT_SEEKFUNCTION, seek_body);
    curl->setopt(e, CURLOPT_SEEKDATA, t);
    curl->setopt(e, CURLOPT_INFILESIZE_LARGE, (curl_off_t)c->body.n);
}

static void begin(CURLM *multi, const struct s3_site *site, struct attempt *t)
{
    struct s3_call *c = t->call;
    t->due_us = UNSENT;
    t->sent = 0;
    c->tries++;
    c->status = 0;
    c->n_got = 0;
    c->fault = "libcurl";
    buf_init(&t->answer, t->a, c->answer_max);
    const char *url = sign(t, site);
    t->easy = url ? curl->init() : NULL;
    if (!t->easy)
        return;
    prepare(t, site, url);
    curl->multi_add(multi, t->easy);
}

/* ---- and its end -----------------------------------------------------------
 */

static bool fault_may_pass(CURLcode rc)
{
    switch (rc) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
        return true;
    default:
        return false;
    }
}

static const char *fault_word(CURLcode rc)
{
    switch (rc) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "resolve";
    case CURLE_COULDNT_CONNECT:
        return "connect";
    case CURLE_OPERATION_TIMEDOUT:
        return "timeout";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
        return "tls";
    case CURLE_WRITE_ERROR:
        return "too_long";
    default:
        return "cut";
    }
}

static bool status_may_pass(int status)
{
    return status == 500 || status == 502 || status == 503 || status == 504;
}

/* The next try begins 0.2 to 0.65 s from now, the one after it 0.65 to 2 s;
 * none when the time is over by then. */
static void try_again(struct attempt *t)
{
    static const int64_t from_us[] = {200000, 650000, 2000000};
    uint32_t chance;
    encode_random(&chance, sizeof chance);
    const int64_t lo = from_us[t->call->tries - 1];
    const int64_t room = from_us[t->call->tries] - lo;
    const int64_t due_us = clock_mono_us() + lo + (int64_t)chance % room;
    if (due_us < t->end_us)
        t->due_us = due_us;
}

/* A clock that is off is taken from the answer's Date, once. */
static bool turn_clock(struct attempt *t, struct s3_site *site)
{
    struct tm tm = {0};
    const char *date = s3_http_header(t->call, "date");
    if (t->clock_turned || !date ||
        !str_eq(t->call->code, "RequestTimeTooSkewed") ||
        !strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm))
        return false;
    site->skew_ms = (int64_t)timegm(&tm) * 1000 - clock_now_ms();
    t->clock_turned = true;
    t->call->tries--;
    t->due_us = clock_mono_us();
    return true;
}

static void end(CURLM *multi, struct s3_site *site, struct attempt *t,
                CURLcode rc)
{
    struct s3_call *c = t->call;
    long status = 0;
    curl->getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    curl->multi_remove(multi, t->easy);
    curl->cleanup(t->easy);
    curl->free_all(t->headers);
    t->easy = NULL;
    t->headers = NULL;
    c->status = rc == CURLE_OK ? (int)status : 0;
    c->fault = rc == CURLE_OK ? NULL : fault_word(rc);
    c->answer =
        (struct bytes){(const uint8_t *)buf_cstr(&t->answer), t->answer.n};
    c->code = c->message = "";
    if (c->status >= 300)
        s3_xml_error(t->a, c->answer, &c->code, &c->message);
    const bool again = rc ? fault_may_pass(rc) : status_may_pass(c->status);
    if (!turn_clock(t, site) && again && c->tries < S3_HTTP_TRIES)
        try_again(t);
}

/* ---- all of them -----------------------------------------------------------
 */

/* Starts what is due; the milliseconds until more is, -1 when all has ended. */
static int start_due(CURLM *multi, const struct s3_site *site,
                     struct attempt *tries, size_t n)
{
    const int64_t now = clock_mono_us();
    int wait = -1;
    for (size_t i = 0; i < n; i++) {
        struct attempt *t = &tries[i];
        if (t->due_us != UNSENT && t->due_us <= now)
            begin(multi, site, t);
        int64_t ms = t->easy ? POLL_MS : -1;
        if (t->due_us != UNSENT)
            ms = (t->due_us - now) / 1000 + 1;
        if (ms >= 0 && (wait < 0 || ms < wait))
            wait = (int)ms;
    }
    return wait;
}

/* How many ended. */
static int end_ready(CURLM *multi, struct s3_site *site)
{
    CURLMsg *m;
    int left, ended = 0;
    while ((m = curl->multi_info_read(multi, &left))) {
        struct attempt *t;
        if (m->msg != CURLMSG_DONE)
            continue;
        const CURLcode rc = m->data.result;
        curl->getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
        end(multi, site, t, rc);
        ended++;
    }
    return ended;
}

void s3_http_run(struct arena *a, struct s3_site *site, struct s3_call *calls,
                 size_t n)
{
    struct attempt *tries = ARENA_ARRAY(a, n, struct attempt);
    const int64_t within_ms = site->within_ms ? site->within_ms : WHOLE_MS;
    const int64_t end_us = clock_mono_us() + within_ms * 1000;
    for (size_t i = 0; i < n; i++) {
        struct s3_call *c = &calls[i];
        c->got = ARENA_ARRAY(a, GOT_MAX, struct sigv4_pair);
        c->code = c->message = "";
        c->fault = "libcurl";
        if (!c->body_sha256)
            c->body_sha256 = encode_sha256(a, c->body.p, c->body.n);
        tries[i] = (struct attempt){.call = c, .a = a, .end_us = end_us};
    }
    curl = libcurl_load();
    CURLM *multi = curl ? curl->multi_init() : NULL;
    if (!multi)
        return;
    curl->multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
                       (long)S3_HTTP_CONNECTIONS);
    int wait, running;
    while ((wait = start_due(multi, site, tries, n)) >= 0) {
        curl->multi_perform(multi, &running);
        if (end_ready(multi, site) == 0)
            curl->multi_poll(multi, NULL, 0, wait, NULL);
    }
    curl->multi_cleanup(multi);
}

const char *s3_http_header(const struct s3_call *c, const char *name)
{
    for (size_t i = 0; i < c->n_got; i++)
        if (str_eq(c->got[i].name, name))
            return c->got[i].value;
    return NULL;
}
