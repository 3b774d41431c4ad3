#include "invoice/invoice.h"
#include "base/clock.h"
#include "base/str.h"
#include "tap.h"

static void words(void)
{
    for (int i = 0; i < F_MAX; i++)
        tap_ok(field_infos[i].name && field_infos[i].doc, "field %d is named",
               i);
    tap_is_str(field_infos[F_pdl].name, "pdl", "by its key");
    tap_ok(field_infos[F_pdl].identifying, "a point identifies");
    tap_ok(!field_infos[F_total_ttc].identifying, "a total does not");
    tap_is_str(energy_name(ENERGY_DUAL), "dual", "energy in words");
    tap_is_str(component_name(COMP_EXCISE), "accise", "component in words");
    tap_is_str(component_name((enum component)99), "autre", "never NULL");
    tap_is_str(unit_name(UNIT_PIECE), "unité", "unit in words");
    tap_is_str(reading_name(READING_ESTIMATED), "estime", "reading");
    tap_is_str(paper_name(PAPER_CREDIT), "avoir", "paper");
}

static void shorthands(void)
{
    struct invoice inv = {0};
    tap_is_int(invoice_num(&inv, F_kva, -1), -1, "absent gives the fallback");
    tap_ok(!invoice_text(&inv, F_pdl), "absent text is NULL");
    inv.f[F_kva] = (struct value){.present = true, .num = 9};
    inv.f[F_pdl] = (struct value){.present = true, .text = "99"};
    tap_is_int(invoice_num(&inv, F_kva, -1), 9, "present number");
    tap_is_str(invoice_text(&inv, F_pdl), "99", "present text");
}

int main(void)
{
    words();
    shorthands();
    return tap_done();
}
