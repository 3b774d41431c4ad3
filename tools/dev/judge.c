/* Judges an invoice by hand: judge [--extra SUPPLIERS.tsv] FILE.pdf… prints
 * position, findings and highlights of each PDF with text. */
#include <stdlib.h>
#include "base/auto.h"
#include "base/conf.h"
#include "base/str.h"
#include "document/pdf.h"
#include "invoice/audit.h"
#include "invoice/format_fr.h"

enum { BLOCK = 1 << 20, FILE_MAX = 64 << 20 };

static struct bytes slurp(struct arena *a, const char *path)
{
    AUTO_FILE f = fopen(path, "rb");
    if (!f)
        return (struct bytes){0};
    char *p = arena_alloc(a, FILE_MAX);
    return (struct bytes){(uint8_t *)p, fread(p, 1, FILE_MAX, f)};
}

static void print_market(struct arena *a, const struct market *m)
{
    if (m->unavailable) {
        printf("  %s: %s\n", energy_name(m->energy), m->why);
        return;
    }
    printf("  %s: %s / %s, %+d per mille, saving %s (%d %%), days %d of %d, "
           "confidence %d\n    %s\n",
           energy_name(m->energy), format_fr_euros(a, m->cost_cents),
           format_fr_euros(a, m->reference_cents), m->gap_pm,
           format_fr_euros(a, m->saving_cents), m->saving_pct,
           m->covered_days, m->days, m->conf, m->label);
}

static void print_findings(struct arena *a, const struct audit_result *r)
{
    for (size_t i = 0; i < r->n_findings; i++) {
        const struct finding *f = &r->findings[i];
        printf("  %s %s %s %s page %d: %s\n", f->id,
               severity_name(f->severity), direction_name(f->direction),
               f->has_amount ? format_fr_euros(a, f->amount_cents) : "-",
               f->ev.page, f->sentence);
    }
    printf("  %zu of %zu checks\n", r->checks_run, r->checks_total);
    for (size_t i = 0; i < r->n_highlights; i++)
        printf("  * %s\n", r->highlights[i]);
}

static void print_said(const struct invoice *inv)
{
    static const char *const pages[] = {"unknown", "complete", "missing",
                                        "repeated"};
    printf("  pages %s%s, says", pages[inv->pages],
           inv->pages_shuffled ? ", shuffled" : "");
    for (enum mention_id m = 0; m < MENTION_MAX; m++)
        if (inv->mentions[m].present)
            printf(" %s (%s)", mention_name(m), inv->mentions[m].ev.quote);
    printf("\n");
}

static void judge(const struct reference *ref, const char *path)
{
    struct arena *a = arena_new(BLOCK);
    struct document_limits lim;
    struct document *doc;
    document_limits(&lim);
    printf("%s\n", path);
    const enum err e = pdf_read(a, slurp(a, path), &lim, &doc);
    if (e) {
        printf("  %s\n", err_code(e));
        arena_free(a);
        return;
    }
    const struct audit_request q = {.confidence_min = 500, .strict = true};
    struct audit_result r = {.invoice = invoice_read(a, doc, ref)};
    printf("  %s, paper %s, confidence %d\n", energy_name(r.invoice->energy),
           paper_name(r.invoice->paper), r.invoice->conf);
    print_said(r.invoice);
    market_compute(a, ref, r.invoice, q.confidence_min, &r);
    checks_run(a, ref, r.invoice, &q, &r);
    highlights_write(a, ref, &r);
    for (size_t i = 0; i < r.n_market; i++)
        print_market(a, &r.market[i]);
    print_findings(a, &r);
    arena_free(a);
}

int main(int argc, char **argv)
{
    const char *extra = NULL;
    const char *bad = conf_init();
    if (argc > 2 && str_eq(argv[1], "--extra")) {
        extra = argv[2];
        argc -= 2;
        argv += 2;
    }
    struct reference *ref = reference_from_tsv("sql/seeds/energy", extra);
    if (bad || !ref || argc < 2) {
        fprintf(stderr, "%s\n",
                bad ? bad : "judge [--extra SUPPLIERS.tsv] FILE.pdf…");
        return 2;
    }
    for (int i = 1; i < argc; i++)
        judge(ref, argv[i]);
    reference_free(ref);
    return 0;
}
