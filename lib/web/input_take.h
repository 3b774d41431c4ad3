/* What the readers of multipart, form and JSON bodies share. */
#pragma once
#include "web/input.h"

struct reading {
    struct req *r;
    const char **values;
    json_t *errors;
    const char *where;   /* body or query */
    int64_t *counts;     /* files per row */
    const char *missing; /* a required file that did not come */
    uint64_t file_bytes;
    bool empty_file;
};

/* Notes a bad field; texts are copied. */
void input_take_complain(struct reading *rd, const char *name, const char *msg,
                         const char *type);
/* One text for a row of route->in; an empty one is a field not filled in. */
void input_take_text(struct reading *rd, size_t row, struct bytes text);
/* The row named by n bytes of name, or that of the closing {0}. */
size_t input_take_row(const struct reading *rd, const char *name, size_t n);
/* name=value&…, %XX and + undone. Of a query only rows marked in_query count
 * and other names are let be; of a body each must be a field. */
void input_take_pairs(struct reading *rd, const char *s, size_t n);
/* One JSON object (RFC 8259), no member twice, at most 32 levels deep.
 * ERR_BAD_JSON. */
MUST_CHECK enum err input_take_json(struct reading *rd, struct bytes body);
