/* Billing at the operator's hand: credit, statements, the ledger and whether
 * it is true. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/conf.h"
#include "base/str.h"
#include "billing/money.h"
#include "billing/statement_csv.h"
#include "billing/statement_pdf.h"
#include "ctl.h"
#include "options.h"
#include "sql/charge.h"
#include "sql/idempotency.h"

enum { LINES = 1000 };

static const char *text(struct ctl *c, int64_t v)
{
    return arena_printf(c->a, "%lld", (long long)v);
}

/* NULL (none was given) or a month; false and a sentence for anything else. */
static bool month_ok(const char *month)
{
    if (!month || statement_month_ok(month))
        return true;
    ctl_fail("--month is YYYY-MM.");
    return false;
}

/* One statement that changes something, in a transaction of its own. */
static enum err change(struct ctl *c, const struct db_query *q, size_t n,
                       const char *const *params, PGresult **out)
{
    enum err e = db_begin(c->db);
    if (e)
        return e;
    e = db_one(c->db, c->a, q, n, params, out);
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

int billing_credit(struct ctl *c)
{
    static const struct option table[] = {{"--license", OPTION_NUMBER},
                                          {"--euros", OPTION_TEXT},
                                          {"--note", OPTION_TEXT},
                                          {0}};
    enum { LICENSE, EUROS, NOTE, N };
    struct option_value v[N];
    int64_t micro;
    PGresult *row;
    if (!options_read(c, table, v))
        return CTL_USAGE;
    if (!v[LICENSE].set || !v[EUROS].text ||
        !str_to_scaled(v[EUROS].text, 6, &micro)) {
        ctl_fail("credit takes --license N --euros AMOUNT [--note TEXT]; an "
                 "amount is like 50, 12.50 or -3.");
        return CTL_USAGE;
    }
    const char *const params[] = {text(c, v[LICENSE].number), text(c, micro),
                                  arena_printf(c->a, "ctl:%s", ctl_who()),
                                  v[NOTE].text ? v[NOTE].text : ""};
    const enum err e = change(c, &SQL_CHARGE_CREDIT, 4, params, &row);
    if (e)
        return ctl_fail("No such licence, or not as much credit to take; the "
                        "log line says which.");
    int64_t after;
    if (str_to_i64(PQgetvalue(row, 0, 0), &after))
        printf("licence %s: credit %s\n", params[0],
               money_text(c->a, after, false));
    return CTL_OK;
}

int billing_give_back(struct ctl *c)
{
    static const struct option table[] = {
        {"--charge", OPTION_NUMBER}, {"--note", OPTION_TEXT}, {0}};
    enum { CHARGE, NOTE, N };
    struct option_value v[N];
    PGresult *row;
    if (!options_read(c, table, v))
        return CTL_USAGE;
    if (!v[CHARGE].set) {
        ctl_fail("give-back takes --charge N [--note TEXT].");
        return CTL_USAGE;
    }
    const char *const params[] = {text(c, v[CHARGE].number),
                                  arena_printf(c->a, "ctl:%s", ctl_who()),
                                  v[NOTE].text ? v[NOTE].text : ""};
    if (change(c, &SQL_CHARGE_GIVE_BACK, 3, params, &row))
        return ctl_fail("The database refused; the log line says why.");
    if (*PQgetvalue(row, 0, 0) != 't')
        return ctl_fail("There is no charge %s that is not taken back yet.",
                        params[0]);
    printf("charge %s is taken back\n", params[0]);
    return CTL_OK;
}

int billing_ledger(struct ctl *c)
{
    static const struct option table[] = {{"--license", OPTION_NUMBER},
                                          {"--tenant", OPTION_NUMBER},
                                          {"--month", OPTION_TEXT},
                                          {0}};
    enum { LICENSE, TENANT, MONTH, N };
    struct option_value v[N];
    PGresult *res;
    if (!options_read(c, table, v) || !month_ok(v[MONTH].text))
        return CTL_USAGE;
    if (v[LICENSE].set == v[TENANT].set) {
        ctl_fail("ledger takes --license N or --tenant N [--month YYYY-MM].");
        return CTL_USAGE;
    }
    const char *const params[] = {
        v[LICENSE].set ? "license" : "tenant",
        text(c, v[LICENSE].set ? v[LICENSE].number : v[TENANT].number),
        v[MONTH].text, text(c, LINES)};
    if (db_many(c->db, c->a, &SQL_CHARGE_LEDGER, 4, params, &res))
        return ctl_fail("The ledger cannot be read.");
    ctl_table(res);
    return CTL_OK;
}

static bool write_file(const char *path, struct bytes data)
{
    AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (size_t done = 0; fd >= 0 && done < data.n;) {
        const ssize_t n = write(fd, data.p + done, data.n - done);
        if (n < 0)
            break;
        done += (size_t)n;
        if (done == data.n)
            return true;
    }
    ctl_fail("%s cannot be written: %s.", path, strerror(errno));
    return false;
}

int billing_statement(struct ctl *c)
{
    static const struct option table[] = {
        {"--license", OPTION_NUMBER}, {"--month", OPTION_TEXT},
        {"--format", OPTION_TEXT},    {"--language", OPTION_TEXT},
        {"--out", OPTION_TEXT},       {0}};
    enum { LICENSE, MONTH, FORMAT, LANGUAGE, OUT, N };
    struct option_value v[N];
    struct statement s;
    struct bytes data = {NULL, 0};
    if (!options_read(c, table, v) || !month_ok(v[MONTH].text))
        return CTL_USAGE;
    const char *format = v[FORMAT].text ? v[FORMAT].text : "csv";
    const char *language = v[LANGUAGE].text ? v[LANGUAGE].text : "fr";
    const bool pdf = str_eq(format, "pdf"), french = str_eq(language, "fr");
    if (!v[LICENSE].set || !v[OUT].text || (!pdf && !str_eq(format, "csv")) ||
        (!french && !str_eq(language, "en"))) {
        ctl_fail("statement takes --license N --out FILE [--month YYYY-MM] "
                 "[--format csv|pdf] [--language fr|en].");
        return CTL_USAGE;
    }
    enum err e =
        statement_read(c->db, c->a, v[LICENSE].number, v[MONTH].text, pdf, &s);
    if (!e && pdf)
        e = statement_pdf(c->a, &s, french, &data);
    else if (!e)
        data = statement_csv(c->a, &s, french);
    if (e || !data.n)
        return ctl_fail("No statement: %s.", e == ERR_NOT_FOUND
                                                 ? "there is no such licence"
                                                 : "it cannot be made");
    if (!write_file(v[OUT].text, data))
        return CTL_FAILED;
    printf("%s: %lld lines, paid %s, plan %s, credit %s\n", s.month,
           (long long)s.total_lines, money_text(c->a, s.paid, false),
           money_text(c->a, s.price, false),
           money_text(c->a, s.closing, false));
    return CTL_OK;
}

int billing_verify(struct ctl *c)
{
    PGresult *res;
    if (db_many(c->db, c->a, &SQL_CHARGE_VERIFY, 0, NULL, &res))
        return ctl_fail("The ledger cannot be read.");
    if (PQntuples(res) == 0) {
        puts("meters and credits are what the ledger says");
        return CTL_OK;
    }
    ctl_table(res);
    return ctl_fail("%d sums differ from the ledger.", PQntuples(res));
}

/* What a timer runs: the month's plans, reservations of the dead, answers
 * that are old. */
int billing_tidy(struct ctl *c)
{
    static const struct {
        const char *what;
        const struct db_query *query;
        size_t n;
    } jobs[] = {{"plans of the month added", &SQL_CHARGE_PLANS, 0},
                {"reservations given back", &SQL_CHARGE_EXPIRE, 0},
                {"answers forgotten", &SQL_IDEMPOTENCY_PURGE, 1}};
    const char *const hours[] = {text(c, conf_int(CONF_IDEMPOTENCY_HOURS))};
    PGresult *row;
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        if (change(c, jobs[i].query, jobs[i].n, hours, &row))
            return ctl_fail("%s: the database refused.", jobs[i].what);
        printf("%s %s\n", PQgetvalue(row, 0, 0), jobs[i].what);
    }
    return CTL_OK;
}
