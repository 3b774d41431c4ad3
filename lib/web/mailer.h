/* Mails about accounts: the words that their templates know, the links that
 * lead to the desk. */
#pragma once
#include "base/arena.h"

struct mailer_letter {
    const char *kind;     /* verify, reset, invite, changed, email,
                             email_asked, email_changed */
    const char *to;       /* address */
    const char *language; /* fr or en */
    const char *token;    /* of the link, or NULL */
    int64_t minutes;      /* for which the token is good */
    const char *business; /* who invites, or NULL */
    const char *address;  /* that the account will have, or NULL */
};

/* Sends it and counts it; a failure is logged there and nowhere else. Waits
 * for the relay: call it when the caller has the answer (req's after). */
void mailer_send(struct arena *a, const struct mailer_letter *letter);
/* Where a link of that kind leads, by PUBLIC_URL. The token stands behind #, so
 * that no server on the way writes it into a log. */
RETURNS_NONNULL const char *mailer_link(struct arena *a, const char *kind,
                                        const char *token);
