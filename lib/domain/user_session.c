#include "domain/user_session.h"
#include "base/str.h"
#include "domain/audit.h"
#include "domain/session.h"
#include "sql/user_session.h"
#include "store/db_value.h"

enum err user_session_list(struct db *db, struct arena *a,
                           const struct principal *who,
                           const char *const page[2], PGresult **out)
{
    const char *const params[] = {db_value_text(a, who->user_id), page[0],
                                  page[1], db_value_text(a, who->session_id)};
    return db_many(db, a, &SQL_USER_SESSION_LIST, 4, params, out);
}

enum err user_session_end(struct db *db, struct arena *a,
                          const struct principal *who, const char *id)
{
    const char *const params[] = {db_value_text(a, who->user_id), id};
    PGresult *row;
    int64_t session;
    enum err e = db_one(db, a, &SQL_USER_SESSION_LIVE, 2, params, &row);
    if (e)
        return e;
    if (!str_to_i64(id, &session))
        return ERR_NOT_FOUND;
    e = session_end(db, a, session, "logout");
    if (e)
        return e;
    const struct audit_event event = {.tenant_id = who->tenant_id,
                                      .actor = who->id,
                                      .event = "session_end",
                                      .subject =
                                          arena_printf(a, "session:%s", id)};
    return audit_note(db, a, &event);
}
