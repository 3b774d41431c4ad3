/* Tables of text with named columns, from a TSV file or a query, and their
 * strict conversion to integers: one code path, so that both sources give
 * the same rows. */
#pragma once
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/attr.h"

struct sheet {
    const char *name; /* file or statement, for messages */
    const char **columns;
    size_t n_columns;
    const char **cells; /* row after row; never NULL, "" when missing */
    size_t n_rows;
};

enum cell_kind {
    CELL_TEXT,      /* const char *, copied */
    CELL_CHARS,     /* char[size], must fit */
    CELL_DATE,      /* int32_t days; 2025-08-01 */
    CELL_DATE_OPEN, /* the same, INT32_MAX when missing */
    CELL_MONTH,     /* int32_t days of the first; 2025-08 */
    CELL_MICRO,     /* int64_t millionths, -1 when missing, never negative */
    CELL_RATE,      /* int32_t hundredths of a percent, -1 when missing */
    CELL_COUNT,     /* int32_t whole number, never negative */
    CELL_YES_NO,    /* bool; y or n */
    CELL_VERIFIED   /* enum verified: yes…, partial, no… */
};

struct sheet_field {
    const char *column;
    enum cell_kind kind;
    size_t offset, size;
};
#define SHEET_FIELD(type, member, column, kind)                                \
    {column, kind, offsetof(type, member), sizeof(((type *)0)->member)}

/* Reads a whole file; the first line names the columns and every row has as
 * many cells. False when not, logged with file and line. */
MUST_CHECK bool sheet_from_tsv(struct arena *a, const char *path,
                               struct sheet *out);
/* The same from text in memory, which is cut to pieces and must live on. */
MUST_CHECK bool sheet_from_text(struct arena *a, const char *name, char *text,
                                struct sheet *out);
/* The same from a query's answer; cells stay in res, which must live on. */
void sheet_from_result(struct arena *a, const char *name, const PGresult *res,
                       struct sheet *out);
/* Index of a column or -1. */
int sheet_column(const struct sheet *s, const char *column);
/* Cell of a row by column name; "" when there is no such column. */
RETURNS_NONNULL const char *sheet_cell(const struct sheet *s, size_t row,
                                       const char *column);
/* Converts every row into the structs at rows (n_rows of row_bytes); text
 * is copied to a. False at the first bad cell, logged with file:line. */
MUST_CHECK bool sheet_fill(struct arena *a, const struct sheet *s,
                           const struct sheet_field *fields, size_t n,
                           void *rows, size_t row_bytes);
/* Logs "file:line: column: value" as a malformed row; always false. */
bool sheet_bad(const struct sheet *s, size_t row, const char *column,
               const char *value);
/* "2025-08-01" as days since 1970; false when it is not a real date. */
MUST_CHECK bool sheet_date(const char *text, int32_t *days);
