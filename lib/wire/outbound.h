/* Calls to addresses that a user can name (webhooks, pictures to fetch). What
 * is connected to is decided when it is: the address that the name gave, on
 * every connection, so that neither a name server nor a redirect leads inside.
 * docs/WEBHOOKS.md tells the rules to integrators. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "wire/libcurl.h"

enum {
    OUTBOUND_HEADER_LINES = 100, /* most of an answer, interim ones included */
    OUTBOUND_HEADER_BYTES = 16384,
    OUTBOUND_REDIRECTS = 3 /* most that are followed, where any are */
};

/* Takes ENV, OUTBOUND_PORTS, OUTBOUND_CA_FILE and WEBHOOK_ALLOW_CIDR from conf
 * (with a warning in the log when the last one opens something). NULL when
 * well, else one clear sentence owned by the process. */
MUST_CHECK const char *outbound_init(void);
/* A field_check (web/route.h) for an address that will be called: NULL, or
 * what it must be. Names are not looked up here. */
const char *outbound_check(struct arena *a, const char *url,
                           const char **clean);

struct outbound_want {
    const char *url;
    const char *const *headers; /* "Name: value" */
    size_t n_headers;
    struct bytes body; /* posted; p NULL: a GET. Lives until the end */
    int64_t timeout_ms;
    size_t most_bytes; /* of the answer's body that are read */
    int redirects;     /* followed at most, to https only; 0: none */
};

struct outbound_got {
    const char *error; /* NULL with an answer; else a stable word, such as
                          "address_refused", "timeout", "tls_failed" */
    int status;        /* of the answer; 0 without */
    bool cut;          /* its body was longer than most_bytes */
    struct bytes body; /* as much as was read, NUL behind it, in the arena */
    int64_t ms, retry_after_s; /* 0 when not said */
};

struct outbound;

/* A call that is ready to be made, in a; freed with it (a multi handle must
 * have given it back by then). NULL, logged, when libcurl is missing. The url
 * need not have been checked. */
struct outbound *outbound_open(struct arena *a, const struct outbound_want *w);
/* Its easy handle, for a multi; outbound_of finds the call again. */
RETURNS_NONNULL CURL *outbound_handle(const struct outbound *o);
RETURNS_NONNULL struct outbound *outbound_of(CURL *handle);
/* How it ended, by what the easy or multi interface said. */
void outbound_result(struct outbound *o, CURLcode rc, struct outbound_got *out);
/* Opened, made and ended, while the caller waits. */
void outbound_call(struct arena *a, const struct outbound_want *w,
                   struct outbound_got *out);
