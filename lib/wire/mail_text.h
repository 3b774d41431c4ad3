/* The text of a mail: RFC 5322 headers, RFC 2047 words, quoted-printable. */
#pragma once
#include "base/arena.h"

struct mail_letter {
    const char *from_name, *from; /* from_name may be "" */
    const char *to, *subject, *body;
    int64_t now_ms;
    const char *id; /* left part of the Message-ID */
};

/* The whole message with CRLF line ends, in a; NULL when it is over 64 KiB.
 * Whatever the texts hold, no header more comes out of them. */
const char *mail_text_write(struct arena *a, const struct mail_letter *l);
/* text as a header's value: as it is when printable ASCII, else as encoded
 * words of at most 75 characters (RFC 2047). Controls become spaces. */
RETURNS_NONNULL const char *mail_text_header(struct arena *a, const char *text);
