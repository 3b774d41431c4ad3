/* Scopes, and what needs no database; tests/api/80-gate has the rest. */
#include "domain/principal.h"
#include "tap.h"

static void scopes(void)
{
    static const struct {
        const char *held, *asked;
        bool has;
    } rows[] = {
        {" invoices ", "invoices", true},
        {" a invoices b ", "invoices", true},
        {" account:read invoices ", "account:read", true},
        {" account:read ", "account", false},
        {" account:read ", "read", false},
        {" invoices2 ", "invoices", false},
        {" myinvoices ", "invoices", false},
        {" invoicesinvoices invoices ", "invoices", true},
        {" invoicesinvoices ", "invoices", false},
        {"  ", "invoices", false},
        {"", "invoices", false},
        {"invoices", "invoices", false}, /* never so: spaces stand around */
        {" INVOICES ", "invoices", false},
    };
    struct principal p = {.kind = PRINCIPAL_KEY};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        p.scopes = rows[i].held;
        tap_ok(principal_has_scope(&p, rows[i].asked) == rows[i].has,
               "'%s' %s %s", rows[i].held, rows[i].has ? "holds" : "lacks",
               rows[i].asked);
    }
    for (enum principal_kind k = PRINCIPAL_ANON; k <= PRINCIPAL_LICENSE; k++) {
        p = (struct principal){.kind = k, .scopes = ""};
        tap_ok(principal_has_scope(&p, "x") == (k != PRINCIPAL_KEY),
               "kind %d needs %s", k, k == PRINCIPAL_KEY ? "it" : "none");
    }
}

static void without_database(void)
{
    struct arena *a = arena_new(4096);
    struct db *db = db_open("host=/nonexistent dbname=x", "account");
    struct principal p = {.kind = PRINCIPAL_ANON};
    tap_is_int(principal_by_key(db, a, "00", &p), ERR_UNAVAILABLE,
               "the database is away: no key is refused for that");
    tap_is_int(p.kind, PRINCIPAL_ANON, "and nobody is let in");
    db_close(db);
    arena_free(a);
}

int main(void)
{
    scopes();
    without_database();
    return tap_done();
}
