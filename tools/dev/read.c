/* Reads invoices by hand: read [--words|--needles|--audit|--cii] [--printed]
 * [--time] [--save] [--seeds DIR] [--extra SUPPLIERS.tsv] FILE… prints the extraction of
 * each file; --printed leaves an attached electronic invoice alone. PDFs with
 * text and plain text files are read in this process; scans and images go to a
 * document parent of our own, comptoir-documents beside this program. */
#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "document/pdf.h"
#include "invoice/audit.h"
#include "invoice/export.h"
#include "invoice/layout.h"
#include "invoice/reference.h"
#include "paper.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static enum err read_scan(struct arena *a, const char *path, struct bytes data,
                          struct document **out)
{
    char self[4000], program[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    char *dev = strstr(self, "/dev/read");
    if (!dev)
        return ERR_UNAVAILABLE;
    *dev = 0;
    snprintf(program, sizeof program, "%s/bin/comptoir-documents", self);
    if (!document_client_pid() && !document_client_start(program))
        return ERR_UNAVAILABLE;
    struct upload file = {.name = path, .data = data};
    struct document_limits lim;
    document_limits(&lim);
    enum err e = document_sniff(path, NULL, data, &file.kind);
    return e ? e : document_read(a, &file, 1, &lim, out);
}

/* Words kept from an earlier reading: OCR is slow to repeat. */
static enum err read_words(struct arena *a, struct bytes in,
                           struct document **out)
{
    enum { PAGES = 64 };
    struct document *doc = ARENA_NEW(a, struct document);
    doc->pages = ARENA_ARRAY(a, PAGES, struct page);
    while (in.n > 4 && doc->n_pages < PAGES) {
        uint32_t len;
        memcpy(&len, in.p, 4);
        struct bytes one = {in.p + 4, len};
        if (len > in.n - 4 ||
            !page_unpack(a, one, &doc->pages[doc->n_pages++]))
            return ERR_DOCUMENT_UNREADABLE;
        doc->ocr_pages += doc->pages[doc->n_pages - 1].source == PAGE_OCR;
        in.p += len + 4;
        in.n -= len + 4;
    }
    *out = doc;
    return OK;
}

static void save_words(struct arena *a, const char *path,
                       const struct document *doc)
{
    AUTO_FILE f = fopen(arena_printf(a, "%s.words", path), "wb");
    for (uint32_t i = 0; f && i < doc->n_pages; i++) {
        struct buf b;
        buf_init(&b, a, 16 << 20);
        page_pack(&b, &doc->pages[i]);
        uint32_t len = (uint32_t)b.n;
        fwrite(&len, 4, 1, f);
        fwrite(b.p, 1, b.n, f);
    }
}

static bool needs_ocr(const struct document *doc)
{
    for (uint32_t i = 0; i < doc->n_pages; i++)
        if (doc->pages[i].source == PAGE_OCR)
            return true;
    return false;
}

static enum err read_file(struct arena *a, const char *path,
                          struct document **out)
{
    struct document_limits lim = {.max_pages = 200,
                                  .max_scanned_pages = 20,
                                  .xml_bytes = 2 << 20,
                                  .xml_depth = 24};
    struct bytes data = slurp(a, path);
    if (str_ends(path, ".words"))
        return read_words(a, data, out);
    if (str_ends(path, ".txt")) {
        *out = paper_read(a, arena_strndup(a, (const char *)data.p, data.n),
                          false);
        return OK;
    }
    enum err e = pdf_read(a, data, &lim, out);
    if (e || needs_ocr(*out))
        return read_scan(a, path, data, out);
    return OK;
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

/* The whole answer without its reports, as with strict=false. */
static void print_audit(struct arena *a, const struct reference *ref,
                        struct invoice *inv)
{
    const struct audit_request req = {.confidence_min = 500};
    struct audit_result *r = ARENA_NEW(a, struct audit_result);
    r->invoice = inv;
    if (audit_settle(&req, r) != OK)
        return;
    market_compute(a, ref, inv, req.confidence_min, r);
    checks_run(a, ref, inv, &req, r);
    highlights_write(a, ref, r);
    AUTO_JSON j = audit_to_json(r);
    char *text = json_dumps(j, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    puts(text);
    free(text);
}

/* The electronic invoice, or why there is none; false then. */
static bool print_cii(struct arena *a, const struct invoice *inv)
{
    struct bytes out = {0};
    const struct cii_problem *p;
    size_t n;
    const enum err e = export_cii(a, inv, &out, &p, &n);
    fwrite(out.p, 1, out.n, stdout);
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "%s %s: %s\n", p[i].rule, p[i].term, p[i].text);
    return e == OK;
}

static void print_needles(const struct invoice *inv)
{
    for (size_t i = 0; i < inv->n_needles; i++)
        printf("%d %s\n", inv->needles[i].kind, inv->needles[i].text);
}

static void time_it(const struct document *doc, const struct reference *ref)
{
    enum { ROUNDS = 400 };
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
    const char *wrong = conf_init();
    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
        return 2;
    }
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
        struct document *doc;
        enum err e = read_file(a, argv[i], &doc);
        if (e) {
            fprintf(stderr, "%s: %s\n", argv[i], err_message(e));
            bad = 1;
            continue;
        }
        if (has(argc, argv, "--printed"))
            doc->einvoice = NULL;
        if (has(argc, argv, "--save"))
            save_words(a, argv[i], doc);
        if (has(argc, argv, "--words"))
            print_words(a, doc);
        else if (has(argc, argv, "--needles"))
            print_needles(invoice_read(a, doc, ref));
        else if (has(argc, argv, "--cii"))
            bad |= !print_cii(a, invoice_read(a, doc, ref));
        else if (has(argc, argv, "--audit"))
            print_audit(a, ref, invoice_read(a, doc, ref));
        else
            print_json(invoice_read(a, doc, ref));
        if (has(argc, argv, "--time"))
            time_it(doc, ref);
    }
    if (document_client_pid())
        document_client_stop();
    reference_free(ref);
    arena_free(a);
    return bad;
}
