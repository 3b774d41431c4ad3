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
    market_compute(a, ref, inv, conf_min, &r);
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

/* What is not there has no place on a page. */
static bool is_absence(const struct finding *f)
{
    return str_eq(f->id, "CHK-50") || str_eq(f->id, "CHK-51");
}

static void promises(const struct audit_result *r, const char *note)
{
    bool good = true;
    for (size_t i = 0; i < r->n_findings; i++) {
        const struct finding *f = &r->findings[i];
        good = good && f->sentence && f->anonymous && f->source &&
               f->amount_cents >= 0 && !strchr(f->sentence, '{') &&
               !strstr(f->sentence, "…") &&
               (is_absence(f) || (f->ev.page > 0 && f->ev.quote)) &&
               (!f->to_verify || strstr(f->sentence, "à vérifier"));
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

/* The first finding of a check; ends the test when there is none. */
static const struct finding *find(const struct audit_result *r, const char *id)
{
    for (size_t i = 0; i < r->n_findings; i++)
        if (str_eq(r->findings[i].id, id))
            return &r->findings[i];
    fprintf(stderr, "no finding %s\n", id);
    exit(2);
}

static void words(void)
{
    struct arena *a = arena_new(65536);
    struct audit_result r = run(a, sample_invoice(a, "S4", NULL), 500, true);
    tap_is_str(find(&r, "CHK-05")->sentence,
               "La TVA imprimée (349,63\u202f€) diffère de la TVA recalculée "
               "(337,33\u202f€) – à vérifier.",
               "CHK-05 in words");
    tap_is_str(find(&r, "CHK-50")->sentence,
               "Mention non trouvée sur la facture : médiateur national de "
               "l'énergie – à vérifier.",
               "CHK-50 in words");
    r = run(a, sample_invoice(a, "S2", NULL), 500, true);
    tap_is_str(find(&r, "CHK-10")->anonymous,
               "TVA : Abonnement est taxé à 5,5 %, le taux attendu pour la "
               "période est 5,5 puis 20 % – à vérifier.",
               "the anonymous sentence has our own word for the line");
    tap_ok(strstr(find(&r, "CHK-10")->sentence, "Abonnement 9 kVA HP/HC"),
           "the other one quotes it");
    tap_is_str(find(&r, "CHK-40")->anonymous,
               "Service en plus de l'énergie, à vérifier : « Service » "
               "(71,88\u202f€/an). L'avez-vous demandé ?",
               "a service is asked about, not named");
    arena_free(a);
}

static void counts(void)
{
    struct arena *a = arena_new(65536);
    struct invoice *inv = sample_invoice(a, "S2", NULL);
    const struct audit_result all = run(a, inv, 500, true),
        dual = run(a, sample_invoice(a, "S5", NULL), 500, true);
    tap_ok(all.checks_total < dual.checks_total,
           "gas rules are not counted for electricity");
    tap_ok(all.checks_run > 7 && all.checks_run <= all.checks_total,
           "most had their data");
    inv->f[F_total_ttc].present = false;
    const struct audit_result less = run(a, inv, 500, true);
    tap_is_int((int)all.checks_run - (int)less.checks_run, 2,
               "two checks miss the total");
    tap_is_int(less.checks_total, all.checks_total, "and are still counted");
    inv->is_foreign = true;
    const struct audit_result none = run(a, inv, 500, true);
    tap_ok(none.checks_total == 0 && none.n_findings == 0,
           "none of them is for bills from abroad");
    arena_free(a);
}

/* What the samples were made to show is found; the clean ones have nothing
 * grave. */
static void expected(void)
{
    static const char *const ids[] = {"S1", "S2", "S3", "S4", "S5", "S6"};
    for (size_t s = 0; s < ARRAY_LEN(ids); s++) {
        struct arena *a = arena_new(65536);
        json_t *o, *want;
        struct invoice *inv = sample_invoice(a, ids[s], &o);
        const struct audit_result r = run(a, inv, 500, true);
        size_t i, grave = 0, missing = 0;
        json_array_foreach(json_object_get(o, "expected_findings"), i, want) {
            bool found = false;
            for (size_t k = 0; k < r.n_findings; k++)
                found |= str_eq(r.findings[k].id, json_string_value(want));
            missing += !found;
        }
        for (size_t k = 0; k < r.n_findings; k++)
            grave += r.findings[k].severity == SEV_HIGH;
        tap_is_int((int)missing, 0, "%s: all expected findings", ids[s]);
        if (!i || str_eq(ids[s], "S6"))
            tap_is_int((int)grave, 0, "%s: nothing grave", ids[s]);
        arena_free(a);
    }
}

static uint32_t seed = 20261121;

static uint32_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    return seed ^= seed << 5;
}

/* A value nobody prints: a reader may still misread one. */
static int64_t odd(void)
{
    static const int64_t values[] = {0, 1, -1, 99, -4800, 100000000,
                                     -100000000, INT32_MAX, INT32_MIN,
                                     1000000000000, -1000000000000,
                                     INT64_MAX, INT64_MIN};
    return values[next() % ARRAY_LEN(values)];
}

static void spoil(struct invoice *inv)
{
    struct line *l = &inv->lines[next() % inv->n_lines];
    struct meter *m = &inv->meters[next() % inv->n_meters];
    struct value *v = &inv->f[next() % F_MAX];
    switch (next() % 10) {
    case 0:
        l->amount_cents = odd();
        break;
    case 1:
        l->quantity_milli = odd();
        break;
    case 2:
        l->price_micro = odd();
        break;
    case 3:
        l->rate_bp = (int32_t)odd();
        break;
    case 4:
        l->start = (int32_t)odd();
        l->has_period = next() % 2;
        break;
    case 5:
        l->end = (int32_t)odd();
        break;
    case 6:
        m->start = odd();
        m->consumption = odd();
        break;
    case 7:
        l->component = next() % COMP_MAX;
        l->unit = next() % UNIT_MAX;
        l->price_decimals = (int8_t)odd();
        break;
    case 8:
        if (inv->n_vat)
            inv->vat[0].base_cents = odd();
        break;
    default: /* text fields keep their text */
        v->num = odd();
        v->present = v->text || field_infos[v - inv->f].type > FIELD_ENUM;
    }
}

/* Absurd records end in findings or in silence, never in an overflow (the
 * sanitized build sees those) nor a broken promise. */
static void absurd(void)
{
    static const char *const ids[] = {"S1", "S2", "S3", "S4", "S5", "S6"};
    size_t findings = 0;
    bool good = true;
    for (int i = 0; i < 1500; i++) {
        struct arena *a = arena_new(65536);
        struct invoice *inv = sample_invoice(a, ids[i % 6], NULL);
        for (uint32_t n = 1 + next() % 6; n; n--)
            spoil(inv);
        struct audit_result r = run(a, inv, 500, i % 2);
        market_compute(a, ref, inv, 500, &r);
        highlights_write(a, ref, &r);
        findings += r.n_findings;
        good = good && r.n_highlights >= 3 && r.checks_run <= r.checks_total;
        arena_free(a);
    }
    tap_ok(good && findings > 500, "absurd records: %zu findings", findings);
}

int main(void)
{
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    table();
    words();
    counts();
    expected();
    absurd();
    reference_free(ref);
    return tap_done();
}
