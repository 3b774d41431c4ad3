/* What keeps a record from being a valid invoice is named by term and rule. */
#include "base/str.h"
#include "einvoice/cii.h"
#include "einvoice/parse.h"
#include "sample_xml.h"
#include "tap.h"

static struct einvoice *sample(struct arena *a)
{
    static const char xml[] = XML_CII("FA-1", "180.00", "180.00");
    const struct parse_limits limits = {1 << 20, 24};
    return parse_xml(a, (struct bytes){(const uint8_t *)xml, sizeof xml - 1},
                     &limits);
}

/* The sample with one term of the first of its group changed; NULL: gone. */
static size_t problems(struct arena *a, enum einvoice_term t, const char *text,
                       struct cii_problem out[CII_PROBLEMS_MAX])
{
    const struct einvoice *from = sample(a);
    struct einvoice *e = einvoice_new(a, from->n_values + 1);
    e->syntax = from->syntax;
    memcpy(e->n, from->n, sizeof e->n);
    einvoice_set(e, t, 0, text);
    for (uint32_t i = 0; i < from->n_values; i++) {
        const struct einvoice_value *v = &from->values[i];
        if (v->term != t || v->at != 0)
            einvoice_set(e, (enum einvoice_term)v->term, v->at, v->text);
    }
    return cii_check(a, e, out);
}

static void one_by_one(struct arena *a)
{
    static const struct {
        enum einvoice_term term;
        const char *text, *rule, *id;
        bool missing;
    } rows[] = {
        {BT_1, NULL, "BR-02", "BT-1", true},
        {BT_2, NULL, "BR-03", "BT-2", true},
        {BT_27, NULL, "BR-06", "BT-27", true},
        {BT_44, NULL, "BR-07", "BT-44", true},
        {BT_40, NULL, "BR-09", "BT-40", true},
        {BT_55, NULL, "BR-11", "BT-55", true},
        {BT_115, NULL, "BR-15", "BT-115", true},
        {BT_153, NULL, "BR-25", "BT-153", true},
        {BT_118, NULL, "BR-47", "BT-118", true},
        {BT_9, NULL, "BR-CO-25", "BT-9", true},
        {BT_31, NULL, "BR-S-02", "BT-31", true},
        {BT_3, "999", "BR-CL", "BT-3", false},
        {BT_3, "38", "BR-CL", "BT-3", false},
        {BT_5, "Euro", "BR-CL", "BT-5", false},
        {BT_40, "fr", "BR-CL", "BT-40", false},
        {BT_2, "2026-02-31", "BR-CL", "BT-2", false},
        {BT_131, "100.001", "BR-CL", "BT-131", false},
        {BT_146, "-100", "BR-CL", "BT-146", false},
        {BT_31, "32123456789", "BR-CL", "BT-31", false},
        {BT_115, "179.00", "BR-CO-16", "BT-115", false},
        {BT_112, "181.00", "BR-CO-15", "BT-112", false},
        {BT_152, "10", "BR-S-08", "BT-116", false},
        {BT_106, "151.00", "BR-CO-10", "BT-106", false},
    };
    struct cii_problem p[CII_PROBLEMS_MAX];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const size_t n = problems(a, rows[i].term, rows[i].text, p);
        bool found = false;
        for (size_t k = 0; k < n; k++)
            found |= str_eq(p[k].rule, rows[i].rule) &&
                     str_eq(p[k].term, rows[i].id) &&
                     p[k].missing == rows[i].missing && *p[k].text;
        tap_ok(found, "%s = %s: %s", rows[i].id,
               rows[i].text ? rows[i].text : "absent", rows[i].rule);
    }
}

int main(void)
{
    struct arena *a = arena_new(65536);
    struct cii_problem p[CII_PROBLEMS_MAX];
    tap_is_int(cii_check(a, sample(a), p), 0, "a sound invoice has none");
    one_by_one(a);
    struct einvoice *e = einvoice_new(a, 4);
    e->syntax = EINVOICE_ORDER;
    const size_t n = cii_check(a, e, p);
    tap_ok(n > 10 && n <= CII_PROBLEMS_MAX, "an empty order has many");
    tap_is_str(p[0].text, "The paper is an order, no invoice.", "and is none");
    arena_free(a);
    return tap_done();
}
