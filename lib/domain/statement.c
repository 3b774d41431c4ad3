/* The sums are of the lines that are shown: they agree whatever is written
 * meanwhile. */
#include "domain/statement.h"
#include <string.h>
#include "base/str.h"
#include "sql/statement.h"
#include "store/db_value.h"

static int64_t number(const PGresult *res, int row, const char *column)
{
    return db_value_i64(res, row, PQfnumber(res, column));
}

static const char *text(const PGresult *res, int row, const char *column)
{
    return PQgetvalue(res, row, PQfnumber(res, column));
}

bool statement_month_ok(const char *month)
{
    static const char digits[] = "0123456789";
    if (strlen(month) != 7 || month[0] != '2' || month[4] != '-' ||
        strspn(month, digits) != 4 || strspn(month + 5, digits) != 2)
        return false;
    return str_eq(month + 5, "10") || str_eq(month + 5, "11") ||
           str_eq(month + 5, "12") || (month[5] == '0' && month[6] != '0');
}

static void head_from_row(const PGresult *row, struct statement *out)
{
    *out = (struct statement){.license_id = number(row, 0, "id"),
                              .quota_monthly = number(row, 0, "quota_monthly"),
                              .client = text(row, 0, "client"),
                              .plan = text(row, 0, "plan"),
                              .billing_mode = text(row, 0, "billing_mode"),
                              .month = text(row, 0, "month"),
                              .made_at = text(row, 0, "made_at"),
                              .is_over = *text(row, 0, "is_over") == 't',
                              .opening = number(row, 0, "opening")};
    out->closing = out->opening;
}

static struct statement_line line_from_row(const PGresult *res, int row)
{
    return (struct statement_line){
        .at = text(res, row, "at"),
        .kind = text(res, row, "kind"),
        .meter = text(res, row, "meter"),
        .request_id = text(res, row, "request_id"),
        .note = text(res, row, "note"),
        .charge_id = number(res, row, "charge_id"),
        .count = number(res, row, "n"),
        .units = number(res, row, "units"),
        .micro_euros = number(res, row, "micro_euros"),
        .price_micro_euros = number(res, row, "price_micro_euros"),
        .balance_micro_euros = number(res, row, "balance")};
}

static void add_line(struct statement *s, const struct statement_line *l)
{
    if (str_eq(l->kind, "credit"))
        s->credits += l->micro_euros;
    else
        s->paid -= l->micro_euros;
    s->price += l->price_micro_euros;
    s->units += l->units;
    s->total_lines += l->count;
    s->closing += l->micro_euros;
}

static enum err read_lines(struct db *db, struct arena *a, bool by_day,
                           struct statement *out)
{
    const char *const params[] = {
        arena_printf(a, "%lld", (long long)out->license_id), out->month,
        arena_printf(a, "%d", STATEMENT_LINES + 1)};
    PGresult *res;
    const enum err e =
        db_many(db, a, by_day ? &SQL_STATEMENT_DAYS : &SQL_STATEMENT_LINES, 3,
                params, &res);
    if (e)
        return e;
    const int n = PQntuples(res);
    if (n > STATEMENT_LINES)
        return ERR_TOO_LARGE;
    struct statement_line *lines =
        ARENA_ARRAY(a, (size_t)n + 1, struct statement_line);
    for (int i = 0; i < n; i++) {
        lines[i] = line_from_row(res, i);
        add_line(out, &lines[i]);
    }
    out->lines = lines;
    out->n = (size_t)n;
    return OK;
}

enum err statement_read(struct db *db, struct arena *a, int64_t license,
                        const char *month, bool by_day, struct statement *out)
{
    const char *const params[] = {arena_printf(a, "%lld", (long long)license),
                                  month};
    PGresult *row;
    const enum err e = db_one(db, a, &SQL_STATEMENT_HEAD, 2, params, &row);
    if (e)
        return e;
    head_from_row(row, out);
    return read_lines(db, a, by_day, out);
}
