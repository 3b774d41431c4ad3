/* accuracy: how many fields are read right, on the samples in every layout
 * as text and as scans, and on real EDF pages where they are at hand; and
 * whether anything identifying is left in the anonymised reports. The last
 * line is `accuracy text=NN.N scans=NN.N leaks=N`. */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/str.h"
#include "compare.h"
#include "document/document.h"
#include "edf.h"
#include "invoice/audit.h"
#include "search.h"

enum { FILE_BYTES_MAX = 32 << 20 };

struct run {
    const char *drawn; /* folder of make samples */
    const char *edf;   /* folder of the rendered EDF pages */
    const char *edf_expected;
    const char *only; /* substring of document names, or NULL */
    const char *log;
    bool verbose, no_scans, no_reports;
    bool quick; /* one scan, one drawn report read by OCR */
    struct reference *ref;
    json_t *samples, *known;
    struct score text, scans;
    struct score other; /* layout 4, which the reader was not made with */
    size_t leaks, refused, documents;
};

/* What one document gave. */
struct reading {
    struct document *doc;
    struct invoice *inv;
    struct bytes anonymous, full;
    enum err error;        /* of reading */
    enum err report_error; /* of drawing the reports */
};

static struct bytes load(struct arena *a, const char *path)
{
    struct buf b;
    char chunk[1 << 16];
    buf_init(&b, a, FILE_BYTES_MAX);
    AUTO_FILE f = fopen(path, "rb");
    if (!f)
        err(1, "%s", path);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    return buf_bytes(&b);
}

/* The steps of audit_run, so that fields are judged even where the whole
 * would be refused. */
static void read_file(struct arena *a, const struct run *r, const char *path,
                      struct reading *out)
{
    struct upload file = {.name = strrchr(path, '/') + 1,
                          .data = load(a, path)};
    struct document_limits lim;
    struct audit_request req = {.request_id = "accuracy"};
    struct audit_result result = {0};
    *out = (struct reading){0};
    document_limits(&lim);
    out->error = document_sniff(file.name, NULL, file.data, &file.kind);
    if (out->error == OK)
        out->error = document_read(a, &file, 1, &lim, &out->doc);
    if (out->error != OK)
        return;
    out->inv = result.invoice = invoice_read(a, out->doc, r->ref);
    if (r->no_reports)
        return;
    market_compute(a, r->ref, result.invoice, req.confidence_min, &result);
    checks_run(a, r->ref, result.invoice, &req, &result);
    highlights_write(a, r->ref, &result);
    out->report_error = report_pair(a, r->ref, &req, &result);
    out->anonymous = result.anonymous_pdf;
    out->full = result.full_pdf;
}

/* The document that stands for all in a quick run. */
static bool is_chosen(const struct run *r, const char *name)
{
    return !r->quick || str_starts(name, "S2-1");
}

static void search(struct arena *a, struct run *r, const char *name,
                   const struct reading *got, const json_t *expected,
                   const json_t *supplier, bool with_ocr)
{
    struct search_terms terms;
    if (r->no_reports || got->error != OK)
        return;
    if (got->report_error != OK) {
        printf("%s: no report: %s\n", name, err_code(got->report_error));
        r->refused++;
        return;
    }
    search_terms(a, expected, supplier, &terms);
    if (supplier && !search_sees(a, got->full, &terms)) {
        printf("%s: the search finds nothing in the full report\n", name);
        r->leaks++;
    }
    r->leaks += search_pdf(a, name, got->anonymous, &terms,
                           with_ocr && is_chosen(r, name));
}

static bool begin(struct run *r, struct score *s, const char *name)
{
    if (r->only && !strstr(name, r->only))
        return false;
    r->documents++;
    score_begin(s, name);
    return true;
}

static void run_sample(struct run *r, const json_t *sample, int layout,
                       bool scan)
{
    struct arena *a = arena_new(1 << 20);
    struct score *s = scan ? &r->scans : layout <= 3 ? &r->text : &r->other;
    const char *id = json_string_value(json_object_get(sample, "id"));
    const json_t *expected = json_object_get(sample, "expected");
    const char *name =
        arena_printf(a, "%s-%d%s", id, layout, scan ? "-scan" : "");
    if ((!scan || is_chosen(r, name)) && begin(r, s, name)) {
        struct reading got;
        read_file(a, r, arena_printf(a, "%s/%s.pdf", r->drawn, name), &got);
        if (got.error != OK)
            printf("%s: not read: %s\n", name, err_code(got.error));
        compare_invoice(a, s, expected, r->known, got.inv);
        score_end(s);
        /* Reports of scans are drawn by the same code from the same model:
         * their pages are not read by OCR once more. */
        search(a, r, name, &got, expected, json_object_get(sample, "supplier"),
               !scan);
    }
    arena_free(a);
}

static void run_samples(struct run *r, bool scan)
{
    size_t i;
    const json_t *sample;
    json_array_foreach(json_object_get(r->samples, "invoices"), i, sample)
    {
        for (int layout = 1; layout <= (scan || r->quick ? 3 : 4); layout++)
            run_sample(r, sample, layout, scan);
    }
}

