/* The extraction as clients see it: human units, ISO dates, evidence. */
#include "invoice/invoice.h"
#include "base/clock.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *date_json(int32_t day)
{
    int y, m, d;
    char text[40];
    clock_civil(day, &y, &m, &d);
    snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
    return json_string(text);
}

/* digits / 10^scale as the double nearest to that decimal fraction, so that
 * it prints with the same digits again. */
static json_t *decimal_json(int64_t digits, int scale)
{
    char text[48];
    snprintf(text, sizeof text, "%llde-%d", (long long)digits, scale);
    double v = strtod(text, NULL);
    int64_t one = 1;
    for (int i = 0; i < scale; i++)
        one *= 10;
    return digits % one == 0 ? json_integer(digits / one) : json_real(v);
}

/* Money keeps its two decimals: 145.5 prints as 145.5, 26 as 26.0. */
static json_t *cents_json(int64_t cents)
{
    char text[32];
    snprintf(text, sizeof text, "%llde-2", (long long)cents);
    return json_real(strtod(text, NULL));
}

static json_t *box_json(const struct box *b)
{
    const float sides[4] = {b->x0, b->y0, b->x1, b->y1};
    json_t *box = json_array();
    for (int i = 0; i < 4; i++) /* tenths of a point are enough */
        json_array_append_new(box, decimal_json(lroundf(sides[i] * 10), 1));
    return box;
}

json_t *invoice_with_evidence(json_t *o, const struct evidence *ev)
{
    json_object_set_new(o, "confidence", decimal_json(ev->conf, 3));
    if (ev->repaired)
        json_object_set_new(o, "repaired", json_true());
    if (ev->from_xml)
        json_object_set_new(o, "source", json_string("xml"));
    if (ev->from_xml && ev->page == 0)
        return o;
    if (ev->derived || ev->page == 0) {
        json_object_set_new(o, "derived", json_true());
        return o;
    }
    json_object_set_new(o, "page", json_integer(ev->page));
    json_object_set_new(o, "box", box_json(&ev->box));
    return o;
}

static json_t *value_json(const struct value *v, enum field_type type)
{
    switch (type) {
    case FIELD_TEXT:
    case FIELD_ENUM:
        return json_string(v->text);
    case FIELD_DATE:
        return date_json((int32_t)v->num);
    case FIELD_CENTS:
        return cents_json(v->num);
    case FIELD_MILLI:
        return decimal_json(v->num, 3);
    case FIELD_BOOL:
        return json_boolean(v->num != 0);
    default:
        return json_integer(v->num);
    }
}

static void set_text(json_t *o, const char *key, const char *text)
{
    if (text && *text)
        json_object_set_new(o, key, json_string(text));
}

static json_t *line_json(const struct line *l)
{
    json_t *o = json_object();
    set_text(o, "component", component_name(l->component));
    set_text(o, "label", l->label);
    set_text(o, "energy", energy_name(l->energy));
    set_text(o, "register", l->registr);
    if (l->has_quantity)
        json_object_set_new(o, "quantity", decimal_json(l->quantity_milli, 3));
    set_text(o, "unit", unit_name(l->unit));
    if (l->has_price)
        json_object_set_new(o, "unit_price_ht",
                            decimal_json(l->price_micro, 6));
    if (l->has_rate)
        json_object_set_new(o, "vat_rate", decimal_json(l->rate_bp, 2));
    if (l->has_amount)
        json_object_set_new(o, "amount_ht", cents_json(l->amount_cents));
    if (l->has_period) {
        json_object_set_new(o, "period_start", date_json(l->start));
        json_object_set_new(o, "period_end", date_json(l->end));
    }
    return invoice_with_evidence(o, &l->ev);
}

static json_t *vat_json(const struct vat_line *v)
{
    json_t *o = json_object();
    json_object_set_new(o, "rate", decimal_json(v->rate_bp, 2));
    json_object_set_new(o, "base_ht", cents_json(v->base_cents));
    json_object_set_new(o, "amount", cents_json(v->amount_cents));
    return invoice_with_evidence(o, &v->ev);
}

