/* CHK-22, 23, 24 and 35: what the checks say of a sample beside remembered
 * invoices of its point, and when they keep silent. */
#include "base/buf.h"
#include "invoice/audit.h"
#include "sample_change.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static int32_t day(const char *s)
{
    int32_t d = 0;
    return sheet_date(s, &d) ? d : 0;
}

/* A remembered invoice: number "n" is that of the sample. */
struct past {
    const char *start, *end, *issued, *number;
    enum paper paper;
    int64_t kwh, cents, micro;
    const char *offer_end;
    bool replaces;
};

static struct history_fact row(const struct past *p)
{
    struct history_fact f = {.paper = p->paper,
                             .number = p->number ? p->number : "",
                             .replaces = p->replaces,
                             .issued = p->issued ? day(p->issued) : 0,
                             .start = day(p->start),
                             .end = day(p->end),
                             .kwh = p->kwh ? p->kwh : -1,
                             .has_amount = p->cents != 0,
                             .amount_cents = p->cents,
                             .offer_type = p->offer_end ? "fixe" : "",
                             .offer_end = p->offer_end ? day(p->offer_end) : 0,
                             .n_prices = p->micro > 0};
    f.prices[0] = (struct history_price){.registr = "BASE", .micro = p->micro};
    return f;
}

static const char *judge(const char *sample, const char *change, const char *id,
                         const struct past *rows, size_t n)
{
    const struct audit_request q = {.confidence_min = 500, .strict = true};
    struct invoice *inv = sample_invoice(mem, sample, NULL);
    struct history sides[HISTORY_SIDES];
    struct audit_result r = {.invoice = inv};
    struct buf b;
    if (str_eq(sample, "S1")) /* whole months read better */
        sample_change(mem, inv,
                      "period_start=2025-03-01; "
                      "period_end=2025-04-30");
    sample_change(mem, inv, change);
    const size_t found = history_facts(mem, inv, 500, sides);
    r.past = rows ? sides : NULL;
    r.n_past = rows ? found : 0;
    for (size_t i = 0; i < r.n_past; i++) {
        sides[i].number_hash = "n";
        sides[i].n_rows = n;
        sides[i].rows = ARENA_ARRAY(mem, n, struct history_fact);
        for (size_t k = 0; k < n; k++)
            sides[i].rows[k] = row(&rows[k]);
    }
    checks_run(mem, ref, inv, &q, &r);
    buf_init(&b, mem, 4096);
    for (size_t i = 0; i < r.n_findings; i++)
        if (str_eq(r.findings[i].id, id))
            buf_printf(&b, "%s%s %lld %s", buf_cstr(&b)[0] ? " | " : "",
                       severity_name(r.findings[i].severity),
                       (long long)r.findings[i].amount_cents,
                       r.findings[i].anonymous);
    return buf_cstr(&b);
}

#define IS(id, sample, change, want, what, ...)                             \
    do {                                                                    \
        const struct past rows_[] = {__VA_ARGS__};                          \
        tap_is_str(                                                         \
            judge(sample, change, id, rows_, sizeof rows_ / sizeof *rows_), \
            want, "%s", what);                                              \
    } while (0)

