#include <signal.h>
#include <sys/wait.h>
#include "base/conf.h"
#include "base/clock.h"
#include "document/document.h"
#include "document/wire.h"
#include "program.h"
#include "rawpdf.h"
#include "scan.h"
#include "tap.h"

#define LINE "BT /F1 12 Tf 72 700 Td (Facture numero 12345 du mois) Tj ET "
#define SCAN "q 595 0 0 842 0 0 cm /Im1 Do Q "

static struct document_limits lim;
static struct document *doc;

static enum err read_one(struct arena *a, struct bytes d, enum file_kind kind)
{
    const struct upload u = {.name = "x", .kind = kind, .data = d};
    doc = NULL;
    return document_read(a, &u, 1, &lim, &doc);
}

static bool has_word(const struct page *p, const char *text)
{
    for (uint32_t i = 0; i < p->n_words; i++)
        if (strcmp(p->words[i].text, text) == 0)
            return true;
    return false;
}

static void text(struct arena *a)
{
    tap_is_int(read_one(a, rawpdf_page(a, LINE, NULL), FILE_PDF), OK,
               "a PDF with text");
    tap_ok(doc && doc->n_pages == 1 && has_word(doc->pages, "12345"),
           "its words arrive");
    tap_is_int(read_one(a, rawpdf_many(a, 150, LINE), FILE_PDF), OK,
               "150 pages");
    tap_ok(doc && doc->n_pages == 150 && doc->pages[149].number == 150,
           "all of them, numbered");
    tap_is_int(read_one(a, rawpdf_many(a, 201, LINE), FILE_PDF),
               ERR_TOO_MANY_PAGES, "201 pages");
    tap_is_int(read_one(a, rawpdf_many(a, 11, SCAN), FILE_PDF), ERR_USE_JOBS,
               "11 scanned pages");
    static const uint8_t junk[] = "%PDF-1.7 nothing of the kind";
    tap_is_int(read_one(a, (struct bytes){junk, sizeof junk}, FILE_PDF),
               ERR_DOCUMENT_UNREADABLE, "junk");
    tap_is_int(document_read(a, NULL, 0, &lim, &doc), ERR_FILE_MISSING,
               "no file");
}

static void pictures(struct arena *a)
{
    PIX *pix = scan_draw(scan_lines, ARRAY_LEN(scan_lines), 150);
    struct bytes png = scan_file(a, pix, IFF_PNG);
    pixDestroy(&pix);
    const struct upload files[2] = {
        {.name = "1.png", .kind = FILE_PNG, .data = png},
        {.name = "2.pdf",
         .kind = FILE_PDF,
         .data = rawpdf_page(a, LINE, NULL)}};
    tap_is_int(document_read(a, files, 2, &lim, &doc), OK, "two files");
    tap_ok(doc && doc->n_pages == 2 && doc->ocr_pages == 1, "in one document");
    tap_ok(doc && doc->pages[0].source == PAGE_OCR &&
               has_word(doc->pages, "14502369874512"),
           "the first read by OCR");
    tap_ok(doc && doc->pages[1].source == PAGE_TEXT &&
               doc->pages[1].number == 2,
           "the second by its text");
    tap_is_int(read_one(a, png, FILE_JPEG), ERR_DOCUMENT_UNREADABLE,
               "a PNG announced as JPEG");
}

static void limits(struct arena *a)
{
    PIX *pix = scan_draw(scan_lines, ARRAY_LEN(scan_lines), 150);
    struct bytes png = scan_file(a, pix, IFF_PNG);
    pixDestroy(&pix);
    struct document_limits kept = lim;
    lim.page_mpixels = 1;
    tap_is_int(read_one(a, png, FILE_PNG), ERR_IMAGE_TOO_LARGE,
               "more pixels than a page may have");
    lim = kept;
    lim.request_mpixels = 2;
    tap_is_int(read_one(a, png, FILE_PNG), ERR_IMAGE_TOO_LARGE,
               "more pixels than a request may have");
    lim = kept;
    lim.wall_ms = 1;
    int64_t from = clock_mono_us();
    tap_is_int(read_one(a, png, FILE_PNG), ERR_DOCUMENT_TOO_SLOW,
               "more time than allowed");
    tap_ok(clock_mono_us() - from < 1500000, "told at once");
    lim = kept;
}

/* Endless work inside a page is stopped by its CPU limit. */
static void endless(struct arena *a)
{
    struct buf b;
    buf_init(&b, a, 64 << 20);
    for (int i = 0; i < 2000000; i++)
        buf_str(&b, "q 1 0 0 1 0 0 cm Q\n");
    struct document_limits kept = lim;
    lim.page_cpu_s = 1;
    tap_is_int(read_one(a, rawpdf_page(a, buf_cstr(&b), NULL), FILE_PDF),
               ERR_DOCUMENT_TOO_SLOW, "a page that takes too much CPU");
    lim = kept;
}

static void proof(struct arena *a)
{
    const struct needle secret[] = {{NEEDLE_WORD, "Dupont"}};
    const char *found = NULL;
    struct bytes leaky = rawpdf_page(
        a, "BT /F1 12 Tf 72 700 Td (Mme Dupont paie trop) Tj ET", NULL);
    tap_is_int(document_prove(a, leaky, "", secret, 1, &found),
               ERR_ANONYMISATION_FAILED, "a name that stands in the report");
    tap_ok(found != NULL, "its kind is named: %s", found ? found : "-");
    static const uint8_t junk[] = "%PDF-1.7 nothing of the kind";
    tap_is_int(document_prove(a, (struct bytes){junk, sizeof junk}, "", secret,
                              1, &found),
               ERR_ANONYMISATION_FAILED, "what cannot be searched");
}

static void parent_lost(struct arena *a)
{
    kill(document_client_pid(), SIGKILL);
    tap_is_int(read_one(a, rawpdf_page(a, LINE, NULL), FILE_PDF),
               ERR_UNAVAILABLE, "no parent, no hanging");
    document_client_stop();
    tap_ok(document_client_start(program_path("comptoir-documents")),
           "another parent");
    tap_is_int(read_one(a, rawpdf_page(a, LINE, NULL), FILE_PDF), OK,
               "and it reads");
}

/* Children inherit the memory of the parent. */
static void secrets(void)
{
    char path[64], environment[65536] = "";
    snprintf(path, sizeof path, "/proc/%d/environ", document_client_pid());
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(environment, 1, sizeof environment, f) : 0;
    if (f)
        fclose(f);
    tap_ok(n > 0 && memmem(environment, n, "LD_BIND_NOW=", 12),
           "the environment of the parent can be seen");
    tap_ok(!memmem(environment, n, "API_KEY", 7) &&
               !memmem(environment, n, "DATABASE_URL", 12),
           "it holds no secret");
}

int main(void)
{
    setenv("API_KEY", "a-key-of-the-test", 1);
    setenv("DATABASE_URL", "postgresql:///test", 1);
    if (access(program_path("comptoir-documents"), X_OK) != 0)
        tap_skip_all("comptoir-documents is not built");
    if (conf_init() != NULL)
        return 1;
    document_limits(&lim);
    struct arena *a = arena_new(65536);
    tap_is_int(read_one(a, rawpdf_page(a, LINE, NULL), FILE_PDF),
               ERR_UNAVAILABLE, "without a parent: unavailable");
    tap_ok(document_client_start(program_path("comptoir-documents")),
           "the document parent starts");
    text(a);
    secrets();
    pictures(a);
    limits(a);
    endless(a);
    proof(a);
    parent_lost(a);
    int status = document_client_stop();
    tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0, "it ends well");
    arena_free(a);
    return tap_done();
}
