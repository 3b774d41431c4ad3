#include "base/str.h"
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static struct invoice *from(const char *text)
{
    return invoice_read(mem, paper_read(mem, text, false), ref);
}

static const char elec[] =
    "PDL 99 123 456 789 012  Puissance souscrite : 6 kVA\n"
    "Consommation électricité  100 kWh  0,2000 €/kWh  20,00 €  20 %\n"
    "Accise sur l'électricité  100 kWh  0,0337 €/kWh  3,37 €  20 %\n";
static const char gas[] =
    "PCE 99 888 777 666 555\nVolume consommé : 10 m³\n"
    "Coefficient de conversion : 11,24\n"
    "Consommation gaz naturel  112 kWh  0,0800 €/kWh  8,96 €  20 %\n"
    "TICGN  112 kWh  0,0163 €/kWh  1,83 €  20 %\n";

static void single(void)
{
    struct invoice *inv = from(elec);
    tap_is_int(inv->energy, ENERGY_ELEC, "electricity");
    tap_ok(inv->energy_conf >= 900, "with confidence");
    tap_ok(strstr(inv->energy_why, "PDL"), "and the words that say so");
    inv = from(gas);
    tap_is_int(inv->energy, ENERGY_GAS, "gas");
    tap_is_str(invoice_text(inv, F_energy_type), "gaz", "as a field");
    for (size_t i = 0; i < inv->n_lines; i++)
        tap_is_int(inv->lines[i].energy, ENERGY_GAS, "line %zu", i);
}

static void both(void)
{
    struct invoice *inv =
        from(arena_printf(mem, "ÉLECTRICITÉ\n%s\fGAZ NATUREL\n%s"
                               "Abonnement  2 mois  10,00 €/mois  20,00 €\n",
                          elec, gas));
    tap_is_int(inv->energy, ENERGY_DUAL, "both energies are billed");
    tap_is_int(inv->lines[0].energy, ENERGY_ELEC, "a line of the first");
    tap_is_int(inv->lines[inv->n_lines - 1].energy, ENERGY_GAS,
               "a line that names none belongs to its section");
}

static void adverts(void)
{
    struct invoice *inv = from(arena_printf(
        mem, "%s\nGaz Électricité de Grenoble - RCS GRENOBLE\n"
             "Passez au gaz naturel avec nous\n", elec));
    tap_is_int(inv->energy, ENERGY_ELEC, "footers and adverts bill nothing");
    inv = from("PCE 99 888 777 666 555 gaz naturel m³ coefficient 11,2\n");
    tap_is_int(inv->energy, ENERGY_NONE, "words alone bill nothing");
    inv = from("Facture d'eau\nConsommation 46 m3  2,3200  106,72\n"
               "Total TTC  106,72 €\n");
    tap_is_int(inv->energy, ENERGY_NONE, "water is no gas");
}

int main(void)
{
    mem = arena_new(1 << 18);
    ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    single();
    both();
    adverts();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}
