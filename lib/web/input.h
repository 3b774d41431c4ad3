/* Reads what a caller sent against the fields its route declares, and names
 * every one that is wrong. */
#pragma once
#include "web/req.h"

/* Reads r->body in one of the ways the row takes, and r->query for the fields
 * that may stand there, into r->values and r->files.
 * ERR_INVALID_FIELD: *errors is an array of {loc, msg, type}, the caller's.
 * Others: ERR_UNSUPPORTED_MEDIA, ERR_BAD_JSON, ERR_BAD_MULTIPART,
 * ERR_FILE_MISSING, ERR_FILE_EMPTY, ERR_TOO_MANY_FILES, ERR_TOO_LARGE (sum of
 * the files). */
MUST_CHECK enum err input_read(struct req *r, json_t **errors);

/* What is wrong with one text for a field, or NULL: *type is a stable word
 * ("out_of_range"), the result an English sentence in a. */
const char *input_problem(struct arena *a, const struct field *f,
                          struct bytes text, const char **type);

/* A field_check: a time of RFC 3339 or a date; clean is UTC with its
 * milliseconds, as clock_rfc3339 writes. */
const char *input_time(struct arena *a, const char *text, const char **clean);