static json_t *meter_json(const struct meter *m)
{
    json_t *o = json_object();
    set_text(o, "register", m->registr);
    set_text(o, "energy", energy_name(m->energy));
    json_object_set_new(o, "index_start", json_integer(m->start));
    json_object_set_new(o, "index_end", json_integer(m->end));
    set_text(o, "kind_start", reading_name(m->kind_start));
    set_text(o, "kind_end", reading_name(m->kind_end));
    if (m->has_consumption)
        json_object_set_new(o, "consumption", json_integer(m->consumption));
    set_text(o, "unit", unit_name(m->unit));
    return invoice_with_evidence(o, &m->ev);
}

/* What another reader says of the field, when it is disputed. */
static void add_alternatives(json_t *o, const struct invoice *inv,
                             enum field_id id)
{
    json_t *list = json_array();
    for (size_t i = 0; i < inv->n_alternatives; i++) {
        const struct alternative *other = &inv->alternatives[i];
        if (other->id != id)
            continue;
        json_t *one = json_object();
        json_object_set_new(one, "value",
                            value_json(&other->v, field_infos[id].type));
        set_text(one, "reader", other->reader);
        json_array_append_new(list, invoice_with_evidence(one, &other->v.ev));
    }
    if (json_array_size(list))
        json_object_set(o, "alternatives", list);
    json_decref(list);
}

static void add_fields(json_t *root, const struct invoice *inv)
{
    for (int i = 0; i < F_MAX; i++) {
        const struct value *v = &inv->f[i];
        bool wordless = !v->text && (field_infos[i].type == FIELD_TEXT ||
                                     field_infos[i].type == FIELD_ENUM);
        if (!v->present || wordless)
            continue;
        json_t *o = json_object();
        json_object_set_new(o, "value", value_json(v, field_infos[i].type));
        add_alternatives(o, inv, (enum field_id)i);
        json_object_set_new(root, field_infos[i].name,
                            invoice_with_evidence(o, &v->ev));
    }
}

static void add_lists(json_t *root, const struct invoice *inv)
{
    json_t *lines = json_array(), *vat = json_array(), *meters = json_array();
    for (size_t i = 0; i < inv->n_lines; i++)
        json_array_append_new(lines, line_json(&inv->lines[i]));
    for (size_t i = 0; i < inv->n_vat; i++)
        json_array_append_new(vat, vat_json(&inv->vat[i]));
    for (size_t i = 0; i < inv->n_meters; i++)
        json_array_append_new(meters, meter_json(&inv->meters[i]));
    json_object_set_new(root, "lines", lines);
    json_object_set_new(root, "vat", vat);
    json_object_set_new(root, "meters", meters);
}

json_t *invoice_to_json(const struct invoice *inv)
{
    json_t *root = json_object();
    add_fields(root, inv);
    add_lists(root, inv);
    set_text(root, "paper", paper_name(inv->paper));
    json_object_set_new(root, "professional",
                        json_boolean(inv->is_professional));
    json_object_set_new(root, "confidence", decimal_json(inv->conf, 3));
    return root;
}

static void add_unsure(json_t *list, const char *name, size_t i,
                       const struct evidence *ev, int16_t conf_min)
{
    if (ev->unsure || ev->conf < conf_min)
        json_array_append_new(list, json_sprintf("%s[%zu]", name, i));
}

void invoice_unsure_rows(json_t *list, const struct invoice *inv,
                         int16_t conf_min)
{
    for (size_t i = 0; i < inv->n_lines; i++)
        add_unsure(list, "lines", i, &inv->lines[i].ev, conf_min);
    for (size_t i = 0; i < inv->n_vat; i++)
        add_unsure(list, "vat", i, &inv->vat[i].ev, conf_min);
    for (size_t i = 0; i < inv->n_meters; i++)
        add_unsure(list, "meters", i, &inv->meters[i].ev, conf_min);
}
