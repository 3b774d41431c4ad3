/* Licences at the operator's hand: made, shown, stopped, renewed. A key is
 * printed once, as "client: key", and never again. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "base/conf.h"
#include "base/str.h"
#include "ctl.h"
#include "domain/license_admin.h"
#include "domain/license_lend.h"
#include "options.h"

enum { DAYS = 365, GRACE_HOURS = 72, LIST_MOST = 1000 };

static const char *who(struct ctl *c)
{
    return arena_printf(c->a, "ctl:%s", ctl_who());
}

static int refused(enum err e, const char *what)
{
    static const struct {
        enum err error;
        const char *why;
    } rows[] = {
        {ERR_NOT_FOUND, "there is no such licence or plan"},
        {ERR_CONFLICT, "its state does not allow that (revoked is for good)"},
        {ERR_INVALID_FIELD, "a value is out of its range"},
        {ERR_LICENSE_UNSIGNED,
         "the settings hold no key for that form (LICENSE_SIGNING_KEY, or "
         "LICENSE_SECRET with LICENSE_ENC_KEY)"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].error == e)
            return ctl_fail("%s: %s.", what, rows[i].why);
    return ctl_fail("%s: the database refused; the log line says why.", what);
}

/* Ends the transaction one way or the other. */
static enum err end(struct ctl *c, enum err e)
{
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

static const struct license_ring *ring(struct ctl *c)
{
    const struct license_ring *r;
    const char *bad = license_ring_load(c->a, &r);
    if (bad)
        ctl_fail("%s", bad);
    return bad ? NULL : r;
}

/* ---- generate ------------------------------------------------------------ */

static const struct option generate_options[] = {
    {"--client", OPTION_TEXT},    {"--days", OPTION_NUMBER},
    {"--plan", OPTION_TEXT},      {"--quota", OPTION_NUMBER},
    {"--billing", OPTION_TEXT},   {"--form", OPTION_TEXT},
    {"--addresses", OPTION_TEXT}, {"--features", OPTION_TEXT},
    {"--tenant", OPTION_NUMBER},  {"--grace-hours", OPTION_NUMBER},
    {"--list", OPTION_TEXT},      {0}};
enum {
    CLIENT,
    GEN_DAYS,
    PLAN,
    QUOTA,
    BILLING,
    FORM,
    ADDRESSES,
    FEATURES,
    TENANT,
    GRACE,
    LIST,
    GENERATE_OPTIONS
};

static bool terms_of(struct ctl *c, const struct option_value *v,
                     struct license_terms *t)
{
    static const enum license_form preferred = LICENSE_FORM_SIGNED;
    (void)c;
    *t = (struct license_terms){
        .form = preferred,
        .client = v[CLIENT].text,
        .days = v[GEN_DAYS].set ? (int)v[GEN_DAYS].number : DAYS,
        .plan = v[PLAN].text,
        .quota = v[QUOTA].set ? v[QUOTA].number : -1,
        .billing = v[BILLING].text,
        .addresses = v[ADDRESSES].text,
        .features = v[FEATURES].text,
        .tenant_id = v[TENANT].number,
        .grace_s = (v[GRACE].set ? v[GRACE].number : GRACE_HOURS) * 3600};
    if (v[FORM].text && !license_form_from(v[FORM].text, &t->form)) {
        ctl_fail("--form is hex, signed or opaque.");
        return false;
    }
    return true;
}

static int generate_one(struct ctl *c, const struct license_ring *r,
                        const struct license_terms *t)
{
    struct license_made made;
    enum err e = db_begin(c->db);
    if (!e)
        e = end(c, license_admin_create(c->db, c->a, r, t, who(c), &made));
    if (e)
        return refused(e, t->client);
    printf("%s: %s\n", t->client, made.key);
    if (!t->plan && t->quota < 1 &&
        (!t->billing || str_eq(t->billing, "quota")))
        ctl_fail("licence %lld may use nothing yet: license plan %lld "
                 "--plan P, or --quota N, changes that.",
                 (long long)made.id, (long long)made.id);
    return fflush(stdout) ? CTL_FAILED : CTL_OK;
}

/* "client;days;plan" a line; days and plan may be missing, # begins a comment.
 * The rest is as the options say. */
static bool line_terms(struct ctl *c, const char *line, struct license_terms *t)
{
    const char *cell[3] = {NULL, NULL, NULL};
    int64_t days;
    const size_t n = str_split(c->a, line, ';', cell, ARRAY_LEN(cell));
    t->client = str_trim(c->a, cell[0]);
    if (n > 1 && *str_trim(c->a, cell[1])) {
        if (!str_to_i64(str_trim(c->a, cell[1]), &days) || days < 1 ||
            days > INT_MAX)
            return false;
        t->days = (int)days;
    }
    if (n > 2 && *str_trim(c->a, cell[2]))
        t->plan = str_trim(c->a, cell[2]);
    return true;
}

static int generate_list(struct ctl *c, const struct license_ring *r,
                         const char *path, const struct license_terms *base)
{
    size_t n;
    const char *text = ctl_file(c, path, &n);
    int row = 0, failed = 0;
    for (const char *s = text; s && *s; row++) {
        const size_t len = strcspn(s, "\r\n");
        const char *line = str_trim(c->a, arena_strndup(c->a, s, len));
        struct license_terms t = *base;
        s += len + (s[len] != 0);
        if (!*line || *line == '#')
            continue;
        if (!line_terms(c, line, &t)) {
            ctl_fail("%s: \"%s\" is not client;days;plan.", path, line);
            failed++;
        } else {
            failed += generate_one(c, r, &t) != CTL_OK;
        }
    }
    return text && !failed ? CTL_OK : CTL_FAILED;
}

int license_generate(struct ctl *c)
{
    struct option_value v[GENERATE_OPTIONS];
    struct license_terms t;
    if (!options_read(c, generate_options, v) || !terms_of(c, v, &t))
        return CTL_USAGE;
    if (!v[CLIENT].text == !v[LIST].text) {
        ctl_fail("generate takes --client NAME or --list FILE.");
        return CTL_USAGE;
    }
    const struct license_ring *r = ring(c);
    if (!r)
        return CTL_FAILED;
    return v[LIST].text ? generate_list(c, r, v[LIST].text, &t)
                        : generate_one(c, r, &t);
}

/* ---- import -------------------------------------------------------------- */

struct import {
    const struct license_ring *ring;
    struct license_terms base;
    int done, there, refused;
};

/* "KEY;CLIENT;YYYY-MM-DD;QUOTA" of an opaque key, which says nothing itself;
 * the quota may be missing. NULL, or what is wrong. */
static const char *import_cells(struct ctl *c, const struct license_ring *r,
                                const char *line, struct license_terms *t,
                                struct license_key *k, const char **key)
{
    const char *cell[4] = {NULL, NULL, "", ""};
    const size_t n = str_split(c->a, line, ';', cell, ARRAY_LEN(cell));
    *key = str_trim(c->a, cell[0]);
    if (n < 3 || !license_key_read(c->a, r, *key, k) ||
        k->form != LICENSE_FORM_OPAQUE)
        return "is not KEY;CLIENT;YYYY-MM-DD;QUOTA with a key lic_…";
    k->client = str_trim(c->a, cell[1]);
    if (n > 3 && *str_trim(c->a, cell[3]) &&
        (!str_to_i64(str_trim(c->a, cell[3]), &t->quota) || t->quota < 0))
        return "has a quota that is no number";
    return license_admin_last_second(c->db, c->a, str_trim(c->a, cell[2]),
                                     &k->expires_s)
               ? "has an end that is no day (YYYY-MM-DD)"
               : NULL;
}

/* A hex key alone, or behind a text as it was printed ("client: KEY"). */
static const char *import_line(struct ctl *c, const struct import *i,
                               const char *line, struct license_terms *t,
                               struct license_key *k, const char **key)
{
    if (strchr(line, ';'))
        return import_cells(c, i->ring, line, t, k, key);
    const char *space = strrchr(line, ' ');
    *key = space ? space + 1 : line;
    if (!license_key_read(c->a, i->ring, *key, k))
        return "has no key that LICENSE_SECRET and LICENSE_ENC_KEY open";
    if (k->form == LICENSE_FORM_OPAQUE)
        return "has a key lic_… alone: KEY;CLIENT;YYYY-MM-DD;QUOTA";
    return k->form == LICENSE_FORM_HEX ? NULL
                                       : "has a key of this desk's own form";
}

static enum err import_one(struct ctl *c, struct import *i, int row,
                           const char *line)
{
    struct license_terms t = i->base;
    struct license_key k;
    struct license_adopted made;
    const char *key, *why = import_line(c, i, line, &t, &k, &key);
    const enum err e =
        why ? OK : license_admin_adopt(c->db, c->a, &t, &k, key, who(c), &made);
    if (e && e != ERR_INVALID_FIELD)
        return e;
    if (e)
        why = "has a value out of its range";
    i->refused += why != NULL;
    i->there += !why && made.was_there;
    i->done += !why && !made.was_there;
    if (why)
        printf("line %d: refused: it %s.\n", row, why);
    else
        printf("line %d: %s until %s, %s: licence %lld%s\n", row, k.client,
               made.expiry, license_key_hint(c->a, key), (long long)made.id,
               made.was_there ? ", which has it already" : "");
    return OK;
}

static enum err import_lines(struct ctl *c, struct import *i, const char *text)
{
    enum err e = OK;
    for (int row = 1; !e && *text; row++) {
        const size_t len = strcspn(text, "\n");
        const char *line = str_trim(c->a, arena_strndup(c->a, text, len));
        text += len + (text[len] != 0);
        if (*line && *line != '#')
            e = import_one(c, i, row, line);
    }
    return e;
}

static int import_file(struct ctl *c, struct import *i, const char *text,
                       bool dry)
{
    enum err e = db_begin(c->db);
    if (!e)
        e = import_lines(c, i, text);
    if (!e && (dry || i->refused))
        db_rollback(c->db);
    else
        e = end(c, e);
    if (e)
        return refused(e, "import: nothing was kept");
    printf("%d imported, %d there already, %d refused.%s\n", i->done, i->there,
           i->refused, dry ? " Nothing was kept: a dry run." : "");
    if (i->refused)
        return ctl_fail("nothing was kept: mend the lines that were refused, "
                        "and import the file again.");
    return CTL_OK;
}

int license_import(struct ctl *c)
{
    enum { NAME, MONTHLY, MODE, DRY, OPTIONS };
    static const struct option options[] = {{"--plan", OPTION_TEXT},
                                            {"--quota", OPTION_NUMBER},
                                            {"--billing", OPTION_TEXT},
                                            {"--dry-run", OPTION_FLAG},
                                            {0}};
    struct option_value v[OPTIONS];
    size_t n;
    if (c->argc < 1 || *c->argv[0] == '-') {
        ctl_fail("which file? license import FILE.");
        return CTL_USAGE;
    }
    const char *path = c->argv[0];
    c->argc--;
    c->argv++;
    if (!options_read(c, options, v))
        return CTL_USAGE;
    struct import i = {
        .ring = ring(c),
        .base = {.plan = v[NAME].text,
                 .quota = v[MONTHLY].set ? v[MONTHLY].number : -1,
                 .billing = v[MODE].text,
                 .grace_s = GRACE_HOURS * 3600}};
    const char *text = i.ring ? ctl_file(c, path, &n) : NULL;
    return text ? import_file(c, &i, text, v[DRY].set) : CTL_FAILED;
}

/* ---- list, show -----------------------------------------------------------
 */

int license_list(struct ctl *c)
{
    enum { STATUS, BY_CLIENT, AFTER, OPTIONS };
    static const struct option options[] = {{"--status", OPTION_TEXT},
                                            {"--client", OPTION_TEXT},
                                            {"--after", OPTION_NUMBER},
                                            {0}};
    struct option_value v[OPTIONS];
    PGresult *res;
    if (!options_read(c, options, v))
        return CTL_USAGE;
    const enum err e =
        license_admin_list(c->db, c->a, v[AFTER].number, v[STATUS].text,
                           v[BY_CLIENT].text, LIST_MOST, &res);
    if (e)
        return refused(e, "list");
    if (PQntuples(res) == 0)
        puts("There are none.");
    else
        ctl_table(res);
    return CTL_OK;
}

/* The licence's number in front of the options; 0 and a sentence without. */
static int64_t number_first(struct ctl *c)
{
    int64_t id = 0;
    if (c->argc < 1 || !str_to_i64(c->argv[0], &id) || id < 1) {
        ctl_fail("which licence? Give its number, as license list shows it.");
        return 0;
    }
    c->argc--;
    c->argv++;
    return id;
}

int license_show(struct ctl *c)
{
    PGresult *res;
    const int64_t id = number_first(c);
    if (!id || c->argc)
        return CTL_USAGE;
    const enum err e = license_admin_show(c->db, c->a, id, &res);
    if (e)
        return refused(e, "show");
    for (int i = 0; i < PQnfields(res); i++)
        printf("%-19s %s\n", PQfname(res, i), PQgetvalue(res, 0, i));
    return CTL_OK;
}

/* ---- changes --------------------------------------------------------------
 */

static int set_status(struct ctl *c, const char *status, const char *done)
{
    static const struct option options[] = {{"--reason", OPTION_TEXT}, {0}};
    struct option_value v[1];
    const int64_t id = number_first(c);
    if (!id || !options_read(c, options, v))
        return CTL_USAGE;
    enum err e = db_begin(c->db);
    if (!e)
        e = end(c, license_admin_status(c->db, c->a, id, status, who(c),
                                        v[0].text ? v[0].text : ""));
    if (e)
        return refused(e, status);
    printf("Licence %lld is %s.\n", (long long)id, done);
    return CTL_OK;
}

int license_suspend(struct ctl *c)
{
    return set_status(c, "suspended", "suspended");
}

int license_resume(struct ctl *c)
{
    return set_status(c, "active", "active");
}

int license_revoke(struct ctl *c)
{
    return set_status(c, "revoked", "revoked, for good");
}

int license_renew(struct ctl *c)
{
    static const struct option options[] = {{"--days", OPTION_NUMBER}, {0}};
    struct option_value v[1];
    const char *expiry = "";
    const int64_t id = number_first(c);
    if (!id || !options_read(c, options, v))
        return CTL_USAGE;
    enum err e = db_begin(c->db);
    if (!e)
        e = end(c, license_admin_renew(c->db, c->a, id,
                                       v[0].set ? (int)v[0].number : DAYS,
                                       who(c), &expiry));
    if (e)
        return refused(e, "renew");
    printf("Licence %lld ends on %s.\n", (long long)id, expiry);
    return CTL_OK;
}

int license_plan(struct ctl *c)
{
    enum { NAME, MONTHLY, MODE, OPTIONS };
    static const struct option options[] = {{"--plan", OPTION_TEXT},
                                            {"--quota", OPTION_NUMBER},
                                            {"--billing", OPTION_TEXT},
                                            {0}};
    struct option_value v[OPTIONS];
    PGresult *waits;
    const int64_t id = number_first(c);
    if (!id || !options_read(c, options, v) ||
        (!v[NAME].set && !v[MONTHLY].set && !v[MODE].set)) {
        ctl_fail("plan takes --plan NAME, --quota N or --billing MODE.");
        return CTL_USAGE;
    }
    enum err e = db_begin(c->db);
    if (!e)
        e = end(c, license_admin_plan(c->db, c->a, id, v[NAME].text,
                                      v[MONTHLY].set ? v[MONTHLY].number : -1,
                                      v[MODE].text, who(c), &waits));
    if (e)
        return refused(e, "plan");
    if (PQntuples(waits))
        printf("Licence %lld is %s from %s.\n", (long long)id,
               PQgetvalue(waits, 0, 0), PQgetvalue(waits, 0, 1));
    else
        printf("Licence %lld is changed.\n", (long long)id);
    return CTL_OK;
}

int license_rekey(struct ctl *c)
{
    static const struct option options[] = {{"--overlap-hours", OPTION_NUMBER},
                                            {0}};
    struct option_value v[1];
    struct license_made made;
    const int64_t id = number_first(c);
    if (!id || !options_read(c, options, v))
        return CTL_USAGE;
    const struct license_ring *r = ring(c);
    if (!r)
        return CTL_FAILED;
    enum err e = db_begin(c->db);
    if (!e)
        e = end(c, license_admin_rekey(c->db, c->a, r, id, (int)v[0].number,
                                       who(c), &made));
    if (e)
        return refused(e, "rekey");
    printf("%lld: %s\n", (long long)id, made.key);
    return CTL_OK;
}

int license_expire(struct ctl *c)
{
    int64_t n = 0, settled = 0;
    enum err e = db_begin(c->db);
    if (!e) {
        e = license_admin_expire(c->db, c->a, who(c), &n);
        if (!e)
            e = license_lend_overdue(c->db, c->a, &settled);
        e = end(c, e);
    }
    if (e)
        return refused(e, "expire");
    printf("%lld expired, %lld leases settled.\n", (long long)n,
           (long long)settled);
    return CTL_OK;
}
