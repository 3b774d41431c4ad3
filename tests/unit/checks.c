/* Runs tests/rules/checks.tsv: a sample, a small change, the findings. Then
 * what every finding promises. */
#include "invoice/checks.h"
#include "sample_change.h"
#include "base/buf.h"
#include "tap.h"

static struct reference *ref;

static struct audit_result run(struct arena *a, struct invoice *inv,
                               int16_t conf_min, bool strict)
{
    struct audit_result r = {.invoice = inv};
    const struct audit_request q = {.confidence_min = conf_min,
                                    .strict = strict};
    checks_run(a, ref, inv, &q, &r);
    return r;
}

static const char *summary(struct arena *a, const struct audit_result *r)
{
    struct buf b;
    buf_init(&b, a, 4096);
    for (size_t i = 0; i < r->n_findings; i++) {
        const struct finding *f = &r->findings[i];
        buf_printf(&b, "%s%s %s %s %lld", i ? "; " : "", f->id,
                   severity_name(f->severity), direction_name(f->direction),
                   f->has_amount ? (long long)f->amount_cents : 0);
    }
    return buf_cstr(&b);
}

static void promises(const struct audit_result *r, const char *note)
{
    bool good = true;
    for (size_t i = 0; i < r->n_findings; i++) {
        const struct finding *f = &r->findings[i];
        good = good && f->sentence && f->anonymous && f->source &&
               f->ev.page > 0 && f->ev.quote && f->amount_cents >= 0 &&
               !strchr(f->sentence, '{') && !strstr(f->sentence, "…") &&
               f->to_verify == (strstr(f->sentence, "à vérifier") != NULL);
        for (size_t k = 0; k < f->n_args; k++)
            if (f->args[k].free_text && strlen(f->args[k].text) > 3)
                good = good && !strstr(f->anonymous, f->args[k].text);
        good = good &&
               (i == 0 || r->findings[i - 1].severity <= f->severity);
    }
    tap_ok(good, "%s: findings are whole", note);
}

static void table(void)
{
    struct arena *a = arena_new(65536);
    struct sheet s;
    const bool found = sheet_from_tsv(a, "tests/rules/checks.tsv", &s);
    tap_ok(found, "table");
    for (size_t i = 0; found && i < s.n_rows; i++) {
        const char *note = sheet_cell(&s, i, "note");
        struct invoice *inv =
            sample_invoice(a, sheet_cell(&s, i, "sample"), NULL);
        sample_change(a, inv, sheet_cell(&s, i, "change"));
        const struct audit_result r =
            run(a, inv,
                (int16_t)sample_value(sheet_cell(&s, i, "confidence_min")),
                str_eq(sheet_cell(&s, i, "strict"), "y"));
        tap_is_str(summary(a, &r), sheet_cell(&s, i, "findings"), "%s", note);
        promises(&r, note);
    }
    arena_free(a);
}

static void words(void)
{
    struct arena *a = arena_new(65536);
    struct audit_result r = run(a, sample_invoice(a, "S4", NULL), 500, true);
    tap_is_str(r.findings[0].sentence,
               "La TVA imprimée (349,63\u202f€) diffère de la TVA recalculée "
               "(337,33\u202f€), à vérifier.",
               "CHK-05 in words");
    r = run(a, sample_invoice(a, "S2", NULL), 500, true);
    tap_is_str(r.findings[1].anonymous,
               "TVA : Abonnement est taxé à 5,5 %, le taux attendu pour la "
               "période est 5,5 puis 20 %, à vérifier.",
               "the anonymous sentence has our own word for the line");
    tap_ok(strstr(r.findings[1].sentence, "Abonnement 9 kVA HP/HC") != NULL,
           "the other one quotes it");
    tap_is_int(r.checks_run, 8, "gas rules are not counted for electricity");
    tap_is_int(r.checks_total, 8, "all had their data");
    struct invoice *inv = sample_invoice(a, "S2", NULL);
    inv->f[F_total_ttc].present = false;
    r = run(a, inv, 500, true);
    tap_is_int(r.checks_run, 6, "two checks miss the total");
    tap_is_int(r.checks_total, 8, "and are still counted");
    arena_free(a);
}

int main(void)
{
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    table();
    words();
    reference_free(ref);
    return tap_done();
}
