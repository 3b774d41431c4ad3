/* Lists, one page at a time: ?limit= and ?cursor= in, {"items",
 * "next_cursor"} and Link: rel="next" (RFC 8288) out. */
#pragma once
#include <libpq-fe.h>
#include "web/req.h"

enum { LISTING_MOST = 100 };

/* Rows for a route's table of inputs, and of outputs. */
#define LISTING_IN                                                 \
    {.name = "limit",                                              \
     .kind = IN_INT,                                               \
     .min = 1,                                                     \
     .max = LISTING_MOST,                                          \
     .fallback = "20",                                             \
     .in_query = true,                                             \
     .doc = "Most items of a page."},                              \
    {                                                              \
        .name = "cursor", .kind = IN_TEXT, .min = 1, .max = 300,   \
        .in_query = true, .doc = "next_cursor of the page before." \
    }
#define LISTING_OUT(of)                                              \
    {.name = "items",                                                \
     .kind = OUT_ARRAY,                                              \
     .max = LISTING_MOST,                                            \
     .required = true,                                               \
     .sub = (of),                                                    \
     .doc = "What this page holds."},                                \
    {                                                                \
        .name = "next_cursor", .kind = OUT_TEXT,                     \
        .doc = "Where the next page begins; absent on the last one." \
    }

struct listing {
    const char *name;  /* of the list: its cursors fit no other */
    const char *after; /* sort key that the page begins behind, or NULL */
    const char *rows;  /* how many to ask the database for: one too many, by
                          which the end is known */
    int64_t limit;
};

/* Reads limit and cursor. False for a cursor that was not given out for this
 * list; then the 422 is in r. */
MUST_CHECK bool listing_begin(struct req *r, const char *name,
                              struct listing *l);
/* Answers with the rows, columns as members (row_to_json). A row's sort key is
 * its column page_key, which is not shown, or without one its id. */
enum err listing_answer(struct req *r, const struct listing *l,
                        const PGresult *rows);
