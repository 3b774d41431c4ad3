/* What signing up, signing in and passwords share. */
#pragma once
#include "domain/session.h"
#include "web/req.h"

/* Who calls, for sessions and attempts: source of the query, else web. */
struct session_caller common_caller(const struct req *r);
/* OK when the desk has a database, keys of tokens and a pepper. */
MUST_CHECK enum err common_ready(const struct req *r);
/* 429 account_locked with its wait in Retry-After. */
enum err common_locked(struct req *r, int64_t seconds);
/* Sends the mail that asks to prove the address, unless too many were sent or
 * it is proved: call it from r->after. */
void common_send_verify(struct req *r, int64_t user_id);
