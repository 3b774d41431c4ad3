/* A table says which member of the answer is which field; nothing that the
 * schema lets pass without a quote is more than a hint. */
#include "invoice/opinion.h"
#include <math.h>
#include <string.h>
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/supplier.h"
#include "base/banned.h"

enum { VERIFIED = 800, HINT = 250, TEXT_MOST = 200, POINT_DIGITS = 14 };

enum shape { AS_IS, NO_SPACES, SIREN, POINT, FORMULA, ZONE };

static const struct {
    const char *group, *name;
    enum field_id id;
    enum shape shape;
} quoted[] = {{"supplier", "name", F_supplier_name, AS_IS},
              {"supplier", "siren", F_supplier_siren, SIREN},
              {"customer", "name", F_customer_name, AS_IS},
              {"customer", "siren", F_customer_siren, SIREN},
              {"customer", "site_address", F_site_address, AS_IS},
              {"refs", "invoice_number", F_invoice_number, NO_SPACES},
              {"refs", "client_ref", F_client_ref, NO_SPACES},
              {"refs", "contract_ref", F_contract_ref, NO_SPACES},
              {"refs", "pdl", F_pdl, POINT},
              {"refs", "pce", F_pce, POINT},
              {"dates", "invoice_date", F_invoice_date, AS_IS},
              {"dates", "due_date", F_due_date, AS_IS},
              {"dates", "period_start", F_period_start, AS_IS},
              {"dates", "period_end", F_period_end, AS_IS},
              {"dates", "last_real_reading", F_last_real_reading, AS_IS},
              {"contract", "offer_name", F_offer_name, AS_IS},
              {"contract", "offer_end", F_offer_end, AS_IS},
              {"contract", "kva", F_kva, AS_IS},
              {"contract", "kva_reached", F_kva_reached, AS_IS},
              {"contract", "fta", F_fta, FORMULA},
              {"contract", "gas_zone", F_gas_zone, ZONE},
              {"contract", "car_kwh", F_car_kwh, AS_IS},
              {"contract", "conversion_kwh_m3", F_conversion, AS_IS},
              {"totals", "total_ht", F_total_ht, AS_IS},
              {"totals", "total_tva", F_total_tva, AS_IS},
              {"totals", "total_ttc", F_total_ttc, AS_IS},
              {"totals", "amount_due", F_amount_due, AS_IS},
              {"totals", "previous_balance", F_previous_balance, AS_IS}};

/* Words without a quote: never more than a hint. */
static const struct {
    const char *name;
    enum field_id id;
} hinted[] = {
    {"option", F_option}, {"segment", F_segment}, {"gas_class", F_gas_class}};

struct opining {
    struct arena *a;
    const struct layout *l;
    const struct redact *marks;
    struct quotes *quotes;
};

static const char *text_of(const struct opining *o, const json_t *v)
{
    const char *s = json_string_value(v);
    if (!s)
        return NULL;
    s = o->marks ? redact_restore(o->marks, s) : s;
    return str_trim(o->a, french_normalise(o->a, s));
}

static const char *without_spaces(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1);
    size_t n = 0;
    for (; *s; s++)
        if (*s != ' ' && *s != '\t')
            out[n++] = *s;
    return out;
}

static bool all_digits(const char *s, size_t n)
{
    return strlen(s) == n && strspn(s, "0123456789") == n;
}

/* A number that no supplier, customer or point can have. */
static bool is_impossible(enum shape shape, enum field_id id, const char *s)
{
    if (shape == SIREN)
        return !all_digits(s, 9) || !supplier_siren_ok(s);
    if (shape != POINT)
        return false;
    bool gi = id == F_pce && str_starts(s, "GI") && all_digits(s + 2, 6);
    return !gi && !all_digits(s, POINT_DIGITS);
}

/* Fields that identify nobody, and so may stand on the anonymised report,
 * hold only what such a code can be. */
static bool is_code(enum shape shape, const char *s)
{
    size_t n = strlen(s);
    if (shape == ZONE)
        return n == 1 && *s >= '1' && *s <= '6';
    return shape != FORMULA ||
           ((str_starts(s, "BT") || str_starts(s, "HTA")) && n <= 12 &&
            strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == n);
}

static bool take_text(const struct opining *o, enum shape shape,
                      const json_t *v, struct opinion_value *out)
{
    const char *s = text_of(o, v);
    if (!s || !*s || strlen(s) > TEXT_MOST)
        return false;
    out->v.text = shape == AS_IS ? s : without_spaces(o->a, s);
    return is_code(shape, out->v.text);
}

static bool take_date(const struct opining *o, const json_t *v,
                      struct opinion_value *out)
{
    int32_t day;
    const char *s = text_of(o, v);
    if (!s || strlen(s) != 10 || s[4] != '-' || french_date(s, &day) != 10)
        return false;
    out->v.num = day;
    return true;
}

/* The number in the field's scale, when it has no more decimals than that. */
static bool take_number(const json_t *v, double scale,
                        struct opinion_value *out)
{
    double x = json_number_value(v) * scale;
    if (!json_is_number(v) || !isfinite(x) || fabs(x) > 1e12 ||
        fabs(x - nearbyint(x)) > 1e-3)
        return false;
    out->v.num = llround(x);
    return true;
}

