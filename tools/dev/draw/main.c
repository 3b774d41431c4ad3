/* draw: a fictional invoice of the samples file, or a random one, as a PDF in
 * one of four layouts, or as the scan of that PDF. Tests, the demonstration and
 * the measurements work on what it draws. */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/str.h"
#include "random.h"
#include "sample.h"
#include "scan.h"
#include "sheets.h"

enum { CHANGES_MAX = 16 };

struct order {
    const char *samples, *id, *pages, *footer, *out;
    const char *change[CHANGES_MAX]; /* OLD=NEW */
    size_t n_changes;
    int64_t layout, seed; /* seed -1: one of the samples */
    bool scan;
};

static NORETURN void usage(void)
{
    fputs("draw [--samples FILE] --id ID|--random SEED [--layout 1|2|3|4] "
          "[--scan]\n"
          "     [--pages 2,1] [--footer TEXT] [--replace OLD=NEW]... "
          "OUT.pdf\n"
          "With --scan OUT-1.jpg, OUT-2.jpg... are written too and OUT.pdf "
          "holds them.\n",
          stderr);
    exit(2);
}

static void parse(int argc, char **argv, struct order *o)
{
    static const struct option options[] = {
        {"samples", 1, 0, 's'}, {"id", 1, 0, 'i'},     {"layout", 1, 0, 'l'},
        {"scan", 0, 0, 'x'},    {"pages", 1, 0, 'p'},  {"footer", 1, 0, 'f'},
        {"replace", 1, 0, 'r'}, {"random", 1, 0, 'n'}, {NULL, 0, 0, 0}};
    *o = (struct order){
        .samples = "tests/fixtures/samples.json", .layout = 1, .seed = -1};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 's')
            o->samples = optarg;
        else if (c == 'i')
            o->id = optarg;
        else if (c == 'x')
            o->scan = true;
        else if (c == 'p')
            o->pages = optarg;
        else if (c == 'f')
            o->footer = optarg;
        else if (c == 'r' && o->n_changes < CHANGES_MAX)
            o->change[o->n_changes++] = optarg;
        else if (c == 'n' && str_to_i64(optarg, &o->seed))
            o->layout = random_layout((uint32_t)o->seed);
        else if (c != 'l' || !str_to_i64(optarg, &o->layout))
            usage();
    }
    if (!o->id == (o->seed < 0) || optind + 1 != argc || o->layout < 1 ||
        o->layout > SHEETS_LAYOUTS)
        usage();
    o->out = argv[optind];
    if (!str_ends(o->out, ".pdf"))
        usage();
}

static void change(struct sample *s, const struct order *o)
{
    for (size_t i = 0; i < o->n_changes; i++) {
        const char *equals = strchr(o->change[i], '=');
        if (!equals || equals == o->change[i])
            usage();
        size_t n = (size_t)(equals - o->change[i]);
        sample_replace(s, arena_strndup(s->arena, o->change[i], n), equals + 1);
    }
    if (o->footer)
        sample_footer(s, o->footer);
    if (o->layout > 1) /* a space that only DejaVu has */
        sample_replace(s, "\u202f", "\u00a0");
}

static void open_sample(struct sample *s, struct arena *a,
                        const struct order *o)
{
    if (o->seed < 0) {
        sample_open(s, a, o->samples, o->id);
        return;
    }
    struct reference *ref = reference_from_tsv(
        "sql/seeds/energy", "tests/fixtures/suppliers_test.tsv");
    if (!ref)
        errx(1, "the reference tables cannot be read");
    random_sample(s, a, ref, (uint32_t)o->seed, RANDOM_NO_DEFECT);
    reference_free(ref);
}

int main(int argc, char **argv)
{
    struct order o;
    struct sample s;
    parse(argc, argv, &o);
    struct arena *a = arena_new(1 << 16);
    open_sample(&s, a, &o);
    change(&s, &o);
    if (o.scan) {
        size_t stem = strlen(o.out) - strlen(".pdf");
        const char *base = arena_strndup(a, o.out, stem);
        const char *text = arena_printf(a, "%s.text.pdf", base);
        sheets_draw(&s, (int)o.layout, o.pages, text);
        scan_write(text, base);
        unlink(text);
    } else {
        sheets_draw(&s, (int)o.layout, o.pages, o.out);
    }
    json_decref(s.file);
    arena_free(a);
    return 0;
}
