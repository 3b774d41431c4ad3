/* One doubted digit is repaired when the arithmetic leaves one possibility;
 * what it leaves open is unsure; what OCR or a text layer is sure of stays,
 * however wrong it is. */
#include "invoice/repair.h"
#include "tap.h"

static struct line line;
static struct arena *a;

/* 742 kWh x 0,1690 = 125,40; with 20 % 150,48. */
static struct invoice bill(void)
{
    line = (struct line){.component = COMP_CONSUMPTION,
                         .has_quantity = true,
                         .quantity_milli = 742000,
                         .has_price = true,
                         .price_micro = 169000,
                         .price_decimals = 5,
                         .has_amount = true,
                         .amount_cents = 12540,
                         .ev = {.conf = 900}};
    struct invoice inv = {.from_ocr = true,
                          .n_pages = 1,
                          .ocr_pages = 1,
                          .lines = &line,
                          .n_lines = 1};
    static const int64_t totals[] = {12540, 2508, 15048};
    static const enum field_id ids[] = {F_total_ht, F_total_tva, F_total_ttc};
    for (int i = 0; i < 3; i++)
        inv.f[ids[i]] = (struct value){
            .present = true, .num = totals[i], .ev = {.conf = 970}};
    return inv;
}

static void repaired(void)
{
    struct invoice inv = bill();
    line.quantity_milli = 142000;
    line.quantity_ink = 7u << 3;
    repair_run(a, &inv);
    tap_is_int((long)line.quantity_milli, 742000, "a quantity is repaired");
    tap_ok(line.ev.repaired && line.ev.conf == 800, "and says so, at 0.80");
    tap_ok(!line.ev.unsure, "nothing is left in doubt");
    inv = bill();
    inv.f[F_total_ttc].num = 15948;
    inv.f[F_total_ttc].ink = 0xFF;
    repair_run(a, &inv);
    tap_is_int((long)inv.f[F_total_ttc].num, 15048, "so is a total");
}

static void not_repaired(void)
{
    struct invoice inv = bill();
    line.quantity_milli = 142000;
    repair_run(a, &inv);
    tap_is_int((long)line.quantity_milli, 142000,
               "a digit OCR is sure of stays");
    tap_ok(!line.ev.repaired && line.ev.unsure && line.ev.conf == 630,
           "the line is unsure, its confidence x 0.7");
    inv = bill();
    inv.from_ocr = false;
    inv.ocr_pages = 0;
    line.quantity_milli = 142000;
    line.quantity_ink = 7u << 3;
    repair_run(a, &inv);
    tap_ok(line.quantity_milli == 142000 && !line.ev.unsure &&
               line.ev.conf == 900,
           "a text layer is left as it is");
    inv = bill(); /* the tens of either could be wrong by the same */
    inv.f[F_total_tva].num = 2518;
    inv.f[F_total_tva].ink = inv.f[F_total_ttc].ink = 0xFF;
    repair_run(a, &inv);
    tap_ok(inv.f[F_total_tva].num == 2518 && inv.f[F_total_ttc].num == 15048,
           "two possible repairs: none is made");
    tap_ok(inv.f[F_total_tva].ev.unsure && inv.f[F_total_ttc].ev.unsure,
           "both are unsure");
}

static void disagreeing(void)
{
    struct invoice inv = bill();
    line.amount_cents = 12940; /* the product says 125,40, the total not */
    line.amount_ink = 0xFF;
    inv.f[F_total_ht].num = 12640;
    inv.f[F_total_ttc].num = 15148;
    repair_run(a, &inv);
    tap_is_int((long)line.amount_cents, 12940,
               "identities that disagree repair nothing");
    tap_ok(line.ev.unsure && line.ev.conf == 630, "they lower confidence");
}

static void doubted(void)
{
    struct invoice inv = bill();
    line.quantity_ink = 7u << 3;
    repair_run(a, &inv);
    tap_ok(!line.ev.unsure && !line.ev.repaired && line.ev.conf == 900,
           "a doubted number that arithmetic confirms is sure");
    inv = bill();
    line.price_ink = 7; /* 742 x 0,000001 is no cent */
    repair_run(a, &inv);
    tap_ok(line.ev.unsure, "one whose other readings fit as well is not");
    inv = bill();
    inv.f[F_invoice_date] =
        (struct value){.present = true, .num = 20000, .ink = 1};
    repair_run(a, &inv);
    tap_ok(inv.f[F_invoice_date].ev.unsure, "a doubted date is unsure");
}

int main(void)
{
    a = arena_new(1 << 14);
    repaired();
    not_repaired();
    disagreeing();
    doubted();
    arena_free(a);
    return tap_done();
}
