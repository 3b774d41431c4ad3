#include "domain/team.h"
#include "base/encode.h"
#include "base/str.h"
#include "domain/audit.h"
#include "domain/mail_token.h"
#include "domain/session.h"
#include "sql/team.h"
#include "store/db_value.h"

enum { TOKEN_BYTES = 32 };

static const char *column(const PGresult *row, const char *name)
{
    return PQgetvalue(row, 0, PQfnumber(row, name));
}

static int64_t count_of(const PGresult *row, int i)
{
    int64_t n;
    return str_to_i64(PQgetvalue(row, 0, i), &n) ? n : 0;
}

static enum err note(struct db *db, struct arena *a,
                     const struct principal *who, const char *event,
                     const char *subject, json_t *facts)
{
    const struct audit_event e = {.tenant_id = who->tenant_id,
                                  .actor = who->id,
                                  .event = event,
                                  .subject = subject,
                                  .facts = facts};
    return audit_note(db, a, &e);
}

/* Name and most users of the tenant, whose row is ours until the end. */
static enum err lock(struct db *db, struct arena *a,
                     const struct principal *who, PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->tenant_id)};
    return db_one(db, a, &SQL_TEAM_ROOM, 1, params, out);
}

/* ---- users --------------------------------------------------------------- */

enum err team_list(struct db *db, struct arena *a, const struct principal *who,
                   const char *const page[2], PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->tenant_id), page[0],
                                  page[1]};
    return db_many(db, a, &SQL_TEAM_LIST, 3, params, out);
}

enum err team_get(struct db *db, struct arena *a, const struct principal *who,
                  const char *id, PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->tenant_id), id};
    return db_one(db, a, &SQL_TEAM_GET, 2, params, out);
}

static bool is_admin(const char *role)
{
    return str_eq(role, "admin") || str_eq(role, "operator");
}

/* True when an active admin would be none any more. */
static bool ends_admin(const PGresult *user, const struct team_change *c)
{
    const char *role = c->role ? c->role : column(user, "role");
    if (!is_admin(column(user, "role")) || *column(user, "is_active") != 't')
        return false;
    return c->remove || !is_admin(role) || str_eq(c->active, "false");
}

static enum err check(struct db *db, struct arena *a,
                      const struct principal *who, const PGresult *user,
                      struct team_change *c)
{
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  column(user, "id")};
    PGresult *left;
    c->why = TEAM_OPERATOR;
    if (str_eq(column(user, "role"), "operator"))
        return ERR_CONFLICT;
    c->why = TEAM_FINE;
    if (!ends_admin(user, c))
        return OK;
    const enum err e = db_one(db, a, &SQL_TEAM_OTHER_ADMINS, 2, params, &left);
    if (e || count_of(left, 0))
        return e;
    c->why = TEAM_LAST_ADMIN;
    return ERR_CONFLICT;
}

static enum err note_change(struct db *db, struct arena *a,
                            const struct principal *who, const PGresult *user,
                            const struct team_change *c)
{
    const char *subject = arena_printf(a, "user:%s", column(user, "id"));
    const char *role = column(user, "role");
    const bool was = *column(user, "is_active") == 't';
    const bool is = c->active ? str_eq(c->active, "true") : was;
    enum err e = OK;
    if (c->role && !str_eq(c->role, role))
        e = note(db, a, who, "role_change", subject,
                 json_pack("{s:s,s:s}", "from", role, "to", c->role));
    if (!e && was != is)
        e = note(db, a, who, is ? "user_enable" : "user_disable", subject,
                 NULL);
    return e;
}

static enum err remove_user(struct db *db, struct arena *a,
                            const struct principal *who, const PGresult *user)
{
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  column(user, "id")};
    const enum err e = db_exec(db, a, &SQL_TEAM_REMOVE, 2, params);
    return e ? e
             : note(db, a, who, "user_remove",
                    arena_printf(a, "user:%s", column(user, "id")),
                    json_pack("{s:s,s:s}", "email", column(user, "email"),
                              "role", column(user, "role")));
}

