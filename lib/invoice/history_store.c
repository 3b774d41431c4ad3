/* Rows of invoice_history to facts and back. */
#include "invoice/history_store.h"
#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "invoice/sheet.h"
#include "sql/invoice.h"

enum { KEY_MIN = 32, TEXT_MAX = 4096 };

static bool keeps(void)
{
    return !str_eq(conf_str(CONF_INVOICE_STORE), "none") &&
           conf_int(CONF_RETENTION) > 0;
}

const char *history_store_problem(void)
{
    const char *what = conf_str(CONF_INVOICE_STORE);
    if (!str_eq(what, "none") && !str_eq(what, "results") &&
        !str_eq(what, "all"))
        return "INVOICE_STORE must be none, results or all.";
    if (keeps() && strlen(conf_str(CONF_HISTORY_KEY)) < KEY_MIN)
        return "INVOICE_STORE needs a HISTORY_KEY of at least 32 characters.";
    return NULL;
}

bool history_store_is_on(struct db *db, const char *owner,
                         struct history_store *out)
{
    if (!db || !keeps())
        return false;
    *out = (struct history_store){db, owner, conf_int(CONF_RETENTION)};
    return true;
}

/* ---- hashes ------------------------------------------------------------- */

const char *history_store_hash(struct arena *a, const char *kind,
                               const char *text)
{
    const char *key = conf_str(CONF_HISTORY_KEY);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    struct buf b;
    buf_init(&b, a, TEXT_MAX);
    buf_printf(&b, "%s:", kind);
    const size_t head = strlen(buf_cstr(&b));
    for (const char *p = text; *p; p++)
        if (isalnum((unsigned char)*p))
            buf_printf(&b, "%c", toupper((unsigned char)*p));
    const char *s = buf_cstr(&b);
    if (!s[head] || !HMAC(EVP_sha256(), key, (int)strlen(key),
                          (const unsigned char *)s, strlen(s), digest, &n))
        return "";
    return encode_hex(a, digest, n);
}

const char *history_store_files(struct arena *a, const struct upload *files,
                                size_t n)
{
    struct buf b;
    buf_init(&b, a, TEXT_MAX);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s",
                   encode_sha256(a, files[i].data.p, files[i].data.n));
    return history_store_hash(a, "file", buf_cstr(&b));
}

/* ---- rows in ------------------------------------------------------------ */

static int32_t day_of(const PGresult *res, int row, int column)
{
    int32_t day = 0;
    return sheet_date(PQgetvalue(res, row, column), &day) ? day : 0;
}

static enum paper paper_of(const char *word)
{
    static const enum paper all[] = {PAPER_INVOICE, PAPER_ADJUSTMENT,
                                     PAPER_CREDIT};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (str_eq(paper_name(all[i]), word))
            return all[i];
    return PAPER_UNKNOWN;
}

static void prices_from_json(struct arena *a, const char *text,
                             struct history_fact *f)
{
    AUTO_JSON o = json_loads(text, 0, NULL);
    const char *name;
    json_t *v;
    json_object_foreach(o, name, v) if (f->n_prices < HISTORY_PRICES)
        f->prices[f->n_prices++] = (struct history_price){
        .registr = arena_strdup(a, name), .micro = json_integer_value(v)};
}

static struct history_fact fact_from_row(struct arena *a, const PGresult *res,
                                         int row)
{
    struct history_fact f = {.paper = paper_of(PQgetvalue(res, row, 0)),
                             .replaces = str_eq(PQgetvalue(res, row, 1), "t"),
                             .number = PQgetvalue(res, row, 2),
                             .issued = day_of(res, row, 3),
                             .start = day_of(res, row, 4),
                             .end = day_of(res, row, 5),
                             .has_amount = !PQgetisnull(res, row, 7),
                             .offer_type = PQgetvalue(res, row, 8),
                             .offer_end = day_of(res, row, 9)};
    if (PQgetisnull(res, row, 6) ||
        !str_to_i64(PQgetvalue(res, row, 6), &f.kwh))
        f.kwh = -1;
    if (f.has_amount)
        f.has_amount = str_to_i64(PQgetvalue(res, row, 7), &f.amount_cents);
    prices_from_json(a, PQgetvalue(res, row, 10), &f);
    return f;
}

