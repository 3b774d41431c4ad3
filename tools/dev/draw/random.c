/* Who, when and how much; random_pages.c words it for layout 1. */
#include "random.h"
#include "base/clock.h"
#include "base/str.h"
#include "bill.h"
#include "random_pages.h"

enum { LAYOUTS = 4 };

int random_layout(uint32_t seed)
{
    struct dice d = dice_of(seed, 'l');
    return (int)dice_roll(&d, 1, LAYOUTS);
}

static void set(json_t *o, const char *key, const char *text)
{
    json_object_set_new(o, key, json_string(text));
}

static void set_cents(json_t *o, const char *key, int64_t cents)
{
    json_object_set_new(o, key, json_real((double)cents / 100));
}

static const char *digits(struct arena *a, struct dice *d, int n)
{
    char text[24];
    for (int i = 0; i < n; i++)
        text[i] = (char)('0' + dice_roll(d, i == 0, 9));
    return arena_strndup(a, text, (size_t)n);
}

/* ---- who ---------------------------------------------------------------- */

static const struct supplier *supplier_of(const struct reference *ref,
                                          struct dice *d, bool elec, bool gas)
{
    for (;;) {
        const struct supplier *s =
            &ref->suppliers[dice_roll(d, 0, (int64_t)ref->n_suppliers - 1)];
        if (!s->is_operator && s->elec >= elec && s->gas >= gas &&
            s->n_names > 0)
            return s;
    }
}

static void add_supplier(struct sample *s, const struct supplier *who)
{
    const char *legal = who->names[who->n_names > 1];
    json_t *o = json_object();
    set(o, "name", who->name);
    set(o, "legal", legal);
    set(o, "siren", who->siren);
    set(o, "dom", who->n_domains ? who->domains[0] : "");
    set(o, "addr", "12 rue de l'Exemple, 00000 VILLE-FICTIVE");
    json_object_set_new(s->invoice, "supplier", o);
    set(s->expected, "supplier_name", who->name);
    if (*who->siren)
        set(s->expected, "supplier_siren", who->siren);
}

static void add_customer(struct sample *s, struct dice *d)
{
    struct arena *a = s->arena;
    const char *title =
        DICE_PICK(d, "M. ", "Mme ", "M. et Mme ", "Monsieur ", "Madame ");
    const char *first =
        DICE_PICK(d, "Camille", "Dominique", "Alex", "Sacha", "Charlie",
                  "Andréa", "Maxence", "Élodie", "Jean-Luc", "Noémie");
    const char *last =
        DICE_PICK(d, "SPECIMEN", "MODELE", "FICTIF", "ESSAI", "PROTOTYPE",
                  "MAQUETTE", "EXEMPLAIRE", "TESTARD", "ÉPREUVE", "LESSAI");
    const char *way = DICE_PICK(d, "rue des Essais", "chemin du Modèle",
                                "impasse du Prototype", "avenue de l'Épreuve",
                                "place de la Maquette", "boulevard Inventé");
    const char *town = DICE_PICK(d, "VALTEST", "SAINT-ESSAI", "PORT-DÉMO",
                                 "LA-DÉMO", "MONT-FICTIF", "BOURG-MODÈLE");
    set(s->expected, "customer_name",
        arena_printf(a, "%s%s %s", title, first, last));
    set(s->invoice, "where",
        arena_printf(a, "%d %s, %05d %s", (int)dice_roll(d, 1, 199), way,
                     (int)dice_roll(d, 21000, 95990), town));
    set(s->expected, "client_ref", digits(a, d, 8));
    set(s->expected, "contract_ref", digits(a, d, 10));
    set(s->expected, "invoice_number",
        arena_printf(a, "%s%s", DICE_PICK(d, "F-", "FA", "", "E-2025-", "100"),
                     digits(a, d, 8)));
}

static void add_points(struct sample *s, struct dice *d, bool elec, bool gas)
{
    if (elec)
        set(s->expected, "pdl", digits(s->arena, d, 14));
    if (gas)
        set(s->expected, "pce", digits(s->arena, d, 14));
}

/* ---- how much ----------------------------------------------------------- */

static const char *label_of(struct sample *s, struct dice *d,
                            const struct bill *b, const struct bill_line *l)
{
    const char *of = b->gas ? "gaz" : "électricité";
    if (str_eq(l->component, "abonnement"))
        return b->gas ? DICE_PICK(d, "Abonnement gaz naturel", "Abonnement gaz")
                      : arena_printf(s->arena, "Abonnement électricité %d kVA",
                                     b->kva);
    if (str_eq(l->component, "cta"))
        return arena_printf(s->arena, "CTA %s", of);
    if (str_eq(l->component, "accise"))
        return b->gas ? "Accise sur le gaz naturel"
                      : "Accise sur l'électricité";
    if (str_eq(l->component, "service"))
        return DICE_PICK(d, "Option Sérénité Dépannage", "Service assistance");
    if (b->gas)
        return DICE_PICK(d, "Consommation de gaz", "Consommation gaz naturel");
    return !b->off_peak               ? "Consommation électricité Base"
           : str_eq(l->registr, "HC") ? "Heures Creuses"
                                      : "Heures Pleines";
}

