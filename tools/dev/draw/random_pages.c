/* Labels, order of columns and number of pages differ from seed to seed. */
#include "random_pages.h"
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "dice.h"
#include "random.h"
#include "section.h"

enum column { QUANTITY, PRICE, AMOUNT, RATE, COLUMNS };

struct writer {
    struct sample *s;
    struct dice d;
    json_t *page;
    enum column order[COLUMNS];
    enum sample_dates dates;
};

static void say(struct writer *w, const char *style, const char *text)
{
    json_array_append_new(w->page,
                          json_pack("{s:s,s:s}", "s", style, "t", text));
}

#define SAY(w, style, ...) \
    say(w, style, arena_printf((w)->s->arena, __VA_ARGS__))

static const char *expect(const struct writer *w, const char *key)
{
    return sample_text(w->s, key);
}

static const char *day(const struct writer *w, const char *key)
{
    return sample_date(w->s, expect(w, key), w->dates);
}

static const char *euros(const struct writer *w, const char *key)
{
    return sample_euros(w->s, sample_real(w->s->expected, key));
}

/* ---- columns ------------------------------------------------------------ */

static void shuffle(struct writer *w)
{
    static const int width[COLUMNS] = {25, 32, 28, 17};
    json_t *tabs = json_pack("[i]", 15);
    int x = 95;
    for (int i = 0; i < COLUMNS; i++)
        w->order[i] = (enum column)i;
    for (int i = COLUMNS - 1; i > 0; i--) {
        int k = (int)dice_roll(&w->d, 0, i);
        enum column c = w->order[i];
        w->order[i] = w->order[k];
        w->order[k] = c;
    }
    for (int i = 0; i < COLUMNS; i++) {
        json_array_append_new(tabs, json_integer(x));
        x += width[w->order[i]];
    }
    json_object_set_new(w->s->file, "tabs_mm", tabs);
}

static void row(struct writer *w, const char *style, const char *label,
                const char *const cell[COLUMNS])
{
    SAY(w, style, "%s\t%s\t%s\t%s\t%s", label, cell[w->order[0]],
        cell[w->order[1]], cell[w->order[2]], cell[w->order[3]]);
}

/* ---- first page --------------------------------------------------------- */

static void point(struct writer *w, const char *key, const char *label)
{
    const char *v = expect(w, key);
    if (v)
        SAY(w, "n", "%s : %.2s %.3s %.3s %.3s %.3s", label, v, v + 2, v + 5,
            v + 8, v + 11);
}

static void references(struct writer *w)
{
    const char *where =
        json_string_value(json_object_get(w->s->invoice, "where"));
    SAY(w, "n", "Facture n° %s du %s", expect(w, "invoice_number"),
        day(w, "invoice_date"));
    SAY(w, "n", "%s : %s",
        DICE_PICK(&w->d, "Référence client", "N° client", "Votre identifiant"),
        expect(w, "client_ref"));
    SAY(w, "n", "N° de compte de contrat : %s", expect(w, "contract_ref"));
    SAY(w, "n", "Titulaire du contrat : %s", expect(w, "customer_name"));
    SAY(w, "n", "Adresse de facturation : %s", where);
    SAY(w, "n", "Adresse de consommation : %s", where);
    point(w, "pdl",
          DICE_PICK(&w->d, "Point de livraison (PDL)", "PRM",
                    "Réf. Acheminement Électricité"));
    point(w, "pce", DICE_PICK(&w->d, "PCE", "Point de comptage (PCE)"));
    SAY(w, "n", "Votre offre : %s – prix %s", expect(w, "offer_name"),
        str_eq(expect(w, "offer_type"), "fixe") ? "fixe" : "indexé");
    if (expect(w, "option"))
        SAY(w, "n", "Puissance souscrite : %.0f kVA – option %s",
            sample_real(w->s->expected, "kva"),
            str_eq(expect(w, "option"), "HPHC") ? "HP/HC" : "Base");
    if (expect(w, "gas_class"))
        SAY(w, "n", "Option tarifaire d'acheminement gaz : %s",
            expect(w, "gas_class"));
    SAY(w, "n", "%s : du %s au %s",
        DICE_PICK(&w->d, "Période de facturation", "Période de consommation"),
        day(w, "period_start"), day(w, "period_end"));
}

static void to_pay(struct writer *w)
{
    const json_t *e = w->s->expected, *sub = json_object_get(e, "subtotals");
    if (sub) {
        SAY(w, "n", "Électricité TTC\t%s",
            sample_euros(w->s, sample_real(sub, "electricite_ttc")));
        SAY(w, "n", "Gaz naturel TTC\t%s",
            sample_euros(w->s, sample_real(sub, "gaz_ttc")));
    }
    if (sub || json_object_get(e, "cheque_energie"))
        SAY(w, "b", "Total TTC\t%s", euros(w, "total_ttc"));
    if (json_object_get(e, "cheque_energie"))
        SAY(w, "n", "Chèque énergie utilisé\t%s",
            sample_euros(w->s, -sample_real(e, "cheque_energie")));
    SAY(w, "b", "%s\t%s",
        DICE_PICK(&w->d, "Net à payer", "Montant à payer",
                  "Montant total à payer", "Solde à payer"),
        euros(w, "amount_due"));
    SAY(w, "n", "%s %s",
        DICE_PICK(&w->d, "Date limite de paiement :", "À régler avant le",
                  "Date d'échéance :"),
        day(w, "due_date"));
}

