/* Reads invoices by hand: read [--words] [--time] [--extra SUPPLIERS.tsv]
 * FILE… prints the extraction of the files taken as one document. PDFs with
 * text are read in this process; the rest needs the document parent. */
#include "base/auto.h"
#include "base/clock.h"
#include "base/log.h"
#include "document/pdf.h"
#include "invoice/invoice.h"
#include "invoice/layout.h"
#include "invoice/reference.h"
#include <stdlib.h>
#include <string.h>

static struct bytes slurp(struct arena *a, const char *path)
{
    struct bytes b = {0};
    AUTO_FILE f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0)
        return b;
    long n = ftell(f);
    rewind(f);
    uint8_t *p = arena_alloc(a, n > 0 ? (size_t)n : 1);
    b.n = fread(p, 1, n > 0 ? (size_t)n : 0, f);
    b.p = p;
    return b;
}

static void print_words(struct arena *a, const struct document *doc)
{
    struct layout *l = layout_build(a, doc);
    for (size_t i = 0; i < l->n_rows; i++) {
        const struct row *r = &l->rows[i];
        printf("%d %5.0f %5.0f  ", r->page, (double)r->box.x0,
               (double)r->box.y0);
        for (const char *p = r->text; *p; p++)
            if (*p == '\t')
                fputs(" | ", stdout);
            else
                putchar(*p);
        putchar('\n');
    }
}

static void print_json(const struct invoice *inv)
{
    AUTO_JSON j = invoice_to_json(inv);
    char *text = json_dumps(j, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    puts(text);
    free(text);
    fprintf(stderr, "energy: %s (%d) %s; needles: %zu\n",
            energy_name(inv->energy), inv->energy_conf, inv->energy_why,
            inv->n_needles);
}

static void print_needles(const struct invoice *inv)
{
    for (size_t i = 0; i < inv->n_needles; i++)
        printf("%d %s\n", inv->needles[i].kind, inv->needles[i].text);
}

static void time_it(const struct document *doc, const struct reference *ref)
{
    enum { ROUNDS = 200 };
    struct arena *a = arena_new(1 << 20);
    int64_t from = clock_mono_us();
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(a);
        invoice_read(a, doc, ref);
    }
    fprintf(stderr, "%.0f us a reading, %zu kB\n",
            (double)(clock_mono_us() - from) / ROUNDS, arena_used(a) / 1024);
    arena_free(a);
}

static bool has(int argc, char **argv, const char *flag)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], flag) == 0)
            return true;
    return false;
}

static const char *after(int argc, char **argv, const char *flag,
                         const char *fallback)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], flag) == 0)
            return argv[i + 1];
    return fallback;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new(1 << 20);
    const char *seeds = after(argc, argv, "--seeds", "sql/seeds/energy");
    const char *extra = after(argc, argv, "--extra",
                              "tests/fixtures/suppliers_test.tsv");
    struct reference *ref = reference_from_tsv(seeds, extra);
    if (!ref)
        return 2;
    int bad = 0;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-') {
            i += strcmp(argv[i], "--seeds") == 0 ||
                 strcmp(argv[i], "--extra") == 0;
            continue;
        }
        struct document_limits lim = {.max_pages = 200,
                                      .max_scanned_pages = 20};
        struct document *doc;
        enum err e = pdf_read(a, slurp(a, argv[i]), &lim, &doc);
        if (e) {
            fprintf(stderr, "%s: %s\n", argv[i], err_message(e));
            bad = 1;
            continue;
        }
        if (has(argc, argv, "--words"))
            print_words(a, doc);
        else if (has(argc, argv, "--needles"))
            print_needles(invoice_read(a, doc, ref));
        else
            print_json(invoice_read(a, doc, ref));
        if (has(argc, argv, "--time"))
            time_it(doc, ref);
    }
    reference_free(ref);
    arena_free(a);
    return bad;
}
