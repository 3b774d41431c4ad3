/* draw: a fictional invoice of the samples file as a PDF, in one of four
 * layouts, or as the scan of that PDF. Tests, the demonstration and the
 * measurements work on what it draws. */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/str.h"
#include "boxed.h"
#include "letter.h"
#include "paper.h"
#include "sample.h"
#include "scan.h"
#include "sidebar.h"
#include "tabs.h"

static const struct layout {
    enum paper_face face;
    void (*page)(struct paper *p, const struct sample *s, size_t index);
} layouts[] = {
    {FACE_SANS, tabs_page},
    {FACE_SERIF, boxed_page},
    {FACE_ARIAL, sidebar_page},
    {FACE_SERIF, letter_page},
};

enum { CHANGES_MAX = 16 };

struct order {
    const char *samples, *id, *pages, *footer, *out;
    const char *change[CHANGES_MAX]; /* OLD=NEW */
    size_t n_changes;
    int64_t layout;
    bool scan;
};

static NORETURN void usage(void)
{
    fputs("draw [--samples FILE] --id ID [--layout 1|2|3|4] [--scan]\n"
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
        {"samples", 1, 0, 's'}, {"id", 1, 0, 'i'},    {"layout", 1, 0, 'l'},
        {"scan", 0, 0, 'x'},    {"pages", 1, 0, 'p'}, {"footer", 1, 0, 'f'},
        {"replace", 1, 0, 'r'}, {NULL, 0, 0, 0}};
    *o = (struct order){.samples = "tests/fixtures/samples.json", .layout = 1};
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
        else if (c != 'l' || !str_to_i64(optarg, &o->layout))
            usage();
    }
    if (!o->id || optind + 1 != argc || o->layout < 1 ||
        o->layout > (int64_t)ARRAY_LEN(layouts))
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

static void draw(const struct order *o, const struct sample *s,
                 const char *path)
{
    const struct layout *l = &layouts[o->layout - 1];
    const char *list[32];
    size_t n = sample_n_pages(s), pages = n;
    if (o->pages)
        n = str_split(s->arena, o->pages, ',', list, ARRAY_LEN(list));
    struct paper p;
    paper_open(&p, l->face,
               json_string_value(json_object_get(s->file, "watermark")));
    for (size_t i = 0; i < n; i++) {
        int64_t number = (int64_t)i + 1;
        if (o->pages && (!str_to_i64(list[i], &number) || number < 1 ||
                         number > (int64_t)pages))
            errx(1, "%s has no page %s", o->id, list[i]);
        paper_page(&p);
        l->page(&p, s, (size_t)number - 1);
    }
    paper_save(&p, path);
    paper_close(&p);
}

int main(int argc, char **argv)
{
    struct order o;
    struct sample s;
    parse(argc, argv, &o);
    struct arena *a = arena_new(1 << 16);
    sample_open(&s, a, o.samples, o.id);
    change(&s, &o);
    if (o.scan) {
        size_t stem = strlen(o.out) - strlen(".pdf");
        const char *base = arena_strndup(a, o.out, stem);
        const char *text = arena_printf(a, "%s.text.pdf", base);
        draw(&o, &s, text);
        scan_write(text, base);
        unlink(text);
    } else {
        draw(&o, &s, o.out);
    }
    json_decref(s.file);
    arena_free(a);
    return 0;
}
