/* Which addresses a call may go to whose target a user named: those of the
 * public internet, and what WEBHOOK_ALLOW_CIDR opens for development. */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>
#include "base/attr.h"

/* Whether the address (its port does not count) is of the public internet:
 * for IPv6 global unicast without its tunnels and documentation, for IPv4 all
 * but the special ranges (IANA's special-purpose registries, RFC 6890). Any
 * other family is not. */
bool outbound_address_public(const struct sockaddr *to);
/* Whether it lies in the range, "127.0.0.0/8" or "fd00::/8". A range of IPv4
 * holds no IPv6 address, mapped ones included. */
bool outbound_address_in(const struct sockaddr *to, const char *cidr);
/* Whether a text is such a range: an address, a slash, a length that fits, and
 * no bit set behind it. */
MUST_CHECK bool outbound_cidr_ok(const char *cidr);
/* Its port, 0 for families without. */
int outbound_address_port(const struct sockaddr *to);
