/* What the operator's commands share. */
#pragma once
#include "ctl.h"

/* "ctl:<login>": who the audit trail names. */
RETURNS_NONNULL const char *operator_actor(struct ctl *c);
/* Runs one verb and says in a sentence why it was refused; what names what it
 * was done to ("user x"). NULL when refused, else its row. */
PGresult *operator_run(struct ctl *c, const struct db_query *q, size_t n,
                       const char *const *params, const char *what);
/* The number of the user named by number, e-mail address or username, NULL
 * (and a sentence) when there is none. */
const char *operator_user(struct ctl *c, const char *who);
/* Prints one row, a line a column. */
void operator_card(const PGresult *row);
/* True for a positive number of at most 18 digits. */
bool operator_is_id(const char *text);
