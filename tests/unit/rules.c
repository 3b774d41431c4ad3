/* BR-CO-10 to 17: kept, broken by a cent, and silent where a term is absent. */
#include "einvoice/rules.h"
#include "tap.h"

/* An invoice that keeps every rule. */
static struct einvoice *sound(struct arena *a)
{
    static const struct {
        enum einvoice_term term;
        uint16_t at;
        const char *text;
    } rows[] = {
        {BT_131, 0, "100.00"},  {BT_131, 1, "50.005"},  {BT_92, 0, "20.00"},
        {BT_99, 0, "5"},        {BT_106, 0, "150.005"}, {BT_107, 0, "20.00"},
        {BT_108, 0, "5.00"},    {BT_109, 0, "135.005"}, {BT_116, 0, "100.00"},
        {BT_119, 0, "20"},      {BT_117, 0, "20.00"},   {BT_116, 1, "35.005"},
        {BT_119, 1, "5.5"},     {BT_117, 1, "1.93"},    {BT_110, 0, "21.93"},
        {BT_112, 0, "156.935"}, {BT_113, 0, "100"},     {BT_114, 0, "0.065"},
        {BT_115, 0, "57.00"}};
    struct einvoice *e = einvoice_new(a, 32);
    e->syntax = EINVOICE_CII;
    e->n[EINVOICE_LINE] = e->n[EINVOICE_VAT] = 2;
    e->n[EINVOICE_ALLOWANCE] = e->n[EINVOICE_CHARGE] = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        einvoice_set(e, rows[i].term, rows[i].at, rows[i].text);
    return e;
}

static void change(struct einvoice *e, enum einvoice_term t, uint16_t at,
                   const char *text)
{
    for (uint32_t i = 0; i < e->n_values; i++)
        if (e->values[i].term == t && e->values[i].at == at)
            e->values[i].text = text;
}

static void broken(struct arena *a)
{
    static const struct {
        const char *rule;
        enum einvoice_term term;
        const char *text;
    } rows[] = {{"BR-CO-10", BT_106, "150.00"}, {"BR-CO-11", BT_107, "20.01"},
                {"BR-CO-12", BT_108, "4.99"},   {"BR-CO-13", BT_109, "135.00"},
                {"BR-CO-14", BT_110, "21.92"},  {"BR-CO-15", BT_112, "156.93"},
                {"BR-CO-16", BT_115, "57.01"},  {"BR-CO-17", BT_117, "20.02"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct einvoice *e = sound(a);
        struct rules_result r;
        tap_is_int(rules_judge(e, rows[i].rule, &r), RULES_KEPT, "%s is kept",
                   rows[i].rule);
        change(e, rows[i].term, 0, rows[i].text);
        tap_ok(rules_judge(e, rows[i].rule, &r) == RULES_BROKEN &&
                   r.term == rows[i].term && r.at == 0,
               "%s is broken by %s", rows[i].rule, rows[i].text);
        change(e, rows[i].term, 0, "x");
        tap_is_int(rules_judge(e, rows[i].rule, &r),
                   rows[i].term == BT_117 ? RULES_KEPT : RULES_SKIPPED,
                   "%s says nothing of what is no number", rows[i].rule);
    }
}

static void silent(struct arena *a)
{
    struct rules_result r;
    struct einvoice *e = einvoice_new(a, 4);
    e->syntax = EINVOICE_CII;
    size_t n = 0;
    for (; rules_ids[n]; n++)
        tap_is_int(rules_judge(e, rules_ids[n], &r), RULES_SKIPPED,
                   "%s of an empty record", rules_ids[n]);
    tap_is_int(n, 8, "eight rules");
    einvoice_set(e, BT_112, 0, "10");
    einvoice_set(e, BT_115, 0, "8");
    tap_is_int(rules_judge(e, "BR-CO-16", &r), RULES_SKIPPED,
               "profile MINIMUM does not tell what was paid");
    einvoice_set(e, BT_107, 0, "3");
    tap_is_int(rules_judge(e, "BR-CO-11", &r), RULES_BROKEN,
               "a sum of allowances without any");
    e = sound(a);
    change(e, BT_117, 0, "20.01");
    tap_is_int(rules_judge(e, "BR-CO-17", &r), RULES_KEPT,
               "a cent is rounding");
    e->syntax = EINVOICE_ORDER;
    tap_is_int(rules_judge(e, "BR-CO-10", &r), RULES_SKIPPED, "an order");
    tap_is_int(rules_judge(sound(a), "BR-CO-99", &r), RULES_SKIPPED,
               "no such rule");
}

static void huge(struct arena *a)
{
    struct einvoice *e = sound(a);
    struct rules_result r;
    change(e, BT_131, 0, "9000000000000");
    change(e, BT_131, 1, "9000000000000");
    tap_is_int(rules_judge(e, "BR-CO-10", &r), RULES_SKIPPED,
               "no sum beyond what integers hold");
    change(e, BT_116, 0, "9000000000000");
    change(e, BT_119, 0, "9000000000000");
    change(e, BT_117, 1, "2.10");
    tap_ok(rules_judge(e, "BR-CO-17", &r) == RULES_BROKEN && r.at == 1,
           "nor a product; the next row is judged");
}

int main(void)
{
    struct arena *a = arena_new(4096);
    broken(a);
    silent(a);
    huge(a);
    arena_free(a);
    return tap_done();
}