static enum err find_side(struct arena *a, const struct history_store *s,
                          const char *file, struct history *side)
{
    PGresult *res;
    const char *const params[] = {
        s->owner, energy_name(side->now.energy),
        history_store_hash(a, "point", side->now.point), file,
        arena_printf(a, "%lld", (long long)s->days)};
    enum err e = db_many(s->db, a, &SQL_INVOICE_HISTORY_FIND, 5, params, &res);
    if (e)
        return e;
    side->number_hash = history_store_hash(a, "number", side->now.number);
    side->n_rows = (size_t)PQntuples(res);
    side->rows = ARENA_ARRAY(a, side->n_rows, struct history_fact);
    for (size_t i = 0; i < side->n_rows; i++) {
        side->rows[i] = fact_from_row(a, res, (int)i);
        side->rows[i].energy = side->now.energy;
    }
    return OK;
}

enum err history_store_find(struct arena *a, const struct history_store *s,
                            const char *file, struct history *sides, size_t n)
{
    enum err e = OK;
    for (size_t i = 0; i < n && !e; i++)
        e = find_side(a, s, file, &sides[i]);
    return e;
}

/* ---- rows out ----------------------------------------------------------- */

static const char *date_or_null(struct arena *a, int32_t day)
{
    int y, m, d;
    if (day <= 0)
        return NULL;
    clock_civil(day, &y, &m, &d);
    return arena_printf(a, "%04d-%02d-%02d", y, m, d);
}

static const char *text_or_null(const char *s)
{
    return s && *s ? s : NULL;
}

static const char *count_or_null(struct arena *a, bool has, int64_t v)
{
    return has ? arena_printf(a, "%lld", (long long)v) : NULL;
}

static const char *prices_json(struct arena *a, const struct history_fact *f)
{
    AUTO_JSON o = json_object();
    for (size_t i = 0; i < f->n_prices; i++)
        json_object_set_new(o, f->prices[i].registr,
                            json_integer(f->prices[i].micro));
    char *text = json_dumps(o, JSON_COMPACT);
    const char *copy = arena_strdup(a, text ? text : "{}");
    free(text);
    return copy;
}

static enum err keep_side(struct arena *a, const struct history_store *s,
                          const char *file, const struct history_fact *f)
{
    const char *const params[] = {
        s->owner,
        energy_name(f->energy),
        history_store_hash(a, "point", f->point),
        file,
        text_or_null(history_store_hash(a, "number", f->number)),
        paper_name(f->paper),
        f->replaces ? "t" : "f",
        date_or_null(a, f->issued),
        date_or_null(a, f->start),
        date_or_null(a, f->end),
        count_or_null(a, f->kwh >= 0, f->kwh),
        count_or_null(a, f->has_amount, f->amount_cents),
        text_or_null(f->offer_type),
        date_or_null(a, f->offer_end),
        prices_json(a, f)};
    return db_exec(s->db, a, &SQL_INVOICE_HISTORY_KEEP, ARRAY_LEN(params),
                   params);
}

enum err history_store_keep(struct arena *a, const struct history_store *s,
                            const char *file, const struct history *sides,
                            size_t n)
{
    PGresult *res;
    const char *const days[] = {arena_printf(a, "%lld", (long long)s->days)};
    enum err e = db_one(s->db, a, &SQL_INVOICE_HISTORY_PURGE, 1, days, &res);
    for (size_t i = 0; i < n && !e; i++)
        e = keep_side(a, s, file, &sides[i].now);
    return e;
}
