/* The answer to every way of getting tokens: OAuth 2's names (RFC 6749, 5.1),
 * and for who just came in the profile. */
#pragma once
#include "domain/session.h"
#include "web/req.h"

/* Members: access_token, refresh_token, token_type, expires_in; the second
 * table has user as well. */
extern const struct field token_answer_out[];
extern const struct field token_answer_user_out[];

/* Signs an access token for the session and answers; takes user over, which
 * may be NULL. ERR_UNAVAILABLE when tokens are off. */
enum err token_answer(struct req *r, int status, const struct session_pair *s,
                      json_t *user);
