/* Chooses the comparable lines of one energy (README of the rules, 4.1). */
#include "invoice/basket.h"
#include <string.h>
#include "base/str.h"

enum { DAYS_MAX = 1200, KVA_MAX = 36, HEATING_KWH = 4000,
       LINE_MWH_MILLI_MAX = 2000000000, /* 2 TWh on one line is misread */
       KWH_MILLI_MAX = 2000000000 /* 2 GWh: far above any C5 or T2 site */ };

bool basket_line_is(const struct invoice *inv, const struct line *l,
                    enum energy energy)
{
    return l->energy == energy ||
           (l->energy == ENERGY_NONE && inv->energy == energy);
}

int64_t basket_line_kwh(const struct line *l)
{
    if (!l->has_quantity)
        return 0;
    if (l->unit == UNIT_KWH)
        return l->quantity_milli;
    if (l->unit == UNIT_MWH && l->quantity_milli <= LINE_MWH_MILLI_MAX &&
        l->quantity_milli >= -LINE_MWH_MILLI_MAX)
        return l->quantity_milli * 1000;
    return 0;
}

/* Rates of Corsica and overseas (CGI art. 296 and 297) on what is billed. */
static bool has_rate_of_islands(const struct invoice *inv)
{
    static const int32_t rates[] = {210, 850, 1300};
    for (size_t i = 0; i < inv->n_lines; i++)
        for (size_t k = 0; k < ARRAY_LEN(rates); k++)
            if (inv->lines[i].has_rate && inv->lines[i].rate_bp == rates[k])
                return true;
    return false;
}

bool basket_elsewhere(const struct invoice *inv)
{
    const char *zip = inv->zip;
    return inv->is_foreign || has_rate_of_islands(inv) ||
           (zip && (str_starts(zip, "20") || str_starts(zip, "97") ||
                    str_starts(zip, "98")));
}

static bool is_comparable(enum component c)
{
    return c == COMP_SUBSCRIPTION || c == COMP_CTA || c == COMP_CONSUMPTION ||
           c == COMP_EXCISE || c == COMP_NETWORK || c == COMP_CAPACITY ||
           c == COMP_CEE || c == COMP_LOCAL_TAX;
}

static void use(struct basket *b, const struct evidence *ev)
{
    if (ev->conf < b->conf)
        b->conf = ev->conf;
}

/* VAT as printed, else the rate the law gives for the end of the period. */
static int32_t line_rate(const struct reference *ref, const struct line *l,
                         const struct basket *b)
{
    if (l->has_rate)
        return l->rate_bp;
    const char *name = component_name(l->component);
    const struct vat_row *v = reference_vat(ref, b->end, name, b->kva);
    if (!v)
        v = reference_vat(ref, b->end, "consommation", b->kva);
    return v ? v->rate_bp : -1;
}

/* "HP", "HC BLEU"… as the readers name registers. */
static enum basket_register which_register(const char *name)
{
    static const char *const colours[] = {"BLEU", "BLANC", "ROUGE"};
    if (!name)
        return BASKET_BASE;
    const bool hp = strstr(name, "HP") != NULL, hc = strstr(name, "HC") != NULL;
    for (int i = 0; i < 3; i++)
        if (strstr(name, colours[i]) && (hp || hc))
            return (enum basket_register)(BASKET_TEMPO + 2 * i + hp);
    if (str_eq(name, "HP") || str_eq(name, "HC"))
        return hp ? BASKET_HP : BASKET_HC;
    return str_eq(name, "PM") || str_eq(name, "POINTE") ? BASKET_PEAK
                                                        : BASKET_BASE;
}

static bool overlaps(const struct line *l, const struct line *m)
{
    return !l->has_period || !m->has_period ||
           (l->start <= m->end && m->start <= l->end);
}

/* Two lines without days of their own are one after the other (5.5 %, then
 * 20 %) when both together last as long as the bill. */
static bool fills_period(const struct invoice *inv, const struct basket *b,
                         int64_t months)
{
    const struct value *from = &inv->f[F_subscription_start],
                       *to = &inv->f[F_subscription_end];
    const int64_t days = from->present && to->present && to->num > from->num
                             ? to->num - from->num + 1
                             : b->days;
    const int64_t whole = days * 10000000 / 304375;
    const int64_t gap = months > whole ? months - whole : whole - months;
    return gap * 20 <= whole;
}

/* Billed months: lines of different periods add up, lines of the same period
 * (a "dont" line, two tariffs) do not. */
