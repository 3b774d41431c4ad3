/* Keys of the EDF expectations: scalars under another name, and sums over
 * the lines of a kind. */
#include "edf.h"
#include <math.h>
#include <string.h>
#include "base/str.h"
#include "compare.h"

static const struct scalar {
    const char *key;
    enum field_id id;
} scalars[] = {
    {"supplier", F_supplier_name},    {"date", F_invoice_date},
    {"payment_date", F_due_date},     {"total_ht", F_total_ht},
    {"total_tva", F_total_tva},       {"total_ttc", F_total_ttc},
    {"site_ht", F_total_ht},          {"site_tva", F_total_tva},
    {"site_ttc", F_total_ttc},        {"puissance_souscrite", F_kva},
    {"period_start", F_period_start}, {"period_end", F_period_end},
};

static bool is_printed(const struct document *doc, const char *name)
{
    for (uint32_t i = 0; doc && i < doc->n_pages; i++) {
        for (uint32_t k = 0; k < doc->pages[i].n_words; k++) {
            if (str_eq(doc->pages[i].words[k].text, name))
                return true;
        }
    }
    return false;
}

static bool is_tax(enum component c)
{
    return c == COMP_EXCISE || c == COMP_LOCAL_TAX || c == COMP_CTA;
}

/* Cents of the lines a key sums; energy lines carry a consumption, its
 * capacity share or a green option on these bills. */
static int64_t sum_cents(const struct invoice *inv, const char *key)
{
    int64_t sum = 0;
    for (size_t i = 0; inv && i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        bool energy = l->component == COMP_CONSUMPTION;
        if (str_eq(key, "energy_ht"))
            energy = energy || l->component == COMP_CAPACITY ||
                     l->component == COMP_GREEN;
        if ((str_eq(key, "abonnement_ht") &&
             l->component == COMP_SUBSCRIPTION) ||
            (str_eq(key, "taxes_ht") && is_tax(l->component)) ||
            (!str_eq(key, "abonnement_ht") && !str_eq(key, "taxes_ht") &&
             energy))
            sum += l->amount_cents;
    }
    return sum;
}

static int64_t consumption_milli(const struct invoice *inv)
{
    int64_t sum = 0;
    for (size_t i = 0; inv && i < inv->n_lines; i++) {
        if (inv->lines[i].component == COMP_CONSUMPTION)
            sum += inv->lines[i].quantity_milli;
    }
    return sum;
}

static int64_t price_of(const struct invoice *inv, const char *registr)
{
    for (size_t i = 0; inv && i < inv->n_lines; i++) {
        if (inv->lines[i].component == COMP_CONSUMPTION &&
            str_eq(inv->lines[i].registr, registr))
            return inv->lines[i].price_micro;
    }
    return 0;
}

/* Sums and prices, all as numbers of the unit of expected.json. */
static bool derived(const struct invoice *inv, const char *key, double *found)
{
    if (str_eq(key, "conso_kwh"))
        *found = (double)consumption_milli(inv) / 1000;
    else if (str_eq(key, "price_hph_ceur_kwh"))
        *found = (double)price_of(inv, "HPH") / 10000;
    else if (str_eq(key, "abonnement_ht") || str_eq(key, "energie_ht") ||
             str_eq(key, "energy_ht") || str_eq(key, "taxes_ht"))
        *found = (double)sum_cents(inv, key) / 100;
    else
        return false;
    return true;
}

static void compare_one(struct arena *a, struct score *s, const char *key,
                        const json_t *v, const struct document *doc,
                        const struct invoice *inv)
{
    double found;
    if (str_eq(key, "segment")) { /* "C3 5P-SDT": the class comes first */
        const char *want = arena_strndup(a, json_string_value(v), 2);
        const char *got = inv ? compare_found(a, inv, F_segment) : NULL;
        score_field(s, key, want, got, compare_equal(a, want, got));
    } else if (derived(inv, key, &found)) {
        double want = json_number_value(v);
        score_field(s, key, arena_printf(a, "%.3f", want),
                    arena_printf(a, "%.3f", found), fabs(want - found) < 5e-4);
    }
    for (size_t i = 0; i < ARRAY_LEN(scalars); i++) {
        if (!str_eq(key, scalars[i].key) ||
            (str_eq(key, "supplier") && !is_printed(doc, json_string_value(v))))
            continue;
        const char *want = compare_wanted(a, scalars[i].id, v);
        const char *got = inv ? compare_found(a, inv, scalars[i].id) : NULL;
        score_field(s, key, want, got, compare_equal(a, want, got));
    }
}

void edf_compare(struct arena *a, struct score *s, const json_t *expected,
                 const struct document *doc, const struct invoice *inv)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)(uintptr_t)expected, key, v)
        compare_one(a, s, key, v, doc, inv);
    /* A first page alone has no billed line that tells the energy. */
    if (!json_object_get(expected, "conso_kwh"))
        return;
    const char *got = inv ? compare_found(a, inv, F_energy_type) : NULL;
    bool is_right = str_eq(got, "electricite");
    score_field(s, "energy_type", "electricite", got, is_right);
    s->energy_right += is_right;
    s->energy_wrong += !is_right;
}
