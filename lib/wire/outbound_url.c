/* One pass from left to right; whatever is not expected is refused. */
#include "wire/outbound_url.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include "base/str.h"
#include "base/banned.h"

enum { LABEL_BYTES = 63, PORT_MOST = 65535, PORT_DIGITS = 5 };

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

static const struct {
    const char *name;
    int port;
} schemes[] = {{"http", 80}, {"https", 443}};

static const char *const inner_domains[] = {
    ".localhost", ".local",       ".internal", ".home.arpa", ".lan",
    ".intranet",  ".localdomain", ".onion",    ".test",      ".invalid"};

static const char *lower(struct arena *a, const char *s, size_t n)
{
    char *out = arena_strndup(a, s, n);
    for (char *c = out; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return out;
}

/* Visible ASCII, without what parsers disagree about. */
static bool plain(const char *s)
{
    for (; *s; s++)
        if (*s <= ' ' || *s > '~' || strchr("\\\"<>^`{|}", *s))
            return false;
    return true;
}

static const char *read_scheme(struct arena *a, const char **at,
                               struct outbound_url *out)
{
    const char *end = strstr(*at, "://");
    const char *word = end ? lower(a, *at, (size_t)(end - *at)) : "";
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++)
        if (str_eq(word, schemes[i].name)) {
            out->scheme = schemes[i].name;
            out->port = schemes[i].port;
            *at = end + 3;
            return NULL;
        }
    return "must begin with https:// (or http:// where that is allowed)";
}

/* Labels of letters, digits and inner hyphens between single dots. */
static bool name_ok(const char *s)
{
    if (strlen(s) > OUTBOUND_HOST_BYTES)
        return false;
    for (;;) {
        const size_t n = strspn(s, LETTERS DIGITS "-");
        if (n == 0 || n > LABEL_BYTES || s[0] == '-' || s[n - 1] == '-')
            return false;
        if (!s[n])
            return true;
        if (s[n] != '.')
            return false;
        s += n + 1;
    }
}

/* The last label is a number as the URL standard has it (WHATWG, "ends in a
 * number"): digits, or 0x and hexadecimal digits. */
static bool ends_in_number(const char *host)
{
    const char *dot = strrchr(host, '.');
    const char *last = dot ? dot + 1 : host;
    if (strspn(last, DIGITS) == strlen(last))
        return true;
    return str_starts(last, "0x") &&
           strspn(last + 2, DIGITS "abcdef") == strlen(last + 2);
}

static const char *read_name(const char *host, struct outbound_url *out)
{
    struct in_addr v4;
    if (!name_ok(host))
        return "must have a host name of letters, digits, hyphens and dots "
               "(others as xn--…)";
    if (!ends_in_number(host))
        return NULL;
    out->literal = true;
    return inet_pton(AF_INET, host, &v4) == 1
               ? NULL
               : "must name an IPv4 address as four decimal numbers";
}

static const char *read_host(struct arena *a, const char **at,
                             struct outbound_url *out)
{
    struct in6_addr v6;
    size_t n = strcspn(*at, ":/?#");
    if (**at != '[') {
        out->host = lower(a, *at, n);
        *at += n;
        return read_name(out->host, out);
    }
    const char *end = strchr(*at, ']');
    n = end ? (size_t)(end - *at) + 1 : 0;
    if (n < 3 ||
        inet_pton(AF_INET6, arena_strndup(a, *at + 1, n - 2), &v6) != 1)
        return "must have a valid IPv6 address between its brackets";
    out->host = lower(a, *at, n);
    out->literal = true;
    *at += n;
    return NULL;
}

static const char *read_port(struct arena *a, const char **at,
                             struct outbound_url *out)
{
    int64_t port;
    if (**at != ':')
        return NULL;
    const size_t n = strspn(*at + 1, DIGITS);
    if (n == 0 || n > PORT_DIGITS ||
        !str_to_i64(arena_strndup(a, *at + 1, n), &port) || port < 1 ||
        port > PORT_MOST)
        return "must have a port from 1 to 65535, or none";
    out->port = (int)port;
    *at += n + 1;
    return NULL;
}

const char *outbound_url_read(struct arena *a, const char *url,
                              struct outbound_url *out)
{
    *out = (struct outbound_url){.scheme = "", .host = ""};
    if (strlen(url) > OUTBOUND_URL_BYTES)
        return "must be at most 2000 bytes long";
    if (!plain(url))
        return "must be an address of plain ASCII; write other characters as "
               "%XX";
    const char *at = url;
    const char *bad = read_scheme(a, &at, out);
    if (bad)
        return bad;
    const size_t authority = strcspn(at, "/?#");
    if (memchr(at, '@', authority))
        return "must hold no user name and no password";
    if ((bad = read_host(a, &at, out)) || (bad = read_port(a, &at, out)))
        return bad;
    if (*at && !strchr("/?", *at))
        return "must go on with a path after its host";
    return strchr(at, '#') ? "must hold no # part" : NULL;
}

const char *outbound_url_origin(struct arena *a, const struct outbound_url *u)
{
    return arena_printf(a, "%s://%s:%d", u->scheme, u->host, u->port);
}

bool outbound_url_inner(const struct outbound_url *u)
{
    if (u->literal)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(inner_domains); i++)
        if (str_ends(u->host, inner_domains[i]))
            return true;
    return !strchr(u->host, '.');
}
