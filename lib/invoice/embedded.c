/* The electronic invoice that a PDF carries (Factur-X and its relatives) is
 * exact, so it leads; the page is what people read and pay by, so it is
 * compared. A value counts as printed when the page shows it anywhere, in any
 * order of day and month and with any separators: only what the page
 * contradicts, and nowhere shows, disagrees. */
#include "einvoice/einvoice.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "invoice/needles.h"
#include "invoice/reader.h"
#include "invoice/supplier.h"

enum {
    CONF_BOTH = 1000,     /* XML and page say the same */
    CONF_XML = 990,       /* the page says nothing */
    CONF_DISAGREES = 900, /* the page says something else */
    CONF_SURE = 900,      /* printed: another amount elsewhere is another */
    CONF_WEAK = 800       /* printed, but so unsure that the XML fills it */
};

static const struct {
    enum einvoice_term term;
    enum field_id id;
    bool leads;    /* else it only fills what the page does not tell */
    bool compared; /* a difference is a finding */
} map[] = {
    {BT_1, F_invoice_number, true, true},
    {BT_2, F_invoice_date, true, true},
    {BT_9, F_due_date, true, true},
    {BT_5, F_currency, true, false},
    {BT_12, F_contract_ref, false, false},
    {BT_27, F_supplier_name, false,
     false}, /* brand or legal name: both right */
    {BT_30, F_supplier_siren, false, false},
    {BT_31, F_supplier_vat_id, true, false},
    {BT_44, F_customer_name, true, false},
    {BT_47, F_customer_siren, false, false},
    {BT_73, F_period_start, false, false},
    {BT_74, F_period_end, false, false},
    {BT_84, F_iban, false, false},
    {BT_109, F_total_ht, true, true},
    {BT_110, F_total_tva, true, true},
    {BT_112, F_total_ttc, true, true},
    {BT_113, F_deposits, false, false},
    {BT_115, F_amount_due, true, true},
};

/* ---- a value on the page ------------------------------------------------ */

/* Bytes from..to of a row. */
struct place {
    const struct row *row;
    uint32_t from, to;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What may stand between the digits of one amount or date. */
static uint32_t separator(const char *s)
{
    if (*s && strchr(" .,'/-", *s))
        return 1;
    return strncmp(s, "\u00a0", 2) == 0                                   ? 2
           : strncmp(s, "\u202f", 3) == 0 || strncmp(s, "\u2019", 3) == 0 ? 3
                                                                          : 0;
}

/* Where the digits end when the text at s spells them, else 0. */
static uint32_t spelled(const char *s, const char *digits)
{
    uint32_t at = 0;
    for (size_t i = 0; digits[i]; i++) {
        const uint32_t gap = i ? separator(s + at) : 0;
        at += is_digit(s[at + gap]) ? gap : 0;
        if (s[at] != digits[i])
            return 0;
        at++;
    }
    const bool goes_on = is_digit(s[at]) ||
                         (strchr(".,", s[at]) && s[at] && is_digit(s[at + 1]));
    return goes_on ? 0 : at;
}

static bool find_digits(const struct layout *l, const char *digits,
                        struct place *out)
{
    for (size_t i = 0; i < l->n_rows; i++) {
        const char *text = l->rows[i].text;
        for (uint32_t at = 0; at < l->rows[i].len; at++) {
            if (text[at] != digits[0] || (at && is_digit(text[at - 1])))
                continue;
            const uint32_t n = spelled(text + at, digits);
            if (n) {
                *out = (struct place){&l->rows[i], at, at + n};
                return true;
            }
        }
    }
    return false;
}

static bool find_amount(struct reader *r, int64_t cents, struct place *out)
{
    const uint64_t v = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    char digits[24];
    snprintf(digits, sizeof digits, "%llu%02llu", (unsigned long long)v / 100,
             (unsigned long long)v % 100);
    if (find_digits(r->l, digits, out))
        return true;
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)v / 100);
    return v % 100 == 0 && find_digits(r->l, digits, out);
}

