/* Reference data arrives as text; nothing past this file parses text. */
#include "invoice/sheet.h"
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "invoice/reference.h"

enum { FILE_MAX = 4 << 20, COLUMNS_MAX = 64 };

static char *file_text(struct arena *a, const char *path, size_t *n)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
        log_error("reference_missing", "{s:s}", "file", path);
        return NULL;
    }
    if (st.st_size <= 0 || st.st_size > FILE_MAX) {
        log_error("reference_size", "{s:s,s:I}", "file", path, "bytes",
                  (json_int_t)st.st_size);
        return NULL;
    }
    char *text = arena_alloc(a, (size_t)st.st_size + 1);
    size_t got = 0;
    for (ssize_t r; got < (size_t)st.st_size; got += (size_t)r)
        if ((r = read(fd, text + got, (size_t)st.st_size - got)) <= 0)
            return NULL;
    *n = got;
    if (str_utf8_ok(text, got))
        return text;
    log_error("reference_not_utf8", "{s:s}", "file", path);
    return NULL;
}

/* Cuts the next line off *text; NULL at the end. */
static char *next_line(char **text)
{
    char *line = *text;
    if (!*line)
        return NULL;
    char *end = strchrnul(line, '\n');
    *text = *end ? end + 1 : end;
    *end = '\0';
    if (end > line && end[-1] == '\r')
        end[-1] = '\0';
    return line;
}

static size_t cut_cells(char *line, const char **out, size_t max)
{
    size_t n = 0;
    for (char *p = line; p; n++) {
        if (n < max)
            out[n] = p;
        p = strchr(p, '\t');
        if (p)
            *p++ = '\0';
    }
    return n;
}

static size_t count_lines(const char *text)
{
    size_t n = 1;
    for (; (text = strchr(text, '\n')); text++)
        n++;
    return n;
}

static bool bad_width(const struct sheet *s, size_t row, size_t cells)
{
    log_error("reference_bad_row", "{s:o,s:I,s:I}", "at",
              json_sprintf("%s:%zu", s->name, row + 2), "cells",
              (json_int_t)cells, "wanted", (json_int_t)s->n_columns);
    return false;
}

bool sheet_from_tsv(struct arena *a, const char *path, struct sheet *out)
{
    size_t bytes;
    char *text = file_text(a, path, &bytes);
    return text && sheet_from_text(a, path, text, out);
}

bool sheet_from_text(struct arena *a, const char *name, char *text,
                     struct sheet *out)
{
    const size_t lines = count_lines(text);
    *out = (struct sheet){.name = arena_strdup(a, name)};
    out->columns = ARENA_ARRAY(a, COLUMNS_MAX, const char *);
    char *head = next_line(&text);
    out->n_columns = cut_cells(head, out->columns, COLUMNS_MAX);
    if (out->n_columns > COLUMNS_MAX)
        return bad_width(out, (size_t)-1, out->n_columns);
    out->cells = ARENA_ARRAY(a, lines * out->n_columns, const char *);
    for (char *line; (line = next_line(&text)); out->n_rows++) {
        const char **row = out->cells + out->n_rows * out->n_columns;
        size_t n = cut_cells(line, row, out->n_columns);
        if (n != out->n_columns)
            return bad_width(out, out->n_rows, n);
    }
    return true;
}

void sheet_from_result(struct arena *a, const char *name, const PGresult *res,
                       struct sheet *out)
{
    const int rows = PQntuples(res), columns = PQnfields(res);
    *out = (struct sheet){.name = name,
                          .n_columns = (size_t)columns,
                          .n_rows = (size_t)rows};
    out->columns = ARENA_ARRAY(a, out->n_columns, const char *);
    out->cells = ARENA_ARRAY(a, out->n_columns * out->n_rows, const char *);
    for (int c = 0; c < columns; c++)
        out->columns[c] = PQfname(res, c);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) /* "" for NULL */
            out->cells[r * columns + c] = PQgetvalue(res, r, c);
}

int sheet_column(const struct sheet *s, const char *column)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (str_eq(s->columns[i], column))
            return (int)i;
    return -1;
}

const char *sheet_cell(const struct sheet *s, size_t row, const char *column)
{
    const int c = sheet_column(s, column);
    return c < 0 ? "" : s->cells[row * s->n_columns + (size_t)c];
}