static void run_edf_page(struct run *r, const char *id, const char *ending,
                         const json_t *expected)
{
    struct arena *a = arena_new(1 << 20);
    bool scan = !str_eq(ending, ".pdf");
    struct score *s = scan ? &r->scans : &r->text;
    const char *name = arena_printf(a, "%s%s", id, ending);
    const char *path = arena_printf(a, "%s/%s", r->edf, name);
    if (access(path, R_OK) == 0 && begin(r, s, name)) {
        struct reading got;
        read_file(a, r, path, &got);
        if (got.error != OK)
            printf("%s: not read: %s\n", name, err_code(got.error));
        edf_compare(a, s, expected, got.doc, got.inv);
        score_end(s);
        json_t *identity = json_pack("{s:s}", "supplier_name", "EDF");
        search(a, r, name, &got, identity, NULL, !scan);
        json_decref(identity);
    }
    arena_free(a);
}

static void run_edf(struct run *r)
{
    const char *id;
    json_t *page, *all = json_load_file(r->edf_expected, 0, NULL);
    if (!all || access(r->edf, R_OK) != 0) {
        printf("EDF pages: skipped, %s is not here\n", r->edf);
        json_decref(all);
        return;
    }
    json_object_foreach(all, id, page)
    {
        if (!json_is_object(page))
            continue;
        run_edf_page(r, id, ".pdf", page);
        if (!r->no_scans && !r->quick)
            run_edf_page(r, id, "_scan-1.jpg", page);
    }
    json_decref(all);
}

static NORETURN void usage(void)
{
    fputs(
        "accuracy [-v] [--drawn DIR] [--only NAME] [--log FILE]\n"
        "         [--quick] [--no-scans] [--no-reports] --documents PROGRAM\n",
        stderr);
    exit(2);
}

static const char *parse(int argc, char **argv, struct run *r)
{
    static const struct option options[] = {
        {"drawn", 1, 0, 'd'},      {"only", 1, 0, 'o'},
        {"log", 1, 0, 'l'},        {"no-scans", 0, 0, 's'},
        {"no-reports", 0, 0, 'r'}, {"documents", 1, 0, 'p'},
        {"quick", 0, 0, 'q'},      {NULL, 0, 0, 0}};
    const char *program = NULL;
    for (int c; (c = getopt_long(argc, argv, "v", options, NULL)) != -1;) {
        if (c == 'v')
            r->verbose = true;
        else if (c == 'd')
            r->drawn = optarg;
        else if (c == 'o')
            r->only = optarg;
        else if (c == 'l')
            r->log = optarg;
        else if (c == 's')
            r->no_scans = true;
        else if (c == 'r')
            r->no_reports = true;
        else if (c == 'q')
            r->quick = true;
        else if (c == 'p')
            program = optarg;
        else
            usage();
    }
    if (!program || optind != argc)
        usage();
    return program;
}

static void summary(const struct run *r)
{
    const struct score *t = &r->text, *s = &r->scans;
    size_t right = t->energy_right + s->energy_right;
    size_t wrong = t->energy_wrong + s->energy_wrong;
    printf("\ntext: %zu right, %zu wrong; scans: %zu right, %zu wrong\n",
           t->right, t->wrong, s->right, s->wrong);
    if (r->other.right + r->other.wrong)
        printf("another layout, not counted below: %zu right, %zu wrong "
               "(%.1f %%)\n",
               r->other.right, r->other.wrong,
               score_percent(r->other.right, r->other.wrong));
    printf("energy type: %zu of %zu right; reports refused: %zu\n", right,
           right + wrong, r->refused);
    printf("accuracy text=%.1f scans=%.1f leaks=%zu\n",
           score_percent(t->right, t->wrong), score_percent(s->right, s->wrong),
           r->leaks);
}

int main(int argc, char **argv)
{
    struct run r = {.drawn = "build/samples",
                    .edf = "../shared/data/energy/edf-rendered",
                    .edf_expected =
                        "../shared/data/energy/pdfss/expected.json"};
    const char *program = parse(argc, argv, &r);
    const char *wrong_conf = conf_init();
    if (wrong_conf)
        errx(1, "%s", wrong_conf);
    r.text.verbose = r.scans.verbose = r.other.verbose = r.verbose;
    AUTO_FILE log = r.log ? fopen(r.log, "w") : NULL;
    r.text.log = r.scans.log = r.other.log = log;
    r.samples = json_load_file("tests/fixtures/samples.json", 0, NULL);
    r.ref = reference_from_tsv("sql/seeds/energy",
                               "tests/fixtures/suppliers_test.tsv");
    if (!r.samples || !r.ref || !document_client_start(program))
        errx(1, "samples, reference tables or %s cannot be used", program);
    r.known = compare_known(r.samples);
    run_samples(&r, false);
    if (!r.no_scans)
        run_samples(&r, true);
    run_edf(&r);
    document_client_stop();
    if (r.documents == 0)
        errx(1, "no document was compared");
    summary(&r);
    json_decref(r.known);
    json_decref(r.samples);
    reference_free(r.ref);
    return 0;
}
