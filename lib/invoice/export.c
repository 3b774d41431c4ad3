/* From the record to the terms of EN 16931. */
#include "invoice/export.h"
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "invoice/wording.h"
#include "base/banned.h"

enum { FILE_BYTES = 8 << 20, DOC_TERMS = 64, LINE_TERMS = 12, VAT_TERMS = 8 };

struct maker {
    struct arena *a;
    const struct invoice *inv;
    struct einvoice *e;
};

static void put(struct maker *m, enum einvoice_term t, uint16_t at,
                const char *text)
{
    if (text && strlen(text) <= EINVOICE_TEXT_MAX)
        (void)einvoice_set(m->e, t, at, text); /* room was counted */
}

/* ---- numbers and dates -------------------------------------------------- */

static const char *decimal(struct arena *a, int64_t v, int scale, int least)
{
    uint64_t n = v < 0 ? 0 - (uint64_t)v : (uint64_t)v, one = 1;
    for (int i = 0; i < scale; i++)
        one *= 10;
    char *s = arena_printf(a, "%s%llu.%0*llu", v < 0 ? "-" : "",
                           (unsigned long long)(n / one), scale,
                           (unsigned long long)(n % one));
    size_t len = strlen(s);
    while (scale-- > least && s[len - 1] == '0')
        s[--len] = 0;
    if (s[len - 1] == '.')
        s[len - 1] = 0;
    return s;
}

static void put_cents(struct maker *m, enum einvoice_term t, uint16_t at,
                      int64_t cents)
{
    put(m, t, at, decimal(m->a, cents, 2, 2));
}

static void put_day(struct maker *m, enum einvoice_term t, uint16_t at,
                    int32_t day)
{
    int y, month, d;
    clock_civil(day, &y, &month, &d);
    put(m, t, at, arena_printf(m->a, "%04d-%02d-%02d", y, month, d));
}

static void put_rate(struct maker *m, enum einvoice_term category,
                     enum einvoice_term rate, uint16_t at, int32_t bp)
{
    put(m, rate, at, decimal(m->a, bp, 2, 0));
    if (bp > 0) /* at zero, nothing printed tells Z, E, AE and O apart */
        put(m, category, at, "S");
}

/* ---- parties and document ----------------------------------------------- */

static const char *text(const struct maker *m, enum field_id id)
{
    return invoice_text(m->inv, id);
}

static bool has_postcode(const char *s)
{
    for (; s && *s; s++) {
        const size_t n = strspn(s, "0123456789");
        if (n == 5)
            return true;
        s += n;
        if (!*s)
            break;
    }
    return false;
}

/* A country is told by the VAT number's letters, or by a register. */
static void put_country(struct maker *m, enum einvoice_term t,
                        const char *vat_id, const char *siren)
{
    if (vat_id && strlen(vat_id) > 2)
        put(m, t, 0,
            strncmp(vat_id, "EL", 2) == 0 ? "GR"
                                          : arena_strndup(m->a, vat_id, 2));
    else if (siren)
        put(m, t, 0, "FR");
}

static void put_buyer(struct maker *m)
{
    const char *address = text(m, F_billing_address);
    if (!address)
        address = text(m, F_site_address);
    const bool metered = text(m, F_pdl) || text(m, F_pce);
    put(m, BT_44, 0, text(m, F_customer_name));
    put(m, BT_47, 0, text(m, F_customer_siren));
    put(m, BT_50, 0, address);
    put_country(m, BT_55, NULL, text(m, F_customer_siren));
    /* a French meter and a French postcode */
    if (metered && !m->inv->is_foreign && has_postcode(address))
        put(m, BT_55, 0, "FR");
}

static void put_parties(struct maker *m)
{
    put(m, BT_27, 0, text(m, F_supplier_name));
    put(m, BT_30, 0, text(m, F_supplier_siren));
    put(m, BT_31, 0, text(m, F_supplier_vat_id));
    put_country(m, BT_40, text(m, F_supplier_vat_id),
                text(m, F_supplier_siren));
    put_buyer(m);
    put(m, BT_12, 0, text(m, F_contract_ref));
}

