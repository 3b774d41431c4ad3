#include "repairs.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "../draw/random.h"
#include "../draw/sheets.h"
#include "base/str.h"
#include "digits.h"
#include "document/document.h"
#include "judge.h"
#include "scans.h"

enum { SEEDS_OF_DEFECTS = 1000000 };

struct tally {
    size_t verdicts[JUDGE_MAX], scans, unread, unsure, repaired;
    size_t defects, defects_lost, text_repairs;
};

static const char *const words[] = {"right", "flagged", "lost", "silent",
                                    "wrong repair"};

static void judge_scan(struct arena *a, const struct reference *ref,
                       const char *dir, uint32_t seed, struct tally *t)
{
    struct sample s;
    struct document *doc = scans_read(a, ref, dir, seed);
    const char *what, *where;
    random_sample(&s, a, ref, seed, RANDOM_NO_DEFECT);
    if (!doc) {
        printf("R%u: not read\n", seed);
        t->unread++;
        return;
    }
    const struct invoice *clean = invoice_read(a, doc, ref);
    t->unsure += judge_unsure(clean);
    t->repaired += judge_repaired(clean);
    if (getenv("VERBOSE") && judge_repaired(clean))
        printf("R%u: repaired as scanned\n", seed);
    if (!digits_misread(&s, doc, seed, &what)) {
        printf("R%u: no number found\n", seed);
        t->unread++;
        return;
    }
    const struct invoice *got = invoice_read(a, doc, ref);
    enum judge_verdict v = judge_readings(a, clean, got, &where);
    t->scans++;
    t->verdicts[v]++;
    if (v >= JUDGE_LOST || getenv("VERBOSE"))
        printf("R%u layout %d: %s: %s (%s)\n", seed, random_layout(seed),
               words[v], what, where ? where : "all as before");
    json_decref(s.file);
}

/* What the record says of the number that is printed wrong. */
static bool says_printed(const struct invoice *inv, const char *kind,
                         int64_t printed)
{
    if (str_eq(kind, "net"))
        return invoice_num(inv, F_total_ht, -1) == printed;
    if (str_eq(kind, "vat"))
        return invoice_num(inv, F_total_tva, -1) == printed;
    if (str_eq(kind, "gross"))
        return invoice_num(inv, F_total_ttc, -1) == printed;
    for (size_t i = 0; i < inv->n_lines && str_eq(kind, "line"); i++)
        if (inv->lines[i].amount_cents == printed)
            return true;
    for (size_t i = 0; i < inv->n_meters && str_eq(kind, "meter"); i++)
        if (inv->meters[i].consumption == printed)
            return true;
    return false;
}

static void judge_defect(struct arena *a, const struct reference *ref,
                         const char *dir, uint32_t seed, struct tally *t)
{
    struct sample s;
    enum random_defect d =
        (enum random_defect)(1 + seed % (RANDOM_DEFECT_MAX - 1));
    const char *path = arena_printf(a, "%s/defect.pdf", dir);
    random_sample(&s, a, ref, seed, d);
    int layout = random_layout(seed);
    if (layout == 3 && d == RANDOM_METER)
        layout = 1;
    sheets_draw(&s, layout, NULL, path);
    struct upload file = {
        .name = "defect.pdf", .kind = FILE_PDF, .data = scans_load(a, path)};
    struct document_limits lim;
    struct document *doc = NULL;
    document_limits(&lim);
    t->defects++;
    if (document_read(a, &file, 1, &lim, &doc) != OK) {
        t->unread++;
        return;
    }
    const struct invoice *inv = invoice_read(a, doc, ref);
    const char *kind = sample_text(&s, "defect");
    double printed = sample_real(s.expected, "defect_printed");
    t->text_repairs += judge_repaired(inv);
    if (!says_printed(inv, kind, (int64_t)(printed * 100 + 0.5))) {
        printf("R%u layout %d: the %s printed as %.2f for %.2f is not in the "
               "record\n",
               seed, layout, kind, printed,
               sample_real(s.expected, "defect_right"));
        t->defects_lost++;
    }
    unlink(path);
    json_decref(s.file);
}

bool repairs_run(const struct reference *ref, const char *dir, uint32_t first,
                 uint32_t last)
{
    struct tally t = {0};
    for (uint32_t i = first; i <= last; i++) {
        struct arena *a = arena_new(1 << 20);
        judge_scan(a, ref, dir, i, &t);
        judge_defect(a, ref, dir, SEEDS_OF_DEFECTS + i, &t);
        arena_free(a);
    }
    size_t good = t.verdicts[JUDGE_RIGHT] + t.verdicts[JUDGE_FLAGGED];
    printf("clean scans: %zu values unsure, %zu repaired; not read: %zu\n",
           t.unsure, t.repaired, t.unread);
    printf("text layers with a true mistake: %zu, not kept: %zu, repaired: "
           "%zu\n",
           t.defects, t.defects_lost, t.text_repairs);
    double percent = t.scans ? 100.0 * (double)good / (double)t.scans : 0;
    printf("repairs scans=%zu good=%.1f right=%zu flagged=%zu lost=%zu "
           "silent=%zu wrong=%zu defects_gone=%zu\n",
           t.scans, percent, t.verdicts[JUDGE_RIGHT], t.verdicts[JUDGE_FLAGGED],
           t.verdicts[JUDGE_LOST], t.verdicts[JUDGE_SILENT],
           t.verdicts[JUDGE_WRONG_REPAIR], t.defects_lost + t.text_repairs);
    return percent >= 90 && t.text_repairs + t.defects_lost == 0 &&
           t.verdicts[JUDGE_WRONG_REPAIR] == 0 && t.unread == 0;
}
