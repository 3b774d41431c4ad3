/* The six sample invoices as the record a perfect reader would make, built
 * from what samples.json expects: for tests of rules and reports. */
#pragma once
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "document/document.h"
#include "invoice/invoice.h"
#include "invoice/sheet.h"

enum { SAMPLE_CONF = 950 };

static inline int64_t sample_scaled(json_t *v, int64_t by)
{
    return llround(json_number_value(v) * (double)by);
}

static inline struct evidence sample_evidence(int page, int row,
                                              const char *quote)
{
    const float y = 60.0f + 14.0f * (float)row;
    return (struct evidence){.conf = SAMPLE_CONF,
                             .page = (int16_t)page,
                             .box = {40, y, 300, y + 11},
                             .quote = quote};
}

static inline const char *sample_text(struct arena *a, json_t *v)
{
    return arena_strdup(a, json_string_value(v));
}

static inline int32_t sample_date(json_t *v)
{
    int32_t days = 0;
    return v && json_is_string(v) && sheet_date(json_string_value(v), &days)
               ? days
               : 0;
}

static inline void sample_field(struct arena *a, struct invoice *inv,
                                enum field_id id, json_t *v)
{
    struct value *f = &inv->f[id];
    if (!v || json_is_null(v) || f->present)
        return;
    f->present = true;
    switch (field_infos[id].type) {
    case FIELD_TEXT:
    case FIELD_ENUM:
        f->text = sample_text(a, v);
        break;
    case FIELD_DATE:
        f->num = sample_date(v);
        break;
    case FIELD_CENTS:
        f->num = sample_scaled(v, 100);
        break;
    case FIELD_MILLI:
        f->num = sample_scaled(v, 1000);
        break;
    case FIELD_INT:
        f->num = sample_scaled(v, 1);
        break;
    case FIELD_BOOL:
        f->num = json_is_true(v);
        break;
    }
    char *quote = json_is_string(v) ? arena_strdup(a, json_string_value(v))
                                    : json_dumps(v, JSON_ENCODE_ANY);
    f->ev = sample_evidence(1, (int)id, arena_strdup(a, quote));
    if (!json_is_string(v))
        free(quote);
}

static inline enum energy sample_energy(json_t *v)
{
    for (enum energy e = ENERGY_NONE; e < ENERGY_MAX; e++)
        if (str_eq(energy_name(e), json_string_value(v)))
            return e;
    return ENERGY_NONE;
}

static inline void sample_line(struct arena *a, struct line *l, json_t *v,
                               int row, int decimals)
{
    const char *name = json_string_value(json_object_get(v, "component"));
    const char *unit = json_string_value(json_object_get(v, "unit"));
    for (enum component c = 0; c < COMP_MAX; c++)
        if (str_eq(component_name(c), name))
            l->component = c;
    for (enum unit u = 0; u < UNIT_MAX; u++)
        if (str_eq(unit_name(u), unit))
            l->unit = u;
    l->energy = sample_energy(json_object_get(v, "energy"));
    l->label = sample_text(a, json_object_get(v, "label"));
    json_t *reg = json_object_get(v, "register");
    l->registr = reg ? sample_text(a, reg) : NULL;
    l->has_quantity = l->has_price = l->has_amount = l->has_rate = true;
    l->quantity_milli = sample_scaled(json_object_get(v, "quantity"), 1000);
    l->price_micro =
        sample_scaled(json_object_get(v, "unit_price_ht"), 1000000);
    l->price_decimals = (int8_t)decimals;
    l->amount_cents = sample_scaled(json_object_get(v, "amount_ht"), 100);
    l->rate_bp = (int32_t)sample_scaled(json_object_get(v, "vat_rate"), 100);
    l->has_period = json_is_string(json_object_get(v, "period_start"));
    l->start = sample_date(json_object_get(v, "period_start"));
    l->end = sample_date(json_object_get(v, "period_end"));
    l->ev = sample_evidence(2, row, l->label);
}

static inline enum reading_kind sample_reading(json_t *v)
{
    for (enum reading_kind k = READING_UNKNOWN; k <= READING_SELF; k++)
        if (str_eq(reading_name(k), json_string_value(v)))
            return k;
    return READING_UNKNOWN;
}

