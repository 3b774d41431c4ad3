/* Sorts the expected lines by energy and sums what an invoice prints. */
#include "section.h"
#include <math.h>
#include "base/str.h"

static const char *text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static double round_cents(double x)
{
    return round(x * 100 + 1e-7) / 100;
}

static void add_vat(struct section *out, double rate, double base)
{
    size_t i = 0;
    while (i < out->n_vat && fabs(out->vat[i].rate - rate) > 0.01)
        i++;
    if (i == SECTION_VAT)
        return;
    out->n_vat = i == out->n_vat ? i + 1 : out->n_vat;
    out->vat[i].rate = rate;
    out->vat[i].base += base;
    out->vat[i].amount = round_cents(out->vat[i].base * rate / 100);
}

static void add_lines(const struct sample *s, struct section *out)
{
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(s->expected, "lines"), i, line)
    {
        if (!str_eq(text(line, "energy"), out->energy) ||
            out->n_lines == SECTION_LINES)
            continue;
        out->lines[out->n_lines++] = line;
        out->ht += sample_real(line, "amount_ht");
        add_vat(out, sample_real(line, "vat_rate"),
                sample_real(line, "amount_ht"));
        if (str_eq(text(line, "component"), "consommation"))
            out->kwh += sample_real(line, "quantity");
    }
}

void section_make(const struct sample *s, size_t index, struct section *out)
{
    const char *type = sample_text(s, "energy_type");
    *out = (struct section){.is_dual = str_eq(type, "dual")};
    out->energy = !out->is_dual ? type : index == 0 ? "electricite" : "gaz";
    out->title = str_eq(out->energy, "gaz") ? "gaz" : "électricité";
    add_lines(s, out);
    size_t i;
    json_t *meter;
    json_array_foreach(json_object_get(s->expected, "meters"), i, meter)
    {
        bool gas = str_eq(text(meter, "register"), "GAZ");
        if (gas == str_eq(out->energy, "gaz") && out->n_meters < SECTION_METERS)
            out->meters[out->n_meters++] = meter;
    }
    for (i = 0; i < out->n_vat; i++)
        out->tva += out->vat[i].amount;
    out->ttc = out->ht + out->tva;
    if (out->is_dual)
        return;
    /* What is printed, even where it does not add up (sample S4). */
    if (json_is_null(json_object_get(s->expected, "vat")))
        out->n_vat = 0;
    out->ht = sample_real(s->expected, "total_ht");
    out->tva = sample_real(s->expected, "total_tva");
    out->ttc = sample_real(s->expected, "total_ttc");
}

const char *section_reading(const json_t *meter, const char *key)
{
    return str_eq(text(meter, key), "estime") ? "estimé" : "relevé";
}

const char *section_register(const json_t *meter)
{
    const char *name = text(meter, "register");
    if (str_eq(name, "BASE"))
        return "Base";
    if (str_eq(name, "HP"))
        return "Heures Pleines";
    if (str_eq(name, "HC"))
        return "Heures Creuses";
    return str_eq(name, "GAZ") ? "Gaz" : name;
}
