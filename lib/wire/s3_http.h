/* Signed calls to one S3 server, many at once, with tries: what s3.h is made
 * of. */
#pragma once
#include "base/arena.h"
#include "wire/sigv4.h"

struct s3_site {
    const char *base; /* "https://host[:port]" */
    const char *host; /* as the Host header says it */
    const char *bucket;
    bool path_style; /* "/bucket/key"; else the host names the bucket */
    struct sigv4_keys keys;
    int64_t still_s; /* seconds without progress that end a call */
    int64_t within_ms; /* of a whole run, tries and all; 0: no such end */
    int64_t skew_ms; /* the server's clock less ours, once it complained */
};

enum { S3_HTTP_CONNECTIONS = 50, S3_HTTP_TRIES = 3 };

struct s3_call {
    /* asked */
    const char *method;
    const char *key; /* of the object; "" for the bucket itself */
    const struct sigv4_pair *query, *headers;
    size_t n_query, n_headers;
    struct bytes body;
    const char *body_sha256; /* NULL: computed */
    size_t answer_max;       /* bytes; a longer answer is a fault */
    /* answered */
    int status;             /* HTTP; 0: no answer */
    const char *fault;      /* what kept it from an answer: a word, or NULL */
    struct bytes answer;    /* with a NUL behind it */
    struct sigv4_pair *got; /* headers, names in lower case */
    size_t n_got;
    const char *code, *message; /* of an error's XML; "" when there is none */
    int tries;
};

/* Makes n calls, at most 50 connections at once, each within 10 s to connect
 * and still_s without progress, all within within_ms. 500, 502, 503, 504 and faults of the connection
 * are tried three times in all, 0.2 to 2 s apart; a refused clock once more,
 * with the server's. Outcomes are in the calls, texts in a. */
void s3_http_run(struct arena *a, struct s3_site *site, struct s3_call *calls,
                 size_t n);
/* The value of a header of the answer; NULL when it is not there. */
const char *s3_http_header(const struct s3_call *c, const char *name);