static void add_lines(struct sample *s, struct dice *d, const struct bill *b)
{
    json_t *lines = json_object_get(s->expected, "lines");
    for (size_t i = 0; i < b->n_lines; i++) {
        const struct bill_line *l = &b->lines[i];
        json_t *o = json_object();
        set(o, "component", l->component);
        set(o, "label", label_of(s, d, b, l));
        set(o, "energy", b->gas ? "gaz" : "electricite");
        set(o, "unit", l->unit);
        json_object_set_new(o, "quantity",
                            json_real((double)l->quantity_milli / 1000));
        json_object_set_new(o, "unit_price_ht",
                            json_real((double)l->micro / 1000000));
        json_object_set_new(o, "vat_rate", json_real(l->rate_bp / 100.0));
        set_cents(o, "amount_ht", l->cents);
        set(o, "period_start", bill_iso(s->arena, l->from));
        set(o, "period_end", bill_iso(s->arena, l->to));
        if (l->registr)
            set(o, "register", l->registr);
        json_array_append_new(lines, o);
    }
}

static void add_meters(struct sample *s, const struct bill *b)
{
    json_t *meters = json_object_get(s->expected, "meters");
    for (size_t i = 0; i < b->n_meters; i++) {
        const struct bill_meter *m = &b->meters[i];
        const char *kind = m->estimated ? "estime" : "releve";
        json_array_append_new(
            meters,
            json_pack("{s:s,s:I,s:I,s:s,s:s,s:I,s:s}", "register", m->registr,
                      "index_start", (json_int_t)m->start, "index_end",
                      (json_int_t)(m->start + m->used), "kind_start", "releve",
                      "kind_end", kind, "consumption", (json_int_t)m->used,
                      "unit", b->gas ? "m3" : "kWh"));
    }
}

/* Base and VAT of the bill at one rate. */
static int64_t base_at(const struct bill *b, int32_t rate_bp)
{
    int64_t sum = 0;
    for (size_t i = 0; i < b->n_lines; i++)
        if (b->lines[i].rate_bp == rate_bp)
            sum += b->lines[i].cents;
    return sum;
}

static void sum_up(const struct bill *b, int64_t *ht, int64_t *tva)
{
    static const int32_t rates[] = {550, 2000};
    *ht = *tva = 0;
    for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
        int64_t base = base_at(b, rates[i]);
        *ht += base;
        *tva += bill_round(base * rates[i], 10000);
    }
}

static void add_bill(struct sample *s, struct dice *d, const struct bill *b)
{
    add_lines(s, d, b);
    add_meters(s, b);
    if (b->gas) {
        json_object_set_new(s->expected, "volume_m3",
                            json_integer(b->volume_m3));
        json_object_set_new(s->expected, "conversion",
                            json_real((double)b->coef_centi / 100));
        set(s->expected, "gas_class", DICE_PICK(d, "T1", "T2"));
        return;
    }
    json_object_set_new(s->expected, "kva", json_integer(b->kva));
    set(s->expected, "segment", b->kva > 36 ? "C4" : "C5");
    set(s->expected, "option", b->off_peak ? "HPHC" : "BASE");
}

static void add_totals(struct sample *s, struct dice *d,
                       const struct bill *bills, size_t n)
{
    int64_t ht = 0, tva = 0, part[2] = {0};
    for (size_t i = 0; i < n; i++) {
        int64_t one_ht, one_tva;
        sum_up(&bills[i], &one_ht, &one_tva);
        part[i] = one_ht + one_tva;
        ht += one_ht;
        tva += one_tva;
    }
    int64_t due = ht + tva;
    set_cents(s->expected, "total_ht", ht);
    set_cents(s->expected, "total_tva", tva);
    set_cents(s->expected, "total_ttc", due);
    if (dice_roll(d, 0, 5) == 0 && due > 20000) {
        int64_t cheque = dice_roll(d, 1, 3) * 4800;
        set_cents(s->expected, "cheque_energie", cheque);
        due -= cheque;
    }
    set_cents(s->expected, "amount_due", due);
    if (n == 2) {
        json_t *sub = json_object();
        set_cents(sub, "electricite_ttc", part[0]);
        set_cents(sub, "gaz_ttc", part[1]);
        json_object_set_new(s->expected, "subtotals", sub);
    }
}

/* ---- when --------------------------------------------------------------- */

/* One in three reaches over 1 August 2025, where VAT and excise changed. */
static void choose_period(struct dice *d, int32_t *from, int32_t *to)
{
    static const int months[] = {1, 1, 2, 2, 2, 3, 6, 12};
    int32_t first = clock_days(2024, 2, 1), change = clock_days(2025, 8, 1);
    int32_t days = (int32_t)(months[dice_roll(d, 0, 7)] * 61 / 2);
    *from = (int32_t)dice_roll(d, first, clock_days(2026, 7, 1) - 1);
    if (dice_roll(d, 0, 2) == 0)
        *from = change - (int32_t)dice_roll(d, 1, days - 1);
    *to = *from + days - 1;
}

