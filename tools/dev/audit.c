/* The main job by hand: audit FOLDER FILE… audits each file on its own,
 * writes both reports into the folder and prints highlights and timings. Run
 * from the top of the project after make. */
#include <stdlib.h>
#include <time.h>

#include "base/auto.h"
#include "base/buf.h"
#include "invoice/report_logo.h"
#include "sample_result.h"

static struct bytes slurp(struct arena *a, const char *path)
{
    struct buf b;
    buf_init(&b, a, 64 << 20);
    AUTO_FILE f = fopen(path, "rb");
    char chunk[16384];
    for (size_t n; f && (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    return buf_bytes(&b);
}

static void save(struct arena *a, const char *dir, const char *name,
                 const char *kind, struct bytes b)
{
    AUTO_FILE f = fopen(arena_printf(a, "%s/%s-%s.pdf", dir, name, kind), "wb");
    if (!f || fwrite(b.p, 1, b.n, f) != b.n)
        fprintf(stderr, "cannot write into %s\n", dir);
}

static void one(const struct reference *ref, const char *dir,
                const char *path)
{
    struct arena *a = arena_new(1 << 18);
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    struct upload file = {.name = base, .data = slurp(a, path)};
    struct audit_request req = {.confidence_min = 500,
                                .strict = true,
                                .request_id = base};
    struct audit_result *r = ARENA_NEW(a, struct audit_result);
    const int64_t from = clock_mono_us();
    enum err e = document_sniff(base, NULL, file.data, &file.kind);
    if (e == OK)
        e = audit_run(a, ref, &file, 1, &req, r);
    printf("%s: %s, %.1f ms\n", base, e ? err_code(e) : "ok",
           (double)(clock_mono_us() - from) / 1000);
    for (size_t i = 0; e == OK && i < r->n_highlights; i++)
        printf("    %s\n", r->highlights[i]);
    if (e == OK) {
        save(a, dir, base, "full", r->full_pdf);
        save(a, dir, base, "anon", r->anonymous_pdf);
    }
    arena_free(a);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return fprintf(stderr, "audit FOLDER FILE...\n"), 2;
    struct reference *ref = sample_reference();
    const char *bad = report_logo_load();
    if (bad)
        return fprintf(stderr, "%s\n", bad), 1;
    if (!document_client_start(program_path("comptoir-documents")))
        return fprintf(stderr, "no document parent\n"), 1;
    for (int i = 2; i < argc; i++)
        one(ref, argv[1], argv[i]);
    document_client_stop();
    reference_free(ref);
    return 0;
}
