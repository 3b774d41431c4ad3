/* Settings, the check at the door, and an easy handle with every door but one
 * shut; outbound_url.c reads addresses, outbound_address.c knows the ranges. */
#include "wire/outbound.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "version.h"
#include "wire/outbound_address.h"
#include "wire/outbound_url.h"
#include "base/banned.h"

enum { CONNECT_MS = 3000, SLOW_BYTES_S = 10, SLOW_S = 15 };

struct outbound {
    CURL *c;
    struct curl_slist *headers;
    struct buf body;
    int64_t header_bytes, header_lines;
    bool refused, cut, headers_too_large;
};

static const struct libcurl *curl;

/* ---- settings ------------------------------------------------------------ */

static bool read_ports(const char *text, int64_t *first, int64_t *last)
{
    char left[STR_I64_BYTES] = "";
    const char *dash = strchr(text, '-');
    const size_t n = dash ? (size_t)(dash - text) : strlen(text);
    if (n >= sizeof left)
        return false;
    memcpy(left, text, n);
    return str_to_i64(left, first) &&
           str_to_i64(dash ? dash + 1 : left, last) && *first >= 1 &&
           *last <= 65535 && *first <= *last;
}

static bool port_ok(int port)
{
    const char *const *items;
    const size_t n = conf_list(CONF_OUTBOUND_PORTS, &items);
    for (size_t i = 0; i < n; i++) {
        int64_t first = 0, last = 0;
        if (read_ports(items[i], &first, &last) && port >= first &&
            port <= last)
            return true;
    }
    return port == 80 || port == 443;
}

static bool is_prod(void)
{
    return str_eq(conf_str(CONF_ENV), "prod");
}

static bool address_ok(const struct sockaddr *to)
{
    const char *const *ranges;
    const size_t n = conf_list(CONF_WEBHOOK_ALLOW_CIDR, &ranges);
    for (size_t i = 0; i < n && !is_prod(); i++)
        if (outbound_address_in(to, ranges[i]))
            return true;
    return outbound_address_public(to);
}

static const char *check_ranges(const char *const *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!outbound_cidr_ok(ranges[i]))
            return "WEBHOOK_ALLOW_CIDR must be address ranges such as "
                   "127.0.0.0/8 or fd00::/8.";
    if (n > 0)
        log_warning("webhook_allow_cidr", "{s:s}", "ranges",
                    conf_str(CONF_WEBHOOK_ALLOW_CIDR));
    return NULL;
}

const char *outbound_init(void)
{
    const char *const *items;
    size_t n = conf_list(CONF_OUTBOUND_PORTS, &items);
    for (size_t i = 0; i < n; i++) {
        int64_t first, last;
        if (!read_ports(items[i], &first, &last))
            return "OUTBOUND_PORTS must be ports or ranges such as "
                   "8443,9000-9100.";
    }
    const char *file = conf_str(CONF_OUTBOUND_CA_FILE);
    if (*file && access(file, R_OK) != 0)
        return "OUTBOUND_CA_FILE cannot be read.";
    n = conf_list(CONF_WEBHOOK_ALLOW_CIDR, &items);
    return check_ranges(items, n);
}

/* ---- at the door --------------------------------------------------------- */

static bool literal_ok(struct arena *a, const struct outbound_url *u)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (*u->host != '[')
        return inet_pton(AF_INET, u->host, &v4.sin_addr) == 1 &&
               address_ok((const struct sockaddr *)&v4);
    const char *bare = arena_strndup(a, u->host + 1, strlen(u->host) - 2);
    return inet_pton(AF_INET6, bare, &v6.sin6_addr) == 1 &&
           address_ok((const struct sockaddr *)&v6);
}

