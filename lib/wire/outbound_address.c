/* Two tables of ranges; an address is looked up in its own. */
#include "wire/outbound_address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include "base/str.h"
#include "base/banned.h"

enum { V4_BYTES = 4, V6_BYTES = 16, CIDR_CHARS = 64 };

struct address {
    size_t n; /* bytes: 4, 16, or 0 for what is neither */
    uint8_t bytes[V6_BYTES];
};

static const char *const v4_special[] = {
    "0.0.0.0/8",       /* this network (RFC 1122) */
    "10.0.0.0/8",      /* private (RFC 1918) */
    "100.64.0.0/10",   /* shared by carriers (RFC 6598) */
    "127.0.0.0/8",     /* loopback */
    "169.254.0.0/16",  /* link-local, and clouds' metadata (RFC 3927) */
    "172.16.0.0/12",   /* private */
    "192.0.0.0/24",    /* IETF assignments (RFC 6890) */
    "192.0.2.0/24",    /* documentation (RFC 5737) */
    "192.88.99.0/24",  /* 6to4 relays (RFC 7526) */
    "192.168.0.0/16",  /* private */
    "198.18.0.0/15",   /* benchmarks (RFC 2544) */
    "198.51.100.0/24", /* documentation */
    "203.0.113.0/24",  /* documentation */
    "224.0.0.0/4",     /* multicast */
    "240.0.0.0/4",     /* reserved, and broadcast */
};

/* The only global unicast there is; mapped, NAT64, link-local, unique local
 * and multicast addresses lie outside. */
static const char v6_global[] = "2000::/3";

static const char *const v6_special[] = {
    "2001::/23",     /* IETF assignments, among them Teredo (RFC 4380) */
    "2001:db8::/32", /* documentation (RFC 3849) */
    "2002::/16",     /* 6to4: an IPv4 address inside (RFC 3056) */
    "3fff::/20",     /* documentation (RFC 9637) */
};

static struct address address_of(const struct sockaddr *to)
{
    struct address a = {0};
    if (to->sa_family == AF_INET) {
        a.n = V4_BYTES;
        memcpy(a.bytes, &((const struct sockaddr_in *)to)->sin_addr, a.n);
    } else if (to->sa_family == AF_INET6) {
        a.n = V6_BYTES;
        memcpy(a.bytes, &((const struct sockaddr_in6 *)to)->sin6_addr, a.n);
    }
    return a;
}

static bool parse(const char *cidr, struct address *base, int *bits)
{
    char text[CIDR_CHARS] = "";
    int64_t length;
    const char *slash = strchr(cidr, '/');
    if (!slash || slash - cidr >= CIDR_CHARS || !str_to_i64(slash + 1, &length))
        return false;
    memcpy(text, cidr, (size_t)(slash - cidr));
    const int family = strchr(text, ':') ? AF_INET6 : AF_INET;
    base->n = family == AF_INET6 ? V6_BYTES : V4_BYTES;
    *bits = (int)length;
    return inet_pton(family, text, base->bytes) == 1 && length >= 0 &&
           length <= (int64_t)base->n * 8;
}

/* The first bits of both are the same. */
static bool share(const uint8_t *x, const uint8_t *y, int bits)
{
    const int whole = bits / 8, rest = bits % 8;
    return memcmp(x, y, (size_t)whole) == 0 &&
           (rest == 0 || ((x[whole] ^ y[whole]) >> (8 - rest)) == 0);
}

static bool holds(const char *cidr, const struct address *a)
{
    struct address base = {0};
    int bits = 0;
    return parse(cidr, &base, &bits) && base.n == a->n &&
           share(base.bytes, a->bytes, bits);
}

static bool any_holds(const char *const *ranges, size_t n,
                      const struct address *a)
{
    for (size_t i = 0; i < n; i++)
        if (holds(ranges[i], a))
            return true;
    return false;
}

bool outbound_address_public(const struct sockaddr *to)
{
    const struct address a = address_of(to);
    if (a.n == V4_BYTES)
        return !any_holds(v4_special, ARRAY_LEN(v4_special), &a);
    return holds(v6_global, &a) &&
           !any_holds(v6_special, ARRAY_LEN(v6_special), &a);
}

bool outbound_address_in(const struct sockaddr *to, const char *cidr)
{
    const struct address a = address_of(to);
    return holds(cidr, &a);
}

bool outbound_cidr_ok(const char *cidr)
{
    struct address base = {0};
    int bits = 0;
    if (!parse(cidr, &base, &bits))
        return false;
    for (int i = bits; i < (int)base.n * 8; i++)
        if (base.bytes[i / 8] >> (7 - i % 8) & 1)
            return false;
    return true;
}

int outbound_address_port(const struct sockaddr *to)
{
    if (to->sa_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)to)->sin_port);
    if (to->sa_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)to)->sin6_port);
    return 0;
}