static void put_head(struct maker *m)
{
    static const struct {
        enum einvoice_term term;
        enum field_id id;
    } days[] = {{BT_2, F_invoice_date}, {BT_9, F_due_date}};
    const struct invoice *inv = m->inv;
    const struct einvoice *xml = inv->xml;
    const struct value *gross = &inv->f[F_total_ttc];
    /* Amounts of a 381 are positive; a negative one is a corrected 380. */
    const bool credit =
        inv->paper == PAPER_CREDIT && !(gross->present && gross->num < 0);
    put(m, BT_24, 0, CII_GUIDELINE);
    put(m, BT_1, 0, text(m, F_invoice_number));
    if (xml && !xml->malformed) /* 386, 384…: it knows better */
        put(m, BT_3, 0, einvoice_text(xml, BT_3, 0));
    put(m, BT_3, 0, credit ? "381" : "380");
    put(m, BT_5, 0, text(m, F_currency));
    for (size_t i = 0; i < ARRAY_LEN(days); i++)
        if (inv->f[days[i].id].present)
            put_day(m, days[i].term, 0, (int32_t)inv->f[days[i].id].num);
    const struct value *from = &inv->f[F_period_start],
                       *to = &inv->f[F_period_end];
    if (from->present && to->present && from->num <= to->num) {
        put_day(m, BT_73, 0, (int32_t)from->num);
        put_day(m, BT_74, 0, (int32_t)to->num);
    }
}

/* ---- lines -------------------------------------------------------------- */

static const char *unit_code(enum unit u)
{
    static const char *const codes[UNIT_MAX] = {
        [UNIT_NONE] = "C62", [UNIT_MONTH] = "MON", [UNIT_DAY] = "DAY",
        [UNIT_KWH] = "KWH",  [UNIT_MWH] = "MWH",   [UNIT_M3] = "MTQ",
        [UNIT_HOUR] = "HUR", [UNIT_KVA] = "KVA",   [UNIT_PIECE] = "C62"};
    return codes[u < UNIT_MAX ? u : UNIT_NONE];
}

/* Quantity and price make up the amount, within what rounding explains. */
static bool is_product(const struct line *l)
{
    if (!l->has_quantity || !l->has_price || l->unit == UNIT_NONE)
        return false;
    const __int128 cent = 10000000; /* thousandths x millionths */
    const __int128 gap = (__int128)l->quantity_milli * l->price_micro -
                         (__int128)l->amount_cents * cent;
    __int128 ulp = 1000000, q = l->quantity_milli;
    for (int i = 0; i < l->price_decimals && ulp > 1; i++)
        ulp /= 10;
    __int128 allowed = (q < 0 ? -q : q) * ulp / 2 + cent / 2;
    allowed = allowed < 2 * cent ? 2 * cent : allowed;
    return gap <= allowed && gap >= -allowed;
}

/* Prices are never negative (BR-27): the quantity takes the sign. What is
 * billed as a lump sum is once its amount. */
static void put_price(struct maker *m, uint16_t at, const struct line *l)
{
    const bool product = is_product(l);
    int64_t quantity = product ? l->quantity_milli : 1000;
    int64_t price = product ? l->price_micro : l->amount_cents * 10000;
    if (price < 0) {
        price = -price;
        quantity = -quantity;
    }
    put(m, BT_129, at, decimal(m->a, quantity, 3, 0));
    put(m, BT_130, at, product ? unit_code(l->unit) : "C62");
    put(m, BT_146, at, decimal(m->a, price, 6, 2));
}

/* The one rate of the invoice, when the lines make up its one base. */
static const struct vat_line *only_rate(const struct invoice *inv)
{
    int64_t sum = 0;
    for (size_t i = 0; i < inv->n_lines; i++)
        sum += inv->lines[i].has_amount ? inv->lines[i].amount_cents : 0;
    return inv->n_vat == 1 && sum == inv->vat[0].base_cents ? inv->vat : NULL;
}

static void put_line(struct maker *m, uint16_t at, const struct line *l,
                     const struct vat_line *only)
{
    const bool named = l->label && *l->label;
    put(m, BT_126, at, arena_printf(m->a, "%u", at + 1u));
    put(m, BT_153, at,
        named                        ? l->label
        : l->component != COMP_OTHER ? wording_component(l->component)
                                     : NULL);
    put_cents(m, BT_131, at, l->amount_cents);
    put_price(m, at, l);
    if (l->has_rate || only)
        put_rate(m, BT_151, BT_152, at,
                 l->has_rate ? l->rate_bp : only->rate_bp);
    if (l->has_period && l->start <= l->end) {
        put_day(m, BT_134, at, l->start);
        put_day(m, BT_135, at, l->end);
    }
}

