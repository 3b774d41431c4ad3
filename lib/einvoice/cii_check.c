/* What a valid invoice needs, by the rules of EN 16931-1:2017: rows for terms
 * that must be there, and the few rules that look at several. */
#include <string.h>
#include "base/str.h"
#include "einvoice/cii.h"
#include "einvoice/rules.h"

static const struct {
    const char *rule;
    enum einvoice_term term;
} musts[] = {
    {"BR-02", BT_1},      {"BR-03", BT_2},   {"BR-04", BT_3},
    {"BR-05", BT_5},      {"BR-06", BT_27},  {"BR-07", BT_44},
    {"BR-09", BT_40},     {"BR-11", BT_55},  {"BR-12", BT_106},
    {"BR-13", BT_109},    {"BR-14", BT_112}, {"BR-15", BT_115},
    {"BR-21", BT_126},    {"BR-22", BT_129}, {"BR-23", BT_130},
    {"BR-24", BT_131},    {"BR-25", BT_153}, {"BR-26", BT_146},
    {"BR-CO-04", BT_151}, {"BR-45", BT_116}, {"BR-46", BT_117},
    {"BR-47", BT_118},    {"BR-48", BT_119},
};

struct check {
    struct arena *a;
    const struct einvoice *e;
    struct cii_problem *out;
    size_t n;
};

static void add(struct check *c, const char *rule, const char *term,
                bool missing, const char *text)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->out[i].rule, rule) && str_eq(c->out[i].term, term))
            return;
    if (c->n < CII_PROBLEMS_MAX)
        c->out[c->n++] = (struct cii_problem){rule, term, text, missing};
}

static const char *text(const struct check *c, enum einvoice_term t)
{
    return einvoice_text(c->e, t, 0);
}

static void missing(struct check *c, const char *rule, enum einvoice_term t)
{
    const struct einvoice_info *info = einvoice_info(t);
    add(c, rule, info->id, true,
        arena_printf(c->a, "%s was not read.", info->name));
}

/* A rate is needed but where the category is "not subject to VAT". */
static bool is_excused(const struct check *c, enum einvoice_term t, uint16_t at)
{
    return t == BT_119 && str_eq(einvoice_text(c->e, BT_118, at), "O");
}

static void check_musts(struct check *c)
{
    for (size_t i = 0; i < ARRAY_LEN(musts); i++) {
        const enum einvoice_term t = musts[i].term;
        const uint16_t n = c->e->n[einvoice_info(t)->group];
        for (uint16_t at = 0; at < n; at++)
            if (!einvoice_text(c->e, t, at) && !is_excused(c, t, at)) {
                missing(c, musts[i].rule, t);
                break;
            }
    }
    if (c->e->n[EINVOICE_LINE] == 0)
        add(c, "BR-16", "BG-25", true, "No invoice line was read.");
    if (c->e->n[EINVOICE_VAT] == 0)
        add(c, "BR-CO-18", "BG-23", true, "No VAT breakdown was read.");
}

/* ---- codes and forms ---------------------------------------------------- */