static inline void sample_tables(struct arena *a, struct invoice *inv,
                                 json_t *e, int decimals)
{
    json_t *lines = json_object_get(e, "lines"), *v;
    json_t *vat = json_object_get(e, "vat");
    json_t *meters = json_object_get(e, "meters");
    size_t i;
    inv->n_lines = json_array_size(lines);
    inv->lines = ARENA_ARRAY(a, inv->n_lines, struct line);
    json_array_foreach(lines, i, v)
        sample_line(a, &inv->lines[i], v, (int)i + 10, decimals);
    inv->n_vat = json_array_size(vat);
    inv->vat = ARENA_ARRAY(a, inv->n_vat, struct vat_line);
    json_array_foreach(vat, i, v)
        inv->vat[i] = (struct vat_line){
            .rate_bp = (int32_t)sample_scaled(json_object_get(v, "rate"), 100),
            .base_cents = sample_scaled(json_object_get(v, "base_ht"), 100),
            .amount_cents = sample_scaled(json_object_get(v, "amount"), 100),
            .ev = sample_evidence(2, 40 + (int)i, "TVA")};
    inv->n_meters = json_array_size(meters);
    inv->meters = ARENA_ARRAY(a, inv->n_meters, struct meter);
    json_array_foreach(meters, i, v) {
        struct meter *m = &inv->meters[i];
        m->registr = sample_text(a, json_object_get(v, "register"));
        m->unit = str_eq(json_string_value(json_object_get(v, "unit")), "m3")
                      ? UNIT_M3
                      : UNIT_KWH;
        m->energy = m->unit == UNIT_M3 ? ENERGY_GAS : ENERGY_ELEC;
        m->start = sample_scaled(json_object_get(v, "index_start"), 1);
        m->end = sample_scaled(json_object_get(v, "index_end"), 1);
        m->kind_start = sample_reading(json_object_get(v, "kind_start"));
        m->kind_end = sample_reading(json_object_get(v, "kind_end"));
        m->has_consumption = true;
        m->consumption = sample_scaled(json_object_get(v, "consumption"), 1);
        m->ev = sample_evidence(2, (int)i, "index");
    }
}

static inline void sample_needles(struct arena *a, struct invoice *inv)
{
    inv->needles = ARENA_ARRAY(a, F_MAX, struct needle);
    for (enum field_id id = 0; id < F_MAX; id++) {
        const char *text = inv->f[id].text;
        if (!inv->f[id].present || !field_infos[id].identifying || !text)
            continue;
        const size_t digits = strspn(text, "0123456789 -");
        inv->needles[inv->n_needles++] = (struct needle){
            .kind = text[digits] ? NEEDLE_NAME : NEEDLE_DIGITS, .text = text};
    }
}

static inline void sample_mentions(struct arena *a, struct invoice *inv,
                                   json_t *names)
{
    size_t i;
    json_t *v;
    inv->mentions_read = true;
    inv->pages = PAGES_COMPLETE;
    json_array_foreach(names, i, v)
        for (enum mention_id m = 0; m < MENTION_MAX; m++)
            if (str_eq(mention_name(m), json_string_value(v)))
                inv->mentions[m] = (struct mention){
                    .present = true,
                    .ev = sample_evidence(2, 50 + (int)m, sample_text(a, v))};
}

static inline struct invoice *sample_from_json(struct arena *a, json_t *o)
{
    json_t *e = json_object_get(o, "expected");
    json_t *sub = json_object_get(e, "subtotals");
    const char *id = json_string_value(json_object_get(o, "id"));
    struct invoice *inv = ARENA_NEW(a, struct invoice);
    for (enum field_id f = 0; f < F_MAX; f++) {
        sample_field(a, inv, f, json_object_get(e, field_infos[f].name));
        sample_field(a, inv, f, json_object_get(sub, field_infos[f].name));
    }
    inv->energy = sample_energy(json_object_get(e, "energy_type"));
    inv->energy_conf = inv->conf = SAMPLE_CONF;
    inv->energy_why = "14 chiffres après PDL, kVA, accise";
    inv->paper = PAPER_INVOICE;
    inv->is_professional = inv->f[F_customer_siren].present;
    inv->zip = "99990";
    inv->n_pages = (uint32_t)json_array_size(json_object_get(o, "pages"));
    sample_tables(a, inv, e, str_eq(id, "S2") ? 4 : 5);
    sample_mentions(a, inv, json_object_get(o, "mentions"));
    sample_needles(a, inv);
    return inv;
}

/* The sample of an id ("S1" to "S6") in a; ends the program when the fixture
 * is missing. Run from the top of the project. *expected, when wanted, is
 * the fixture's object, freed with a. */
static inline struct invoice *sample_invoice(struct arena *a, const char *id,
                                             json_t **expected)
{
    json_error_t why;
    json_t *root = json_load_file("tests/fixtures/samples.json", 0, &why), *o;
    size_t i;
    arena_defer(a, (void (*)(void *))json_decref, root);
    json_array_foreach(json_object_get(root, "invoices"), i, o) {
        if (!str_eq(json_string_value(json_object_get(o, "id")), id))
            continue;
        if (expected)
            *expected = o;
        return sample_from_json(a, o);
    }
    fprintf(stderr, "no sample %s: %s\n", id, root ? "unknown" : why.text);
    exit(2);
}