static void add_months(const struct invoice *inv, const struct line *l,
                       struct basket *b)
{
    int64_t months = 0;
    if (l->has_quantity && l->unit == UNIT_MONTH)
        months = l->quantity_milli;
    else if (l->has_quantity && l->unit == UNIT_DAY)
        months = l->quantity_milli * 10000 / 304375;
    else if (l->has_period && l->end >= l->start)
        months = (int64_t)(l->end - l->start + 1) * 10000000 / 304375;
    bool apart = true;
    for (const struct line *m = inv->lines; m < l; m++)
        if (m->component == COMP_SUBSCRIPTION &&
            basket_line_is(inv, m, b->energy) && overlaps(l, m))
            apart = false;
    if (apart ||
        (!l->has_period && fills_period(inv, b, b->months_milli + months)))
        b->months_milli += months;
    else if (months > b->months_milli)
        b->months_milli = months;
}

/* Adds one comparable line; NULL or why it cannot be used. */
static const char *add_line(const struct reference *ref,
                            const struct invoice *inv, const struct line *l,
                            struct basket *b)
{
    if (!l->has_amount)
        return l->component == COMP_CONSUMPTION ? "montants non lus" : NULL;
    const int32_t rate = line_rate(ref, l, b);
    if (rate < 0)
        return "taux de TVA non lus";
    const __int128 cost = (__int128)l->amount_cents * (10000 + rate);
    use(b, &l->ev);
    if (l->component == COMP_SUBSCRIPTION || l->component == COMP_CTA)
        b->cost_subscription += cost;
    else
        b->cost_energy += cost;
    if (l->component == COMP_SUBSCRIPTION)
        add_months(inv, l, b);
    if (l->component == COMP_CONSUMPTION) {
        const int64_t kwh = basket_line_kwh(l);
        const enum basket_register r =
            b->energy == ENERGY_GAS ? BASKET_BASE : which_register(l->registr);
        if (kwh > KWH_MILLI_MAX || kwh < -KWH_MILLI_MAX)
            return "consommation hors du domaine des références";
        b->kwh_milli[r] += kwh;
        b->all_kwh_milli += kwh;
    }
    return NULL;
}

static const char *fill_lines(const struct reference *ref,
                              const struct invoice *inv, struct basket *b)
{
    bool subscription = false, consumption = false;
    for (size_t i = 0; i < inv->n_lines; i++) {
        const struct line *l = &inv->lines[i];
        if (!is_comparable(l->component) ||
            !basket_line_is(inv, l, b->energy))
            continue;
        const char *why = add_line(ref, inv, l, b);
        if (why)
            return why;
        subscription |= l->component == COMP_SUBSCRIPTION;
        consumption |= l->component == COMP_CONSUMPTION && l->has_quantity &&
                       (l->unit == UNIT_KWH || l->unit == UNIT_MWH);
    }
    if (b->all_kwh_milli < 0 || (b->all_kwh_milli == 0 && !consumption))
        return "consommation non lue";
    if (!subscription)
        return "abonnement non lu";
    if (b->months_milli <= 0)
        b->months_milli = (int64_t)b->days * 10000000 / 304375;
    return NULL;
}

bool basket_is_whole(const struct invoice *inv)
{
    const struct value *total = &inv->f[F_total_ht];
    int64_t sum = 0;
    for (size_t i = 0; i < inv->n_lines; i++)
        sum += inv->lines[i].has_amount ? inv->lines[i].amount_cents : 0;
    const int64_t gap = sum > total->num ? sum - total->num
                                         : total->num - sum;
    const int64_t size = total->num < 0 ? -total->num : total->num;
    return !total->present || gap <= 100 || gap * 50 <= size;
}

static const char *fill_period(const struct invoice *inv, struct basket *b)
{
    const struct value *from = &inv->f[F_period_start],
                       *to = &inv->f[F_period_end];
    if (!from->present || !to->present || to->num < from->num)
        return "période de consommation non lue";
    if (to->num - from->num >= DAYS_MAX)
        return "période trop longue";
    b->start = (int32_t)from->num;
    b->end = (int32_t)to->num;
    b->days = b->end - b->start + 1;
    use(b, &from->ev);
    use(b, &to->ev);
    return NULL;
}

/* Powers above 36 kVA and segments C1 to C4 have no regulated tariff. */
static const char *fill_power(struct arena *a, const struct invoice *inv,
                              struct basket *b)
{
    const char *segment = invoice_text(inv, F_segment);
    const struct value *kva = &inv->f[F_kva];
    if (segment && !str_eq(segment, "C5"))
        return arena_printf(a, "sans référence publique (%s)", segment);
    if (!kva->present)
        return "puissance souscrite non lue";
    if (kva->num > KVA_MAX)
        return "sans référence publique (plus de 36 kVA)";
    b->kva = (int32_t)kva->num;
    use(b, &kva->ev);
    return NULL;
}

