/* What a handler sees of a request, and how it answers. */
#pragma once
#include "web/route.h"

struct principal {
    enum { PRINCIPAL_ANON, PRINCIPAL_STATIC_KEY } kind;
    char id[64]; /* what limits and logs are keyed by: "key:3f2a…", "ip:…" */
};

struct req {
    struct arena *arena; /* lives until the answer is sent */
    FCGX_Request *fcgi;
    const struct route *route;
    const char *method, *path, *id, *ip; /* id: request id */
    const char *query;
    struct principal who;
    const char *params[4]; /* values of {…} in the path, in order */
    const char *const *values; /* one per row of route->in, NULL = absent */
    struct file_part *files;
    size_t n_files;
    int status; /* set when answered */
};

/* Raw header value by CGI name ("HTTP_ACCEPT"), or NULL. */
const char *req_param(const struct req *r, const char *cgi_name);
/* Validated input by field name; the fallback when absent; may be NULL. */
const char *req_text(const struct req *r, const char *field);
int64_t req_int(const struct req *r, const char *field);
bool req_bool(const struct req *r, const char *field);
/* Thousandths of a DECIMAL field. */
int64_t req_milli(const struct req *r, const char *field);

/* Answers. Each returns OK so that handlers can end with `return req_…`.
 * req_json takes ownership of root. */
enum err req_json(struct req *r, int status, json_t *root);
enum err req_body(struct req *r, int status, const char *type,
                  const void *p, size_t n);
/* The one error shape; log_detail is logged and never sent. extra (or NULL,
 * ownership taken) adds members. */
enum err req_fail(struct req *r, enum err e, const char *log_detail);
enum err req_fail_with(struct req *r, enum err e, const char *log_detail,
                       json_t *extra);
/* Adds an answer header before the answer is sent. */
void req_header(struct req *r, const char *name, const char *value);