static void add_dates(struct sample *s, struct dice *d, int32_t from,
                      int32_t to)
{
    int32_t day = to + (int32_t)dice_roll(d, 1, 12);
    set(s->expected, "period_start", bill_iso(s->arena, from));
    set(s->expected, "period_end", bill_iso(s->arena, to));
    set(s->expected, "invoice_date", bill_iso(s->arena, day));
    set(s->expected, "due_date",
        bill_iso(s->arena, day + (int32_t)dice_roll(d, 14, 30)));
}

/* ---- what is wrong ------------------------------------------------------ */

/* Changes one digit of the cents; what the invoice prints from now on. */
static void spoil(struct sample *s, struct dice *d, json_t *o, const char *key,
                  const char *kind)
{
    int64_t cents = bill_round((int64_t)(sample_real(o, key) * 1000 + 0.5), 10);
    int64_t step = dice_roll(d, 1, 4) * (dice_roll(d, 0, 1) ? 10 : 100);
    set(s->expected, "defect", kind);
    set_cents(s->expected, "defect_right", cents);
    set_cents(s->expected, "defect_printed", cents + step);
    set_cents(o, key, cents + step);
}

static void add_defect(struct sample *s, struct dice *d,
                       enum random_defect defect)
{
    json_t *e = s->expected, *lines = json_object_get(e, "lines");
    size_t n = json_array_size(lines);
    json_t *line =
        json_array_get(lines, (size_t)dice_roll(d, 0, (int64_t)n - 1));
    json_t *meter = json_array_get(json_object_get(e, "meters"), 0);
    if (defect == RANDOM_NET)
        spoil(s, d, e, "total_ht", "net");
    if (defect == RANDOM_VAT)
        spoil(s, d, e, "total_tva", "vat");
    if (defect == RANDOM_LINE)
        spoil(s, d, line, "amount_ht", "line");
    if (defect == RANDOM_GROSS) {
        spoil(s, d, e, "total_ttc", "gross");
        json_object_set(e, "amount_due", json_object_get(e, "total_ttc"));
        json_object_del(e, "cheque_energie");
    }
    if (defect != RANDOM_METER)
        return;
    json_int_t used = json_integer_value(json_object_get(meter, "consumption"));
    set(e, "defect", "meter");
    set_cents(e, "defect_right", used);
    set_cents(e, "defect_printed", used + 10);
    json_object_set_new(meter, "consumption", json_integer(used + 10));
}

/* ------------------------------------------------------------------------- */

static void begin(struct sample *s, struct arena *a, uint32_t seed)
{
    *s = (struct sample){.arena = a, .gap = seed % 3 ? "\u00a0" : " "};
    s->invoice = json_object();
    s->expected = json_object();
    s->file = json_pack("{s:[o],s:{s:f,s:f,s:f,s:f,s:f},s:s}", "invoices",
                        s->invoice, "styles", "h1", 15.0, "h2", 12.0, "b", 9.5,
                        "n", 9.5, "small", 7.0, "watermark", "SPÉCIMEN");
    set(s->invoice, "id", arena_printf(a, "R%u", seed));
    json_object_set_new(s->invoice, "expected", s->expected);
    json_object_set_new(s->expected, "lines", json_array());
    json_object_set_new(s->expected, "meters", json_array());
}

void random_sample(struct sample *s, struct arena *a,
                   const struct reference *ref, uint32_t seed,
                   enum random_defect defect)
{
    struct dice d = dice_of(seed, 'c');
    struct bill bills[2];
    int32_t from, to;
    int64_t kind = dice_roll(&d, 0, 9);
    bool elec = kind < 5 || (kind >= 8 && !defect);
    bool gas = !elec || (kind >= 8 && !defect);
    size_t n = 0;
    begin(s, a, seed);
    set(s->expected, "energy_type",
        elec && gas ? "dual"
        : elec      ? "electricite"
                    : "gaz");
    add_supplier(s, supplier_of(ref, &d, elec, gas));
    add_customer(s, &d);
    add_points(s, &d, elec, gas);
    choose_period(&d, &from, &to);
    add_dates(s, &d, from, to);
    if (elec)
        bill_make(&bills[n++], &d, ref, false, from, to);
    if (gas)
        bill_make(&bills[n++], &d, ref, true, from, to);
    for (size_t i = 0; i < n; i++)
        add_bill(s, &d, &bills[i]);
    set(s->expected, "offer_name",
        DICE_PICK(&d, "Offre Sérénité", "Offre Essentielle", "Offre Horizon"));
    set(s->expected, "offer_type", DICE_PICK(&d, "fixe", "indexe"));
    add_totals(s, &d, bills, n);
    if (defect)
        add_defect(s, &d, defect);
    random_pages(s, seed, n);
}