/* Billed off-peak kWh decide the option whatever the heading says. */
static const char *fill_option(const struct invoice *inv, struct basket *b)
{
    const struct value *option = &inv->f[F_option];
    const bool two = b->kwh_milli[BASKET_HP] || b->kwh_milli[BASKET_HC];
    b->option = option->present ? option->text : two ? "HPHC" : "BASE";
    if (two)
        b->option = "HPHC";
    else if (option->present)
        use(b, &option->ev);
    if (str_eq(b->option, "HPHC") && b->kwh_milli[BASKET_BASE])
        return "heures pleines et heures creuses non distinguées";
    return NULL;
}

/* The price class follows the network class: T2 from about 4 MWh a year. */
static const char *fill_class(struct arena *a, const struct invoice *inv,
                              struct basket *b)
{
    const struct value *class = &inv->f[F_gas_class];
    if (class->present) {
        use(b, &class->ev);
        b->heating = str_eq(class->text, "T2");
        if (!b->heating && !str_eq(class->text, "T1"))
            return arena_printf(a, "sans référence publique (%s)",
                                class->text);
        return NULL;
    }
    const int64_t period_kwh = b->all_kwh_milli / 1000;
    b->heating = b->annual_kwh >= HEATING_KWH ||
                 (b->annual_kwh < 0 && period_kwh >= HEATING_KWH &&
                  b->days <= 366);
    if (b->annual_kwh >= 0 || b->heating)
        return NULL;
    if (b->days < 300)
        return "classe de consommation non lue";
    b->heating = period_kwh * 365 >= (int64_t)HEATING_KWH * b->days;
    return NULL;
}

static void fill_annual(const struct invoice *inv, struct basket *b)
{
    b->annual_kwh = -1;
    if (inv->energy != ENERGY_DUAL)
        b->annual_kwh = invoice_num(inv, F_annual_kwh, -1);
    if (b->energy == ENERGY_GAS)
        b->annual_kwh = invoice_num(inv, F_car_kwh, b->annual_kwh);
}

const char *basket_fill(struct arena *a, const struct reference *ref,
                        const struct invoice *inv, enum energy energy,
                        struct basket *b)
{
    *b = (struct basket){.energy = energy, .option = "", .conf = 1000};
    const char *why = fill_period(inv, b);
    if (!why && basket_elsewhere(inv))
        why = inv->is_foreign ? "sans référence publique (étranger)"
                              : "sans référence publique (Corse, outre-mer)";
    if (!why && inv->several_points)
        why = "plusieurs points de livraison";
    if (!why && energy == ENERGY_ELEC)
        why = fill_power(a, inv, b);
    if (!why)
        why = fill_lines(ref, inv, b);
    if (!why && !basket_is_whole(inv))
        why = "détail incomplet";
    if (why)
        return why;
    fill_annual(inv, b);
    return energy == ENERGY_GAS ? fill_class(a, inv, b) : fill_option(inv, b);
}

int32_t basket_power_step(int64_t kva)
{
    static const int32_t steps[] = {3, 6, 9, 12, 15, 18, 24, 30, KVA_MAX};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (kva <= steps[i])
            return steps[i];
    return kva > INT32_MAX ? INT32_MAX : (int32_t)kva;
}

int32_t basket_lower_power(int64_t kva, int64_t reached)
{
    if (reached <= 0 || kva <= 0 || reached >= kva || reached * 10 >= kva * 7)
        return 0;
    const int64_t enough = (reached * 11 + 9) / 10;
    /* a large site stays one: the other tariffs are no lower power */
    const int32_t lower = kva > KVA_MAX && enough <= KVA_MAX
                              ? KVA_MAX + 1
                              : basket_power_step(enough);
    return lower < kva ? lower : 0;
}

bool basket_own_network(const struct reference *ref, const struct invoice *inv)
{
    const char *name = invoice_text(inv, F_supplier_name),
               *siren = invoice_text(inv, F_supplier_siren);
    for (size_t i = 0; i < ref->n_suppliers; i++) {
        const struct supplier *s = &ref->suppliers[i];
        if (s->is_local && ((name && str_eq(s->name, name)) ||
                            (siren && *s->siren && str_eq(s->siren, siren))))
            return true;
    }
    return false;
}