/* "12 décembre 2019": day and year in one row, with a word between. */
static bool find_worded_date(const struct layout *l, int y, int d,
                             struct place *out)
{
    for (size_t i = 0; i < l->n_rows; i++) {
        const struct row *row = &l->rows[i];
        bool day = false, year = false, word = false;
        for (uint32_t t = 0; t < row->n_tokens; t++) {
            int64_t n;
            const bool number = str_to_i64(row->tokens[t].text, &n);
            day |= number && n == d;
            year |= number && n == y;
            word |= !number && row->tokens[t].len >= 3;
        }
        if (day && year && word) {
            *out = (struct place){row, 0, row->len};
            return true;
        }
    }
    return false;
}

static bool find_date(struct reader *r, int32_t day, struct place *out)
{
    int y, m, d;
    char forms[6][24];
    clock_civil(day, &y, &m, &d);
    snprintf(forms[0], sizeof forms[0], "%02d%02d%04d", d, m, y);
    snprintf(forms[1], sizeof forms[1], "%04d%02d%02d", y, m, d);
    snprintf(forms[2], sizeof forms[2], "%02d%02d%02d", d, m, y % 100);
    snprintf(forms[3], sizeof forms[3], "%02d%02d%04d", m, d, y);
    snprintf(forms[4], sizeof forms[4], "%d%d%04d", d, m, y);
    snprintf(forms[5], sizeof forms[5], "%d%d%04d", m, d, y);
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (find_digits(r->l, forms[i], out))
            return true;
    return find_worded_date(r->l, y, d, out);
}

/* Letters and digits only, folded: "FA-2017/0008" is "fa20170008". */
static const char *bare(struct arena *a, const char *s)
{
    const char *folded = str_fold(a, s);
    char *out = arena_alloc(a, strlen(folded) + 1);
    size_t n = 0;
    for (; *folded; folded++)
        if (is_digit(*folded) || (*folded >= 'a' && *folded <= 'z') ||
            (*folded & 0x80))
            out[n++] = *folded;
    out[n] = 0;
    return out;
}

static bool find_text(struct reader *r, const char *text, struct place *out)
{
    const char *wanted = bare(r->a, text);
    for (size_t i = 0; *wanted && i < r->l->n_rows; i++)
        if (strstr(bare(r->a, r->l->rows[i].text), wanted)) {
            *out = (struct place){&r->l->rows[i], 0, r->l->rows[i].len};
            return true;
        }
    return false;
}

/* ---- fields ------------------------------------------------------------- */

/* Nine digits of a SIREN or the SIRET it begins. */
static const char *siren_of(struct arena *a, const char *s)
{
    char digits[16];
    size_t n = 0;
    for (; *s && n < sizeof digits - 1; s++)
        if (is_digit(*s))
            digits[n++] = *s;
        else if (*s != ' ')
            return NULL;
    digits[n == 14 ? 9 : n] = 0;
    return (n == 9 || n == 14) && supplier_siren_ok(digits)
               ? arena_strdup(a, digits)
               : NULL;
}

/* Wide of any invoice, and of what sums of many lines may overflow. */
#define NUMBER_MAX INT64_C(10000000000000)

static bool scaled(const char *s, int scale, int64_t *out)
{
    return s && einvoice_decimal(s, scale, out) && *out <= NUMBER_MAX &&
           *out >= -NUMBER_MAX;
}

static bool to_cents(const struct einvoice *e, enum einvoice_term t,
                     uint16_t at, int64_t *out)
{
    return scaled(einvoice_text(e, t, at), 2, out);
}

/* The term in the field's own type; false when absent or unusable. */
static bool value_of(struct reader *r, enum einvoice_term t, enum field_id id,
                     struct value *out)
{
    const struct einvoice *e = r->inv->xml;
    const char *text = einvoice_text(e, t, 0);
    int32_t day;
    *out = (struct value){.present = true, .text = text};
    if (!text)
        return false;
    switch (field_infos[id].type) {
    case FIELD_CENTS:
        out->text = NULL;
        return to_cents(e, t, 0, &out->num) && (t != BT_113 || out->num > 0);
    case FIELD_DATE:
        out->text = NULL;
        if (!einvoice_day(e, t, 0, &day))
            return false;
        out->num = day;
        return true;
    default:
        if (id == F_supplier_siren || id == F_customer_siren)
            out->text = siren_of(r->a, text);
        if (id == F_currency)
            out->text = einvoice_currency(e);
        return out->text != NULL;
    }
}

