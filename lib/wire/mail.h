/* Mail: one message to one address through the operator's relay. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/err.h"

enum { MAIL_ADDRESS_BYTES = 254 }; /* RFC 5321 4.5.3.1.3, less its brackets */

struct mail_word {
    const char *name, *text; /* {name} in the template becomes text */
};

struct mail {
    const char *to;
    const char *kind;     /* verify, reset, invite: share/mail_<kind>_<lang> */
    const char *language; /* fr or en; any other is fr */
    const struct mail_word *words;
    size_t n_words;
};

/* Takes SMTP_* and MAIL_FROM from conf. NULL when well (also without a
 * relay), else one clear sentence owned by the process. */
MUST_CHECK const char *mail_init(void);
/* Whether mails go somewhere: to a relay, or in dev into the log. */
bool mail_ready(void);
/* True for name@host of plain letters: no quotes, no comments, no brackets, at
 * least one dot in the host, as short as SMTP takes it. */
bool mail_address_ok(const char *s);
/* Fills the template and hands it to the relay, waiting SMTP_TIMEOUT_S at
 * most. Without a relay ENV=dev logs mail_not_sent_demo with the word "link".
 * ERR_UNAVAILABLE, logged, when the relay did not take it or there is none;
 * ERR_INTERNAL when the template is missing. */
MUST_CHECK enum err mail_send(struct arena *a, const struct mail *m);