static void small_print(struct writer *w)
{
    const json_t *who = json_object_get(w->s->invoice, "supplier");
    const char *siren = json_string_value(json_object_get(who, "siren"));
    const char *legal = json_string_value(json_object_get(who, "legal"));
    const char *home = json_string_value(json_object_get(who, "dom"));
    if (strlen(siren) == 9)
        SAY(w, "small", "%s – SIREN %.3s %.3s %.3s – %s", legal, siren,
            siren + 3, siren + 6,
            json_string_value(json_object_get(who, "addr")));
    else
        SAY(w, "small", "%s – %s", legal,
            json_string_value(json_object_get(who, "addr")));
    if (*home)
        SAY(w, "small", "www.%s", home);
    SAY(w, "small",
        "Médiateur national de l'énergie : energie-mediateur.fr. SPÉCIMEN – "
        "document fictif de test, sans valeur");
}

/* ---- detail ------------------------------------------------------------- */

static void meters(struct writer *w, const struct section *sec)
{
    struct sample *s = w->s;
    const bool table = dice_roll(&w->d, 0, 1) != 0;
    if (table)
        SAY(w, "b", "Poste\tAncien index\tNouvel index\tConsommation");
    for (size_t i = 0; i < sec->n_meters; i++) {
        const json_t *m = sec->meters[i];
        const char *unit = str_eq(sec->energy, "gaz") ? "m³" : "kWh";
        const char *from = sample_number(s, sample_real(m, "index_start"), 0),
                   *to = sample_number(s, sample_real(m, "index_end"), 0),
                   *used = sample_number(s, sample_real(m, "consumption"), 0);
        const char *k1 = section_reading(m, "kind_start"),
                   *k2 = section_reading(m, "kind_end");
        if (table)
            SAY(w, "n", "%s\t%s (%s)\t%s (%s)\t%s %s", section_register(m),
                from, k1, to, k2, used, unit);
        else
            SAY(w, "n", "%s - index : %s → %s %s\t%s %s", section_register(m),
                from, to, k2, used, unit);
    }
    if (str_eq(sec->energy, "gaz"))
        SAY(w, "n", "Coefficient de conversion : %s kWh/m³",
            sample_number(s, sample_real(s->expected, "conversion"), 2));
}

static void lines(struct writer *w, const struct section *sec)
{
    static const char *const heads[COLUMNS] = {"Quantité", "Prix unitaire HT",
                                               "Montant HT", "TVA"};
    struct sample *s = w->s;
    row(w, "b", "Désignation", heads);
    for (size_t i = 0; i < sec->n_lines; i++) {
        const json_t *l = sec->lines[i];
        const char *from =
            json_string_value(json_object_get(l, "period_start"));
        const char *to = json_string_value(json_object_get(l, "period_end"));
        const char *const cell[COLUMNS] = {
            sample_quantity(s, l),
            arena_printf(s->arena, "%s%s€/%s",
                         sample_number(s, sample_real(l, "unit_price_ht"), 5),
                         s->gap, json_string_value(json_object_get(l, "unit"))),
            sample_euros(s, sample_real(l, "amount_ht")),
            sample_rate(s, sample_real(l, "vat_rate"))};
        row(w, "n",
            arena_printf(s->arena, "%s du %s au %s",
                         json_string_value(json_object_get(l, "label")),
                         sample_date(s, from, DATES_DIGITS),
                         sample_date(s, to, DATES_DIGITS)),
            cell);
    }
}

static void sums(struct writer *w, const struct section *sec)
{
    struct sample *s = w->s;
    const char *of =
        sec->is_dual ? arena_printf(s->arena, "%s ", sec->title) : "";
    SAY(w, "b", "Total %sHT\t%s", of, sample_euros(s, sec->ht));
    for (size_t i = 0; i < sec->n_vat; i++)
        SAY(w, "n", "TVA à %s sur %s\t%s", sample_rate(s, sec->vat[i].rate),
            sample_euros(s, sec->vat[i].base),
            sample_euros(s, sec->vat[i].amount));
    if (!sec->is_dual)
        SAY(w, "n", "Total TVA\t%s", sample_euros(s, sec->tva));
    SAY(w, "b", "Total %sTTC\t%s", of, sample_euros(s, sec->ttc));
}

static void turn(struct writer *w, json_t *pages)
{
    w->page = json_array();
    json_array_append_new(pages, w->page);
}

void random_pages(struct sample *s, uint32_t seed, size_t parts)
{
    static const enum sample_dates ways[] = {DATES_DIGITS, DATES_WORDS,
                                             DATES_DOTS};
    struct writer w = {.s = s, .d = dice_of(seed, 'p')};
    json_t *pages = json_array();
    json_object_set_new(s->invoice, "pages", pages);
    w.dates = ways[dice_roll(&w.d, 0, 2)];
    shuffle(&w);
    turn(&w, pages);
    say(&w, "h1", expect(&w, "supplier_name"));
    SAY(&w, "h1", "VOTRE FACTURE %s",
        str_eq(expect(&w, "energy_type"), "dual")  ? "ÉLECTRICITÉ ET GAZ"
        : str_eq(expect(&w, "energy_type"), "gaz") ? "DE GAZ NATUREL"
                                                   : "D'ÉLECTRICITÉ");
    references(&w);
    to_pay(&w);
    /* layout 1 alone has room for all on one page */
    bool short_bill =
        parts == 1 && random_layout(seed) == 1 && dice_roll(&w.d, 0, 1) != 0;
    for (size_t i = 0; i < parts; i++) {
        struct section sec;
        section_make(s, i, &sec);
        if (!short_bill) {
            small_print(&w);
            turn(&w, pages);
        }
        SAY(&w, "h2", "Votre %s", sec.title);
        meters(&w, &sec);
        lines(&w, &sec);
        sums(&w, &sec);
    }
    small_print(&w);
}