static bool same(struct reader *r, enum field_id id, const struct value *x,
                 const struct value *y)
{
    if (field_infos[id].type != FIELD_TEXT &&
        field_infos[id].type != FIELD_ENUM)
        return x->num == y->num;
    return str_eq(bare(r->a, x->text ? x->text : ""),
                  bare(r->a, y->text ? y->text : ""));
}

static bool is_printed(struct reader *r, enum field_id id,
                       const struct value *v, struct place *at)
{
    switch (field_infos[id].type) {
    case FIELD_CENTS:
        return find_amount(r, v->num, at);
    case FIELD_DATE:
        return find_date(r, (int32_t)v->num, at);
    default:
        return find_text(r, v->text, at);
    }
}

static void disagree(struct reader *r, enum field_id id,
                     const struct value *printed)
{
    r->inv->disagreements[r->inv->n_disagreements++] =
        (struct disagreement){id, *printed};
}

/* UNTDID 1001 codes of credit notes. */
static bool is_credit(const struct einvoice *e)
{
    static const char *const codes[] = {"381", "396", "261", "262",
                                        "296", "308", "532"};
    const char *type = einvoice_text(e, BT_3, 0);
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (str_eq(type, codes[i]))
            return true;
    return e->syntax == EINVOICE_UBL_CREDIT;
}

/* The page prints another amount under the same label, and surely so: that
 * the XML's stands somewhere else on it excuses nothing. The other sign is
 * another amount, but on credit notes, which print either, and for what is
 * due, which some print as owed to the customer. */
static bool is_denied(const struct reader *r, size_t i,
                      const struct value *have, const struct value *v)
{
    if (field_infos[map[i].id].type != FIELD_CENTS || !map[i].compared ||
        !have->present || have->num == v->num)
        return false;
    if (have->num == -v->num)
        return map[i].id != F_amount_due && r->inv->paper != PAPER_CREDIT &&
               !is_credit(r->inv->xml);
    return have->ev.conf >= CONF_SURE && !have->ev.derived;
}

static void apply(struct reader *r, size_t i)
{
    const enum field_id id = map[i].id;
    struct value *have = &r->inv->f[id], v;
    struct place at;
    if (!value_of(r, map[i].term, id, &v))
        return;
    const bool agrees = have->present && same(r, id, have, &v);
    if (have->present && have->ev.conf >= CONF_WEAK && !have->ev.derived &&
        !agrees && !map[i].leads)
        return;
    if (agrees && have->ev.page > 0) {
        v.ev = have->ev;
        v.ev.conf = CONF_BOTH;
    } else if (!is_denied(r, i, have, &v) && is_printed(r, id, &v, &at)) {
        v.ev = layout_evidence(r->a, at.row, at.from, at.to, CONF_BOTH);
    } else if (have->present && have->ev.page > 0 && map[i].compared) {
        disagree(r, id, have);
        v.ev = have->ev;
        v.ev.conf = CONF_DISAGREES;
    } else {
        v.ev.conf = CONF_XML;
    }
    v.ev.derived = false;
    v.ev.from_xml = true;
    *have = v;
}

/* ---- VAT and lines ------------------------------------------------------ */

static bool rate_of(const struct einvoice *e, enum einvoice_term t, uint16_t at,
                    int32_t *out)
{
    const char *s = einvoice_text(e, t, at);
    int64_t v;
    if (!s || !einvoice_decimal(s, 2, &v) || v < 0 || v > 10000)
        return false;
    *out = (int32_t)v;
    return true;
}

static const struct vat_line *printed_vat(const struct invoice *inv,
                                          const struct vat_line *v)
{
    for (size_t i = 0; i < inv->n_vat; i++)
        if (inv->vat[i].rate_bp == v->rate_bp &&
            inv->vat[i].base_cents == v->base_cents &&
            inv->vat[i].amount_cents == v->amount_cents)
            return &inv->vat[i];
    return NULL;
}

/* The rows of the XML replace the printed ones when all of them are whole. */
static void apply_vat(struct reader *r)
{
    const struct einvoice *e = r->inv->xml;
    const uint16_t n = e->n[EINVOICE_VAT];
    struct vat_line *rows = ARENA_ARRAY(r->a, n + 1u, struct vat_line);
    for (uint16_t i = 0; i < n; i++) {
        struct vat_line *v = &rows[i];
        if (!to_cents(e, BT_116, i, &v->base_cents) ||
            !to_cents(e, BT_117, i, &v->amount_cents) ||
            !rate_of(e, BT_119, i, &v->rate_bp))
            return;
        const struct vat_line *p = printed_vat(r->inv, v);
        if (p)
            v->ev = p->ev;
        v->ev.conf = p ? CONF_BOTH : CONF_XML;
        v->ev.derived = false;
        v->ev.from_xml = true;
    }
    if (n == 0)
        return;
    r->inv->vat = rows;
    r->inv->n_vat = n;
}