/* Lines without an amount bill nothing. */
static void put_lines(struct maker *m)
{
    const struct vat_line *only = only_rate(m->inv);
    uint16_t *n = &m->e->n[EINVOICE_LINE];
    int64_t sum = 0;
    for (size_t i = 0; i < m->inv->n_lines && *n < 5000; i++) {
        const struct line *l = &m->inv->lines[i];
        if (!l->has_amount || l->amount_cents > INT64_C(1000000000000) ||
            l->amount_cents < -INT64_C(1000000000000))
            continue;
        put_line(m, (*n)++, l, only);
        sum += l->amount_cents;
    }
    if (*n)
        put_cents(m, BT_106, 0, sum);
}

/* ---- VAT and totals ----------------------------------------------------- */

static void put_vat(struct maker *m)
{
    for (size_t i = 0; i < m->inv->n_vat && i < 100; i++) {
        const struct vat_line *v = &m->inv->vat[i];
        const uint16_t at = m->e->n[EINVOICE_VAT]++;
        put_cents(m, BT_116, at, v->base_cents);
        put_cents(m, BT_117, at, v->amount_cents);
        put_rate(m, BT_118, BT_119, at, v->rate_bp);
    }
}

static int64_t num(const struct maker *m, enum field_id id)
{
    return m->inv->f[id].present ? m->inv->f[id].num : 0;
}

/* Instalments and the energy cheque are amounts paid already. */
static void put_totals(struct maker *m)
{
    static const struct {
        enum einvoice_term term;
        enum field_id id;
    } rows[] = {{BT_109, F_total_ht},
                {BT_110, F_total_tva},
                {BT_112, F_total_ttc},
                {BT_115, F_amount_due}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (m->inv->f[rows[i].id].present)
            put_cents(m, rows[i].term, 0, m->inv->f[rows[i].id].num);
    const int64_t paid = num(m, F_deposits) + num(m, F_cheque_energie);
    if (paid > 0 && num(m, F_total_ttc) - paid == num(m, F_amount_due))
        put_cents(m, BT_113, 0, paid);
}

/* ---- what the embedded invoice says beside ------------------------------ */

static void copy_terms(struct maker *m, bool everything)
{
    const struct einvoice *x = m->inv->xml;
    for (uint32_t i = 0; i < x->n_values; i++) {
        const struct einvoice_value *v = &x->values[i];
        if (everything ||
            einvoice_info((enum einvoice_term)v->term)->group == EINVOICE_DOC)
            put(m, (enum einvoice_term)v->term, v->at, v->text);
    }
    if (everything)
        memcpy(m->e->n, x->n, sizeof x->n);
}

/* Categories of VAT rows that the record took over from the XML. */
static void copy_categories(struct maker *m)
{
    const struct einvoice *x = m->inv->xml;
    for (uint16_t i = 0;
         m->e->n[EINVOICE_VAT] == x->n[EINVOICE_VAT] && i < x->n[EINVOICE_VAT];
         i++) {
        put(m, BT_118, i, einvoice_text(x, BT_118, i));
        put(m, BT_120, i, einvoice_text(x, BT_120, i));
        put(m, BT_121, i, einvoice_text(x, BT_121, i));
    }
}

struct einvoice *export_terms(struct arena *a, const struct invoice *inv)
{
    const bool xml = inv->xml && !inv->xml->malformed;
    const uint32_t room = DOC_TERMS + (uint32_t)(inv->n_lines * LINE_TERMS) +
                          100 * VAT_TERMS + (xml ? inv->xml->n_values : 0);
    struct maker m = {.a = a, .inv = inv, .e = einvoice_new(a, room)};
    m.e->syntax = xml ? inv->xml->syntax : EINVOICE_CII;
    if (xml && inv->xml->n[EINVOICE_LINE]) {
        put(&m, BT_24, 0, CII_GUIDELINE);
        copy_terms(&m, true);
        return m.e;
    }
    put_head(&m);
    put_parties(&m);
    put_lines(&m);
    put_vat(&m);
    put_totals(&m);
    if (xml) {
        copy_terms(&m, false);
        copy_categories(&m);
    }
    return m.e;
}

enum err export_cii(struct arena *a, const struct invoice *inv,
                    struct bytes *out, const struct cii_problem **problems,
                    size_t *n)
{
    struct cii_problem *list =
        ARENA_ARRAY(a, CII_PROBLEMS_MAX, struct cii_problem);
    const struct einvoice *e = export_terms(a, inv);
    struct buf b;
    *problems = list;
    *n = cii_check(a, e, list);
    if (*n)
        return ERR_EXPORT_INCOMPLETE;
    buf_init(&b, a, FILE_BYTES);
    cii_write(&b, e);
    if (!buf_ok(&b))
        return ERR_INTERNAL;
    *out = buf_bytes(&b);
    return OK;
}