static bool take_value(const struct opining *o, enum field_id id,
                       enum shape shape, const json_t *v,
                       struct opinion_value *out)
{
    switch (field_infos[id].type) {
    case FIELD_TEXT:
    case FIELD_ENUM:
        return take_text(o, shape, v, out);
    case FIELD_DATE:
        return take_date(o, v, out);
    case FIELD_CENTS:
        return take_number(v, 100, out);
    case FIELD_MILLI:
        return take_number(v, 1000, out) && out->v.num > 0;
    case FIELD_INT:
        return take_number(v, 1, out) && out->v.num > 0;
    default:
        return false;
    }
}

static void verify(const struct opining *o, enum field_id id,
                   const json_t *member, struct opinion_value *out)
{
    struct quote_place at;
    const char *quote = text_of(o, json_object_get(member, "quote"));
    json_int_t page = json_integer_value(json_object_get(member, "page"));
    out->v.ev = (struct evidence){.conf = HINT};
    if (!quote || page < 1 || page > INT16_MAX ||
        !quote_find(o->a, o->quotes, (int)page, quote, &at) ||
        !quote_says(o->a, field_infos[id].type, out->v.text, out->v.num, quote))
        return;
    out->verified = true;
    out->v.ev =
        layout_evidence(o->a, &o->l->rows[at.row], at.from, at.to, VERIFIED);
    out->v.ev.conf = (int16_t)(VERIFIED * at.ocr_pm / 1000);
}

static void read_quoted(const struct opining *o, const json_t *answer,
                        struct opinion *out)
{
    for (size_t i = 0; i < ARRAY_LEN(quoted); i++) {
        struct opinion_value *v = &out->f[quoted[i].id];
        const json_t *member = json_object_get(
            json_object_get(answer, quoted[i].group), quoted[i].name);
        v->given = take_value(o, quoted[i].id, quoted[i].shape,
                              json_object_get(member, "value"), v);
        v->v.present = v->given;
        if (!v->given)
            continue;
        v->impossible = v->v.text &&
                        is_impossible(quoted[i].shape, quoted[i].id, v->v.text);
        verify(o, quoted[i].id, member, v);
    }
}

static void read_hints(const json_t *answer, struct opinion *out)
{
    const json_t *contract = json_object_get(answer, "contract");
    for (size_t i = 0; i < ARRAY_LEN(hinted); i++) {
        const char *s =
            json_string_value(json_object_get(contract, hinted[i].name));
        if (!s || str_eq(s, "AUTRE"))
            continue;
        out->f[hinted[i].id] = (struct opinion_value){
            .given = true,
            .v = {.present = true, .text = s, .ev = {.conf = HINT}}};
    }
}

/* ---- lines --------------------------------------------------------------- */

/* The schema's words that the record does not bill as lines are left out. */
static bool component_of(const char *word, enum component *out)
{
    if (str_eq(word, "tcfe")) {
        *out = COMP_LOCAL_TAX;
        return true;
    }
    for (int c = 0; c < COMP_MAX; c++)
        if (str_eq(component_name((enum component)c), word)) {
            *out = (enum component)c;
            return true;
        }
    return false;
}

static bool read_line(const struct opining *o, const json_t *from,
                      struct opinion_line *out)
{
    struct opinion_value amount = {0};
    struct quote_place at;
    const char *label = text_of(o, json_object_get(from, "label"));
    const char *energy = json_string_value(json_object_get(from, "energy"));
    json_int_t page = json_integer_value(json_object_get(from, "page"));
    if (!component_of(json_string_value(json_object_get(from, "component")),
                      &out->component) ||
        !take_number(json_object_get(from, "amount_ht"), 100, &amount) ||
        page < 1 || page > INT16_MAX)
        return false;
    out->amount_cents = amount.v.num;
    out->line =
        (struct line){.component = out->component,
                      .energy = str_eq(energy, "gaz")           ? ENERGY_GAS
                                : str_eq(energy, "electricite") ? ENERGY_ELEC
                                                                : ENERGY_NONE,
                      .label = label,
                      .has_amount = true,
                      .amount_cents = amount.v.num,
                      .ev = {.conf = HINT, .page = (int16_t)page}};
    out->line.is_local_tax = out->component == COMP_LOCAL_TAX;
    if (!label || !quote_find(o->a, o->quotes, (int)page, label, &at))
        return true;
    const struct row *row = &o->l->rows[at.row];
    out->verified =
        quote_says(o->a, FIELD_CENTS, NULL, amount.v.num, row->text);
    if (out->verified)
        out->line.ev = layout_evidence(o->a, row, 0, row->len, VERIFIED);
    return true;
}

static void read_lines(const struct opining *o, const json_t *answer,
                       struct opinion *out)
{
    const json_t *lines = json_object_get(answer, "lines"), *one;
    size_t i;
    out->lines =
        ARENA_ARRAY(o->a, json_array_size(lines) + 1, struct opinion_line);
    json_array_foreach(lines, i, one) out->n_lines +=
        read_line(o, one, &out->lines[out->n_lines]);
}

struct opinion *opinion_read(struct arena *a, const json_t *answer,
                             const struct layout *l, const struct redact *marks)
{
    struct opinion *out = ARENA_NEW(a, struct opinion);
    const struct opining o = {a, l, marks, quote_index(a, l)};
    read_quoted(&o, answer, out);
    read_hints(answer, out);
    read_lines(&o, answer, out);
    return out;
}
