/* The route row is the endpoint: the gate acts from it, the documents are
 * made from it. */
#pragma once
#include <fcgiapp.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

/* Who may call. More kinds come with accounts. */
enum access {
    ANON,     /* anybody */
    KEY,      /* a valid X-API-Key */
    KEY_OPT,  /* anybody; a key, when sent, must be valid */
    LOCAL     /* addresses of METRICS_ALLOW */
};

enum field_kind { IN_TEXT, IN_INT, IN_DECIMAL, IN_BOOL, IN_ENUM, IN_FILE,
                  IN_FILES, OUT_TEXT, OUT_INT, OUT_NUMBER, OUT_BOOL,
                  OUT_OBJECT, OUT_ARRAY, OUT_ANY };

/* One declared field: reads requests, names bad fields in the 422, and
 * becomes the schema in OpenAPI. Tables end with {0}. */
struct field {
    const char *name;
    enum field_kind kind;
    int64_t min, max;      /* INT: value; TEXT: length; DECIMAL: thousandths;
                              FILES: count */
    bool required;
    const char *fallback;  /* default as text, or NULL */
    const char *choices;   /* ENUM: "auto|electricite|gaz|dual" */
    const char *doc;       /* one sentence */
    const struct field *sub; /* OBJECT/ARRAY: members */
    bool nullable;
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
    handler_fn handler;
    enum access access;
    const char *limit;         /* row of limits.tsv; NULL = no limit */
    int64_t body_limit;        /* bytes; 0 = no body; -1 = MAX_CONTENT_LENGTH
                                  of files (+ 64 KiB of frame) */
    const char *summary;       /* one sentence */
    const struct field *in;    /* query or form fields; NULL = none */
    const struct field *out;   /* members of the JSON answer; NULL = other */
    const char *out_type;      /* media type when not JSON */
    const enum err *errors;    /* errors the handler itself can give,
                                  ended by OK */
};