static bool in_list(const char *s, const char *list)
{
    const size_t n = strlen(s);
    for (const char *p = list; (p = strstr(p, s)) != NULL; p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
            return true;
    return false;
}

static bool is_capitals(const char *s, size_t n)
{
    return strlen(s) == n && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == n;
}

static bool code_ok(enum einvoice_term t, const char *s)
{
    switch (t) {
    case BT_3: /* UNTDID 1001, those of EN 16931 that are invoices */
        return in_list(s, "80 82 84 130 202 203 204 211 218 219 295 325 326 "
                          "331 380 381 383 384 385 386 387 388 389 390 393 "
                          "394 395 396 420 456 457 458 527 532 553 575 623 "
                          "633 751 780 817 870 875 876 877 935");
    case BT_5:
    case BT_6:
        return is_capitals(s, 3);
    case BT_40:
    case BT_55:
        return is_capitals(s, 2);
    case BT_118:
    case BT_151:
    case BT_95:
    case BT_102:
        return in_list(s, "S Z E AE K G O L M");
    case BT_31:
    case BT_48: /* BR-CO-09 */
        return strlen(s) > 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' &&
               s[1] <= 'Z';
    default:
        return true;
    }
}

/* Prices and quantities may be exact to any decimal; other amounts have two
 * (BR-DEC), rates as many as they need. */
static bool amount_ok(enum einvoice_term t, const char *s)
{
    int64_t v;
    const bool many = t == BT_129 || t == BT_146 || t == BT_149 ||
                      t == BT_119 || t == BT_152 || t == BT_96 || t == BT_103;
    return einvoice_decimal(s, many ? 6 : 2, &v) && (t != BT_146 || v >= 0);
}

static void check_forms(struct check *c)
{
    for (uint32_t i = 0; i < c->e->n_values; i++) {
        const struct einvoice_value *v = &c->e->values[i];
        const enum einvoice_term t = (enum einvoice_term)v->term;
        const struct einvoice_info *info = einvoice_info(t);
        int32_t day;
        const bool ok = info->kind == EINVOICE_AMOUNT ? amount_ok(t, v->text)
                        : info->kind == EINVOICE_DATE
                            ? einvoice_day(c->e, t, v->at, &day)
                            : code_ok(t, v->text);
        if (!ok)
            add(c, "BR-CL", info->id, false,
                arena_printf(c->a,
                             "%s is not in the form or code list of "
                             "the standard.",
                             info->name));
    }
}

/* ---- rules over several terms ------------------------------------------- */

static bool any_line_is(const struct check *c, const char *category)
{
    for (uint16_t i = 0; i < c->e->n[EINVOICE_LINE]; i++)
        if (str_eq(einvoice_text(c->e, BT_151, i), category))
            return true;
    return false;
}

static void check_parties(struct check *c)
{
    int64_t due;
    if (!text(c, BT_29) && !text(c, BT_30) && !text(c, BT_31))
        missing(c, "BR-CO-26", BT_30);
    if (any_line_is(c, "S") && !text(c, BT_31))
        missing(c, "BR-S-02", BT_31);
    if (einvoice_micro(c->e, BT_115, 0, &due) && due > 0 && !text(c, BT_9) &&
        !text(c, BT_20))
        missing(c, "BR-CO-25", BT_9);
    if (text(c, BT_6) && !text(c, BT_111))
        missing(c, "BR-53", BT_111);
    for (uint16_t i = 0; i < c->e->n[EINVOICE_VAT]; i++)
        if (str_eq(einvoice_text(c->e, BT_118, i), "E") &&
            !einvoice_text(c->e, BT_120, i) && !einvoice_text(c->e, BT_121, i))
            missing(c, "BR-E-10", BT_120);
}

static bool same_tax(const struct einvoice *e, uint16_t vat,
                     enum einvoice_term category, enum einvoice_term rate,
                     uint16_t at)
{
    int64_t x = 0, y = 0;
    if (!str_eq(einvoice_text(e, BT_118, vat), einvoice_text(e, category, at)))
        return false;
    const bool has_x = einvoice_micro(e, BT_119, vat, &x);
    const bool has_y = einvoice_micro(e, rate, at, &y);
    return x == y && (has_x || !has_y || y == 0);
}

/* Adds what a group bills in the tax of a VAT row; false when unreadable. */
static bool add_part(const struct einvoice *e, uint16_t vat,
                     const enum einvoice_term terms[3], int sign, __int128 *sum)
{
    const uint16_t n = e->n[einvoice_info(terms[0])->group];
    for (uint16_t i = 0; i < n; i++) {
        int64_t v;
        if (!same_tax(e, vat, terms[1], terms[2], i))
            continue;
        if (!einvoice_micro(e, terms[0], i, &v))
            return false;
        *sum += (__int128)sign * v;
    }
    return true;
}

/* BR-S-08 and its relatives: each VAT row's base is what is billed at it. */
static void check_bases(struct check *c)
{
    static const enum einvoice_term billed[] = {BT_131, BT_151, BT_152},
                                    less[] = {BT_92, BT_95, BT_96},
                                    more[] = {BT_99, BT_102, BT_103};
    for (uint16_t i = 0; i < c->e->n[EINVOICE_VAT]; i++) {
        int64_t base;
        __int128 sum = 0;
        if (!einvoice_micro(c->e, BT_116, i, &base) ||
            !add_part(c->e, i, billed, 1, &sum) ||
            !add_part(c->e, i, less, -1, &sum) ||
            !add_part(c->e, i, more, 1, &sum))
            continue;
        if (sum != base)
            add(c, "BR-S-08", "BT-116", false,
                "The lines read at a VAT rate do not add up to its base.");
    }
}

static void check_sums(struct check *c)
{
    for (size_t i = 0; rules_ids[i]; i++) {
        struct rules_result r;
        if (rules_judge(c->e, rules_ids[i], &r) == RULES_BROKEN)
            add(c, rules_ids[i], einvoice_info(r.term)->id, false,
                arena_printf(c->a, "%s is not what the other amounts give.",
                             einvoice_info(r.term)->name));
    }
}

size_t cii_check(struct arena *a, const struct einvoice *e,
                 struct cii_problem out[CII_PROBLEMS_MAX])
{
    struct check c = {.a = a, .e = e, .out = out};
    if (e->syntax == EINVOICE_ORDER)
        add(&c, "BR-04", "BT-3", false, "The paper is an order, no invoice.");
    check_musts(&c);
    check_forms(&c);
    check_parties(&c);
    check_bases(&c);
    check_sums(&c);
    return c.n;
}
