/* One shape for register, login, refresh and a changed password. */
#include "web/token_answer.h"
#include "web/user_out.h"
#include "wire/token.h"

/* clang-format off */
#define TOKENS \
    {.name = "access_token", .kind = OUT_TEXT, .required = true, \
     .doc = "Send it as Authorization: Bearer."}, \
    {.name = "refresh_token", .kind = OUT_TEXT, \
     .doc = "Exchange it at /api/auth/refresh; each is good for one use."}, \
    {.name = "token_type", .kind = OUT_TEXT, .required = true, .choices = "bearer", \
     .doc = "Always bearer."}, \
    {.name = "expires_in", .kind = OUT_INT, .required = true, \
     .doc = "Seconds for which the access token is good."}

const struct field token_answer_out[] = {TOKENS, {0}};
const struct field token_answer_user_out[] = {
    TOKENS,
    {.name = "user", .kind = OUT_OBJECT, .required = true, .sub = user_out,
     .doc = "The profile, as GET /api/auth/me shows it."},
    {0}};
/* clang-format on */

enum err token_answer(struct req *r, int status, const struct session_pair *s,
                      json_t *user)
{
    const char *jwt;
    const struct token_claims claims = {
        .user_id = s->user_id,
        .tenant_id = s->tenant_id,
        .version = s->version,
        .role = s->role,
        .session = arena_printf(r->arena, "%lld", (long long)s->id)};
    const enum err e = token_issue(r->arena, &claims, &jwt);
    if (e) {
        json_decref(user);
        return e;
    }
    return req_json(r, status,
                    json_pack("{s:s,s:s*,s:s,s:I,s:o*}", "access_token", jwt,
                              "refresh_token", s->refresh, "token_type",
                              "bearer", "expires_in",
                              (json_int_t)token_lifetime_s(), "user", user));
}