/* S1 bills 145.50 euros for 1 March to 30 April 2025. */
static void twice(void)
{
    IS("CHK-22", "S1", "", "", "the period before",
       {.start = "2025-01-01",
        .end = "2025-02-28",
        .issued = "2025-03-05",
        .number = "x"});
    IS("CHK-22", "S1", "", "", "the day of the reading on both",
       {.start = "2025-01-01",
        .end = "2025-03-01",
        .issued = "2025-03-05",
        .number = "x"});
    IS("CHK-22", "S1", "",
       "haute 2385 Période du 01/03/2025 au 10/03/2025 déjà couverte par la "
       "facture du 12/03/2025 – à vérifier.",
       "ten days of 61 again",
       {.start = "2025-01-01",
        .end = "2025-03-10",
        .issued = "2025-03-12",
        .number = "x"});
    IS("CHK-22", "S1", "",
       "haute 14550 Période du 01/03/2025 au 30/04/2025 déjà couverte par la "
       "facture qui va du 01/03/2025 au 30/04/2025 – à vérifier.",
       "the whole again, under another number",
       {.start = "2025-03-01",
        .end = "2025-04-30",
        .number = "x",
        .cents = 14550});
    IS("CHK-22", "S1", "",
       "info 14550 Période du 01/03/2025 au 30/04/2025 déjà couverte par la "
       "facture de même numéro – à vérifier.",
       "the same paper in another file only informs",
       {.start = "2025-03-01",
        .end = "2025-04-30",
        .number = "n",
        .cents = 14550});
    IS("CHK-22", "S1", "",
       "haute 0 Période du 01/03/2025 au 30/04/2025 déjà couverte par la "
       "facture de même numéro – à vérifier.",
       "its number on another period",
       {.start = "2024-03-01",
        .end = "2024-04-30",
        .number = "n",
        .cents = 14550});
    tap_is_str(judge("S1", "", "CHK-22", NULL, 0), "", "nothing kept");
}

static void twice_with_reason(void)
{
    IS("CHK-22", "S1", "", "", "a credit note in between",
       {.start = "2025-03-01",
        .end = "2025-04-30",
        .number = "c",
        .paper = PAPER_CREDIT},
       {.start = "2025-03-01", .end = "2025-04-30", .number = "x"});
    IS("CHK-22", "S1", "",
       "haute 14550 Période du 01/03/2025 au 30/04/2025 déjà couverte par la "
       "facture qui va du 01/03/2025 au 30/04/2025 – à vérifier.",
       "a credit note for other days does not help",
       {.start = "2025-01-01",
        .end = "2025-02-28",
        .number = "c",
        .paper = PAPER_CREDIT},
       {.start = "2025-03-01", .end = "2025-04-30", .number = "x"});
    IS("CHK-22", "S1", "say.replaces=1", "", "this one takes its place",
       {.start = "2025-03-01", .end = "2025-04-30", .number = "x"});
    IS("CHK-22", "S1", "", "", "that one took its place",
       {.start = "2025-03-01",
        .end = "2025-04-30",
        .number = "x",
        .replaces = true});
    IS("CHK-22", "S1", "deposits=10000; amount_due=4550",
       "info 14550 Période du 01/03/2025 au 30/04/2025 déjà couverte par la "
       "facture qui va du 01/03/2025 au 30/04/2025 – à vérifier.",
       "an adjustment only informs",
       {.start = "2025-03-01", .end = "2025-04-30", .number = "x"});
}

static void gap(void)
{
    IS("CHK-23", "S1", "", "", "next to each other",
       {.start = "2025-01-01", .end = "2025-02-28"},
       {.start = "2025-05-01", .end = "2025-06-30"});
    IS("CHK-23", "S1", "", "", "one day is no gap",
       {.start = "2025-01-01", .end = "2025-02-27"});
    IS("CHK-23", "S1", "",
       "basse 0 Aucune facture pour la période du 01/02/2025 au 28/02/2025 : "
       "une régularisation est possible.",
       "a month before", {.start = "2025-01-01", .end = "2025-01-31"},
       {.start = "2024-11-01", .end = "2024-12-31"});
    IS("CHK-23", "S1", "",
       "basse 0 Aucune facture pour la période du 01/05/2025 au 31/05/2025 : "
       "une régularisation est possible.",
       "a month after, sent in another order",
       {.start = "2025-06-01", .end = "2025-06-30"});
    IS("CHK-23", "S1", "", "", "a longer invoice covers the day before",
       {.start = "2024-01-01", .end = "2025-03-15"},
       {.start = "2024-01-01", .end = "2024-12-31"});
    IS("CHK-23", "S1", "",
       "basse 0 Aucune facture pour la période du 01/02/2025 au 28/02/2025 : "
       "une régularisation est possible.",
       "a credit note fills no gap",
       {.start = "2025-02-01", .end = "2025-02-28", .paper = PAPER_CREDIT},
       {.start = "2025-01-01", .end = "2025-01-31"});
}

