/* The addresses a user can name: read strictly, so that what is checked here
 * is what will be called. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

enum { OUTBOUND_URL_BYTES = 2000, OUTBOUND_HOST_BYTES = 253 };

struct outbound_url {
    const char *scheme; /* "http" or "https" */
    const char *host;   /* lower case; an IPv6 address with its brackets */
    int port;           /* given, or the scheme's own */
    bool literal;       /* the host is an address, not a name */
};

/* Reads scheme://host[:port][/path][?query] of printable ASCII. Neither user
 * nor password nor fragment; a host that ends in a number must be a plain
 * IPv4 address of four decimals (inet_aton's other spellings, which some
 * resolvers read as addresses, are refused). NULL when well, else what it
 * must be, an English sentence that begins with "must". Texts live in a. */
const char *outbound_url_read(struct arena *a, const char *url,
                              struct outbound_url *out);
/* "https://host:port": whose breaker and log an address has. */
RETURNS_NONNULL const char *outbound_url_origin(struct arena *a,
                                                const struct outbound_url *u);
/* Whether the host is a name of some network's inside: without a dot, or under
 * a domain that no public name server knows (RFC 6761, 6762, 8375, 9476). */
bool outbound_url_inner(const struct outbound_url *u);
