/* Who am I: the profile of the signed-in user. */
#include "me.h"
#include "domain/user.h"
#include "web/req.h"
#include "web/user_out.h"

enum { ANSWER_BYTES = 16384 };

/* The gate's own look-up holds the whole profile: no second statement. */
static enum err me_show(struct req *r)
{
    struct buf b;
    buf_init(&b, r->arena, ANSWER_BYTES);
    user_write(&b, r->who.row, 0);
    return req_body(r, 200, "application/json", buf_cstr(&b), b.n);
}

/* clang-format off */
ROUTES(me_routes,
    {.method = "GET", .path = "/api/auth/me", .handler = me_show,
     .access = USER, .limit = "auth_me",
     .summary = "Show the signed-in user", .out = user_out});
