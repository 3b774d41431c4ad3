/* What every request passes before its handler: host, scheme, method, key.
 * The gate acts from the route row; a handler checks none of this. */
#pragma once
#include "web/req.h"

/* Reads keys, hosts and allowed addresses from conf; call once at start. */
void gate_init(void);
/* Host and scheme, before anything is looked up. Not OK: the error. */
MUST_CHECK enum err gate_check_host(const struct req *r);
/* Fills r->who from the caller's key, token or address as the row asks. */
MUST_CHECK enum err gate_identify(struct req *r);
/* After the rate was counted: does the database know the bearer of a token
 * (it was asked meanwhile), and may r->who use this row? */
MUST_CHECK enum err gate_confirm(struct req *r);
/* "ip:192.0.2.7"; IPv6 clients share the id of their /64. */
void gate_address_id(const char *ip, char *out, size_t size);
/* True when the address equals an entry of a list or lies in its /bits. */
bool gate_address_in(const char *ip, const char *const *list, size_t n);
