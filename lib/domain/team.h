/* The users of one tenant, for its admins. Every function works within the
 * transaction that is open, on the caller's own tenant, and notes in the audit
 * trail what it changes. A tenant keeps an active admin whatever two admins do
 * at the same time: its row is locked first. */
#pragma once
#include <stdbool.h>
#include "domain/principal.h"

enum { TEAM_INVITATION_DAYS = 7 };

/* Why a change is refused. */
enum team_refusal { TEAM_FINE, TEAM_LAST_ADMIN, TEAM_OPERATOR };

struct team_change {
    const char *role;      /* user, admin; NULL: as it is */
    const char *active;    /* true, false; NULL: as it is */
    bool remove;           /* takes the user out instead */
    enum team_refusal why; /* set, with ERR_CONFLICT */
};

struct team_invitation {
    const char *email, *role;
    const char *tenant, *token; /* set: the tenant's name, the mail's token */
    int64_t limit, used;        /* set, with ERR_QUOTA_EXCEEDED */
    PGresult *row;              /* set: the invitation, for row_to_json */
};

/* Behind page[0] (NULL: from the newest), page[1] at most; for listing_answer.
 */
MUST_CHECK enum err team_list(struct db *db, struct arena *a,
                              const struct principal *who,
                              const char *const page[2], PGresult **out);
/* One user by id, locked. ERR_NOT_FOUND. */
MUST_CHECK enum err team_get(struct db *db, struct arena *a,
                             const struct principal *who, const char *id,
                             PGresult **out);
/* Changes a user; one who is disabled or removed loses sessions and keys at
 * once. ERR_NOT_FOUND; ERR_CONFLICT with change->why. */
MUST_CHECK enum err team_change(struct db *db, struct arena *a,
                                const struct principal *who, const char *id,
                                struct team_change *change);
/* Asks an address to join; an older invitation of it is void. ERR_CONFLICT when
 * it is a user here; ERR_QUOTA_EXCEEDED when users and open invitations are as
 * many as the tier allows. */
MUST_CHECK enum err team_invite(struct db *db, struct arena *a,
                                const struct principal *who,
                                struct team_invitation *io);
/* Invitations that nobody used, as team_list. */
MUST_CHECK enum err team_invitations(struct db *db, struct arena *a,
                                     const struct principal *who,
                                     const char *const page[2], PGresult **out);
/* Takes one back. ERR_NOT_FOUND, also for one that was used. */
MUST_CHECK enum err team_uninvite(struct db *db, struct arena *a,
                                  const struct principal *who, const char *id);