/* S1: 620 kWh in 61 days. */
static void unusual(void)
{
    IS("CHK-24", "S1", "", "", "twice is not more than twice",
       {.start = "2024-03-01", .end = "2024-04-30", .kwh = 310});
    IS("CHK-24", "S1", "",
       "info 0 Consommation journalière 2 fois supérieure à la période "
       "comparable : vérifier le relevé.",
       "more than twice",
       {.start = "2024-03-01", .end = "2024-04-30", .kwh = 300});
    IS("CHK-24", "S1", "",
       "info 0 Consommation journalière 4,1 fois supérieure à la période "
       "comparable : vérifier le relevé.",
       "by the day", {.start = "2024-03-10", .end = "2024-04-09", .kwh = 76});
    IS("CHK-24", "S1", "", "", "another season",
       {.start = "2024-07-01", .end = "2024-08-31", .kwh = 10});
    IS("CHK-24", "S1", "", "", "too short to tell",
       {.start = "2024-04-01", .end = "2024-04-10", .kwh = 1});
    tap_is_str(judge("S1", "car_kwh=100", "CHK-24", NULL, 0), "",
               "no yearly reference for electricity");
    /* S3: 2405 kWh of gas in two months */
    tap_is_str(judge("S3", "", "CHK-24", NULL, 0), "", "gas as expected");
    tap_is_str(judge("S3", "car_kwh=1000", "CHK-24", NULL, 0)[0] ? "told" : "",
               "told", "gas far above its yearly reference, without history");
    tap_is_str(
        judge("S3", "car_kwh=1000; billed_kwh=-; lines=0", "CHK-24", NULL, 0),
        "", "without kWh nothing is said");
}

static void price(void)
{
    const char *fixed = "offer_type=fixe; offer_end=2026-12-31";
    IS("CHK-35", "S1", fixed, "", "the same",
       {.start = "2025-01-01",
        .end = "2025-02-28",
        .micro = 125000,
        .offer_end = "2026-12-31"});
    IS("CHK-35", "S1", fixed, "", "a decimal more on one of them",
       {.start = "2025-01-01",
        .end = "2025-02-28",
        .micro = 124960,
        .offer_end = "2026-12-31"});
    IS("CHK-35", "S1", fixed,
       "moyenne 1860 Le prix du kWh passe de 0,1000\u202f€ HT à "
       "0,1250\u202f€ HT alors que l'offre est annoncée à prix fixe – à "
       "vérifier.",
       "2.5 cents more for 620 kWh, with VAT",
       {.start = "2025-01-01",
        .end = "2025-02-28",
        .micro = 100000,
        .offer_end = "2026-12-31"});
    IS("CHK-35", "S1", fixed, "", "another contract",
       {.start = "2025-01-01",
        .end = "2025-02-28",
        .micro = 100000,
        .offer_end = "2025-02-28"});
    IS("CHK-35", "S1", "offer_type=fixe; offer_end=2025-04-01", "",
       "the term is over",
       {.start = "2025-01-01",
        .end = "2025-02-28",
        .micro = 100000,
        .offer_end = "2025-04-01"});
    IS("CHK-35", "S1", "offer_type=indexe; offer_end=2026-12-31", "",
       "an indexed offer",
       {.start = "2025-01-01",
        .end = "2025-02-28",
        .micro = 100000,
        .offer_end = "2026-12-31"});
    const struct past dear[] = {{.start = "2025-01-01",
                                 .end = "2025-02-28",
                                 .micro = 130000,
                                 .offer_end = "2026-12-31"}};
    tap_ok(strncmp(judge("S1", fixed, "CHK-35", dear, 1), "info 372 ", 9) == 0,
           "cheaper only informs");
}

int main(void)
{
    mem = arena_new(1 << 20);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    twice();
    twice_with_reason();
    gap();
    unusual();
    price();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
