/* Lines are split where a law changed: VAT of the subscription on 1 August
 * 2025, excise at its own dates. */
#include "bill.h"
#include "base/clock.h"

enum { MILLI = 1000 };

int64_t bill_round(int64_t numerator, int64_t denominator)
{
    return (2 * numerator + (numerator < 0 ? -denominator : denominator)) /
           (2 * denominator);
}

const char *bill_iso(struct arena *a, int32_t day)
{
    int y, m, d;
    clock_civil(day, &y, &m, &d);
    return arena_printf(a, "%04d-%02d-%02d", y, m, d);
}

static void add(struct bill *b, struct bill_line line)
{
    if (b->n_lines == BILL_LINES)
        return;
    line.cents = bill_round(line.quantity_milli * line.micro, 10000000);
    b->lines[b->n_lines++] = line;
}

/* By the month when the whole period is billed at once, else by the day. */
static void add_standing(struct bill *b, const char *component,
                         int64_t month_micro, int32_t change)
{
    int64_t months = (b->to - b->from + 16) / 30;
    bool cut = b->from < change && b->to >= change;
    struct bill_line line = {.component = component,
                             .unit = "mois",
                             .from = b->from,
                             .to = b->to,
                             .quantity_milli = months * MILLI,
                             .micro = month_micro};
    line.rate_bp = b->from >= change || b->kva > 36 ? 2000 : 550;
    if (!cut || b->kva > 36) {
        add(b, line);
        return;
    }
    line.unit = "jours";
    line.micro = month_micro / 300000 * 10000; /* whole cents */
    line.to = change - 1;
    line.quantity_milli = (line.to - line.from + 1) * MILLI;
    add(b, line);
    line.from = change;
    line.to = b->to;
    line.rate_bp = 2000;
    line.quantity_milli = (line.to - line.from + 1) * MILLI;
    add(b, line);
}

/* The kWh of the period, by days, at each excise rate in it. */
static void add_excise(struct bill *b, const struct reference *ref)
{
    int64_t left = b->kwh, days = b->to - b->from + 1;
    for (int32_t from = b->from; from <= b->to;) {
        const struct excise_row *row =
            reference_excise(ref, from, b->gas, b->gas ? 0 : b->kva);
        int32_t to = row && row->to < b->to ? row->to : b->to;
        int64_t kwh = to == b->to ? left : b->kwh * (to - from + 1) / days;
        int64_t per_mwh =
            row && row->micro_per_mwh >= 0 ? row->micro_per_mwh : 22500000;
        add(b, (struct bill_line){.component = "accise",
                                  .unit = "kWh",
                                  .from = from,
                                  .to = to,
                                  .quantity_milli = kwh * MILLI,
                                  .micro = per_mwh / 1000,
                                  .rate_bp = 2000});
        left -= kwh;
        from = to + 1;
    }
}

static void add_energy(struct bill *b, struct dice *d)
{
    int64_t base =
        b->gas ? dice_roll(d, 6000, 11900) : dice_roll(d, 12000, 21900);
    for (size_t i = 0; i < b->n_meters; i++) {
        struct bill_meter *m = &b->meters[i];
        int64_t kwh = b->gas ? b->kwh : m->used;
        /* some print 0,1690 and some 0,16902 */
        int64_t micro = base / (i + 1 + (i > 0)) * (i ? 2 : 1) * 10;
        micro = dice_roll(d, 0, 1) ? micro : micro / 100 * 100;
        add(b, (struct bill_line){.component = "consommation",
                                  .registr = m->registr,
                                  .unit = "kWh",
                                  .from = b->from,
                                  .to = b->to,
                                  .quantity_milli = kwh * MILLI,
                                  .micro = micro,
                                  .rate_bp = 2000});
    }
}

static void read_meters(struct bill *b, struct dice *d)
{
    int64_t months = (b->to - b->from + 16) / 30;
    b->n_meters = b->off_peak ? 2 : 1;
    for (size_t i = 0; i < b->n_meters; i++) {
        int64_t used =
            b->gas ? dice_roll(d, 8, 190) * months
                   : dice_roll(d, 60, 900) * months * (b->kva > 36 ? 20 : 1);
        b->meters[i] =
            (struct bill_meter){.registr = b->gas         ? "GAZ"
                                           : !b->off_peak ? "BASE"
                                           : i            ? "HC"
                                                          : "HP",
                                .start = dice_roll(d, 100, 79999),
                                .used = used,
                                .estimated = dice_roll(d, 0, 3) == 0};
        b->kwh += used;
    }
    if (!b->gas)
        return;
    b->volume_m3 = b->kwh;
    b->coef_centi = dice_roll(d, 1010, 1169);
    b->kwh = bill_round(b->volume_m3 * b->coef_centi, 100);
}

void bill_make(struct bill *b, struct dice *d, const struct reference *ref,
               bool gas, int32_t from, int32_t to)
{
    static const int powers[] = {3, 6, 6, 6, 9, 9, 12, 15, 18, 36, 48, 120};
    const int32_t change = clock_days(2025, 8, 1);
    *b = (struct bill){.gas = gas, .from = from, .to = to};
    if (!gas) {
        b->kva = powers[dice_roll(d, 0, 11)];
        b->off_peak = dice_roll(d, 0, 2) == 0;
    }
    read_meters(b, d);
    add_standing(b, "abonnement", dice_roll(d, 900, 3600) * 10000, change);
    add_energy(b, d);
    add_excise(b, ref);
    add_standing(b, "cta", dice_roll(d, 150, 620) * 10000, change);
    if (dice_roll(d, 0, 4) == 0)
        add(b,
            (struct bill_line){.component = "service",
                               .unit = "mois",
                               .from = from,
                               .to = to,
                               .quantity_milli = (to - from + 16) / 30 * MILLI,
                               .micro = dice_roll(d, 199, 1299) * 10000,
                               .rate_bp = 2000});
}
