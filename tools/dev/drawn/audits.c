#include "audits.h"
#include <stdio.h>
#include <string.h>
#include "../accuracy/search.h"
#include "../draw/random.h"
#include "../draw/sheets.h"
#include "base/auto.h"
#include "base/str.h"
#include "document/document.h"
#include "invoice/audit.h"
#include "scans.h"

struct tally {
    size_t audits, leaks, blind, refused, failed, wrong_type, findings;
};

/* Whatever names the supplier, the customer or the point. */
static void list_terms(struct arena *a, const struct sample *s,
                       struct search_terms *terms)
{
    search_terms(a, s->expected, json_object_get(s->invoice, "supplier"),
                 terms);
    const char *where = json_string_value(json_object_get(s->invoice, "where"));
    terms->text[terms->n++] = where;
    terms->text[terms->n++] = strchr(where, ',') + 8; /* the town */
}

static void search(struct arena *a, const char *name, const struct sample *s,
                   const struct audit_result *r, struct tally *t)
{
    struct search_terms terms;
    list_terms(a, s, &terms);
    if (!search_sees(a, r->full_pdf, &terms)) {
        printf("%s: the search finds nothing in the full report\n", name);
        t->blind++;
    }
    t->leaks += search_pdf(a, name, r->anonymous_pdf, &terms, false);
}

static void audit(struct arena *a, const struct reference *ref, const char *dir,
                  uint32_t seed, struct tally *t)
{
    struct sample s;
    const char *path = arena_printf(a, "%s/audit-%u.pdf", dir, seed);
    const char *name =
        arena_printf(a, "R%u layout %d", seed, random_layout(seed));
    random_sample(&s, a, ref, seed, RANDOM_NO_DEFECT);
    sheets_draw(&s, random_layout(seed), NULL, path);
    struct upload file = {
        .name = "drawn.pdf", .kind = FILE_PDF, .data = scans_load(a, path)};
    struct audit_request req = {.confidence_min = 500, .request_id = name};
    struct audit_result *r = ARENA_NEW(a, struct audit_result);
    remove(path);
    enum err e = audit_run(a, ref, &file, 1, &req, r);
    t->audits++;
    if (e) {
        printf("%s: %s\n", name, err_code(e));
        t->failed += e == ERR_ANONYMISATION_FAILED;
        t->refused += e != ERR_ANONYMISATION_FAILED;
    } else {
        t->findings += r->n_findings;
        if (!str_eq(energy_name(r->invoice->energy),
                    sample_text(&s, "energy_type"))) {
            printf("%s: read as %s\n", name, energy_name(r->invoice->energy));
            t->wrong_type++;
        }
        search(a, name, &s, r, t);
    }
    json_decref(s.file);
}

bool audits_run(const struct reference *ref, const char *dir, uint32_t first,
                uint32_t last)
{
    struct tally t = {0};
    for (uint32_t i = first; i <= last; i++) {
        struct arena *a = arena_new(1 << 20);
        audit(a, ref, dir, i, &t);
        arena_free(a);
    }
    printf("audits done=%zu leaks=%zu anonymisation_failed=%zu refused=%zu "
           "blind=%zu wrong_type=%zu findings=%zu\n",
           t.audits, t.leaks, t.failed, t.refused, t.blind, t.wrong_type,
           t.findings);
    return t.leaks + t.failed + t.refused + t.blind == 0;
}
