/* EN 16931-1:2017, table of business rules. Sums are exact; only BR-CO-17,
 * which rounds, lets a cent pass: the standard does not say which way a half
 * goes, nor that a category's VAT may not be the sum of its lines'. */
#include "einvoice/rules.h"
#include "base/str.h"

enum { CENT = 10000 };
typedef __int128 wide;

static bool fits(wide v)
{
    return v <= INT64_MAX && v >= INT64_MIN;
}

/* An optional amount: 0 when absent; false when it is no number. */
static bool optional(const struct einvoice *e, enum einvoice_term t,
                     int64_t *out)
{
    *out = 0;
    return !einvoice_text(e, t, 0) || einvoice_micro(e, t, 0, out);
}

static enum rules_outcome judge(enum einvoice_term t, int64_t stated,
                                wide expected, struct rules_result *out)
{
    if (!fits(expected))
        return RULES_SKIPPED;
    *out = (struct rules_result){stated, (int64_t)expected, t, 0};
    return stated == (int64_t)expected ? RULES_KEPT : RULES_BROKEN;
}

/* stated = sum of part over its group; with needs_some the rule says nothing
 * where the group is empty (profiles without lines or VAT rows). */
static enum rules_outcome sum_of(const struct einvoice *e,
                                 enum einvoice_term total,
                                 enum einvoice_term part, bool needs_some,
                                 struct rules_result *out)
{
    const uint16_t n = e->n[einvoice_info(part)->group];
    int64_t stated, one;
    wide sum = 0;
    if (n == 0 && (needs_some || !einvoice_text(e, total, 0)))
        return RULES_SKIPPED;
    for (uint16_t i = 0; i < n; i++) {
        if (!einvoice_micro(e, part, i, &one))
            return RULES_SKIPPED;
        sum += one;
    }
    if (!optional(e, total, &stated) ||
        (needs_some && !einvoice_text(e, total, 0)))
        return RULES_SKIPPED;
    return judge(total, stated, sum, out);
}

static enum rules_outcome lines(const struct einvoice *e,
                                struct rules_result *out)
{
    return sum_of(e, BT_106, BT_131, true, out);
}

static enum rules_outcome allowances(const struct einvoice *e,
                                     struct rules_result *out)
{
    return sum_of(e, BT_107, BT_92, false, out);
}

static enum rules_outcome charges(const struct einvoice *e,
                                  struct rules_result *out)
{
    return sum_of(e, BT_108, BT_99, false, out);
}

/* Lines are summed by BR-CO-10; here their sum as stated is enough. */
static enum rules_outcome net(const struct einvoice *e,
                              struct rules_result *out)
{
    int64_t stated, sum, less, more;
    if (!einvoice_micro(e, BT_109, 0, &stated) ||
        !einvoice_micro(e, BT_106, 0, &sum) || !optional(e, BT_107, &less) ||
        !optional(e, BT_108, &more))
        return RULES_SKIPPED;
    return judge(BT_109, stated, (wide)sum - less + more, out);
}

static enum rules_outcome vat(const struct einvoice *e,
                              struct rules_result *out)
{
    return sum_of(e, BT_110, BT_117, true, out);
}

static enum rules_outcome gross(const struct einvoice *e,
                                struct rules_result *out)
{
    int64_t stated, before, tax;
    if (!einvoice_micro(e, BT_112, 0, &stated) ||
        !einvoice_micro(e, BT_109, 0, &before) || !optional(e, BT_110, &tax))
        return RULES_SKIPPED;
    return judge(BT_112, stated, (wide)before + tax, out);
}

/* Profile MINIMUM has neither the sum of lines nor what was paid already. */
static enum rules_outcome due(const struct einvoice *e,
                              struct rules_result *out)
{
    int64_t stated, total, paid, rounding;
    if (!einvoice_text(e, BT_106, 0) ||
        !einvoice_micro(e, BT_115, 0, &stated) ||
        !einvoice_micro(e, BT_112, 0, &total) || !optional(e, BT_113, &paid) ||
        !optional(e, BT_114, &rounding))
        return RULES_SKIPPED;
    return judge(BT_115, stated, (wide)total - paid + rounding, out);
}

/* Millionths of money times millionths of per cent, to whole cents. */
static wide rounded(int64_t base, int64_t rate)
{
    const wide unit = (wide)1000000 * 100 * CENT, v = (wide)base * rate;
    return (v < 0 ? v - unit / 2 : v + unit / 2) / unit * CENT;
}

static enum rules_outcome category(const struct einvoice *e,
                                   struct rules_result *out)
{
    enum rules_outcome all = RULES_SKIPPED;
    for (uint16_t i = 0; i < e->n[EINVOICE_VAT]; i++) {
        int64_t base, tax, rate;
        if (!einvoice_micro(e, BT_116, i, &base) ||
            !einvoice_micro(e, BT_117, i, &tax) ||
            !einvoice_micro(e, BT_119, i, &rate))
            continue;
        const wide expected = rounded(base, rate), gap = expected - tax;
        if (!fits(expected))
            continue;
        all = RULES_KEPT;
        if (gap <= CENT && gap >= -CENT)
            continue;
        *out = (struct rules_result){tax, (int64_t)expected, BT_117, i};
        return RULES_BROKEN;
    }
    return all;
}

static const struct {
    const char *id;
    enum rules_outcome (*judge)(const struct einvoice *, struct rules_result *);
} table[] = {
    {"BR-CO-10", lines}, {"BR-CO-11", allowances}, {"BR-CO-12", charges},
    {"BR-CO-13", net},   {"BR-CO-14", vat},        {"BR-CO-15", gross},
    {"BR-CO-16", due},   {"BR-CO-17", category},
};

const char *const rules_ids[] = {"BR-CO-10", "BR-CO-11", "BR-CO-12",
                                 "BR-CO-13", "BR-CO-14", "BR-CO-15",
                                 "BR-CO-16", "BR-CO-17", NULL};

enum rules_outcome rules_judge(const struct einvoice *e, const char *id,
                               struct rules_result *out)
{
    if (e->syntax == EINVOICE_ORDER || e->malformed)
        return RULES_SKIPPED;
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (str_eq(table[i].id, id))
            return table[i].judge(e, out);
    return RULES_SKIPPED;
}