const char *outbound_check(struct arena *a, const char *url, const char **clean)
{
    struct outbound_url u;
    const char *const *ranges;
    const char *bad = outbound_url_read(a, url, &u);
    if (bad)
        return bad;
    if (is_prod() && !str_eq(u.scheme, "https"))
        return "must begin with https://";
    if (!port_ok(u.port))
        return "must use port 443 or 80, or one that the operator opened";
    if (u.literal ? !literal_ok(a, &u)
                  : outbound_url_inner(&u) &&
                        (is_prod() ||
                         conf_list(CONF_WEBHOOK_ALLOW_CIDR, &ranges) == 0))
        return "must lead to the public internet";
    *clean = url;
    return NULL;
}

/* ---- one call ------------------------------------------------------------ */

/* libcurl has resolved the name: the last word is about the address itself. */
static curl_socket_t open_socket(void *of, curlsocktype purpose,
                                 struct curl_sockaddr *to)
{
    struct outbound *o = of;
    if (purpose != CURLSOCKTYPE_IPCXN || !address_ok(&to->addr) ||
        !port_ok(outbound_address_port(&to->addr))) {
        o->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take_header(char *line, size_t size, size_t n, void *of)
{
    struct outbound *o = of;
    (void)line;
    o->header_bytes += (int64_t)(size * n);
    o->headers_too_large = ++o->header_lines > OUTBOUND_HEADER_LINES ||
                           o->header_bytes > OUTBOUND_HEADER_BYTES;
    return o->headers_too_large ? 0 : size * n;
}

/* Keeps what fits; less than it was given ends the transfer. */
static size_t take_body(char *data, size_t size, size_t n, void *of)
{
    struct outbound *o = of;
    const size_t room = o->body.max - o->body.n, got = size * n;
    o->cut = got > room;
    buf_add(&o->body, data, o->cut ? room : got);
    return o->cut ? room : got;
}

static void close_call(void *p)
{
    struct outbound *o = p;
    curl->cleanup(o->c);
    curl->free_all(o->headers);
}

static void bind_answer(struct outbound *o)
{
    curl->setopt(o->c, CURLOPT_HEADERFUNCTION, take_header);
    curl->setopt(o->c, CURLOPT_HEADERDATA, o);
    curl->setopt(o->c, CURLOPT_WRITEFUNCTION, take_body);
    curl->setopt(o->c, CURLOPT_WRITEDATA, o);
    curl->setopt(o->c, CURLOPT_PRIVATE, o);
}

/* A connection of its own: one that is kept would pass open_socket by. */
static void bind_target(struct outbound *o, const struct outbound_want *w)
{
    const char *protocols = is_prod() ? "https" : "http,https";
    libcurl_bind(o->c, w->url, protocols, w->timeout_ms);
    curl->setopt(o->c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl->setopt(o->c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl->setopt(o->c, CURLOPT_OPENSOCKETDATA, o);
    curl->setopt(o->c, CURLOPT_FRESH_CONNECT, 1L);
    curl->setopt(o->c, CURLOPT_FORBID_REUSE, 1L);
    curl->setopt(o->c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl->setopt(o->c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_S);
    curl->setopt(o->c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl->setopt(o->c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl->setopt(o->c, CURLOPT_USERAGENT, "comptoir/" COMPTOIR_VERSION);
    if (*conf_str(CONF_OUTBOUND_CA_FILE))
        curl->setopt(o->c, CURLOPT_CAINFO, conf_str(CONF_OUTBOUND_CA_FILE));
    if (w->redirects > 0) {
        curl->setopt(o->c, CURLOPT_FOLLOWLOCATION, 1L);
        curl->setopt(o->c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
        curl->setopt(o->c, CURLOPT_MAXREDIRS,
                     (long)(w->redirects < OUTBOUND_REDIRECTS
                                ? w->redirects
                                : OUTBOUND_REDIRECTS));
    }
}

static void bind_request(struct outbound *o, const struct outbound_want *w)
{
    for (size_t i = 0; i < w->n_headers; i++)
        o->headers = curl->append(o->headers, w->headers[i]);
    o->headers = curl->append(o->headers, "Expect:");
    curl->setopt(o->c, CURLOPT_HTTPHEADER, o->headers);
    if (!w->body.p)
        return;
    curl->setopt(o->c, CURLOPT_POST, 1L);
    curl->setopt(o->c, CURLOPT_POSTFIELDS, (const char *)w->body.p);
    curl->setopt(o->c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)w->body.n);
}

struct outbound *outbound_open(struct arena *a, const struct outbound_want *w)
{
    curl = libcurl_load();
    CURL *c = curl ? curl->init() : NULL;
    if (!c)
        return NULL;
    struct outbound *o = ARENA_NEW(a, struct outbound);
    o->c = c;
    arena_defer(a, close_call, o);
    buf_init(&o->body, a, w->most_bytes);
    bind_target(o, w);
    bind_request(o, w);
    bind_answer(o);
    return o;
}

CURL *outbound_handle(const struct outbound *o)
{
    return o->c;
}

struct outbound *outbound_of(CURL *handle)
{
    char *o = NULL;
    curl->getinfo(handle, CURLINFO_PRIVATE, &o);
    return (struct outbound *)o;
}

/* ---- how it ended -------------------------------------------------------- */

static const char *error_word(const struct outbound *o, CURLcode rc)
{
    static const struct {
        CURLcode rc;
        const char *word;
    } words[] = {{CURLE_COULDNT_RESOLVE_HOST, "name_unknown"},
                 {CURLE_COULDNT_CONNECT, "connect_failed"},
                 {CURLE_OPERATION_TIMEDOUT, "timeout"},
                 {CURLE_UNSUPPORTED_PROTOCOL, "protocol_refused"},
                 {CURLE_URL_MALFORMAT, "bad_address"},
                 {CURLE_LOGIN_DENIED, "bad_address"},
                 {CURLE_TOO_MANY_REDIRECTS, "too_many_redirects"},
                 {CURLE_SSL_CONNECT_ERROR, "tls_failed"},
                 {CURLE_PEER_FAILED_VERIFICATION, "tls_failed"},
                 {CURLE_SSL_CIPHER, "tls_failed"},
                 {CURLE_SSL_CACERT_BADFILE, "tls_failed"},
                 {CURLE_SSL_INVALIDCERTSTATUS, "tls_failed"},
                 {CURLE_GOT_NOTHING, "closed_early"},
                 {CURLE_PARTIAL_FILE, "closed_early"},
                 {CURLE_SEND_ERROR, "closed_early"},
                 {CURLE_RECV_ERROR, "closed_early"},
                 {CURLE_OUT_OF_MEMORY, "unavailable"},
                 {CURLE_FAILED_INIT, "unavailable"}};
    if (o->headers_too_large)
        return "headers_too_large";
    if (o->refused && rc == CURLE_COULDNT_CONNECT)
        return "address_refused";
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (words[i].rc == rc)
            return words[i].word;
    return "bad_answer";
}

void outbound_result(struct outbound *o, CURLcode rc, struct outbound_got *out)
{
    long status = 0;
    curl_off_t us = 0, wait = 0;
    curl->getinfo(o->c, CURLINFO_RESPONSE_CODE, &status);
    curl->getinfo(o->c, CURLINFO_TOTAL_TIME_T, &us);
    curl->getinfo(o->c, CURLINFO_RETRY_AFTER, &wait);
    const bool answered = rc == CURLE_OK || (o->cut && !o->headers_too_large);
    *out = (struct outbound_got){
        .error = answered ? NULL : error_word(o, rc),
        .status = (int)status,
        .cut = o->cut,
        .body = {(const uint8_t *)buf_cstr(&o->body), o->body.n},
        .ms = (int64_t)us / 1000,
        .retry_after_s = (int64_t)wait};
}

void outbound_call(struct arena *a, const struct outbound_want *w,
                   struct outbound_got *out)
{
    struct outbound *o = outbound_open(a, w);
    if (!o) {
        *out = (struct outbound_got){.error = "unavailable",
                                     .body = {(const uint8_t *)"", 0}};
        return;
    }
    outbound_result(o, curl->perform(o->c), out);
}
