/* The route row is the endpoint: the gate acts from it, the documents are
 * made from it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

/* clang-format off */
/* Who may call. A user's own API key opens a door only where the row names a
 * scope that the key holds. */
enum access {
    ANON,         /* anybody */
    KEY,          /* a static key, a user's key with the scope, or a token */
    KEY_OPT,      /* anybody; a key or token, when sent, must be valid */
    LOCAL,        /* addresses of METRICS_ALLOW; operators from elsewhere */
    USER,         /* a signed-in user (token) */
    TENANT_ADMIN, /* the same with role admin or operator */
    OPERATOR,     /* the same with role operator */
    LICENSE,      /* a valid X-License-Key */
    LICENSE_ANY,  /* one in any state, or none: the handler tells which */
    ANY,          /* whoever holds a valid credential, whatever its scopes */
    ACCESS_MAX
};

/* How fields may be sent in the body; 0 is TAKES_MULTIPART. */
enum takes { TAKES_MULTIPART = 1, TAKES_FORM = 2, TAKES_JSON = 4 };

enum field_kind { IN_TEXT, IN_INT, IN_DECIMAL, IN_BOOL, IN_ENUM, IN_FILE,
                  IN_FILES, IN_TEXTS, IN_JSON, OUT_TEXT, OUT_INT, OUT_NUMBER, OUT_BOOL,
                  OUT_OBJECT, OUT_ARRAY, OUT_NUMBERS, OUT_ANY };

/* What is wrong with a text that has the right length, one English sentence
 * that begins with "must", or NULL; *clean is then what the handler reads
 * (domain/business_id.h has some). */
typedef const char *(*field_check)(struct arena *a, const char *text,
                                   const char **clean);

/* IN_TEXTS: a JSON array of texts, or a text with spaces between them; IN_JSON:
 * any JSON value, at most max bytes of text.
 *
 * One declared field: reads requests, names bad fields in the 422, and
 * becomes the schema in OpenAPI. Tables end with {0}. */
struct field {
    const char *name;
    enum field_kind kind;
    int64_t min, max;      /* INT: value; TEXT: bytes; DECIMAL: thousandths;
                              FILES and ARRAY: count */
    bool required;
    const char *fallback;  /* default as text, or NULL */
    const char *choices;   /* ENUM: "auto|electricite|gaz|dual" */
    const char *doc;       /* one sentence */
    const struct field *sub; /* OBJECT: members; ARRAY: members of its
                                elements, NULL for an array of texts */
    bool nullable;   /* IN: null is allowed and means "take it away" */
    bool in_query;         /* may be given behind the address's ? as well */
    field_check check;     /* TEXT: one more thing it must be, or NULL */
};

/* A part of a multipart body that is a file. */
struct file_part {
    const char *field, *name, *type; /* name: client's, control characters
                                        removed; type may be NULL */
    struct bytes data;
};

struct req;
typedef enum err (*handler_fn)(struct req *r);

struct route {
    const char *method, *path; /* "/v1/jobs/{id}" */
    handler_fn handler;        /* NULL: answered by nginx itself; the row is
                                  here for the documents */
    enum access access;
    const char *scope;         /* what a user's own key must hold here; NULL =
                                  such keys are refused */
    const char *limit;         /* row of limits.tsv; NULL = no limit */
    int64_t body_limit;        /* bytes; 0 = no body; -1 = MAX_CONTENT_LENGTH
                                  of files (+ 64 KiB of frame) */
    int takes;                 /* enum takes */
    bool tx;                   /* one database transaction a request: an answer
                                  of 400 or more takes back what was written;
                                  Idempotency-Key is honoured */
    bool idempotent;           /* honoured too, by the handler itself */
    int status;                /* of success; 0 = 200 */
    const char *summary;       /* one sentence */
    bool limit_outside;        /* nginx keeps that limit; it is only described */
    const struct field *in;    /* query or body fields; NULL = none */
    const struct field *out;   /* members of the JSON answer; NULL = other */
    const char *out_type;      /* media type when not JSON */
    const char *also_type;     /* other media types it can answer, by | */
    const enum err *errors;    /* errors the handler itself can give,
                                  ended by OK */
};

/* clang-format on */

/* "tenant_admin": as --routes and OpenAPI call it. */
RETURNS_NONNULL const char *route_access_name(enum access access);

/* Route arrays, each ended by {0}; the list ended by NULL. */
typedef const struct route *const *route_groups;

enum { ROUTE_PARAMS = 4 };

/* What the table says of a method and a path. */
struct route_match {
    const struct route *route;        /* NULL when nothing fits */
    int index;                        /* position over all groups, -1 without */
    const char *params[ROUTE_PARAMS]; /* values of {…} */
    const char *allow; /* the path exists with these methods only; else NULL */
};

/* HEAD finds the GET row. The path is nginx's decoded one; parameters live
 * in a. An empty parameter, one with control characters or bad UTF-8
 * matches nothing. */
void route_match(struct arena *a, route_groups groups, const char *method,
                 const char *path, struct route_match *out);
/* True for a POST that honours Idempotency-Key. */
bool route_is_idempotent(const struct route *r);
/* How many rows the groups hold. */
int route_count(route_groups groups);
/* The row at an index of route_match, or NULL. */
const struct route *route_at(route_groups groups, int index);

#define ROUTES(name, ...) const struct route name[] = {__VA_ARGS__, {0}}