/* UN/ECE recommendation 20 codes that an energy invoice bills by. */
static enum unit unit_of(const char *code)
{
    static const struct {
        const char *code;
        enum unit unit;
    } units[] = {{"KWH", UNIT_KWH}, {"MWH", UNIT_MWH},   {"MTQ", UNIT_M3},
                 {"DAY", UNIT_DAY}, {"MON", UNIT_MONTH}, {"HUR", UNIT_HOUR},
                 {"KVA", UNIT_KVA}, {"C62", UNIT_PIECE}, {"H87", UNIT_PIECE},
                 {"EA", UNIT_PIECE}};
    for (size_t i = 0; code && i < ARRAY_LEN(units); i++)
        if (str_eq(units[i].code, code))
            return units[i].unit;
    return UNIT_NONE;
}

static int8_t decimals_of(const char *s)
{
    const char *dot = strchr(s, '.');
    const size_t n = dot ? strlen(dot + 1) : 0;
    return (int8_t)(n > 6 ? 6 : n);
}

/* The price of one unit; a price for many is left out when it cannot be
 * divided exactly. */
static void take_price(const struct einvoice *e, uint16_t i, struct line *l)
{
    int64_t price, per = 1000000;
    if (!einvoice_micro(e, BT_146, i, &price) ||
        (einvoice_text(e, BT_149, i) && !einvoice_micro(e, BT_149, i, &per)) ||
        per <= 0)
        return;
    const __int128 whole = (__int128)price * 1000000;
    l->has_price = whole % per == 0 && whole / per <= NUMBER_MAX &&
                   whole / per >= -NUMBER_MAX;
    if (!l->has_price)
        return;
    l->price_micro = (int64_t)(whole / per);
    l->price_decimals = decimals_of(einvoice_text(e, BT_146, i));
}

static bool line_of(const struct einvoice *e, uint16_t i, struct line *l)
{
    const char *quantity = einvoice_text(e, BT_129, i);
    *l = (struct line){.component = COMP_OTHER,
                       .label = einvoice_text(e, BT_153, i),
                       .unit = unit_of(einvoice_text(e, BT_130, i)),
                       .ev = {.conf = CONF_XML, .from_xml = true}};
    l->has_amount = to_cents(e, BT_131, i, &l->amount_cents);
    l->has_quantity = scaled(quantity, 3, &l->quantity_milli);
    l->has_rate = rate_of(e, BT_152, i, &l->rate_bp);
    l->has_period = einvoice_day(e, BT_134, i, &l->start) &&
                    einvoice_day(e, BT_135, i, &l->end) && l->start <= l->end;
    take_price(e, i, l);
    return l->has_amount;
}

/* Printed lines know what they bill; those of the XML stand in only where the
 * page gave none. */
static void apply_lines(struct reader *r)
{
    const struct einvoice *e = r->inv->xml;
    const uint16_t n = e->n[EINVOICE_LINE];
    if (r->inv->n_lines > 0 || n == 0)
        return;
    r->inv->lines = ARENA_ARRAY(r->a, n, struct line);
    for (uint16_t i = 0; i < n; i++)
        r->inv->n_lines += line_of(e, i, &r->inv->lines[r->inv->n_lines]);
}

void embedded_apply(struct reader *r)
{
    r->inv->xml = r->doc->einvoice;
    if (!r->inv->xml || r->inv->xml->malformed)
        return;
    needles_add_fields(r->a, r->inv); /* what the XML takes the place of */
    r->inv->disagreements =
        ARENA_ARRAY(r->a, ARRAY_LEN(map), struct disagreement);
    for (size_t i = 0; i < ARRAY_LEN(map); i++)
        apply(r, i);
    apply_vat(r);
    apply_lines(r);
    if (is_credit(r->inv->xml))
        r->inv->paper = PAPER_CREDIT;
}
