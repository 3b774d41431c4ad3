/* Rules of "Authenticating Requests: Using the Authorization Header" (Amazon
 * S3 API reference): a path is encoded once and not normalised. */
#include "wire/sigv4.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/str.h"
#include "base/banned.h"

enum { TEXT_BYTES = 64 * 1024, DIGEST = 32, DAY = 8, DATE = 16 };
#define ALGORITHM "AWS4-HMAC-SHA256"

static bool plain(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

const char *sigv4_encode(struct arena *a, const char *s, bool slash)
{
    static const char hex[] = "0123456789ABCDEF";
    char *out = arena_alloc(a, 3 * strlen(s) + 1), *p = out;
    for (; *s; s++) {
        const unsigned char c = (unsigned char)*s;
        if (plain(c) || (slash && c == '/')) {
            *p++ = (char)c;
            continue;
        }
        *p++ = '%';
        *p++ = hex[c >> 4];
        *p++ = hex[c & 15];
    }
    return out;
}

const char *sigv4_date(struct arena *a, int64_t ms)
{
    char s[25]; /* 2026-11-21T10:07:26.123Z */
    clock_rfc3339(ms, s);
    return arena_printf(a, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", s, s + 5, s + 8,
                        s + 11, s + 14, s + 17);
}

static bool is_date(const char *s)
{
    return strlen(s) == DATE && strspn(s, "0123456789") == DAY &&
           s[DAY] == 'T' && strspn(s + DAY + 1, "0123456789") == 6 &&
           s[DATE - 1] == 'Z';
}

static int by_name(const void *x, const void *y)
{
    const struct sigv4_pair *p = x, *q = y;
    const int c = strcmp(p->name, q->name);
    return c ? c : strcmp(p->value, q->value);
}

/* Encoded first, then sorted: that is the order the rules ask for. */
static const char *canonical_query(struct arena *a,
                                   const struct sigv4_request *q)
{
    struct sigv4_pair pairs[SIGV4_PAIRS_MAX];
    struct buf b;
    for (size_t i = 0; i < q->n_query; i++)
        pairs[i] =
            (struct sigv4_pair){sigv4_encode(a, q->query[i].name, false),
                                sigv4_encode(a, q->query[i].value, false)};
    qsort(pairs, q->n_query, sizeof *pairs, by_name);
    buf_init(&b, a, TEXT_BYTES);
    for (size_t i = 0; i < q->n_query; i++)
        buf_printf(&b, "%s%s=%s", i ? "&" : "", pairs[i].name, pairs[i].value);
    return buf_cstr(&b);
}

/* Without white space at the ends, runs of it inside as one space. */
static void add_value(struct buf *b, const char *v)
{
    bool gap = false, any = false;
    for (; *v; v++) {
        if (*v == ' ' || *v == '\t') {
            gap = any;
            continue;
        }
        if (gap)
            buf_char(b, ' ');
        buf_char(b, *v);
        gap = false;
        any = true;
    }
}

/* Lines of the headers, and their names by semicolons. */
static void canonical_headers(const struct sigv4_request *q, struct buf *lines,
                              struct buf *names)
{
    struct sigv4_pair all[SIGV4_PAIRS_MAX + 3] = {
        {"host", q->host},
        {"x-amz-date", q->amz_date},
        {"x-amz-content-sha256", q->payload_sha256}};
    const size_t n = q->n_headers + 3;
    for (size_t i = 0; i < q->n_headers; i++)
        all[3 + i] = q->headers[i];
    qsort(all, n, sizeof *all, by_name);
    for (size_t i = 0; i < n; i++) {
        buf_printf(lines, "%s:", all[i].name);
        add_value(lines, all[i].value);
        buf_char(lines, '\n');
        buf_printf(names, "%s%s", i ? ";" : "", all[i].name);
    }
}

static bool hmac(uint8_t key[DIGEST], const char *text)
{
    unsigned n = 0;
    return HMAC(EVP_sha256(), key, DIGEST, (const uint8_t *)text, strlen(text),
                key, &n) &&
           n == DIGEST;
}

/* The chain secret, day, region, service; the last link signs. */
static bool sign(struct arena *a, const struct sigv4_keys *k, const char *date,
                 const char *text, const char **signature)
{
    uint8_t key[DIGEST];
    unsigned n = 0;
    const size_t len = strlen(k->secret) + 4;
    char *secret = arena_printf(a, "AWS4%s", k->secret);
    bool ok = HMAC(EVP_sha256(), secret, (int)len, (const uint8_t *)date, DAY,
                   key, &n) &&
              hmac(key, k->region) && hmac(key, "s3") &&
              hmac(key, "aws4_request") && hmac(key, text);
    explicit_bzero(secret, len);
    if (ok)
        *signature = encode_hex(a, key, sizeof key);
    explicit_bzero(key, sizeof key);
    return ok;
}

enum err sigv4_sign(struct arena *a, const struct sigv4_keys *keys,
                    const struct sigv4_request *q, struct sigv4_signed *out)
{
    struct buf lines, names;
    if (q->n_query > SIGV4_PAIRS_MAX || q->n_headers > SIGV4_PAIRS_MAX ||
        !is_date(q->amz_date))
        return ERR_INTERNAL;
    const char *path = sigv4_encode(a, q->path, true);
    const char *query = canonical_query(a, q);
    buf_init(&lines, a, TEXT_BYTES);
    buf_init(&names, a, TEXT_BYTES);
    canonical_headers(q, &lines, &names);
    if (!buf_ok(&lines) || !buf_ok(&names))
        return ERR_INTERNAL;
    out->target = arena_printf(a, "%s%s%s", path, *query ? "?" : "", query);
    out->canonical_request =
        arena_printf(a, "%s\n%s\n%s\n%s\n%s\n%s", q->method, path, query,
                     buf_cstr(&lines), buf_cstr(&names), q->payload_sha256);
    const char *scope =
        arena_printf(a, "%.8s/%s/s3/aws4_request", q->amz_date, keys->region);
    out->string_to_sign =
        arena_printf(a, ALGORITHM "\n%s\n%s\n%s", q->amz_date, scope,
                     encode_sha256(a, out->canonical_request,
                                   strlen(out->canonical_request)));
    if (!sign(a, keys, q->amz_date, out->string_to_sign, &out->signature))
        return ERR_INTERNAL;
    out->authorization = arena_printf(
        a, ALGORITHM " Credential=%s/%s, SignedHeaders=%s, Signature=%s",
        keys->access_key, scope, buf_cstr(&names), out->signature);
    return OK;
}
