/* What a handler sees of a request, and how it answers. Nothing here speaks
 * FastCGI: serve.c fills the struct and sends what is left in it. */
#pragma once
#include <jansson.h>
#include "domain/principal.h"
#include "web/route.h"

struct req_header {
    const char *name, *value;
};

enum { REQ_HEADERS = 24, REQ_TEXTS = 64 };

struct req {
    struct arena *arena;       /* lives until the answer is sent */
    char *const *env;          /* CGI parameters, "NAME=value", ended by NULL */
    const struct route *route; /* NULL before and without a match */
    const char *method, *path, *query, *ip;
    const char *id;       /* request id */
    const char *key_hash; /* of its Idempotency-Key where the route takes one,
                             or NULL */
    const char *trace;    /* trace id of a valid traceparent, or NULL */
    struct principal who;
    struct db *db; /* this process's connection, under its family's role; NULL
                      where no database is configured */
    const char *about, *about_ip; /* what a licensed request was about (its path
                          until the handler knows better) and from where, for
                          the access log of licences; both in the arena */
    const char *params[ROUTE_PARAMS]; /* values of {…} in the path */
    const char *const *values; /* one per row of route->in, NULL = absent */
    struct file_part *files;
    size_t n_files;
    struct bytes body;
    /* the answer, kept until it is sent */
    int status; /* 0 until answered */
    const char *type;
    struct bytes answer;
    struct req_header headers[REQ_HEADERS];
    size_t n_headers;
    /* Called when the caller has the answer: what need not be waited for, a
     * mail. Parameters and headers of the request are gone by then. */
    void (*after)(struct req *r);
    void *after_with;
};

/* What r->values holds for a field sent as null. */
extern const char req_null[];
/* Raw header value by CGI name ("HTTP_ACCEPT"), or NULL. */
const char *req_param(const struct req *r, const char *cgi_name);
/* Validated input by field name; the fallback when absent; may be NULL.
 * A name that the route's table does not hold ends the process. */
const char *req_text(const struct req *r, const char *field);
int64_t req_int(const struct req *r, const char *field);
bool req_bool(const struct req *r, const char *field);
/* Thousandths of a DECIMAL field. */
int64_t req_milli(const struct req *r, const char *field);
/* True when the caller sent the field (and neither empty nor null). */
bool req_has(const struct req *r, const char *field);
/* True when a nullable field was sent as null: take the value away. */
bool req_is_null(const struct req *r, const char *field);
/* The texts of an IN_TEXTS field; *n is how many. */
const char *const *req_texts(const struct req *r, const char *field, size_t *n);

/* The number in the i-th {…} of the path, as text, for statements.
 * ERR_NOT_FOUND for what is no id, so that it is answered as one of nobody. */
MUST_CHECK enum err req_id(const struct req *r, size_t i, const char **id);

/* True when the Accept header names the media type (and not with q=0);
 * wildcards do not count. */
bool req_accepts(const struct req *r, const char *media_type);

/* True when the caller prefers French (the first language of
 * Accept-Language). */
bool req_is_french(const struct req *r);

/* Answers. Each returns OK so that handlers can end with `return req_…`.
 * req_json takes ownership of root. */
enum err req_json(struct req *r, int status, json_t *root);
/* p must live as long as the request's arena. */
enum err req_body(struct req *r, int status, const char *type, const void *p,
                  size_t n);
/* The one error shape; log_detail is logged and never sent. extra (or NULL,
 * ownership taken) adds members, or replaces message and detail. */
enum err req_fail(struct req *r, enum err e, const char *log_detail);
enum err req_fail_with(struct req *r, enum err e, const char *log_detail,
                       json_t *extra);
/* The same with sentences that say why, in place of the error's own. */
enum err req_fail_why(struct req *r, enum err e, json_t *extra, const char *why,
                      const char *why_french);
/* 422 that names one field, as input_read does: msg follows the field's name,
 * type is a stable word. */
enum err req_fail_field(struct req *r, const char *field, const char *msg,
                        const char *type);
/* The same for a place other than the body: "query" or "header". */
enum err req_fail_at(struct req *r, const char *where, const char *field,
                     const char *msg, const char *type);
/* Adds an answer header before the answer is sent; value must live as long
 * as the request's arena. */
void req_header(struct req *r, const char *name, const char *value);