static enum err change_user(struct db *db, struct arena *a,
                            const struct principal *who, const PGresult *user,
                            const struct team_change *c)
{
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  column(user, "id"), c->role, c->active};
    enum err e = db_exec(db, a, &SQL_TEAM_CHANGE, 4, params);
    if (!e && str_eq(c->active, "false"))
        e = session_end_all(db, a, count_of(user, PQfnumber(user, "id")), 0,
                            "disabled");
    return e ? e : note_change(db, a, who, user, c);
}

enum err team_change(struct db *db, struct arena *a,
                     const struct principal *who, const char *id,
                     struct team_change *change)
{
    PGresult *room, *user;
    enum err e = lock(db, a, who, &room);
    if (!e)
        e = team_get(db, a, who, id, &user);
    if (!e)
        e = check(db, a, who, user, change);
    if (e)
        return e;
    return change->remove ? remove_user(db, a, who, user)
                          : change_user(db, a, who, user, change);
}

/* ---- invitations --------------------------------------------------------- */

/* Room for one more, once an older invitation of the address is gone. */
static enum err take_room(struct db *db, struct arena *a,
                          const struct principal *who,
                          struct team_invitation *io)
{
    const char *tenant = db_value_text(a, who->tenant_id);
    const char *const params[] = {tenant, io->email};
    PGresult *room, *member, *used;
    enum err e = lock(db, a, who, &room);
    if (!e)
        e = db_one(db, a, &SQL_TEAM_IS_MEMBER, 2, params, &member);
    if (e)
        return e;
    if (*PQgetvalue(member, 0, 0) == 't')
        return ERR_CONFLICT;
    e = db_exec(db, a, &SQL_TEAM_FORGET_INVITATION, 2, params);
    if (!e)
        e = db_one(db, a, &SQL_TEAM_USED, 1, params, &used);
    if (e)
        return e;
    io->tenant = column(room, "name");
    io->limit = count_of(room, PQfnumber(room, "max_users"));
    io->used = count_of(used, 0);
    return io->used < io->limit ? OK : ERR_QUOTA_EXCEEDED;
}

enum err team_invite(struct db *db, struct arena *a,
                     const struct principal *who, struct team_invitation *io)
{
    uint8_t random[TOKEN_BYTES];
    enum err e = take_room(db, a, who, io);
    if (e)
        return e;
    encode_random(random, sizeof random);
    io->token = encode_base64url(a, random, sizeof random);
    const char *const params[] = {db_value_text(a, who->tenant_id),
                                  io->email,
                                  io->role,
                                  mail_token_hash(a, io->token),
                                  db_value_text(a, who->user_id),
                                  db_value_text(a, TEAM_INVITATION_DAYS)};
    e = db_one(db, a, &SQL_TEAM_INVITE, 6, params, &io->row);
    return e ? e
             : note(db, a, who, "invitation_create",
                    arena_printf(a, "invitation:%s", column(io->row, "id")),
                    json_pack("{s:s,s:s}", "email", io->email, "role",
                              io->role));
}

enum err team_invitations(struct db *db, struct arena *a,
                          const struct principal *who,
                          const char *const page[2], PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->tenant_id), page[0],
                                  page[1]};
    return db_many(db, a, &SQL_TEAM_INVITATIONS, 3, params, out);
}

enum err team_uninvite(struct db *db, struct arena *a,
                       const struct principal *who, const char *id)
{
    const char *const params[] = {db_value_text(a, who->tenant_id), id};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_TEAM_UNINVITE, 2, params, &row);
    return e ? e
             : note(db, a, who, "invitation_revoke",
                    arena_printf(a, "invitation:%s", id),
                    json_pack("{s:s}", "email", column(row, "email")));
}
