/* What signing up, signing in and passwords share. */
#pragma once
#include "domain/login.h"
#include "web/req.h"

/* Who calls, for sessions and attempts: source of the query, else web. */
struct session_caller common_caller(const struct req *r);
/* OK when the desk has a database, keys of tokens and a pepper. */
MUST_CHECK enum err common_ready(const struct req *r);
/* 429 account_locked with its wait in Retry-After. */
enum err common_locked(struct req *r, int64_t seconds);
/* Compares the field current_password; a wrong one counts as a failed sign-in,
 * so that a stolen access token does not become a way to try passwords.
 * *answered: it was refused, or e is why it could not be asked. */
MUST_CHECK enum err common_check_password(struct req *r,
                                          const struct login_contact *who,
                                          bool *answered);
/* The check of a field that holds an e-mail address. */
const char *common_check_email(struct arena *a, const char *text,
                               const char **clean);
/* 202: whether a mail follows is not told. */
enum err common_accepted(struct req *r);
/* Sends the mail that asks to prove the address, unless too many were sent or
 * it is proved: call it from r->after. */
void common_send_verify(struct req *r, int64_t user_id);
