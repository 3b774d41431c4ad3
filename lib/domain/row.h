/* A row of an answer as JSON, for what is shown as it is kept: the statement's
 * column list decides what is shown. */
#pragma once
#include <jansson.h>
#include <libpq-fe.h>

/* An object of the row's columns by name, the caller's: numbers, booleans and
 * JSON as such, timestamps (given AT TIME ZONE 'UTC') as RFC 3339, arrays of
 * text as JSON has them when selected by to_jsonb, all else as text; NULL is
 * null. The column page_key (web/listing.h) is left out. */
json_t *row_to_json(const PGresult *res, int row);
