/* Runs tests/rules/highlights.tsv: a sample, a small change, the lines. */
#include "base/buf.h"
#include "invoice/audit.h"
#include "sample_change.h"
#include "tap.h"

static const char *joined(struct arena *a, const struct audit_result *r)
{
    struct buf b;
    buf_init(&b, a, 4096);
    for (size_t i = 0; i < r->n_highlights; i++)
        buf_printf(&b, "%s%s", i ? "|" : "", r->highlights[i]);
    return buf_cstr(&b);
}

static void promises(struct arena *a, const struct audit_result *r,
                     const char *note)
{
    bool good = r->n_highlights >= 3 && r->n_highlights <= 4;
    for (size_t i = 0; i < r->n_highlights; i++) {
        const char *p = r->highlights[i], *fold = str_fold(a, p);
        size_t n = 0;
        while (str_utf8_next(&p))
            n++;
        good = good && n > 0 && n <= 70;
        for (enum field_id f = 0; f < F_MAX; f++) {
            const struct value *v = &r->invoice->f[f];
            if (v->present && v->text && field_infos[f].identifying &&
                strlen(v->text) > 3)
                good = good && !strstr(fold, str_fold(a, v->text));
        }
    }
    tap_ok(good, "%s: three or four short lines without names", note);
}

int main(void)
{
    struct arena *a = arena_new(65536);
    struct reference *ref = reference_from_tsv("sql/seeds/energy", NULL);
    struct sheet s;
    const bool found = sheet_from_tsv(a, "tests/rules/highlights.tsv", &s);
    tap_ok(found, "table");
    for (size_t i = 0; found && i < s.n_rows; i++) {
        const char *note = sheet_cell(&s, i, "note");
        struct invoice *inv =
            sample_invoice(a, sheet_cell(&s, i, "sample"), NULL);
        sample_change(a, inv, sheet_cell(&s, i, "change"));
        const struct audit_request q = {
            .confidence_min =
                (int16_t)sample_value(sheet_cell(&s, i, "confidence_min")),
            .strict = true};
        struct audit_result r = {.invoice = inv};
        market_compute(a, ref, inv, q.confidence_min, &r);
        checks_run(a, ref, inv, &q, &r);
        highlights_write(a, ref, &r);
        tap_is_str(joined(a, &r), sheet_cell(&s, i, "lines"), "%s", note);
        promises(a, &r, note);
    }
    size_t longest = 0;
    for (size_t i = 0; i < ref->n_checks; i++) {
        const char *p = ref->checks[i].brief;
        size_t n = 0;
        while (str_utf8_next(&p))
            n++;
        longest = n > longest ? n : longest;
    }
    tap_ok(longest <= 40, "every brief wording fits a line: %zu", longest);
    reference_free(ref);
    arena_free(a);
    return tap_done();
}