bool sheet_bad(const struct sheet *s, size_t row, const char *column,
               const char *value)
{
    log_error("reference_bad_cell", "{s:o,s:s,s:s}", "at",
              json_sprintf("%s:%zu", s->name, row + 2), "column", column,
              "value", value);
    return false;
}

/* Exactly n digits as a number, -1 when they are not. */
static int digits(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

static bool to_month(const char *s, int32_t *days)
{
    if (strlen(s) != 7 || s[4] != '-')
        return false;
    const int y = digits(s, 4), m = digits(s + 5, 2);
    if (y < 1990 || m < 1 || m > 12)
        return false;
    *days = clock_days(y, m, 1);
    return true;
}

bool sheet_date(const char *s, int32_t *days)
{
    if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
        return false;
    const int y = digits(s, 4), m = digits(s + 5, 2), d = digits(s + 8, 2);
    if (y < 1990 || d < 1 || d > clock_month_days(y, m))
        return false;
    *days = clock_days(y, m, d);
    return true;
}

/* A missing value is -1; a negative one is a mistake. */
static bool to_scaled(const char *s, int scale, int64_t *out)
{
    *out = -1;
    return !*s || (str_to_scaled(s, scale, out) && *out >= 0);
}

static bool to_small(const char *s, int scale, bool required, int32_t *out)
{
    int64_t v;
    if (!to_scaled(s, scale, &v) || v > INT32_MAX || (required && v < 0))
        return false;
    *out = (int32_t)v;
    return true;
}

/* The column holds yes, partial or no, with remarks: "yes (commentary)",
 * "yes/partial", "n/a" (arithmetic needs no source), "derived". */
static bool to_verified(const char *s, enum verified *out)
{
    static const struct {
        const char *start;
        enum verified v;
    } words[] = {{"yes/partial", VERIFIED_PARTIAL}, {"yes", VERIFIED_YES},
                 {"n/a", VERIFIED_YES},  {"derived", VERIFIED_PARTIAL},
                 {"partial", VERIFIED_PARTIAL}, {"no", VERIFIED_NO}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_starts(s, words[i].start)) {
            *out = words[i].v;
            return true;
        }
    return false;
}

static bool convert(struct arena *a, const struct sheet_field *f,
                    const char *s, char *to)
{
    switch (f->kind) {
    case CELL_TEXT:
        *(const char **)to = arena_strdup(a, s);
        return true;
    case CELL_CHARS:
        if (strlen(s) >= f->size)
            return false;
        memcpy(to, s, strlen(s) + 1);
        return true;
    case CELL_DATE:
        return sheet_date(s, (int32_t *)to);
    case CELL_DATE_OPEN:
        *(int32_t *)to = INT32_MAX;
        return !*s || sheet_date(s, (int32_t *)to);
    case CELL_MONTH:
        return to_month(s, (int32_t *)to);
    case CELL_MICRO:
        return to_scaled(s, 6, (int64_t *)to);
    case CELL_RATE:
        return to_small(s, 2, false, (int32_t *)to);
    case CELL_COUNT:
        return to_small(s, 0, true, (int32_t *)to);
    case CELL_YES_NO:
        *(bool *)to = str_eq(s, "y");
        return str_eq(s, "y") || str_eq(s, "n");
    case CELL_VERIFIED:
        return to_verified(s, (enum verified *)to);
    }
    return false;
}

bool sheet_fill(struct arena *a, const struct sheet *s,
                const struct sheet_field *fields, size_t n, void *rows,
                size_t row_bytes)
{
    for (size_t i = 0; i < n; i++) {
        const int c = sheet_column(s, fields[i].column);
        if (c < 0) {
            log_error("reference_no_column", "{s:s,s:s}", "file", s->name,
                      "column", fields[i].column);
            return false;
        }
        for (size_t r = 0; r < s->n_rows; r++) {
            const char *cell = s->cells[r * s->n_columns + (size_t)c];
            char *to = (char *)rows + r * row_bytes + fields[i].offset;
            if (!convert(a, &fields[i], cell, to))
                return sheet_bad(s, r, fields[i].column, cell);
        }
    }
    return true;
}
