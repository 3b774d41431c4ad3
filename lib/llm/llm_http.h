/* One POST to the language model's server. libcurl is loaded at the first
 * call: a responder that asks no model maps none of it. */
#pragma once
#include "base/arena.h"

enum llm_sent {
    LLM_SENT_ANSWERED, /* status and body are there */
    LLM_SENT_TIMEOUT,  /* the work may have been done and be billed */
    LLM_SENT_REFUSED,  /* nobody took the request */
    LLM_SENT_BROKEN    /* taken, then cut, or more than the limit */
};

struct llm_post {
    const char *url;
    const char *const *headers; /* "Name: value" */
    size_t n_headers;
    struct bytes body;
    int64_t timeout_ms; /* of everything */
};

struct llm_got {
    enum llm_sent sent;
    int status;            /* HTTP; 0 without an answer */
    const char *body;      /* NUL-terminated, in the arena; never NULL */
    int64_t retry_after_s; /* 0 when not said */
};

/* Sends and waits: no redirect, no proxy, http and https only, an answer of
 * at most 4 MiB. Never fails otherwise than by out->sent. */
void llm_http_post(struct arena *a, const struct llm_post *post,
                   struct llm_got *out);
