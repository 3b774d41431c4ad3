/* A statement as a table for spreadsheets and programs. */
#pragma once
#include "domain/statement.h"

/* UTF-8 with a byte order mark, ';' between columns, CRLF at line ends; French:
 * decimal commas. Every line of the statement, then one of totals. Empty when
 * it would exceed 32 MiB. In a. */
struct bytes statement_csv(struct arena *a, const struct statement *s,
                           bool french);
